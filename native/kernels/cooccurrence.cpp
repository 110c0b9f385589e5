#include "cooccurrence.hpp"

#include <algorithm>
#include <atomic>

#include "stream_copy.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t chunk_work = 1 << 20;  // updates in a chunk of terms, about

}  // namespace

template <class Value>
Cooccurrence::Cooccurrence(Execution& run, const CsrView<std::int32_t, Value>& rows, bool full, bool diagonal, Terms terms)
    : rows_(run, rows, full ? Reach::whole_row : Reach::from_term, terms), terms_(terms), columns_(rows.columns), diagonal_(diagonal),
      counted_(term_count(), columns_, run.threads()) {}

std::int64_t Cooccurrence::chunk_count() const {
  return std::clamp<std::int64_t>((rows_.work_before(columns_) + term_count()) / chunk_work, 1, std::max<std::int64_t>(1, term_count()));
}

/// The first term of a chunk: chunks take about the same number of updates.
std::int64_t Cooccurrence::first_term_of(std::int64_t chunk, std::int64_t chunks) const {
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

/// Calls use(thread, term, counts) for each term; `use` sets the counts back to zero.
template <class Use>
void Cooccurrence::for_each_row(Execution& run, std::int64_t n_chunks, const Use& use) const {
  std::vector<PairCounts> scratch(static_cast<std::size_t>(run.threads()), PairCounts(columns_));
  parallel_chunks(run, n_chunks, [&](std::int64_t chunk, int thread) {
    PairCounts& sums = scratch[thread];
    const std::int64_t first = first_term_of(chunk, n_chunks), end = first_term_of(chunk + 1, n_chunks);
    for (std::int64_t term = first; term < end; ++term) {
      if (run.stopped()) return;
      rows_.count(term, sums);
      if (!diagonal_) sums.visit([&](auto& counts) { counts[term] = 0; });
      use(thread, term, sums);
    }
    run.count(Work::updates, rows_.work_before(end) - rows_.work_before(first));
  });
}

std::int64_t Cooccurrence::count(Execution& run) {
  std::atomic<std::int64_t> done{0};
  for_each_row(run, chunk_count(), [&](int thread, std::int64_t term, PairCounts& sums) {
    counted_.take(run, thread, term - terms_.first, static_cast<std::size_t>(rows_.first_partner(term)), rows_.most_partners(term), sums);
    run.report(done += rows_.work_before(term + 1) - rows_.work_before(term), rows_.work_before(columns_));
  });
  std::int64_t nnz = 0;
  for (std::int64_t row = 0; row < term_count(); ++row) nnz += counted_.length(row);
  return nnz;
}

template <class Pointer>
void Cooccurrence::write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices,
                         std::span<std::int32_t> values) {
  const std::int64_t terms = term_count();
  indptr[0] = 0;
  for (std::int64_t row = 0; row < terms; ++row) indptr[row + 1] = indptr[row] + static_cast<Pointer>(counted_.length(row));
  const Blocks blocks{terms, std::max<std::int64_t>(1, terms / 256)};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
      counted_.visit(row, [&](const auto* ids, const auto* counts) {
        const auto at = static_cast<std::size_t>(indptr[row]), length = static_cast<std::size_t>(counted_.length(row));
        stream_copy(ids, length, indices.data() + at, indices.size_bytes());
        stream_copy(counts, length, values.data() + at, values.size_bytes());
      });
    }
    end_streams();
  });
  counted_ = PackedRows(0, columns_, 0);
}

void Cooccurrence::write_dense(Execution& run, std::span<std::int32_t> out) const {
  for_each_row(run, chunk_count(), [&](int, std::int64_t term, PairCounts& sums) {
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
        end_streams();
        std::fill(counts.begin() + first, counts.end(), 0);
      }
    });
  });
}

template Cooccurrence::Cooccurrence(Execution&, const CsrView<std::int32_t, std::int32_t>&, bool, bool, Terms);
template Cooccurrence::Cooccurrence(Execution&, const CsrView<std::int32_t, float>&, bool, bool, Terms);
template Cooccurrence::Cooccurrence(Execution&, const CsrView<std::int32_t, double>&, bool, bool, Terms);
template void Cooccurrence::write(Execution&, std::span<std::int32_t>, std::span<std::int32_t>, std::span<std::int32_t>);
template void Cooccurrence::write(Execution&, std::span<double>, std::span<std::int32_t>, std::span<std::int32_t>);

}  // namespace corpuscle
