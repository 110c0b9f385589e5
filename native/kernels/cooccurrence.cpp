#include "cooccurrence.hpp"

#include <algorithm>
#include <atomic>

#include "stream_copy.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t chunk_work = 1 << 18;  // updates in a chunk of terms, about: its rows fit the cache

}  // namespace

template <class Value>
Cooccurrence::Cooccurrence(Execution& run, const CsrView<std::int32_t, Value>& rows, bool full, bool diagonal, Terms terms)
    : rows_(run, rows, full ? Reach::whole_row : Reach::from_term, terms), terms_(terms), columns_(rows.columns), diagonal_(diagonal),
      counted_(term_count(), columns_, run.threads()) {}

std::int64_t Cooccurrence::chunk_count() const {
  return std::clamp<std::int64_t>((rows_.work_before(columns_) + term_count()) / chunk_work, 1, std::max<std::int64_t>(1, term_count()));
}

/// Chunks take about the same number of updates.
Terms Cooccurrence::terms_of(std::int64_t chunk) const { return {first_term_of(chunk), first_term_of(chunk + 1)}; }

std::int64_t Cooccurrence::first_term_of(std::int64_t chunk) const {
  const std::int64_t chunks = chunk_count();
  if (chunk >= chunks) return terms_.end;
  const auto share = static_cast<double>(rows_.work_before(columns_) + term_count()) * static_cast<double>(chunk) / static_cast<double>(chunks);
  std::int64_t low = terms_.first, high = terms_.end;
  while (low < high) {
    const std::int64_t middle = (low + high) / 2;
    if (static_cast<double>(rows_.work_before(middle) + middle - terms_.first) < share) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::int64_t Cooccurrence::most_entries() const {
  std::int64_t most = 0;
  for (std::int64_t term = terms_.first; term < terms_.end; ++term) most += static_cast<std::int64_t>(rows_.most_partners(term));
  return most;
}

std::int64_t Cooccurrence::entries(const Terms& terms) const {
  std::int64_t sum = 0;
  for (std::int64_t term = terms.first; term < terms.end; ++term) sum += counted_.length(term - terms_.first);
  return sum;
}

/// Calls use(thread, term, counts) for each term, which sets the counts back to zero, and finish(thread, chunk) after those of a chunk.
template <class Use, class Finish>
void Cooccurrence::for_each_row(Execution& run, const Use& use, const Finish& finish) const {
  std::vector<PairCounts> scratch(static_cast<std::size_t>(run.threads()), PairCounts(columns_));
  parallel_chunks(run, chunk_count(), [&](std::int64_t chunk, int thread) {
    PairCounts& sums = scratch[thread];
    const Terms terms = terms_of(chunk);
    for (std::int64_t term = terms.first; term < terms.end; ++term) {
      if (run.stopped()) return;
      rows_.count(term, sums);
      if (!diagonal_) sums.visit([&](auto& counts) { counts[term] = 0; });
      use(thread, term, sums);
    }
    finish(thread, chunk);
    run.count(Work::updates, rows_.work_before(terms.end) - rows_.work_before(terms.first));
  });
}

std::int64_t Cooccurrence::count(Execution& run) {
  placed_.emplace(most_entries(), chunk_count(), run.threads());
  if (!placed_->reserved()) placed_.reset();
  const auto write_chunk = [&](std::int64_t chunk, std::int32_t* indices, std::int32_t* values) {
    write_rows(terms_of(chunk), indices, values, cached_bytes);  // a result for which pages are reserved is larger
  };
  std::atomic<std::int64_t> done{0};
  for_each_row(
      run,
      [&](int thread, std::int64_t term, PairCounts& sums) {
        counted_.take(run, thread, term - terms_.first, static_cast<std::size_t>(rows_.first_partner(term)), rows_.most_partners(term), sums);
        run.report(done += rows_.work_before(term + 1) - rows_.work_before(term), rows_.work_before(columns_));
      },
      [&](int thread, std::int64_t chunk) {
        if (placed_ && placed_->place(run, thread, chunk, entries(terms_of(chunk)), write_chunk)) counted_.clear(thread);
      });
  if (placed_) placed_->place_rest(run, write_chunk);
  return entries(terms_);
}

/// Writes counted rows one after the other into a result of so many bytes.
void Cooccurrence::write_rows(const Terms& terms, std::int32_t* indices, std::int32_t* values, std::size_t result_bytes) const {
  for (std::int64_t term = terms.first; term < terms.end; ++term) {
    const std::int64_t row = term - terms_.first;
    const auto length = static_cast<std::size_t>(counted_.length(row));
    counted_.visit(row, [&](const auto* ids, const auto* counts) {
      stream_copy(ids, length, indices, result_bytes);
      stream_copy(counts, length, values, result_bytes);
    });
    indices += length;
    values += length;
  }
  end_streams();
}

template <class Pointer>
void Cooccurrence::write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices,
                         std::span<std::int32_t> values) {
  indptr[0] = 0;
  for (std::int64_t row = 0; row < term_count(); ++row) indptr[row + 1] = indptr[row] + static_cast<Pointer>(counted_.length(row));
  if (placed_) {
    placed_->move_to(indices, values);
  } else {
    parallel_chunks(run, chunk_count(), [&](std::int64_t chunk, int) {
      const Terms terms = terms_of(chunk);
      const auto at = static_cast<std::size_t>(indptr[terms.first - terms_.first]);
      write_rows(terms, indices.data() + at, values.data() + at, indices.size_bytes());
    });
  }
  counted_ = PackedRows(0, columns_, 0);
}

void Cooccurrence::write_dense(Execution& run, std::span<std::int32_t> out) const {
  const auto write_row = [&](int, std::int64_t term, PairCounts& sums) {
    const std::int64_t first = rows_.first_partner(term);
    const auto row = out.begin() + (term - terms_.first) * columns_;
    sums.visit([&](auto& counts) {
      if (sums.sparse) {
        for (const std::uint32_t id : sums.met) {
          row[id] = static_cast<std::int32_t>(counts[id]);
          counts[id] = 0;
        }
      } else {
        stream_copy(counts.data() + first, static_cast<std::size_t>(columns_ - first), &row[first], out.size_bytes());
        std::fill(counts.begin() + first, counts.end(), 0);
      }
    });
  };
  for_each_row(run, write_row, [](int, std::int64_t) { end_streams(); });
}

template Cooccurrence::Cooccurrence(Execution&, const CsrView<std::int32_t, std::int32_t>&, bool, bool, Terms);
template Cooccurrence::Cooccurrence(Execution&, const CsrView<std::int32_t, float>&, bool, bool, Terms);
template Cooccurrence::Cooccurrence(Execution&, const CsrView<std::int32_t, double>&, bool, bool, Terms);
template void Cooccurrence::write(Execution&, std::span<std::int32_t>, std::span<std::int32_t>, std::span<std::int32_t>);
template void Cooccurrence::write(Execution&, std::span<double>, std::span<std::int32_t>, std::span<std::int32_t>);

}  // namespace corpuscle
