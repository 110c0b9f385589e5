#include "../kernels/kmeans.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <thread>

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

/// What a step leaves: labels, weights and centers.
struct Step {
  std::vector<std::int32_t> labels;
  std::vector<double> weights, centers;
  double shift;
  bool operator==(const Step&) const = default;
};

std::vector<double> centers_of(Execution& run, const KMeans& model) {
  std::vector<double> centers(static_cast<std::size_t>(model.clusters() * model.columns()));
  model.centers(run, centers);
  return centers;
}

/// One iteration; where asked for, with a row that is moved to an empty cluster of its own.
Step step(Execution& run, KMeans& model, bool moves) {
  Step step{{}, std::vector<double>(static_cast<std::size_t>(model.clusters())), {}, 0};
  model.assign(run);
  model.sum(run, step.weights);
  if (moves) {
    const std::int32_t from = model.labels()[7], to = (from + 1) % static_cast<std::int32_t>(model.clusters());
    model.move(7, from, to);
    step.weights[to] = 1;
  }
  step.shift = model.average(run, step.weights);
  step.labels.assign(model.labels().begin(), model.labels().end());
  step.centers = centers_of(run, model);
  return step;
}

/// The same by a model that has no bounds and no sums from before.
Step fresh_step(const Matrix& matrix, std::span<const double> weights, std::int64_t k, std::span<const double> centers, bool moves) {
  Execution run = on(2);
  KMeans model;
  model.load(run, matrix.view(), weights);
  model.set_centers(run, k, centers);
  return step(run, model, moves);
}

