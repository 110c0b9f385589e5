// k-means++: where a k-means starts.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "../kernels/kmeans.hpp"
#include "support.hpp"

namespace corpuscle::test {
namespace {

TEST(KMeansSeeding, ChoosesByTheSlowFormulaOfDistances) {
  for (const std::int64_t n : {40, 2500}) {  // in one block of sums, and in three
    const Matrix matrix = random_matrix(n, 15, 0.4, 9);
    Execution run = on(2);
    KMeans model;
    model.load(run, matrix.view(), {});
    const auto row_of = [&](std::int64_t row) {
      std::vector<double> dense;
      for (std::int64_t column = 0; column < 15; ++column) dense.push_back(matrix.at(row, column));
      return dense;
    };
    const std::vector<double> draws{0.1, 0.5, 0.9, 0.3, 0.8, 0.6};
    std::vector<std::int32_t> expected{7};
    std::vector<double> closest(static_cast<std::size_t>(n), INFINITY);
    for (int j = 0; j < 2; ++j) {
      double potential = 0, least = INFINITY;
      for (std::int64_t i = 0; i < n; ++i) potential += closest[i] = std::min(closest[i], squared_distance(matrix, i, row_of(expected[j]).data()));
      expected.push_back(-1);
      for (int trial = 0; trial < 3; ++trial) {
        std::int32_t row = 0;
        for (double sum = closest[0]; sum < draws[3 * j + trial] * potential;) sum += closest[++row];
        double left = 0;
        for (std::int64_t i = 0; i < n; ++i) left += std::min(closest[i], squared_distance(matrix, i, row_of(row).data()));
        if (left < least) least = left, expected.back() = row;
      }
    }
    EXPECT_EQ(model.seed(run, 7, 3, draws), expected);
  }
}

TEST(KMeansSeeding, ChoosesAlikeOnEveryNumberOfThreadsAndWithWeights) {
  const Matrix matrix = random_matrix(5000, 60, 0.1, 19);  // more rows than a block of sums
  std::vector<double> draws, weights;
  for (int i = 0; i < 36; ++i) draws.push_back(std::fmod(0.618 * (i + 1), 1));
  for (int i = 0; i < 5000; ++i) weights.push_back(i % 7);
  std::vector<std::vector<std::int32_t>> seen;
  for (const bool weighted : {false, true}) {
    for (const int threads : thread_counts) {
      Execution run = on(threads);
      KMeans model;
      model.load(run, matrix.view(), weighted ? std::span<const double>(weights) : std::span<const double>());
      seen.push_back(model.seed(run, 4321, 4, draws));
      EXPECT_EQ(seen.back().size(), 10u);
      EXPECT_EQ(seen.back(), seen[weighted ? thread_counts.size() : 0]);
      for (std::size_t j = 1; weighted && j < 10; ++j) EXPECT_NE(seen.back()[j] % 7, 0);
    }
  }
  EXPECT_NE(seen.front(), seen.back());
}

TEST(KMeansSeeding, TakesTheDrawThatLeavesTheSmallestPotential) {
  const Matrix matrix = random_matrix(40, 15, 0.4, 9);
  const auto potential_of = [&](const std::vector<double>& draws) {
    Execution run = on(1);
    KMeans model;
    model.load(run, matrix.view(), {});
    model.set_centers_from_rows(run, model.seed(run, 7, static_cast<std::int64_t>(draws.size()), draws));
    model.assign(run);
    std::vector<double> distances(40);
    model.distances(run, distances);
    return std::accumulate(distances.begin(), distances.end(), 0.0);
  };
  const double low = potential_of({0.1}), middle = potential_of({0.5}), high = potential_of({0.9});
  EXPECT_FALSE(low == middle && middle == high);
  EXPECT_EQ(potential_of({0.1, 0.5, 0.9}), std::min({low, middle, high}));
}

}  // namespace
}  // namespace corpuscle::test
