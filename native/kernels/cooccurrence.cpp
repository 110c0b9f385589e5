#include "cooccurrence.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>

namespace corpuscle {
namespace {

constexpr std::int64_t chunk_work = 1 << 20;    // updates in a chunk of terms, about
constexpr std::int64_t tile = 64;               // side of the squares in which a dense triangle is mirrored
constexpr std::int64_t mirrored_columns = 256;  // of a sparse one that are written at a time

}  // namespace

template <class Value>
Cooccurrence::Cooccurrence(Execution& run, const CsrView<std::int32_t, Value>& rows, bool full, bool diagonal, Terms terms)
    : rows_(run, rows, full && terms.end - terms.first < rows.columns ? Reach::whole_row : Reach::from_term, terms),
      terms_(terms), columns_(rows.columns), mirrored_(full && term_count() == columns_), diagonal_(diagonal),
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
  if (!mirrored_) return nnz;
  below_.assign(static_cast<std::size_t>(columns_), 0);
  for (std::int64_t term = 0; term < columns_; ++term) {
    if (term % 1024 == 0) run.check_stopped();
    counted_.visit(term, [&](const auto* ids, const auto*) {
      for (std::int64_t e = 0; e < counted_.length(term); ++e) below_[ids[e]] += ids[e] != term;
    });
  }
  return nnz + std::accumulate(below_.begin(), below_.end(), std::int64_t{0});
}

template <class Pointer>
void Cooccurrence::write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices,
                         std::span<std::int32_t> values) {
  const std::int64_t terms = term_count();
  std::vector<std::int64_t> starts(static_cast<std::size_t>(terms));  // of a row's entries from the diagonal on
  std::int64_t total = 0;
  indptr[0] = 0;
  for (std::int64_t row = 0; row < terms; ++row) {
    starts[row] = total + (mirrored_ ? below_[row] : 0);
    total = starts[row] + counted_.length(row);
    indptr[row + 1] = static_cast<Pointer>(total);
  }
  const Blocks blocks{terms, std::max<std::int64_t>(1, terms / 256)};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
      counted_.visit(row, [&](const auto* ids, const auto* counts) {
        std::copy_n(ids, counted_.length(row), indices.begin() + starts[row]);
        std::copy_n(counts, counted_.length(row), values.begin() + starts[row]);
      });
    }
  });
  if (mirrored_) write_below(run, starts, indices, values);
  counted_ = PackedRows(0, columns_, 0);
}

/// The entries below the diagonal, which are those above it transposed: a range of columns at a time, a few columns after the other, so
/// that the places written to are few, and with one mark a row that says how far it has been read.
void Cooccurrence::write_below(Execution& run, std::span<const std::int64_t> starts, std::span<std::int32_t> indices,
                               std::span<std::int32_t> values) const {
  const std::int64_t ranges = std::min<std::int64_t>(columns_, 4 * run.threads());
  const std::int64_t entries = std::accumulate(below_.begin(), below_.end(), std::int64_t{0});
  std::vector<std::int64_t> ends(static_cast<std::size_t>(ranges), columns_);
  for (std::int64_t column = 0, range = 0, before = 0; column < columns_ && range + 1 < ranges; ++column) {
    before += below_[column];
    while (range + 1 < ranges && before * ranges >= entries * (range + 1)) ends[range++] = column + 1;
  }
  parallel_chunks(run, ranges, [&](std::int64_t range, int) {
    const std::int64_t first = range == 0 ? 0 : ends[range - 1];
    std::vector<std::int32_t> marks(static_cast<std::size_t>(ends[range]));
    for (std::int64_t above = 0; above < ends[range]; ++above) {
      counted_.visit(above, [&](const auto* ids, const auto*) {
        marks[above] = static_cast<std::int32_t>(std::lower_bound(ids, ids + counted_.length(above), std::max(first, above + 1)) - ids);
      });
    }
    std::vector<std::int64_t> next(static_cast<std::size_t>(mirrored_columns));
    for (std::int64_t column = first; column < ends[range]; column += mirrored_columns) {
      if (run.stopped()) return;
      const std::int64_t end = std::min(ends[range], column + mirrored_columns);
      for (std::int64_t c = column; c < end; ++c) next[c - column] = starts[c] - below_[c];
      for (std::int64_t above = 0; above < end; ++above) {
        counted_.visit(above, [&](const auto* ids, const auto* counts) {
          std::int64_t e = marks[above];
          for (const std::int64_t length = counted_.length(above); e < length && ids[e] < end; ++e) {
            const std::int64_t at = next[ids[e] - column]++;
            indices[at] = static_cast<std::int32_t>(above);
            values[at] = static_cast<std::int32_t>(counts[e]);
          }
          marks[above] = static_cast<std::int32_t>(e);
        });
      }
    }
  });
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
        std::copy(counts.begin() + first, counts.begin() + columns_, row + first);
        std::fill(counts.begin() + first, counts.end(), 0);
      }
    });
  });
  if (!mirrored_) return;
  const Blocks blocks{columns_, tile};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t other = 0; other <= block; ++other) {
      for (std::int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
        for (std::int64_t j = blocks.begin(other); j < std::min(i, blocks.end(other)); ++j) {
          out[i * columns_ + j] = out[j * columns_ + i];
        }
      }
    }
  });
}

template Cooccurrence::Cooccurrence(Execution&, const CsrView<std::int32_t, std::int32_t>&, bool, bool, Terms);
template Cooccurrence::Cooccurrence(Execution&, const CsrView<std::int32_t, float>&, bool, bool, Terms);
template Cooccurrence::Cooccurrence(Execution&, const CsrView<std::int32_t, double>&, bool, bool, Terms);
template void Cooccurrence::write(Execution&, std::span<std::int32_t>, std::span<std::int32_t>, std::span<std::int32_t>);
template void Cooccurrence::write(Execution&, std::span<double>, std::span<std::int32_t>, std::span<std::int32_t>);

}  // namespace corpuscle
