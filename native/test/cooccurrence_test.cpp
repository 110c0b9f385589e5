#include "../kernels/cooccurrence.hpp"

#include "support.hpp"

namespace corpuscle::test {
namespace {

/// The definition: in how many rows both columns have a value other than zero.
std::int32_t by_definition(const Matrix& matrix, std::int64_t i, std::int64_t j) {
  std::int32_t count = 0;
  for (std::int64_t row = 0; row < matrix.view().rows; ++row) count += matrix.at(row, i) != 0 && matrix.at(row, j) != 0;
  return count;
}

std::vector<std::int32_t> dense_of_sparse(const Matrix& matrix, bool full, bool diagonal, int threads) {
  Execution run = on(threads);
  Cooccurrence pairs(run, matrix.view(), full, diagonal);
  const auto nnz = static_cast<std::size_t>(pairs.count(run));
  const auto n = static_cast<std::size_t>(matrix.columns);
  std::vector<std::int32_t> indptr(n + 1), indices(nnz), values(nnz), dense(n * n, 0);
  pairs.write<std::int32_t>(run, indptr, indices, values);
  EXPECT_EQ(static_cast<std::size_t>(indptr[n]), nnz);
  for (std::size_t row = 0; row < n; ++row) {
    for (std::int32_t q = indptr[row]; q < indptr[row + 1]; ++q) {
      if (q > indptr[row]) {
        EXPECT_LT(indices[q - 1], indices[q]);
      }
      EXPECT_GT(values[q], 0);
      dense[row * n + static_cast<std::size_t>(indices[q])] = values[q];
    }
  }
  return dense;
}

TEST(Cooccurrence, IsItsDefinitionInEveryOutputOnAnyNumberOfThreads) {
  for (const double density : {0.0, 0.01, 0.2, 0.9}) {
    const Matrix matrix = random_matrix(60, 45, density, 3);
    const auto n = static_cast<std::size_t>(matrix.columns);
    for (const bool full : {false, true}) {
      for (const bool diagonal : {false, true}) {
        std::vector<std::int32_t> wanted(n * n, 0);
        for (std::size_t i = 0; i < n; ++i) {
          for (std::size_t j = full ? 0 : i; j < n; ++j) {
            if (i != j || diagonal) wanted[i * n + j] = by_definition(matrix, static_cast<std::int64_t>(i), static_cast<std::int64_t>(j));
          }
        }
        for (const int threads : thread_counts) {
          EXPECT_EQ(dense_of_sparse(matrix, full, diagonal, threads), wanted);
          Execution run = on(threads);
          std::vector<std::int32_t> dense(n * n, 0);
          Cooccurrence(run, matrix.view(), full, diagonal).write_dense(run, dense);
          EXPECT_EQ(dense, wanted);
        }
      }
    }
  }
}

TEST(Cooccurrence, CountsWithIdsAboveSixteenBits) {
  const Matrix matrix{70'000, {0, 3, 5}, {1, 65'535, 69'999, 1, 69'999}, {1, 1, 1, 1, 1}};
  Execution run = on(2);
  Cooccurrence pairs(run, matrix.view(), false, true);
  std::vector<std::int32_t> indptr(70'001), indices(6), values(6);
  ASSERT_EQ(pairs.count(run), 6);
  pairs.write<std::int32_t>(run, indptr, indices, values);
  EXPECT_EQ(indices, (std::vector<std::int32_t>{1, 65'535, 69'999, 65'535, 69'999, 69'999}));
  EXPECT_EQ(values, (std::vector<std::int32_t>{2, 1, 2, 1, 1, 2}));
}

TEST(Cooccurrence, StopsAtTheBudget) {
  const Matrix matrix = random_matrix(60, 200, 0.5, 4);
  Execution run = on(2, 1000);
  Cooccurrence pairs(run, matrix.view(), false, true);
  EXPECT_THROW(pairs.count(run), OverBudget);
}

}  // namespace
}  // namespace corpuscle::test
