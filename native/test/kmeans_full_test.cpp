#include <cmath>

#include "../kernels/kmeans.hpp"
#include "support.hpp"

namespace corpuscle::test {
namespace {

constexpr std::int64_t columns = 45;  // not a whole number of what is taken at once, as are the rows; nor the last of eight, below

/// Rows with a value of either sign for each column, some of them the same; where asked for, those of two columns have bits too far apart for
/// exact sums.
Matrix full_rows(std::int64_t rows, bool far_apart) {
  Matrix matrix = random_matrix(rows, columns, 1, 21);
  for (std::size_t q = 0; q < matrix.values.size(); ++q) {
    matrix.values[q] -= 0.4;
    if (!far_apart) continue;
    if (q % columns == 5 || q % columns == 30) matrix.values[q] = std::ldexp(matrix.values[q], q % 2 == 0 ? 30 : -80);
  }
  for (std::int64_t q = 0; q < columns; ++q) matrix.values[7 * columns + q] = matrix.values[3 * columns + q];
  std::fill_n(&matrix.values[11 * columns], columns, 0.0);
  return matrix;
}

/// The same rows with one more column, of which no row has an entry.
Matrix with_an_empty_column(Matrix matrix) {
  matrix.columns += 1;
  return matrix;
}

/// All that a model tells, one number after the other, without the column that is empty.
template <class Value = double>
std::vector<double> told(Execution& run, const Matrix& matrix, std::span<const double> weights, std::int64_t k, bool has_indices = true) {
  const std::vector<Value> values(matrix.values.begin(), matrix.values.end());
  CsrView<std::int32_t, Value> view{std::ssize(matrix.indptr) - 1, matrix.columns, matrix.indptr, matrix.indices, values};
  if (!has_indices) view.indices = {};
  KMeans model;
  model.load(run, view, weights);
  std::vector<double> all;
  const auto tell = [&](const auto& numbers) { all.insert(all.end(), numbers.begin(), numbers.end()); };
  const std::vector<double> draws = {0.1, 0.9, 0.5, 0.3, 0.7, 0.2, 0.4, 0.6, 0.05, 0.95};
  for (const std::int64_t trials : {1, 2, 10}) tell(model.seed(run, 3, trials, draws));
  std::vector<std::int32_t> start(static_cast<std::size_t>(k));
  for (std::int64_t j = 0; j < k; ++j) start[j] = static_cast<std::int32_t>(2 * j);
  model.set_centers_from_rows(run, start);
  std::vector<double> of_clusters(start.size()), centers(static_cast<std::size_t>(k * matrix.columns)), distances(static_cast<std::size_t>(model.rows())),
      transformed(static_cast<std::size_t>(model.rows() * k));
  for (int i = 0; i < 8; ++i) {
    model.assign(run);
    tell(model.labels());
    model.sum(run, of_clusters);
    tell(of_clusters);
    if (i == 4) model.move(9, model.labels()[9], (model.labels()[9] + 1) % static_cast<std::int32_t>(k));
    all.push_back(model.average(run, of_clusters));
    model.centers(run, centers);
    for (std::int64_t at = 0; at < std::ssize(centers); ++at) {
      if (at % matrix.columns < columns) all.push_back(centers[at]);
    }
  }
  model.assign(run);
  model.distances(run, distances);
  tell(distances);
  model.transform(run, transformed);
  tell(transformed);
  return all;
}

double total_variance(const Matrix& matrix, int threads) {
  Execution run = on(threads);
  KMeans model;
  model.load(run, matrix.view(), {});
  return model.mean_variance(run) * static_cast<double>(matrix.columns);
}

TEST(KMeansOfFullRows, VariesAsSparseOnesDo) {
  const Matrix full = full_rows(1'030, false);
  for (const int threads : thread_counts) {
    EXPECT_EQ(total_variance(full, threads), total_variance(full, 1));
    EXPECT_DOUBLE_EQ(total_variance(full, threads), total_variance(with_an_empty_column(full), 1));
  }
}

class KMeansOfFullRowsAtEachLevel : public testing::TestWithParam<Simd> {};

TEST_P(KMeansOfFullRowsAtEachLevel, IsThatOfSparseOnes) {
  for (const std::int64_t n : {61, 62, 300, 1'030}) {
    const Matrix full = full_rows(n, n % 2 == 0 && n < 1'000), sparse = with_an_empty_column(full);
    std::vector<double> weights(static_cast<std::size_t>(n));
    for (std::size_t row = 0; row < weights.size(); ++row) weights[row] = 0.5 + static_cast<double>(row % 3);
    for (const std::int64_t k : {2, 8, 17}) {
      for (const std::span<const double> own : {std::span<const double>(), std::span<const double>(weights)}) {
        Execution one = on(1, 1e9, GetParam());
        const std::vector<double> expected = told(one, sparse, own, k);
        for (const int threads : {1, 3}) {
          Execution run = on(threads, 1e9, GetParam());
          ASSERT_EQ(told(run, full, own, k), expected) << n << " rows, " << k << " clusters, " << threads << " threads";
        }
        Execution run = on(2, 1e9, GetParam());
        ASSERT_EQ(told(run, full, own, k, false), expected) << "without indices";
      }
    }
  }
}

TEST_P(KMeansOfFullRowsAtEachLevel, IsTheSameInSinglePrecision) {
  for (const std::int64_t n : {61, 62, 1'030}) {
    Matrix full = full_rows(n, n % 2 == 0);
    for (double& value : full.values) value = static_cast<float>(value);
    Execution one = on(1, 1e9, GetParam()), two = on(2, 1e9, GetParam());
    const std::vector<double> expected = told(one, with_an_empty_column(full), {}, 9);
    EXPECT_EQ(told<float>(two, full, {}, 9), expected) << n;
    EXPECT_EQ(told<float>(two, full, {}, 9, false), expected) << n << ", without indices";
    EXPECT_EQ(told<float>(two, with_an_empty_column(full), {}, 9), expected) << n << ", sparse";
  }
}

TEST_P(KMeansOfFullRowsAtEachLevel, HasManyClusters) {
  const Matrix full = full_rows(300, false), sparse = with_an_empty_column(full);
  for (const std::int64_t k : {64, 70, 100, 140}) {
    Execution one = on(1, 1e9, GetParam()), two = on(2, 1e9, GetParam());
    EXPECT_EQ(told(two, full, {}, k), told(one, sparse, {}, k)) << k;
  }
}

INSTANTIATE_TEST_SUITE_P(AtEachLevel, KMeansOfFullRowsAtEachLevel, testing::ValuesIn(simd_levels()));

TEST(CheckFull, RefusesWhatHasNotAValueForEachColumn) {
  Matrix matrix = full_rows(20, false);
  CsrView<std::int32_t, double> view = matrix.view();
  view.indices = {};
  check_full(view);
  matrix.indptr[3] += 1;
  EXPECT_THROW(check_full(view), InvalidMatrix);
  matrix.indptr[3] -= 1;
  for (auto& wrong : {CsrView<std::int32_t, double>{21, columns, view.indptr, {}, view.values}, {20, columns + 1, view.indptr, {}, view.values},
                      {20, columns, view.indptr, {}, view.values.first(899)}, {20, columns, view.indptr.first(20), {}, view.values}}) {
    EXPECT_THROW(check_full(wrong), InvalidMatrix);
  }
}

}  // namespace
}  // namespace corpuscle::test
