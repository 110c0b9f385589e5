#include "../kernels/csr.hpp"

#include "support.hpp"

namespace corpuscle::test {
namespace {

void check(const Matrix& matrix) {
  Execution run = on(2);
  check_csr(run, matrix.view());
}

TEST(CheckCsr, TakesValidMatrices) {
  check(random_matrix(50, 20, 0.2, 1));
  check(Matrix{0, {0}, {}, {}});
  check(Matrix{3, {0, 0, 0}, {}, {}});
}

TEST(CheckCsr, RefusesEveryBrokenInvariant) {
  const Matrix valid{3, {0, 2, 3}, {0, 2, 1}, {1, 2, 3}};
  check(valid);
  const auto broken = [&](auto&& change) {
    Matrix matrix = valid;
    change(matrix);
    EXPECT_THROW(check(matrix), InvalidMatrix);
  };
  broken([](Matrix& m) { m.indptr[0] = 1; });
  broken([](Matrix& m) { m.indptr[1] = 4; });
  broken([](Matrix& m) { m.indptr[1] = -1; });
  broken([](Matrix& m) { m.indptr[2] = 2; });
  broken([](Matrix& m) { m.indptr[2] = 1'000'000; });
  broken([](Matrix& m) { m.indices[1] = 3; });
  broken([](Matrix& m) { m.indices[0] = -1; });
  broken([](Matrix& m) { m.indices[1] = 0; });
  broken([](Matrix& m) { m.values.pop_back(); });
}

TEST(ColumnsOf, HoldsTheSameEntriesInOrderOfRows) {
  const Matrix matrix = random_matrix(80, 30, 0.15, 2);
  Execution run = on(1);
  const Columns columns = columns_of(run, matrix.view());
  for (std::int64_t column = 0; column < 30; ++column) {
    std::int64_t at = columns.indptr[column];
    for (std::int64_t row = 0; row < 80; ++row) {
      const auto begin = matrix.indices.begin() + matrix.indptr[row], end = matrix.indices.begin() + matrix.indptr[row + 1];
      if (std::find(begin, end, column) == end) continue;
      EXPECT_EQ(columns.rows[at], row);
      EXPECT_EQ(columns.values[at++], matrix.at(row, column));
    }
    EXPECT_EQ(at, columns.indptr[column + 1]);
  }
}

}  // namespace
}  // namespace corpuscle::test
