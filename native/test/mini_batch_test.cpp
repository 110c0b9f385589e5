#include "../kernels/mini_batch.hpp"

#include <cmath>
#include <numeric>

#include "../kernels/kmeans.hpp"
#include "support.hpp"

namespace corpuscle::test {
namespace {

struct Outcome {
  std::vector<std::int32_t> labels;
  std::vector<double> sums, distances, weights, shifts, inertias;
  bool operator==(const Outcome&) const = default;
};

std::vector<std::int32_t> numbers(std::int64_t n) {
  std::vector<std::int32_t> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

/// `steps` batches of 40 rows from the first k rows; every third step gives cluster 1 a new row.
Outcome learn(const Matrix& matrix, std::int64_t k, int steps, Execution run, std::span<const double> row_weights = {}) {
  MiniBatch model;
  EXPECT_EQ(model.load(run, matrix.view(), row_weights), -1);
  model.set_centers_from_rows(run, numbers(k));
  const auto size = static_cast<std::size_t>(k);
  Outcome outcome{{}, std::vector<double>(size * matrix.columns), {}, std::vector<double>(size), {}, {}};
  std::vector<double> added(size);
  for (int step = 0; step < steps; ++step) {
    std::vector<std::int32_t> batch(40);
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i] = static_cast<std::int32_t>((step * 31 + i * 7) % model.rows());
    outcome.inertias.push_back(model.assign(run, batch, added));
    for (std::size_t j = 0; j < size; ++j) outcome.weights[j] += added[j];
    const std::vector<std::int32_t> clusters(step % 3 == 2 && k > 1 ? 1 : 0, 1);
    const std::vector<std::int32_t> rows(clusters.size(), 5);
    if (!clusters.empty()) outcome.weights[1] = 2;
    outcome.shifts.push_back(model.update(run, outcome.weights, clusters, rows));
  }
  model.sums(run, outcome.sums);
  model.settle(run);
  model.assign(run, numbers(model.rows()), added);
  outcome.labels.assign(model.labels().begin(), model.labels().end());
  outcome.distances.assign(model.distances().begin(), model.distances().end());
  return outcome;
}

TEST(MiniBatch, MovesCentersToTheMeanOfTheirRowsByTheSlowFormula) {
  const Matrix matrix = random_matrix(50, 30, 0.3, 21);
  Execution run = on(2);
  MiniBatch model;
  model.load(run, matrix.view(), {});
  model.set_centers_from_rows(run, std::vector<std::int32_t>{3, 9, 27});
  std::vector<std::vector<double>> centers;
  for (const int row : {3, 9, 27}) {
    centers.emplace_back();
    for (int c = 0; c < 30; ++c) centers.back().push_back(matrix.at(row, c));
  }
  std::vector<double> weights(3), added(3), sums(3 * 30);
  for (int step = 0; step < 5; ++step) {
    std::vector<std::int32_t> batch(10);
    std::iota(batch.begin(), batch.end(), step * 10);
    const double inertia = model.assign(run, batch, added);
    auto moved = centers;
    double wanted_inertia = 0, wanted_shift = 0;
    for (int j = 0; j < 3; ++j) {
      for (int c = 0; c < 30; ++c) moved[j][c] *= weights[j];
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const int label = model.labels()[i];
      for (int c = 0; c < 30; ++c) {
        wanted_inertia += std::pow(matrix.at(batch[i], c) - centers[label][c], 2);
        moved[label][c] += matrix.at(batch[i], c);
      }
    }
    for (int j = 0; j < 3; ++j) {
      weights[j] += added[j];
      for (int c = 0; c < 30; ++c) {
        if (added[j] > 0) moved[j][c] /= weights[j];
        else moved[j][c] = centers[j][c];
        wanted_shift += std::pow(moved[j][c] - centers[j][c], 2);
      }
    }
    EXPECT_NEAR(inertia, wanted_inertia, 1e-12);
    EXPECT_NEAR(model.update(run, weights, {}, {}), wanted_shift, 1e-12);
    centers = moved;
    model.sums(run, sums);
    for (int j = 0; j < 3; ++j) {
      for (int c = 0; c < 30; ++c) EXPECT_NEAR(sums[j * 30 + c] / (weights[j] > 0 ? weights[j] : 1), centers[j][c], 1e-13);
    }
  }
}

TEST(MiniBatch, MakesARowTheCenterOfAClusterAndTellsHowFarThatMovesIt) {
  const Matrix matrix{2, {0, 1, 2, 4}, {0, 1, 0, 1}, {2, 3, 5, 7}};  // (2, 0), (0, 3), (5, 7)
  Execution run = on(1);
  MiniBatch model;
  model.load(run, matrix.view(), {});
  model.set_centers_from_rows(run, std::vector<std::int32_t>{0, 1});
  std::vector<double> added(2), sums(4);
  model.assign(run, std::vector<std::int32_t>{0, 1}, added);
  EXPECT_EQ(model.update(run, std::vector<double>{1, 4}, std::vector<std::int32_t>{1}, std::vector<std::int32_t>{2}), 25 + 16);
  model.sums(run, sums);
  EXPECT_EQ(sums, (std::vector<double>{2, 0, 20, 28}));
  EXPECT_EQ(model.assign(run, std::vector<std::int32_t>{2}, added), 0);
  EXPECT_EQ(model.labels()[0], 1);
}

TEST(MiniBatch, LabelsAsKMeansDoesOnceItIsSettled) {
  const Matrix matrix = random_matrix(300, 60, 0.1, 22);
  Execution run = on(3);
  const Outcome outcome = learn(matrix, 9, 12, on(3));
  std::vector<double> centers = outcome.sums;
  for (int j = 0; j < 9; ++j) {
    const double factor = outcome.weights[j] > 0 ? 1 / outcome.weights[j] : 1;
    for (int c = 0; c < 60; ++c) centers[j * 60 + c] *= factor;
  }
  KMeans model;
  model.load(run, matrix.view(), {});
  model.set_centers(run, 9, centers);
  model.assign(run);
  std::vector<double> distances(300);
  model.distances(run, distances);
  EXPECT_TRUE(std::equal(model.labels().begin(), model.labels().end(), outcome.labels.begin()));
  EXPECT_EQ(distances, outcome.distances);
}

TEST(MiniBatch, HasTheSameBitsOnAnyNumberOfThreadsAndAtEveryLevelOfInstructions) {
  const Matrix matrix = random_matrix(1500, 1200, 0.01, 23);
  std::vector<double> weights(1500);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<double>(i % 4) / 3;
  for (const std::int64_t k : {1, 13, 70}) {
    const Outcome plain = learn(matrix, k, 7, on(1)), weighted = learn(matrix, k, 7, on(1), weights);
    for (const int threads : thread_counts) {
      EXPECT_EQ(learn(matrix, k, 7, on(threads)), plain);
      EXPECT_EQ(learn(matrix, k, 7, on(threads), weights), weighted);
    }
    for (const Simd level : simd_levels()) EXPECT_EQ(learn(matrix, k, 7, on(2, 1e9, level)), plain);
  }
}

TEST(MiniBatch, FindsTheFirstRowThatIsNotFinite) {
  const Matrix matrix{2, {0, 1, 2, 3}, {0, 1, 0}, {1, std::nan(""), HUGE_VAL}};
  Execution run = on(2);
  MiniBatch model;
  EXPECT_EQ(model.load(run, matrix.view(), {}), 1);
}

}  // namespace
}  // namespace corpuscle::test
