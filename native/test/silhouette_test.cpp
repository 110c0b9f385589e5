#include "../kernels/silhouette.hpp"

#include <algorithm>
#include <cmath>

#include "support.hpp"

namespace corpuscle::test {
namespace {

constexpr SilhouetteMetric metrics[] = {SilhouetteMetric::cosine, SilhouetteMetric::squared_euclidean, SilhouetteMetric::euclidean};

std::vector<std::int32_t> all_rows(const Matrix& matrix) {
  std::vector<std::int32_t> rows(matrix.indptr.size() - 1);
  for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = static_cast<std::int32_t>(row);
  return rows;
}

std::vector<double> silhouettes(const Matrix& matrix, std::span<const std::int32_t> labels, std::int64_t clusters,
                                SilhouetteMetric metric, std::span<const std::int32_t> sample, int threads = 2,
                                Simd simd = best_simd()) {
  Execution run = on(threads, 1e9, simd);
  std::vector<double> out(sample.size());
  silhouette(run, matrix.view(), {labels, clusters}, metric, sample, out);
  return out;
}

double distance(const Matrix& matrix, std::int64_t a, std::int64_t b, SilhouetteMetric metric) {
  double squared = 0, product = 0, x = 0, y = 0;
  for (std::int64_t column = 0; column < matrix.columns; ++column) {
    const double u = matrix.at(a, column), v = matrix.at(b, column);
    squared += (u - v) * (u - v);
    product += u * v;
    x += u * u;
    y += v * v;
  }
  if (metric == SilhouetteMetric::cosine) return x > 0 && y > 0 ? 1 - product / (std::sqrt(x) * std::sqrt(y)) : 1;
  return metric == SilhouetteMetric::euclidean ? std::sqrt(squared) : squared;
}

double slow_silhouette(const Matrix& matrix, std::span<const std::int32_t> labels, std::int64_t clusters, SilhouetteMetric metric,
                       std::int64_t row) {
  double a = 0, b = HUGE_VAL;
  for (std::int64_t j = 0; j < clusters; ++j) {
    double sum = 0, count = 0;
    for (std::int64_t other = 0; other < static_cast<std::int64_t>(labels.size()); ++other) {
      if (other == row || labels[other] != j) continue;
      sum += distance(matrix, row, other, metric);
      ++count;
    }
    if (j != labels[row]) {
      b = std::min(b, sum / count);
    } else if (count == 0) {
      return 0;
    } else {
      a = sum / count;
    }
  }
  return std::max(a, b) > 0 ? (b - a) / std::max(a, b) : 0;
}

std::vector<std::int32_t> labels_of(std::size_t rows, std::int32_t clusters) {
  std::vector<std::int32_t> labels(rows);
  for (std::size_t row = 0; row < rows; ++row) labels[row] = static_cast<std::int32_t>(row * row % 13) % clusters;
  for (std::int32_t j = 0; j < clusters; ++j) labels[j] = j;  // none is empty
  return labels;
}

TEST(Silhouette, FollowsTheDefinition) {
  const Matrix matrix = random_matrix(70, 30, 0.3, 4);
  const std::vector<std::int32_t> rows = all_rows(matrix);
  for (const std::int32_t clusters : {2, 8, 9, 17}) {
    const std::vector<std::int32_t> labels = labels_of(rows.size(), clusters);
    for (const SilhouetteMetric metric : metrics) {
      const std::vector<double> found = silhouettes(matrix, labels, clusters, metric, rows);
      for (const std::int32_t row : rows) EXPECT_NEAR(found[row], slow_silhouette(matrix, labels, clusters, metric, row), 1e-12);
    }
  }
}

TEST(Silhouette, FollowsTheDefinitionOfValuesOfAnySize) {
  for (const double scale : {1e-100, 1e-13, 1e13, 1e100}) {
    Matrix matrix = random_matrix(70, 30, 0.3, 4);
    for (double& value : matrix.values) value *= scale;
    const std::vector<std::int32_t> rows = all_rows(matrix), labels = labels_of(rows.size(), 9);
    for (const SilhouetteMetric metric : metrics) {
      const std::vector<double> found = silhouettes(matrix, labels, 9, metric, rows);
      for (const std::int32_t row : rows) EXPECT_NEAR(found[row], slow_silhouette(matrix, labels, 9, metric, row), 1e-12);
    }
  }
}

TEST(Silhouette, HasTheSameBitsOnAnyNumberOfThreadsAndInAnyVectorInstructions) {
  const Matrix matrix = random_matrix(900, 300, 0.05, 5);
  const std::vector<std::int32_t> rows = all_rows(matrix);
  for (const std::int32_t clusters : {3, 40, 59, 130}) {
    const std::vector<std::int32_t> labels = labels_of(rows.size(), clusters);
    for (const SilhouetteMetric metric : metrics) {
      const std::vector<double> wanted = silhouettes(matrix, labels, clusters, metric, rows, 1, Simd::baseline);
      for (const int threads : thread_counts) EXPECT_EQ(silhouettes(matrix, labels, clusters, metric, rows, threads), wanted);
      for (const Simd level : simd_levels()) EXPECT_EQ(silhouettes(matrix, labels, clusters, metric, rows, 1, level), wanted);
    }
  }
}

TEST(Silhouette, MeasuresSomeRowsAgainstAll) {
  const Matrix matrix = random_matrix(50, 20, 0.3, 6);
  const std::vector<std::int32_t> labels = labels_of(50, 4), sample{49, 3, 3, 17};
  for (const SilhouetteMetric metric : metrics) {
    const std::vector<double> all = silhouettes(matrix, labels, 4, metric, all_rows(matrix));
    EXPECT_EQ(silhouettes(matrix, labels, 4, metric, sample), (std::vector<double>{all[49], all[3], all[3], all[17]}));
  }
}

TEST(Silhouette, IsExactForEqualRows) {
  Matrix matrix{3};
  for (int row = 0; row < 9; ++row) {
    matrix.indices.insert(matrix.indices.end(), {0, 2});
    matrix.values.insert(matrix.values.end(), {0.1, 0.7});
    matrix.indptr.push_back(static_cast<std::int64_t>(matrix.indices.size()));
  }
  const std::vector<std::int32_t> labels{0, 0, 0, 1, 1, 1, 1, 1, 1};
  for (const SilhouetteMetric metric : metrics) {
    EXPECT_EQ(silhouettes(matrix, labels, 2, metric, all_rows(matrix)), std::vector<double>(9, 0.0));
  }
}

TEST(Silhouette, RefusesTheFirstRowThatIsNotFinite) {
  const Matrix matrix{2, {0, 1, 2, 3}, {0, 1, 0}, {1, std::nan(""), HUGE_VAL}};
  for (const SilhouetteMetric metric : metrics) {
    try {
      silhouettes(matrix, std::vector<std::int32_t>{0, 1, 1}, 2, metric, all_rows(matrix));
      FAIL();
    } catch (const OverLimit& refused) {
      EXPECT_NE(refused.what.find("row 1 "), std::string::npos);
    }
  }
}

TEST(Silhouette, StopsWhenItIsTold) {
  const Matrix matrix = random_matrix(200, 40, 0.2, 7);
  std::int32_t control[2] = {1, 0};
  Execution run(2, control, 1e9);
  std::vector<double> out(200);
  for (const SilhouetteMetric metric : metrics) {
    EXPECT_THROW(silhouette(run, matrix.view(), {labels_of(200, 5), 5}, metric, all_rows(matrix), out), Stopped);
  }
}

}  // namespace
}  // namespace corpuscle::test
