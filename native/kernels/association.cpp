#include "association.hpp"

#include <algorithm>
#include <string>

namespace corpuscle {
namespace {

constexpr std::int64_t block_rows = 256;

/// Calls use(row, thread) for each row, on all threads.
template <class Use>
void each_row(Execution& run, const PairCountsView& pairs, const Use& use) {
  const Blocks blocks{pairs.rows, block_rows};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) use(row, thread);
  });
}

/// Whether a pair is one that documents can give.
bool is_possible(const Scoring& scoring, std::int64_t count, std::int64_t i, std::int64_t j) {
  const std::int64_t f = scoring.frequency[i], g = scoring.frequency[j];
  return count == 0 || (count > 0 && count <= std::min(f, g) && f + g - count <= static_cast<std::int64_t>(scoring.documents));
}

}  // namespace

void diagonal_of(Execution& run, const PairCountsView& pairs, std::span<std::int32_t> diagonal) {
  std::atomic<bool> has_gaps{false};
  each_row(run, pairs, [&](std::int64_t row, int) {
    const auto begin = pairs.indices.begin() + pairs.indptr[row], end = pairs.indices.begin() + pairs.indptr[row + 1];
    const auto at = std::lower_bound(begin, end, row);
    const bool is_there = at != end && *at == row;
    diagonal[row] = is_there ? pairs.values[at - pairs.indices.begin()] : begin == end ? 0 : no_diagonal;
    if (begin == end) has_gaps = true;
  });
  if (!has_gaps) return;
  std::vector<std::vector<char>> paired(static_cast<std::size_t>(run.threads()));  // terms that stand in rows of others
  for (auto& own : paired) own.resize(static_cast<std::size_t>(pairs.columns));
  each_row(run, pairs, [&](std::int64_t row, int thread) {
    for (std::int64_t q = pairs.indptr[row]; q < pairs.indptr[row + 1]; ++q) paired[thread][pairs.indices[q]] = 1;
  });
  for (const auto& own : paired) {
    for (std::int64_t term = 0; term < pairs.rows; ++term) {
      if (own[term] != 0 && pairs.indptr[term] == pairs.indptr[term + 1]) diagonal[term] = no_diagonal;
    }
  }
}

void check_pairs(Execution& run, const PairCountsView& pairs, const Scoring& scoring) {
  const std::int64_t entries = pairs.indptr[pairs.rows];
  std::atomic<std::int64_t> first{entries};
  each_row(run, pairs, [&](std::int64_t row, int) {
    for (std::int64_t q = pairs.indptr[row]; q < pairs.indptr[row + 1]; ++q) {
      if (!is_possible(scoring, pairs.values[q], row, pairs.indices[q])) return lower_to(first, q);
    }
  });
  if (first == entries) return;
  const std::int64_t i = std::upper_bound(pairs.indptr.begin(), pairs.indptr.end(), first.load()) - pairs.indptr.begin() - 1;
  const std::int32_t j = pairs.indices[first];
  throw InvalidMatrix{"Terms " + std::to_string(i) + " and " + std::to_string(j) + " cannot share " + std::to_string(pairs.values[first]) +
                      " documents, with " + std::to_string(scoring.frequency[i]) + " and " + std::to_string(scoring.frequency[j]) +
                      " of their own."};
}

void associate(Execution& run, const PairCountsView& pairs, const Scoring& scoring, std::span<double> out) {
  with_score(scoring, [&](const auto& score) {
    each_row(run, pairs, [&](std::int64_t row, int) {
      for (std::int64_t q = pairs.indptr[row]; q < pairs.indptr[row + 1]; ++q) {
        out[q] = pairs.values[q] == 0 ? 0.0 : score(pairs.values[q], row, pairs.indices[q]);
      }
    });
  });
}

}  // namespace corpuscle
