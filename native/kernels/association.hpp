// The scores of a matrix of pair counts at hand.
#pragma once

#include <cstdint>
#include <span>

#include "csr.hpp"
#include "scores.hpp"

namespace corpuscle {

using PairCountsView = CsrView<std::int32_t, std::int32_t>;  // terms x terms, checked

/// What the diagonal holds of each term: 0 for a term without pairs, and `no_diagonal` for one with pairs that has no cell there (or one that
/// holds this number, which is no count).
inline constexpr std::int32_t no_diagonal = -2147483648;
void diagonal_of(Execution& run, const PairCountsView& pairs, std::span<std::int32_t> diagonal);

/// Refuses counts that no documents could give: none is above the frequency of either term, nor do all make more documents than there are.
/// Throws InvalidMatrix for the first of them.
void check_pairs(Execution& run, const PairCountsView& pairs, const Scoring& scoring);

/// The score of each entry of checked pairs; of a stored zero, 0.
void associate(Execution& run, const PairCountsView& pairs, const Scoring& scoring, std::span<double> out);

}  // namespace corpuscle
