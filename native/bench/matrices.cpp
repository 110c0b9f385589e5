#include "matrices.hpp"

#include <algorithm>
#include <cmath>

#include "../kernels/tfidf.hpp"

namespace corpuscle::bench {

KeptTerms::KeptTerms(const TermStatistics& terms, std::int64_t documents, Keep keep) {
  const bool usual = keep == Keep::usual;
  const std::int64_t min_df = usual ? std::clamp<std::int64_t>(documents / 100, 2, 10) : documents / 50;
  const std::int64_t max_df = usual ? documents / 10 : documents;
  for (const std::int32_t df : terms.document_frequency) {
    columns.push_back(df >= min_df && df <= max_df ? static_cast<std::int32_t>(count++) : -1);
  }
}

Counts::Counts(Execution& run, TextView documents, Keep keep) {
  TermCounter counter({}, {}, std::nullopt);
  counter.add(run, documents);
  const KeptTerms kept(counter.statistics(run, false), documents.count(), keep);
  const TermCounts counts = counter.count(run, kept.counting());
  rows = counts.rows;
  columns = kept.count;
  matrix = {rows, counts.nnz};
  counts.write<std::int32_t>(run, matrix.indptr, matrix.indices, matrix.values);
  const std::span<const std::int32_t> pointers = matrix.indptr;
  indptr.assign(pointers.begin(), pointers.end());
}

Tokens::Tokens(Execution& run, TextView documents) {
  TermCounter counter({}, {}, std::nullopt, true);
  counter.add(run, documents);
  const KeptTerms kept(counter.statistics(run, false), documents.count(), Keep::usual);
  terms = kept.count;
  std::vector<double> ends(static_cast<std::size_t>(documents.count()) + 1);
  ids = Array<std::int32_t>(counter.tokens());
  counter.write_tokens(run, kept.columns, ends, ids);
  offsets.assign(ends.begin(), ends.end());
}

std::vector<double> idf_of(Execution& run, const Counts& counts) {
  std::vector<std::int32_t> frequency(static_cast<std::size_t>(counts.columns), 0);
  document_frequency<std::int32_t>(run, counts.view(), frequency);
  std::vector<double> idf;
  for (const std::int32_t df : frequency) idf.push_back(std::log((1.0 + static_cast<double>(counts.rows)) / (1.0 + df)) + 1);
  return idf;
}

}  // namespace corpuscle::bench
