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
  LargeVector<char> bytes;                        // of the terms, one after the other
  LargeVector<std::int64_t> offsets;              // number of terms + 1
  LargeVector<std::int32_t> document_frequency;
  LargeVector<double> totals;                     // how often each is in all documents, or empty
};

/// For each table, the number of the term of each id.
using TermNumbers = std::vector<LargeVector<std::uint32_t>>;

/// Adds up the document frequencies of all terms. The number of an id that is no term is `TermTable::ignored`.
TermStatistics merge_terms(Execution& run, std::span<const TermTable* const> tables, TermNumbers& numbers);

}  // namespace corpuscle
