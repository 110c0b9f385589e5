#include "tfidf.hpp"

#include <cmath>

namespace corpuscle {

template <class Value>
void tfidf(Execution& run, const CsrView<std::int32_t, Value>& counts, std::span<const double> idf,
           std::span<const double> frequencies, Norm norm, std::span<double> weights) {
  const Blocks blocks{counts.rows, 1024};
  std::atomic<std::int64_t> bad{counts.rows};  // the first row without a finite norm
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
      double total = 0;
      for (std::int64_t q = counts.indptr[row + 1] - 1; q >= counts.indptr[row]; --q) {
        auto weight = static_cast<double>(counts.values[q]);
        if (!frequencies.empty()) weight = frequencies[static_cast<std::size_t>(counts.values[q])];
        if (!idf.empty() && weight != 0) weight *= idf[counts.indices[q]];  // a stored zero stays one, were idf infinite
        weights[q] = weight;
        if (norm == Norm::l2) total += weight * weight;
        if (norm == Norm::l1) total += std::abs(weight);
      }
      if (total == 0) continue;  // an empty row, or no norm asked for
      if (!std::isfinite(total)) lower_to(bad, row);
      if (norm == Norm::l2) total = std::sqrt(total);
      for (std::int64_t q = counts.indptr[row]; q < counts.indptr[row + 1]; ++q) weights[q] /= total;
    }
  });
  if (bad < counts.rows) throw OverLimit{"The weights of row " + std::to_string(bad) + " have no finite norm."};
}

template <class Value>
void document_frequency(Execution& run, const CsrView<std::int32_t, Value>& counts, std::span<std::int32_t> frequency) {
  std::vector<std::vector<std::int32_t>> others(static_cast<std::size_t>(run.threads()));  // the first thread counts in place
  const Blocks blocks{counts.rows, 4096};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
    if (thread > 0) others[thread].resize(frequency.size());
    const std::span<std::int32_t> own = thread > 0 ? std::span(others[thread]) : frequency;
    for (std::int64_t q = counts.indptr[blocks.begin(block)]; q < counts.indptr[blocks.end(block)]; ++q) {
      own[counts.indices[q]] += counts.values[q] != 0;
    }
  });
  for (const auto& of_thread : others) {
    for (std::size_t term = 0; term < of_thread.size(); ++term) frequency[term] += of_thread[term];
  }
}

template void tfidf(Execution&, const CsrView<std::int32_t, std::int32_t>&, std::span<const double>, std::span<const double>, Norm,
                    std::span<double>);
template void document_frequency(Execution&, const CsrView<std::int32_t, std::int32_t>&, std::span<std::int32_t>);
template void tfidf(Execution&, const CsrView<std::int32_t, float>&, std::span<const double>, std::span<const double>, Norm,
                    std::span<double>);
template void document_frequency(Execution&, const CsrView<std::int32_t, float>&, std::span<std::int32_t>);
template void tfidf(Execution&, const CsrView<std::int32_t, double>&, std::span<const double>, std::span<const double>, Norm,
                    std::span<double>);
template void document_frequency(Execution&, const CsrView<std::int32_t, double>&, std::span<std::int32_t>);

}  // namespace corpuscle
