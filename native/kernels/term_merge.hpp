// The tables of several threads as one list of terms in order.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "parallel.hpp"
#include "term_table.hpp"

namespace corpuscle {

/// All terms of some documents in order of their bytes: a term's place is its number.
struct TermStatistics {
  std::vector<char> bytes;                        // of the terms, one after the other
  std::vector<std::int64_t> offsets;              // number of terms + 1
  std::vector<std::int32_t> document_frequency;
  std::vector<double> totals;                     // how often each is in all documents, or empty
};

/// Adds up the document frequencies of all terms. `numbers[t]` receives the number of the term of each id of table t.
TermStatistics merge_terms(Execution& run, std::span<const TermTable* const> tables,
                           std::vector<std::vector<std::uint32_t>>& numbers);

}  // namespace corpuscle