TEST(KMeans, StepsAsAModelWithoutAPastWould) {
  const Matrix matrix = random_matrix(2'000, 150, 0.05, 9);
  std::vector<double> weights(2'000);
  for (std::size_t row = 0; row < weights.size(); ++row) weights[row] = 1 + static_cast<double>(row % 3);
  for (const std::int64_t k : {2, 7, 20}) {
    for (const bool weighted : {false, true}) {
      const std::span<const double> own = weighted ? std::span<const double>(weights) : std::span<const double>();
      Execution run = on(2);
      KMeans model;
      model.load(run, matrix.view(), own);
      std::vector<std::int32_t> start(static_cast<std::size_t>(k));
      std::iota(start.begin(), start.end(), 5);
      model.set_centers_from_rows(run, start);
      for (int i = 0; i < 25; ++i) {
        const std::vector<double> before = centers_of(run, model);
        const bool moves = i % 6 == 5;
        ASSERT_EQ(step(run, model, moves), fresh_step(matrix, own, k, before, moves)) << k << " clusters, iteration " << i;
      }
      EXPECT_LT(run.counted(Work::distances), 25 * 2'000 * k);
    }
  }
}

TEST(KMeans, StepsOnAfterAStopAsIfThereHadBeenNone) {
  const Matrix matrix = random_matrix(2'000, 150, 0.05, 9);
  KMeans model;
  std::int32_t control[2] = {0, 0};
  Execution run(1, control, 1e9);
  model.load(run, matrix.view(), {});
  model.set_centers_from_rows(run, std::vector<std::int32_t>{5, 6, 7, 8, 9, 10, 11});
  for (int i = 0; i < 40; ++i) {
    const std::vector<double> before = centers_of(run, model);
    std::thread stop([&] {
      std::this_thread::sleep_for(std::chrono::microseconds(10 * i));
      std::atomic_ref(control[0]).store(1);
    });
    try {
      model.assign(run);
    } catch (const Stopped&) {
    }
    stop.join();
    control[0] = 0;
    ASSERT_EQ(step(run, model, false), fresh_step(matrix, {}, 7, before, false)) << "iteration " << i;
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

/// The center of the smallest |center|^2 - 2 row.center, the first on a tie, in double precision and in the order of the contract.
std::vector<std::int32_t> labels_by_the_formula(const Matrix& matrix, const std::vector<double>& centers, std::int64_t k) {
  const std::int64_t p = matrix.columns;
  std::vector<std::int32_t> labels;
  for (std::int64_t row = 0; row < matrix.view().rows; ++row) {
    double nearest = HUGE_VAL;
    labels.push_back(0);
    for (std::int64_t j = 0; j < k; ++j) {
      double lanes[2] = {}, product = 0;
      const std::int64_t whole = p / 8 * 8;
      for (std::int64_t i = 0; i < p; ++i) {
        const std::int64_t term = i < whole ? i / 8 * 8 + 6 - i % 8 / 2 * 2 + i % 2 : i;
        lanes[term % 2] += centers[j * p + term] * centers[j * p + term];
      }
      for (std::int64_t q = matrix.indptr[row]; q < matrix.indptr[row + 1]; ++q) {
        product += centers[j * p + matrix.indices[q]] * matrix.values[q];
      }
      const double distance = lanes[0] + lanes[1] - 2 * product;
      if (distance < nearest) labels.back() = static_cast<std::int32_t>(j);
      nearest = std::min(nearest, distance);
    }
  }
  return labels;
}

/// Small whole numbers, so that distances tie; some rows are empty, and some stand there twice.
Matrix hostile_matrix(std::mt19937& random) {
  Matrix matrix{1 + static_cast<std::int64_t>(random() % 40)};
  const unsigned density = 1 + random() % 60, range = 1 + random() % 4;
  for (unsigned rows = 1 + random() % 60; rows > 0; --rows) {
    if (random() % 4 == 0 && matrix.indptr.size() > 1) {
      const auto twin = random() % (matrix.indptr.size() - 1);
      for (std::int64_t q = matrix.indptr[twin]; q < matrix.indptr[twin + 1]; ++q) {
        matrix.indices.push_back(std::int32_t{matrix.indices[q]});
        matrix.values.push_back(double{matrix.values[q]});
      }
    } else if (random() % 8 != 0) {
      for (std::int32_t column = 0; column < matrix.columns; ++column) {
        if (random() % 100 >= density) continue;
        matrix.indices.push_back(column);
        matrix.values.push_back(static_cast<double>(random() % range) - (range == 4));
      }
    }
    matrix.indptr.push_back(static_cast<std::int64_t>(matrix.indices.size()));
  }
  return matrix;
}

TEST(KMeans, LabelsAsPlainLloydDoesInEveryIterationOfAThousandRandomCases) {
  std::mt19937 random(17);
  std::int64_t empty_clusters = 0;
  for (int number = 0; number < 1000; ++number) {
    const Matrix matrix = hostile_matrix(random);
    const std::int64_t n = matrix.view().rows, k = 1 + random() % std::min<std::int64_t>(n, 20);
    Execution run = on(1 + number % 3, 1e9, simd_levels()[number % simd_levels().size()]);
    KMeans model;
    model.load(run, matrix.view(), {});
    std::vector<std::int32_t> start;
    for (std::int64_t j = 0; j < k; ++j) start.push_back(static_cast<std::int32_t>(random() % n));  // some twice
    model.set_centers_from_rows(run, start);
    std::vector<double> centers(static_cast<std::size_t>(k * matrix.columns)), weights(static_cast<std::size_t>(k));
    for (int iteration = 0; iteration < 5; ++iteration) {
      model.centers(run, centers);
      model.assign(run);
      const std::vector<std::int32_t> labels(model.labels().begin(), model.labels().end());
      ASSERT_EQ(labels, labels_by_the_formula(matrix, centers, k)) << "case " << number << ", iteration " << iteration;
      model.sum(run, weights);
      empty_clusters += std::count(weights.begin(), weights.end(), 0.0);
      model.average(run, weights);
    }
  }
  EXPECT_GT(empty_clusters, 100);
}

void expect_labels_of_the_formula(const Matrix& matrix, const std::vector<double>& centers, std::int64_t k) {
  const std::vector<std::int32_t> expected = labels_by_the_formula(matrix, centers, k);
  for (const Simd simd : simd_levels()) {
    Execution run = on(2, 1e9, simd);
    KMeans model;
    model.load(run, matrix.view(), {});
    model.set_centers(run, k, centers);
    model.assign(run);
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), model.labels().begin())) << "k " << k << ", first value " << matrix.values[0];
  }
}

TEST(KMeans, LabelsAsDoublePrecisionDoesAtEveryLevelOfInstructions) {
  // Scales at which single precision overflows, vanishes or serves; centers that differ by rounding, and equal ones.
  for (const double scale : {1.0, 1e-5, 1e-30, 1e-160, 1e30, 1e140}) {
    for (const std::int64_t k : {1, 3, 8, 9, 24, 33, 48, 64, 65, 130}) {
      Matrix matrix = random_matrix(150, 37, 0.2, static_cast<unsigned>(k));
      for (double& value : matrix.values) value *= scale;
      std::vector<double> centers(static_cast<std::size_t>(k * 37));
      std::mt19937 random(3);
      for (std::int64_t j = 0; j < k; ++j) {
        for (std::int64_t c = 0; c < 37; ++c) {
          const double own = scale * static_cast<double>(random() % 1000) / 1000;
          centers[j * 37 + c] = j % 3 == 2 ? centers[(j - 1) * 37 + c] : j % 3 == 1 ? centers[(j - 1) * 37 + c] * (1 + 1e-9) : own;
        }
      }
      expect_labels_of_the_formula(matrix, centers, k);
    }
  }
}

TEST(KMeans, LabelsRowsWhoseProductsReachTheLimitOfTheirSums) {
  // Rows along the longest centers, of one entry, of all there may be, and of one more; of either sign.
  constexpr std::int64_t columns = 65537;
  Matrix matrix{columns, {0}, {}, {}};
  const auto add_row = [&](std::int64_t entries, double value) {
    for (std::int64_t c = 0; c < entries; ++c) {
      matrix.indices.push_back(static_cast<std::int32_t>(c));
      matrix.values.push_back(c % 2 == 0 ? value : -value);
    }
    matrix.indptr.push_back(static_cast<std::int64_t>(matrix.indices.size()));
  };
  for (const double value : {0.001, 7.0, -1e6}) {
    for (const std::int64_t entries : {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, columns - 1, columns}) add_row(entries, value);
  }
  for (const std::int64_t k : {5, 20, 50}) {
    std::vector<double> centers(static_cast<std::size_t>(k * columns), 0.0);
    for (std::int64_t j = 0; j < k; ++j) {
      const std::int64_t entries = j % 5 == 0 ? 1 : j % 5 == 1 ? 2 : columns - j % 3;
      const double cell = (j % 2 == 0 ? 3 : -3) / std::sqrt(static_cast<double>(entries));  // all of one length, but for rounding
      for (std::int64_t c = 0; c < entries; ++c) centers[j * columns + c] = c % 2 == 0 ? cell : -cell;
    }
    expect_labels_of_the_formula(matrix, centers, k);
  }
}

TEST(KMeans, LabelsRowsWithoutEntriesAndCentersWithoutWeight) {
  const Matrix matrix{3, {0, 0, 1, 1}, {1}, {2}};
  for (const Simd simd : simd_levels()) {
    Execution run = on(1, 1e9, simd);
    KMeans model;
    model.load(run, matrix.view(), {});
    model.set_centers(run, 3, std::vector<double>{0, 1, 0, 0, 0, 0, 0, 0, 0});
    model.assign(run);
    EXPECT_EQ(std::vector<std::int32_t>(model.labels().begin(), model.labels().end()), (std::vector<std::int32_t>{1, 0, 1}));
  }
}

TEST(KMeans, HasTheSameBitsOnAnyNumberOfThreads) {
  const Matrix matrix = random_matrix(1500, 1200, 0.01, 8);
  std::vector<double> weights(1500);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<double>(i % 4) / 3;
  for (const std::int64_t k : {13, 300}) {
    const Outcome plain = lloyd(matrix, k, 4, 1), weighted = lloyd(matrix, k, 4, 1, weights);
    for (const int threads : thread_counts) {
      EXPECT_EQ(lloyd(matrix, k, 4, threads), plain);
      EXPECT_EQ(lloyd(matrix, k, 4, threads, weights), weighted);
    }
  }
}

TEST(KMeans, LabelsARowAsNearToTwoCentersWithTheFirst) {
  const Matrix matrix = random_matrix(30, 8, 0.5, 11);
  Execution run = on(2);
  KMeans model;
  model.load(run, matrix.view(), {});
  model.set_centers_from_rows(run, std::vector<std::int32_t>{4, 9, 9, 4});
  model.assign(run);
  EXPECT_EQ(model.labels()[4], 0);
  EXPECT_EQ(model.labels()[9], 1);
  for (const std::int32_t label : model.labels()) EXPECT_LT(label, 2);
}

TEST(KMeans, WeighsRowsAndGivesAClusterWithoutAnyTheCenterOfTheHeaviest) {
  const Matrix matrix{2, {0, 1, 2, 4}, {0, 0, 0, 1}, {1, 4, 9, 9}};
  const std::vector<double> row_weights{1, 3, 2};
  Execution run = on(1);
  KMeans model;
  model.load(run, matrix.view(), row_weights);
  model.set_centers(run, 3, std::vector<double>{2, 0, 9, 9, -50, -50});
  model.assign(run);
  std::vector<double> weights(3), centers(6);
  model.sum(run, weights);
  EXPECT_EQ(weights, (std::vector<double>{4, 2, 0}));
  model.average(run, weights);
  model.centers(run, centers);
  EXPECT_EQ(centers, (std::vector<double>{(1 * 1 + 4 * 3) / 4.0, 0, 9, 9, (1 * 1 + 4 * 3) / 4.0, 0}));
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
