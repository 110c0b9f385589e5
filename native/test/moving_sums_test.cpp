#include "../kernels/moving_sums.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>

#include "support.hpp"

namespace corpuscle::test {
namespace {

constexpr std::int64_t stride = 8;
constexpr double unit = 0x1p-70;  // of values in these tests: each is a whole number of them

/// Sparse rows and all that their sums are made of.
struct Rows {
  explicit Rows(Matrix from, std::vector<double> weights = {}) : matrix(std::move(from)), weights(std::move(weights)) {
    for (const std::int32_t index : matrix.indices) indices.push_back(static_cast<std::uint16_t>(index));
    Execution run = on(1);
    columns = columns_of(run, view());
  }
  CsrView<std::uint16_t, double> view() const {
    return {static_cast<std::int64_t>(matrix.indptr.size()) - 1, matrix.columns, matrix.indptr, indices, matrix.values};
  }
  MovingSums::Source<std::uint16_t> source() const { return {view(), &columns, weights}; }
  std::int64_t count() const { return static_cast<std::int64_t>(matrix.indptr.size()) - 1; }

  Matrix matrix;
  std::vector<double> weights;
  std::vector<std::uint16_t> indices;
  Columns columns;
};

/// Values of either sign with all 53 bits, from 2^-10 to 1 in size.
Matrix full_matrix(std::int64_t rows, std::int64_t columns, double density, unsigned seed) {
  Matrix matrix = random_matrix(rows, columns, density, seed);
  std::mt19937_64 random(seed);
  for (double& value : matrix.values) {
    const double size = std::ldexp(static_cast<double>(random() >> 11 | std::uint64_t{1} << 52), -53);
    value = (random() % 2 == 0 ? size : -size) * std::ldexp(1.0, -static_cast<int>(random() % 10));
  }
  return matrix;
}

std::vector<std::int32_t> random_labels(std::int64_t rows, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::int32_t> labels(static_cast<std::size_t>(rows));
  for (std::int32_t& label : labels) label = static_cast<std::int32_t>(random() % stride);
  return labels;
}

std::vector<double> sums_of(Execution& run, MovingSums& sums, const Rows& rows, std::span<const std::int32_t> labels) {
  sums.sum(run, rows.source(), labels);
  return {sums.of(0), sums.of(rows.matrix.columns)};
}

std::vector<double> new_sums(const Rows& rows, std::span<const std::int32_t> labels, int threads = 1) {
  Execution run = on(threads);
  MovingSums sums;
  sums.resize(rows.matrix.columns, stride);
  return sums_of(run, sums, rows, labels);
}

/// By whole numbers of 128 bits, which are rounded once.
std::vector<double> exact_sums(const Rows& rows, std::span<const std::int32_t> labels) {
  std::vector<__int128> sums(static_cast<std::size_t>(rows.matrix.columns * stride), 0);
  for (std::int64_t row = 0; row < rows.count(); ++row) {
    for (std::int64_t q = rows.matrix.indptr[row]; q < rows.matrix.indptr[row + 1]; ++q) {
      const double value = rows.weights.empty() ? rows.matrix.values[q] : rows.matrix.values[q] * rows.weights[row];
      const double units = value / unit;
      EXPECT_EQ(std::trunc(units), units);
      sums[rows.indices[q] * stride + labels[row]] += static_cast<__int128>(units);
    }
  }
  std::vector<double> rounded;
  for (const __int128 sum : sums) rounded.push_back(static_cast<double>(sum) * unit);
  return rounded;
}

/// Gives a hundred rows other labels.
void relabel(std::vector<std::int32_t>& labels, int step) {
  for (int i = 0; i < 100; ++i) labels[static_cast<std::size_t>(step * 97 + i * 13) % labels.size()] = (step + i) % stride;
}

std::vector<double> weights_of(std::int64_t rows) {
  std::vector<double> weights;
  for (std::int64_t row = 0; row < rows; ++row) weights.push_back(0.25 * static_cast<double>(row % 5));
  return weights;
}

TEST(MovingSums, AreTheExactSumsRoundedOnce) {
  for (const bool weighted : {false, true}) {
    const Rows rows(full_matrix(3'000, 90, 0.2, 3), weighted ? weights_of(3'000) : std::vector<double>());
    const std::vector<std::int32_t> labels = random_labels(3'000, 4);
    const std::vector<double> exact = exact_sums(rows, labels);
    for (const int threads : thread_counts) EXPECT_EQ(new_sums(rows, labels, threads), exact);
  }
}

/// Where rows are few for the sums of a term, or bits too far apart, terms are added anew in the place of entries moved.
TEST(MovingSums, AreTheSameWhetherRowsMoveOrAllAreAdded) {
  Matrix matrix = full_matrix(2'000, 150, 0.05, 5);
  for (std::size_t q = 0; q < matrix.indices.size(); ++q) {
    if (matrix.indices[q] % 40 == 7) matrix.values[q] *= q % 2 == 0 ? 0x1p-60 : 0x1p60;
  }
  const Rows rows(matrix, weights_of(2'000));
  for (const std::int64_t wide : {8, 96, 200}) {  // terms have about a hundred entries
    for (const int threads : thread_counts) {
      Execution run = on(threads);
      MovingSums sums;
      sums.resize(150, wide);
      std::vector<std::int32_t> labels = random_labels(2'000, 6);
      sums.sum(run, rows.source(), labels);
      for (int step = 0; step < 30; ++step) {
        relabel(labels, step);
        sums.sum(run, rows.source(), labels);
        MovingSums fresh;
        fresh.resize(150, wide);
        fresh.sum(run, rows.source(), labels);
        ASSERT_EQ(std::vector<double>(sums.of(0), sums.of(150)), std::vector<double>(fresh.of(0), fresh.of(150)))
            << wide << " sums, " << threads << " threads, step " << step;
      }
    }
  }
}

TEST(MovingSums, AreExactAfterRowsHaveMoved) {
  const Rows rows(full_matrix(2'000, 150, 0.05, 5), weights_of(2'000));
  Execution run = on(2);
  MovingSums sums;
  sums.resize(150, stride);
  std::vector<std::int32_t> labels = random_labels(2'000, 6);
  sums.sum(run, rows.source(), labels);
  for (int step = 0; step < 30; ++step) {
    relabel(labels, step);
    ASSERT_EQ(sums_of(run, sums, rows, labels), exact_sums(rows, labels)) << "step " << step;
  }
}

/// Embeddings are such columns.
TEST(MovingSums, AreExactForManyRowsOfSinglePrecision) {
  constexpr int count = 200'000;
  Matrix matrix{1};
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  for (int row = 0; row < count; ++row) {
    matrix.indices.push_back(0);
    matrix.values.push_back(static_cast<double>(normal(random)));
    matrix.indptr.push_back(row + 1);
  }
  const Rows rows(matrix);
  const std::vector<std::int32_t> labels = random_labels(count, 2);
  EXPECT_EQ(new_sums(rows, labels), exact_sums(rows, labels));
}

TEST(MovingSums, AreWithoutErrorWhereAllRowsHaveLeft) {
  Matrix matrix{1};
  for (int row = 0; row < 100; ++row) {
    matrix.indices.push_back(0);
    matrix.values.push_back(1.0 / (row + 3));
    matrix.indptr.push_back(row + 1);
  }
  const Rows rows(matrix);
  Execution run = on(1);
  MovingSums sums;
  sums.resize(1, stride);
  std::vector<std::int32_t> labels(100, 0);
  sums.sum(run, rows.source(), labels);
  for (std::size_t row = 0; row < 100; ++row) {
    labels[row] = 1;
    sums.sum(run, rows.source(), labels);
  }
  EXPECT_EQ(sums.of(0)[0], 0);
}

TEST(MovingSums, AddInOrderOfRowsWhatHasBitsTooFarApart) {
  Matrix matrix{1, {0, 1, 2, 3, 4, 5}, {0, 0, 0, 0, 0}, {}};
  const std::vector<std::int32_t> labels(5, 0);
  const auto sum = [&](std::vector<double> values) {
    matrix.values = std::move(values);
    return new_sums(Rows(matrix), labels)[0];
  };
  EXPECT_EQ(sum({1, 0x1p-40, 0x1p-40, -1, 0}), 0x1p-39);
  EXPECT_EQ(sum({1, 0x1p-90, 0x1p-90, -1, 0}), 0x1p-89);  // one bit each: exact
  EXPECT_EQ(sum({1, 0x1.8p-99, 0x1p-99, -1, 0}), 0);      // not any more, and lost in order of rows
  EXPECT_EQ(sum({0x1p-100, 1, -1, 0x1p-100, 0}), 0x1p-100);
  EXPECT_EQ(sum({1, 0x1p-40 + 0x1p-92, 0, -1, 0}), 0x1p-40 + 0x1p-92);
  EXPECT_EQ(sum({1, 0x1p-48 + 0x1p-99, 0, -1, 0}), 0x1p-48);
}

TEST(MovingSums, ReachFromTheSmallestToTheLargestNumbers) {
  for (const double size : {0x1p-1074, 0x1p-1030, 0x1p-1000, 0x1p800, 0x1p950, 0x1p1020}) {
    const Matrix matrix{1, {0, 1, 2, 3, 4}, {0, 0, 0, 0}, {size, 3 * size, -2 * size, size}};
    const std::vector<std::int32_t> labels(4, 2);
    EXPECT_EQ(new_sums(Rows(matrix), labels)[2], 3 * size) << size;
  }
}

TEST(MovingSums, AreMadeAnewOnceTheyHaveBeenChangedOrStopped) {
  const Rows rows(full_matrix(2'000, 150, 0.05, 7));
  std::vector<std::int32_t> labels = random_labels(2'000, 8);
  std::int32_t control[2] = {0, 0};
  Execution run(2, control, 1e9);
  MovingSums sums;
  sums.resize(150, stride);
  sums.sum(run, rows.source(), labels);
  sums.of(7)[3] += 1;
  sums.forget();
  labels[0] = (labels[0] + 1) % stride;
  EXPECT_EQ(sums_of(run, sums, rows, labels), exact_sums(rows, labels));
  for (std::size_t row = 0; row < 50; ++row) labels[row] = (labels[row] + 1) % stride;
  control[0] = 1;
  EXPECT_THROW(sums.sum(run, rows.source(), labels), Stopped);
  control[0] = 0;
  EXPECT_EQ(sums_of(run, sums, rows, labels), exact_sums(rows, labels));
}

TEST(MovingSums, StopInTheMiddleWithoutHarm) {
  const Rows rows(full_matrix(20'000, 150, 0.05, 9));
  std::int32_t control[2] = {0, 0};
  Execution run(1, control, 1e9);
  MovingSums sums;
  sums.resize(150, stride);
  std::vector<std::int32_t> labels = random_labels(20'000, 10);
  for (int i = 0; i < 150; ++i) {
    for (int j = 0; j < 1'500; ++j) labels[(i * 977 + j * 13) % 20'000] = (i + j) % stride;
    std::atomic<bool> begun{false};
    std::thread stop([&] {
      while (!begun) {
      }
      const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(4 * i);
      while (std::chrono::steady_clock::now() < end) {
      }
      std::atomic_ref(control[0]).store(1);
    });
    begun = true;
    try {
      sums.sum(run, rows.source(), labels);
    } catch (const Stopped&) {
    }
    stop.join();
    control[0] = 0;
    ASSERT_EQ(sums_of(run, sums, rows, labels), exact_sums(rows, labels)) << i;
  }
}

TEST(MovingSums, FollowOtherRowsAndOtherNumbersOfClusters) {
  MovingSums sums;
  Execution run = on(2);
  for (const unsigned seed : {11u, 12u}) {
    Matrix matrix = full_matrix(500, 40, 0.3, seed);
    for (double& value : matrix.values) value *= seed == 12 ? 0x1p40 : 1;
    const Rows rows(std::move(matrix));
    const std::vector<std::int32_t> labels = random_labels(500, seed);
    sums.reset();
    for (const std::int64_t wide : {stride, 3 * stride, stride}) {
      sums.resize(40, wide);
      sums.sum(run, rows.source(), labels);
      const std::vector<double> exact = exact_sums(rows, labels);
      for (std::int64_t term = 0; term < 40; ++term) {
        for (std::int64_t j = 0; j < wide; ++j) ASSERT_EQ(sums.of(term)[j], j < stride ? exact[term * stride + j] : 0);
      }
    }
  }
}

}  // namespace
}  // namespace corpuscle::test
