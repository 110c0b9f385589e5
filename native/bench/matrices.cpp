#include "matrices.hpp"

#include <algorithm>
#include <cmath>

#include "../kernels/tfidf.hpp"

namespace corpuscle::bench {

Pruning pruning(std::int64_t documents) {
  const auto min_df = static_cast<double>(std::clamp<std::int64_t>(documents / 100, 2, 10));
  return {min_df, std::floor(0.1 * static_cast<double>(documents)), -1};
}

Counts::Counts(Execution& run, TextView documents) {
  TermCounter counter(true, {}, std::nullopt);
  counter.add(run, documents);
  const TermCounts counts = counter.finish(run, pruning(documents.count()), false);
  rows = counts.rows;
  columns = static_cast<std::int64_t>(counts.vocabulary_offsets.size()) - 1;
  matrix = {rows, counts.nnz};
  counts.write<std::int32_t>(run, matrix.indptr, matrix.indices, matrix.values);
  const std::span<const std::int32_t> pointers = matrix.indptr;
  indptr.assign(pointers.begin(), pointers.end());
}

std::vector<double> idf_of(Execution& run, const Counts& counts) {
  std::vector<std::int32_t> frequency(static_cast<std::size_t>(counts.columns), 0);
  document_frequency<std::int32_t>(run, counts.view(), frequency);
  std::vector<double> idf;
  for (const std::int32_t df : frequency) idf.push_back(std::log((1.0 + static_cast<double>(counts.rows)) / (1.0 + df)) + 1);
  return idf;
}

}  // namespace corpuscle::bench
