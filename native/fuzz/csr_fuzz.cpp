// Any arrays: check_csr refuses them, or every kernel that takes a matrix takes them.
#include <algorithm>
#include <numeric>

#include "../kernels/cooccurrence.hpp"
#include "../kernels/dispersion.hpp"
#include "../kernels/kmeans.hpp"
#include "../kernels/mini_batch.hpp"
#include "../kernels/silhouette.hpp"
#include "../kernels/tfidf.hpp"
#include "../kernels/top_cooccurrences.hpp"
#include "bytes.hpp"

using namespace corpuscle;

namespace {

template <class Value>
void judge(Execution& run, const CsrView<std::int32_t, Value>& matrix) {
  const auto n = static_cast<std::size_t>(matrix.rows);
  std::vector<std::int32_t> labels(n), sample(n);
  std::iota(sample.begin(), sample.end(), 0);
  for (std::size_t row = 0; row < n; ++row) labels[row] = static_cast<std::int32_t>(row % 3);
  std::vector<double> out(n), to_mean(3), between(9);
  for (const auto metric : {SilhouetteMetric::cosine, SilhouetteMetric::squared_euclidean, SilhouetteMetric::euclidean}) {
    silhouette(run, matrix, {labels, 3}, metric, sample, out);
    for (const double width : out) {
      if (!(width >= -1 && width <= 1)) __builtin_trap();
    }
  }
  dispersion(run, matrix, {labels, 3}, out, to_mean, between);
}

template <class Value>
void cluster_by_batches(Execution& run, const CsrView<std::int32_t, Value>& matrix) {
  const auto p = static_cast<std::size_t>(matrix.columns), n = static_cast<std::size_t>(matrix.rows);
  MiniBatch model;
  if (model.load(run, matrix, {}) >= 0) return;
  model.set_centers_from_rows(run, std::vector<std::int32_t>{0, static_cast<std::int32_t>(n - 1)});
  std::vector<std::int32_t> batch(n);
  std::iota(batch.begin(), batch.end(), 0);
  std::vector<double> weights(2), sums(2 * p);
  model.assign(run, batch, weights);
  model.update(run, weights, std::vector<std::int32_t>{1}, std::vector<std::int32_t>{0});
  model.settle(run);
  model.assign(run, batch, weights);
  model.sums(run, sums);
}

/// Counts are the same whether the most frequent terms are bits or not.
template <class Value>
void count_with_and_without_bits(Execution& run, const CsrView<std::int32_t, Value>& matrix) {
  PairRows ids(run, matrix, Reach::from_term, {0, matrix.columns}, Bits::never), bits(run, matrix, Reach::from_term, {0, matrix.columns}, Bits::always);
  bits.prepare(run);
  PairCounts of_ids(matrix.columns), of_bits(matrix.columns);
  for (std::int64_t term = 0; term < matrix.columns; ++term) {
    ids.count(term, of_ids);
    bits.count(term, of_bits);
    of_ids.visit([&](auto& wanted) {
      of_bits.visit([&](auto& found) {
        if (!std::equal(wanted.begin(), wanted.end() - 1, found.begin(), found.end() - 1)) __builtin_trap();
        std::fill(found.begin(), found.end(), 0);
      });
      std::fill(wanted.begin(), wanted.end(), 0);
    });
  }
}

template <class Value>
void all_kernels(Execution& run, const CsrView<std::int32_t, Value>& matrix) {
  const auto p = static_cast<std::size_t>(matrix.columns), n = static_cast<std::size_t>(matrix.rows);
  Cooccurrence pairs(run, matrix, true, true, {0, matrix.columns});
  const auto nnz = static_cast<std::size_t>(pairs.count(run));
  std::vector<std::int32_t> indptr(p + 1), indices(nnz), values(nnz), dense(p * p, 0), frequency(p, 0), terms(p);
  pairs.write<std::int32_t>(run, indptr, indices, values);
  pairs.write_dense(run, dense);
  if (static_cast<std::size_t>(std::count_if(dense.begin(), dense.end(), [](std::int32_t c) { return c != 0; })) != nnz) __builtin_trap();
  count_with_and_without_bits(run, matrix);
  document_frequency(run, matrix, std::span(frequency));
  std::iota(terms.begin(), terms.end(), 0);
  const std::vector<double> zeros(p, 0);
  top_cooccurrences(run, matrix, terms, 3, 1, Scoring{Score::dice, static_cast<double>(n), frequency, {}, zeros, zeros, 0});
  std::vector<double> weights(matrix.values.size());
  try {
    tfidf(run, matrix, {}, {}, Norm::l2, weights);
  } catch (const OverLimit&) {
  } catch (const InvalidMatrix&) {
  }
  if (n == 0) return;
  judge(run, matrix);
  cluster_by_batches(run, matrix);
  KMeans model;
  model.load(run, matrix, {});
  if (model.first_non_finite_row() >= 0) return;
  for (const std::int32_t row : model.seed(run, 0, 2, std::vector<double>{0.5, 0.1, 0.9, 0.3})) {
    if (row < 0 || row >= matrix.rows) __builtin_trap();
  }
  model.set_centers_from_rows(run, std::vector<std::int32_t>{0, static_cast<std::int32_t>(n - 1)});
  std::vector<double> cluster_weights(2), distances(n), all(2 * n), centers(2 * p);
  for (int i = 0; i < 2; ++i) {
    model.assign(run);
    model.sum(run, cluster_weights);
    model.average(run, cluster_weights);
  }
  model.assign(run);
  model.distances(run, distances);
  model.transform(run, all);
  model.centers(run, centers);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const int threads = 1 + bytes.byte() % 2;
  const std::int64_t rows = bytes.byte() % 40, columns = bytes.byte() % 40;
  const bool valid = bytes.byte() % 4 != 0;  // most are made so that they are valid but for what comes behind
  std::vector<std::int64_t> indptr{0};
  std::vector<std::int32_t> indices;
  std::vector<double> values;
  for (std::int64_t row = 0; row < rows; ++row) {
    if (valid) {
      for (std::int32_t column = bytes.byte() % 8; column < columns && bytes.left() > 0; column += 1 + bytes.byte() % 16) indices.push_back(column);
      indptr.push_back(static_cast<std::int64_t>(indices.size()));
    } else {
      for (int i = bytes.byte() % 4; i > 0; --i) indices.push_back(static_cast<std::int32_t>(bytes.number()));
      indptr.push_back(bytes.byte() % 8 == 0 ? bytes.number() : static_cast<std::int64_t>(indices.size()));
    }
  }
  for (std::size_t i = 0; i < indices.size(); ++i) values.push_back(static_cast<double>(static_cast<std::int8_t>(bytes.byte())) / 8);
  const std::vector<float> floats(values.begin(), values.end());
  const std::vector<std::int32_t> whole(values.begin(), values.end());
  Execution run(threads, nullptr, 1e9);
  try {
    check_csr(run, CsrView<std::int32_t, double>{rows, columns, indptr, indices, values});
  } catch (const InvalidMatrix&) {
    return 0;
  }
  all_kernels(run, CsrView<std::int32_t, double>{rows, columns, indptr, indices, values});
  all_kernels(run, CsrView<std::int32_t, float>{rows, columns, indptr, indices, floats});
  all_kernels(run, CsrView<std::int32_t, std::int32_t>{rows, columns, indptr, indices, whole});
  return 0;
}
