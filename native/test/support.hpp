// What the kernels' tests share: an execution on some threads, and matrices.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <vector>

#include "../kernels/csr.hpp"

namespace corpuscle::test {

/// CORPUSCLE_TEST_THREADS asks for one number of threads in the place of all others above 1, as ThreadSanitizer does.
inline int threads_asked_for() {
  const char* const text = std::getenv("CORPUSCLE_TEST_THREADS");
  return text == nullptr ? 0 : std::atoi(text);
}

inline const std::vector<int> thread_counts =
    threads_asked_for() > 0 ? std::vector<int>{threads_asked_for()} : std::vector<int>{1, 2, 3, 7};

inline Execution on(int threads, double budget = 1e9, Simd simd = best_simd()) {
  return Execution(threads > 1 && threads_asked_for() > 0 ? threads_asked_for() : threads, nullptr, budget, simd);
}

/// Whether large results are written to reserved addresses and moved.
inline constexpr bool has_spare_addresses =
#if defined(__linux__)
    true;
#else
    false;
#endif

/// A matrix that owns its arrays.
struct Matrix {
  std::int64_t columns;
  std::vector<std::int64_t> indptr{0};
  std::vector<std::int32_t> indices{};
  std::vector<double> values{};

  CsrView<std::int32_t, double> view() const {
    return {static_cast<std::int64_t>(indptr.size()) - 1, columns, indptr, indices, values};
  }
  double at(std::int64_t row, std::int64_t column) const {
    for (std::int64_t q = indptr[row]; q < indptr[row + 1]; ++q) {
      if (indices[q] == column) return values[q];
    }
    return 0;
  }
};

inline Matrix random_matrix(std::int64_t rows, std::int64_t columns, double density, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  Matrix matrix{columns};
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t column = 0; column < columns; ++column) {
      if (uniform(random) >= density) continue;
      matrix.indices.push_back(static_cast<std::int32_t>(column));
      matrix.values.push_back(uniform(random) < 0.1 ? 0 : uniform(random));
    }
    matrix.indptr.push_back(static_cast<std::int64_t>(matrix.indices.size()));
  }
  return matrix;
}

/// Of a row to a center, by the definition.
inline double squared_distance(const Matrix& matrix, std::int64_t row, const double* center) {
  double sum = 0;
  for (std::int64_t column = 0; column < matrix.columns; ++column) sum += std::pow(matrix.at(row, column) - center[column], 2);
  return sum;
}

}  // namespace corpuscle::test
