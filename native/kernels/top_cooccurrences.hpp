// The best partners of terms by an association score, without the matrix of all pairs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "csr.hpp"
#include "scores.hpp"

namespace corpuscle {

/// Partners of terms, the best first: those of terms[r] are [offsets[r], offsets[r + 1]).
struct TopPairs {
  std::vector<std::int32_t> offsets, partners, counts;
  std::vector<double> scores;
};

/// The `k` partners of each of `terms` with the highest scores; ties: by count, then the one that sorts first. Pairs that fewer than
/// `min_count` (at least 1) rows hold are left out. `rows` must be checked; values of zero are absent.
template <class Value>
TopPairs top_cooccurrences(Execution& run, const CsrView<std::int32_t, Value>& rows, std::span<const std::int32_t> terms,
                           std::int64_t k, std::int32_t min_count, const Scoring& scoring);

}  // namespace corpuscle
