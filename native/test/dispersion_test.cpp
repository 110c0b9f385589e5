#include "../kernels/dispersion.hpp"

#include "support.hpp"

namespace corpuscle::test {
namespace {

struct Outcome {
  std::vector<double> to_center, to_mean, between;
  bool operator==(const Outcome&) const = default;
};

Outcome dispersion_of(const Matrix& matrix, std::span<const std::int32_t> labels, std::size_t clusters, int threads) {
  Execution run = on(threads);
  Outcome out{std::vector<double>(labels.size()), std::vector<double>(clusters), std::vector<double>(clusters * clusters)};
  dispersion(run, matrix.view(), {labels, static_cast<std::int64_t>(clusters)}, out.to_center, out.to_mean, out.between);
  return out;
}

std::vector<std::int32_t> labels_of(std::int32_t rows, std::int32_t clusters) {
  std::vector<std::int32_t> labels;
  for (std::int32_t row = 0; row < rows; ++row) labels.push_back(row * row % 13 % clusters);
  for (std::int32_t j = 0; j < clusters; ++j) labels[j] = j;
  return labels;
}

double squared(const std::vector<double>& x, const std::vector<double>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return sum;
}

TEST(Dispersion, FollowsTheDefinition) {
  const Matrix matrix = random_matrix(60, 25, 0.3, 3);
  for (const std::int32_t clusters : {2, 8, 11, 60}) {
    const std::vector<std::int32_t> labels = labels_of(60, clusters);
    const Outcome found = dispersion_of(matrix, labels, static_cast<std::size_t>(clusters), 2);
    std::vector<std::vector<double>> rows(60, std::vector<double>(25)), centers(clusters, std::vector<double>(25));
    std::vector<double> mean(25), sizes(clusters);
    for (int row = 0; row < 60; ++row) {
      ++sizes[labels[row]];
      for (int column = 0; column < 25; ++column) {
        rows[row][column] = matrix.at(row, column);
        centers[labels[row]][column] += rows[row][column];
        mean[column] += rows[row][column] / 60;
      }
    }
    for (int j = 0; j < clusters; ++j) {
      for (double& cell : centers[j]) cell /= sizes[j];
    }
    for (int row = 0; row < 60; ++row) EXPECT_NEAR(found.to_center[row], squared(rows[row], centers[labels[row]]), 1e-13);
    for (int i = 0; i < clusters; ++i) {
      EXPECT_NEAR(found.to_mean[i], squared(centers[i], mean), 1e-13);
      for (int j = 0; j < clusters; ++j) EXPECT_NEAR(found.between[i * clusters + j], squared(centers[i], centers[j]), 1e-13);
    }
  }
}

TEST(Dispersion, HasTheSameBitsOnAnyNumberOfThreads) {
  const Matrix matrix = random_matrix(1500, 1200, 0.01, 8);
  const std::vector<std::int32_t> labels = labels_of(1500, 21);
  const Outcome wanted = dispersion_of(matrix, labels, 21, 1);
  for (const int threads : thread_counts) EXPECT_EQ(dispersion_of(matrix, labels, 21, threads), wanted);
}

TEST(Dispersion, IsExactlyZeroForARowThatIsItsOwnCenter) {
  const Matrix matrix = random_matrix(9, 12, 0.5, 2);
  std::vector<std::int32_t> labels{0, 1, 2, 3, 4, 5, 6, 7, 8};
  const Outcome found = dispersion_of(matrix, labels, 9, 2);
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(found.to_center[i], 0);
    EXPECT_EQ(found.between[i * 9 + i], 0);
  }
}

}  // namespace
}  // namespace corpuscle::test
