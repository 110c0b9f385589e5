// Term counts to TF-IDF weights: one pass a row, which owns its cells (Salton, Buckley 1988; formulas as scikit-learn's).
#pragma once

#include "csr.hpp"

namespace corpuscle {

enum class Norm { none, l1, l2 };

/// Writes one weight for each entry of `counts`: term frequency x idf[term], then rows scaled to norm 1; rows without
/// weight stay as they are. `idf` holds one number a term, or none. `frequencies` maps an integer count to its term
/// frequency (sublinear: 1 + ln count, with the logarithm taken by the caller), or is empty: the count itself.
template <class Value>
void tfidf(Execution& run, const CsrView<std::int32_t, Value>& counts, std::span<const double> idf,
           std::span<const double> frequencies, Norm norm, std::span<double> weights);

/// In how many rows each column has a value other than zero.
template <class Value>
void document_frequency(Execution& run, const CsrView<std::int32_t, Value>& counts, std::span<std::int32_t> frequency);

}  // namespace corpuscle
