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
    : rows_(run, rows, full ? Reach::whole_row : Reach::from_term, terms, Bits::where_they_pay), terms_(terms), columns_(rows.columns), diagonal_(diagonal),
      chunks_(term_count(), chunk_work, [&](std::int64_t row) { return rows_.work_before(terms_.first + row) + row; }) {}

std::int64_t Cooccurrence::most_entries() const {
  std::int64_t most = 0;
  for (std::int64_t term = terms_.first; term < terms_.end; ++term) most += static_cast<std::int64_t>(rows_.most_partners(term));
  return most;
}

/// Calls use(thread, term, counts) for each term, which sets the counts back to zero, and finish(thread, chunk) after those of a chunk.
template <class Use, class Finish>
void Cooccurrence::for_each_row(Execution& run, const Use& use, const Finish& finish) {
  rows_.prepare(run);
  std::vector<PairCounts> scratch(static_cast<std::size_t>(run.threads()), PairCounts(columns_));
  parallel_chunks(run, chunks_.count(), [&](std::int64_t chunk, int thread) {
    PairCounts& sums = scratch[thread];
    const Terms terms{terms_.first + chunks_.begin(chunk), terms_.first + chunks_.end(chunk)};
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
  result_.emplace(chunks_, columns_, most_entries(), run.threads());
  std::atomic<std::int64_t> done{0};
  for_each_row(
      run,
      [&](int thread, std::int64_t term, PairCounts& sums) {
        const auto first = static_cast<std::size_t>(rows_.first_partner(term));
        result_->packed().take(run, thread, term - terms_.first, first, rows_.most_partners(term), sums);
        run.report(done += rows_.work_before(term + 1) - rows_.work_before(term), rows_.work_before(columns_));
      },
      [&](int thread, std::int64_t chunk) { result_->finish(run, thread, chunk); });
  return result_->finish(run);
}

template <class Pointer>
void Cooccurrence::write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices,
                         std::span<std::int32_t> values) {
  result_->write(run, indptr, indices, values);
  result_.reset();
}

void Cooccurrence::write_dense(Execution& run, std::span<std::int32_t> out) {
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
