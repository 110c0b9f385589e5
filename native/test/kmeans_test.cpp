#include "../kernels/kmeans.hpp"

#include <cmath>

#include "support.hpp"

namespace corpuscle::test {
namespace {

/// Lloyd's loop, `iterations` times, from the first k rows.
struct Outcome {
  std::vector<std::int32_t> labels;
  std::vector<double> centers, distances, weights;
  double shift;
  bool operator==(const Outcome&) const = default;
};

Outcome lloyd(const Matrix& matrix, std::int64_t k, int iterations, int threads, std::span<const double> weights = {}) {
  Execution run = on(threads);
  KMeans model;
  model.load(run, matrix.view(), weights);
  std::vector<std::int32_t> start(static_cast<std::size_t>(k));
  for (std::size_t j = 0; j < start.size(); ++j) start[j] = static_cast<std::int32_t>(j);
  model.set_centers_from_rows(run, start);
  Outcome outcome{{}, std::vector<double>(static_cast<std::size_t>(k * matrix.columns)),
                  std::vector<double>(static_cast<std::size_t>(model.rows())), std::vector<double>(start.size()), 0};
  for (int i = 0; i < iterations; ++i) {
    model.assign(run);
    model.sum(run, outcome.weights);
    outcome.shift = model.average(run, outcome.weights);
  }
  model.assign(run);
  model.distances(run, outcome.distances);
  model.centers(run, outcome.centers);
  outcome.labels.assign(model.labels().begin(), model.labels().end());
  return outcome;
}

double squared_distance(const Matrix& matrix, std::int64_t row, const double* center) {
  double sum = 0;
  for (std::int64_t column = 0; column < matrix.columns; ++column) sum += std::pow(matrix.at(row, column) - center[column], 2);
  return sum;
}

TEST(KMeans, LabelsTheNearestCenterAndTellsItsDistanceByTheSlowFormula) {
  const Matrix matrix = random_matrix(90, 25, 0.3, 6);
  for (const std::int64_t k : {1, 2, 8, 9, 16, 21}) {
    const Outcome outcome = lloyd(matrix, k, 2, 2);
    for (std::int64_t row = 0; row < 90; ++row) {
      const double own = squared_distance(matrix, row, &outcome.centers[outcome.labels[row] * 25]);
      EXPECT_NEAR(outcome.distances[row], own, 1e-12);
      for (std::int64_t j = 0; j < k; ++j) EXPECT_GE(squared_distance(matrix, row, &outcome.centers[j * 25]), own - 1e-12);
    }
  }
}

TEST(KMeans, AveragesTheRowsOfEachClusterByTheSlowFormula) {
  const Matrix matrix = random_matrix(60, 18, 0.4, 7);
  Execution run = on(3);
  KMeans model;
  model.load(run, matrix.view(), {});
  model.set_centers_from_rows(run, std::vector<std::int32_t>{3, 1, 4});
  model.assign(run);
  std::vector<double> weights(3), centers(3 * 18);
  model.sum(run, weights);
  model.average(run, weights);
  model.centers(run, centers);
  for (int j = 0; j < 3; ++j) {
    for (int column = 0; column < 18; ++column) {
      double sum = 0, count = 0;
      for (int row = 0; row < 60; ++row) {
        if (model.labels()[row] != j) continue;
        sum += matrix.at(row, column);
        ++count;
      }
      EXPECT_EQ(weights[j], count);
      EXPECT_NEAR(centers[j * 18 + column], sum / count, 1e-14);
    }
  }
}

TEST(KMeans, HasTheSameBitsOnAnyNumberOfThreads) {
  const Matrix matrix = random_matrix(1500, 1200, 0.01, 8);
  std::vector<double> weights(1500);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<double>(i % 4) / 3;
  const Outcome plain = lloyd(matrix, 13, 4, 1), weighted = lloyd(matrix, 13, 4, 1, weights);
  for (const int threads : thread_counts) {
    EXPECT_EQ(lloyd(matrix, 13, 4, threads), plain);
    EXPECT_EQ(lloyd(matrix, 13, 4, threads, weights), weighted);
  }
}

TEST(KMeans, SeedsByTheSlowFormulaOfDistances) {
  const Matrix matrix = random_matrix(40, 15, 0.4, 9);
  Execution run = on(2);
  KMeans model;
  model.load(run, matrix.view(), {});
  const auto row_of = [&](std::int64_t row) {
    std::vector<double> dense;
    for (std::int64_t column = 0; column < 15; ++column) dense.push_back(matrix.at(row, column));
    return dense;
  };
  std::vector<double> closest(40);
  double potential = 0;
  for (std::int64_t i = 0; i < 40; ++i) potential += closest[i] = squared_distance(matrix, i, row_of(7).data());
  EXPECT_NEAR(model.seed_start(run, 7), potential, 1e-12);
  const std::vector<double> draws{0.1 * potential, 0.8 * potential};
  const KMeans::Seed seed = model.seed_step(run, draws);
  double best = 0;
  for (std::int64_t i = 0; i < 40; ++i) best += std::min(closest[i], squared_distance(matrix, i, row_of(seed.row).data()));
  EXPECT_NEAR(seed.potential, best, 1e-12);
}

TEST(KMeans, FindsTheFirstRowThatIsNotFinite) {
  const Matrix matrix{2, {0, 1, 2, 3}, {0, 1, 0}, {1, std::nan(""), HUGE_VAL}};
  Execution run = on(1);
  KMeans model;
  model.load(run, matrix.view(), {});
  EXPECT_EQ(model.first_non_finite_row(), 1);
}

}  // namespace
}  // namespace corpuscle::test
