// The tables of words and of runs of words of several threads as one list of terms in order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gram_table.hpp"
#include "term_merge.hpp"

namespace corpuscle {

/// As `merge_terms`, of runs of min_n to max_n words with a space between: table t of the words goes with table t of the runs. The
/// numbers of words and runs that are no terms are `TermTable::ignored`.
TermStatistics merge_grams(Execution& run, std::span<const TermTable* const> tables, std::span<const GramTable* const> grams,
                           std::uint32_t min_n, std::uint32_t max_n, TermNumbers& numbers);

}  // namespace corpuscle
