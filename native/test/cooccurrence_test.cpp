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

std::vector<std::int32_t> dense_of_sparse(const Matrix& matrix, bool full, bool diagonal, Terms terms, Execution&& run) {
  Cooccurrence pairs(run, matrix.view(), full, diagonal, terms);
  const auto nnz = static_cast<std::size_t>(pairs.count(run));
  const auto n = static_cast<std::size_t>(matrix.columns), rows = static_cast<std::size_t>(terms.end - terms.first);
  std::vector<std::int32_t> indptr(rows + 1), indices(nnz), values(nnz), dense(rows * n, 0);
  pairs.write<std::int32_t>(run, indptr, indices, values);
  EXPECT_EQ(static_cast<std::size_t>(indptr[rows]), nnz);
  for (std::size_t row = 0; row < rows; ++row) {
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
        for (const Terms terms : {Terms{0, 45}, Terms{0, 7}, Terms{7, 44}, Terms{44, 45}, Terms{20, 20}}) {
          const std::vector<std::int32_t> rows(wanted.begin() + terms.first * 45, wanted.begin() + terms.end * 45);
          for (const int threads : thread_counts) {
            for (const Simd simd : simd_levels()) {
              EXPECT_EQ(dense_of_sparse(matrix, full, diagonal, terms, on(threads, 1e9, simd)), rows);
            }
            Execution run = on(threads);
            std::vector<std::int32_t> dense(rows.size(), 0);
            Cooccurrence(run, matrix.view(), full, diagonal, terms).write_dense(run, dense);
            EXPECT_EQ(dense, rows);
          }
        }
      }
    }
  }
}

TEST(Cooccurrence, CountsWithIdsAboveSixteenBits) {
  const Matrix matrix{70'000, {0, 3, 5}, {1, 65'535, 69'999, 1, 69'999}, {1, 1, 1, 1, 1}};
  Execution run = on(2);
  Cooccurrence pairs(run, matrix.view(), false, true, {0, matrix.columns});
  std::vector<std::int32_t> indptr(70'001), indices(6), values(6);
  ASSERT_EQ(pairs.count(run), 6);
  pairs.write<std::int32_t>(run, indptr, indices, values);
  EXPECT_EQ(indices, (std::vector<std::int32_t>{1, 65'535, 69'999, 65'535, 69'999, 69'999}));
  EXPECT_EQ(values, (std::vector<std::int32_t>{2, 1, 2, 1, 1, 2}));
}

TEST(Cooccurrence, HoldsCountsOfAnyFrequency) {
  const std::vector<std::int32_t> frequency{1, 254, 255, 256, 257, 65'534, 65'535, 65'536, 70'000};
  const auto n = static_cast<std::int64_t>(frequency.size());
  Matrix matrix{n};
  for (std::int32_t row = 0; row < frequency.back(); ++row) {  // a term is in the first rows, so two share those of the rarer one
    for (std::int32_t term = 0; term < n; ++term) {
      if (row >= frequency[term]) continue;
      matrix.indices.push_back(term);
      matrix.values.push_back(1);
    }
    matrix.indptr.push_back(static_cast<std::int64_t>(matrix.indices.size()));
  }
  std::vector<std::int32_t> wanted;
  for (const std::int32_t f : frequency) {
    for (const std::int32_t g : frequency) wanted.push_back(std::min(f, g));
  }
  for (const Simd simd : simd_levels()) {
    EXPECT_EQ(dense_of_sparse(matrix, true, true, {0, n}, on(2, 1e9, simd)), wanted);
    Execution run = on(2, 1e9, simd);
    std::vector<std::int32_t> dense(wanted.size(), 0);
    Cooccurrence(run, matrix.view(), true, true, {0, n}).write_dense(run, dense);
    EXPECT_EQ(dense, wanted);
  }
}

TEST(Cooccurrence, MovesALargeResultToWhereItIsAskedFor) {
  const Matrix matrix = random_matrix(2'000, 4'300, 0.06, 5);
  const auto n = static_cast<std::size_t>(matrix.columns);
  std::vector<std::int32_t> dense(n * n, 0);
  Execution dense_run = on(2);
  Cooccurrence(dense_run, matrix.view(), false, true, {0, matrix.columns}).write_dense(dense_run, dense);
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    Cooccurrence pairs(run, matrix.view(), false, true, {0, matrix.columns});
    const auto nnz = static_cast<std::size_t>(pairs.count(run));
    EXPECT_EQ(pairs.moves_pages(), has_spare_addresses);
    std::vector<std::int32_t> indptr(n + 1), indices(nnz), values(nnz);
    pairs.write<std::int32_t>(run, indptr, indices, values);
    ASSERT_EQ(static_cast<std::size_t>(indptr[n]), nnz);
    std::size_t at = 0;
    for (std::size_t cell = 0; cell < n * n; ++cell) {
      if (dense[cell] == 0) continue;
      ASSERT_LT(at, nnz);
      ASSERT_LT(at, static_cast<std::size_t>(indptr[cell / n + 1]));
      ASSERT_EQ(indices[at], static_cast<std::int32_t>(cell % n));
      ASSERT_EQ(values[at], dense[cell]);
      ++at;
    }
    ASSERT_EQ(at, nnz);
  }
}

TEST(Cooccurrence, MirrorsTermsThatAreNowhere) {
  const Matrix matrix{5, {0, 2, 4}, {1, 3, 3, 4}, {1, 1, 1, 1}};
  const std::vector<std::int32_t> wanted{0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 1, 0, 0, 0, 1, 1};
  EXPECT_EQ(dense_of_sparse(matrix, true, true, {0, 5}, on(2)), wanted);
}

TEST(Cooccurrence, StopsAtTheBudget) {
  const Matrix matrix = random_matrix(60, 200, 0.5, 4);
  Execution run = on(2, 1000);
  Cooccurrence pairs(run, matrix.view(), false, true, {0, matrix.columns});
  EXPECT_THROW(pairs.count(run), OverBudget);
}

TEST(Cooccurrence, TakesALargeResultOffTheBudgetAsItIsWritten) {
  const Matrix matrix = random_matrix(2'000, 4'300, 0.06, 5);  // 9 million entries of 8 bytes
  Execution run = on(2, 60e6);
  Cooccurrence pairs(run, matrix.view(), false, true, {0, matrix.columns});
  EXPECT_THROW(pairs.count(run), OverBudget);
}

}  // namespace
}  // namespace corpuscle::test
