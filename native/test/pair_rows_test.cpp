#include "../kernels/pair_rows.hpp"

#include <numeric>

#include "support.hpp"

namespace corpuscle::test {
namespace {

/// Rows that hold each of the frequent columns with one probability, each of the others with another. One value in ten is zero.
Matrix words(std::int64_t rows, std::int64_t columns, std::span<const std::int32_t> frequent, double often, double seldom, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<double> chance(static_cast<std::size_t>(columns), seldom);
  for (const std::int32_t column : frequent) chance[column] = often;
  Matrix matrix{columns};
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t column = 0; column < columns; ++column) {
      if (static_cast<double>(random()) >= chance[column] * 0x1p32) continue;
      matrix.indices.push_back(static_cast<std::int32_t>(column));
      matrix.values.push_back(random() % 10 == 0 ? 0 : 1);
    }
    matrix.indptr.push_back(static_cast<std::int64_t>(matrix.indices.size()));
  }
  return matrix;
}

/// Columns that are spread over all others.
std::vector<std::int32_t> spread(std::int64_t count, std::int64_t columns) {
  std::vector<std::int32_t> chosen(static_cast<std::size_t>(count));
  for (std::int64_t k = 0; k < count; ++k) chosen[k] = static_cast<std::int32_t>(k * columns / count);
  return chosen;
}

/// In how many rows each pair of columns is.
std::vector<std::uint32_t> pairs_of(const Matrix& matrix) {
  const auto n = static_cast<std::size_t>(matrix.columns);
  std::vector<std::uint32_t> pairs(n * n, 0);
  for (std::size_t row = 0; row + 1 < matrix.indptr.size(); ++row) {
    std::vector<std::size_t> present;
    for (std::int64_t q = matrix.indptr[row]; q < matrix.indptr[row + 1]; ++q) {
      if (matrix.values[q] != 0) present.push_back(static_cast<std::size_t>(matrix.indices[q]));
    }
    for (const std::size_t i : present) {
      for (const std::size_t j : present) ++pairs[i * n + j];
    }
  }
  return pairs;
}

/// The counts of each term are those of all rows; returns of how many terms the partners were noted one by one.
int expect_pairs(const PairRows& rows, std::span<const std::uint32_t> wanted, Reach reach, std::span<const std::uint32_t> cells = {}) {
  const std::int64_t n = rows.columns();
  PairCounts sums(n);
  std::int64_t wrong = 0;
  int sparse = 0;
  for (std::int64_t term = 0; term < n; ++term) {
    rows.count(term, sums);
    sparse += sums.sparse;
    const std::int64_t first = reach == Reach::from_term ? term : 0;
    std::int64_t work = 0;
    sums.visit([&](auto& counts) {
      if (sums.sparse) {
        for (std::size_t at = 1; at < sums.met.size(); ++at) wrong += sums.met[at - 1] >= sums.met[at];
        std::int64_t partners = 0;
        for (const auto count : counts) partners += count != 0;
        wrong += partners != static_cast<std::int64_t>(sums.met.size());
      }
      for (std::int64_t other = first; other < n; ++other) {
        auto& count = counts[cells.empty() ? other : cells[other]];
        wrong += count != wanted[term * n + other];
        work += count;
        count = 0;
      }
      counts[n] = 0;
      for (const auto count : counts) wrong += count != 0;
    });
    EXPECT_EQ(work, rows.work_before(term + 1) - rows.work_before(term));
  }
  EXPECT_EQ(wrong, 0);
  return sparse;
}

int expect_definition(const Matrix& matrix, Bits bits, bool has_bits) {
  const std::vector<std::uint32_t> wanted = pairs_of(matrix);
  std::vector<std::uint32_t> cells(static_cast<std::size_t>(matrix.columns) + 1);
  std::iota(cells.begin(), cells.end(), 0u);
  std::shuffle(cells.begin(), cells.end() - 1, std::mt19937(8));
  int sparse = 0;
  for (const Simd simd : simd_levels()) {
    for (const int threads : thread_counts) {
      Execution run = on(threads, 1e9, simd);
      for (const Reach reach : {Reach::from_term, Reach::whole_row}) {
        PairRows rows(run, matrix.view(), reach, {0, matrix.columns}, bits);
        rows.prepare(run);
        EXPECT_EQ(rows.has_bits(), has_bits);
        sparse += expect_pairs(rows, wanted, reach);
      }
      PairRows elsewhere(run, matrix.view(), Reach::whole_row, {0, matrix.columns}, bits, cells);
      elsewhere.prepare(run);
      EXPECT_EQ(elsewhere.has_bits(), has_bits);
      sparse += expect_pairs(elsewhere, wanted, Reach::whole_row, cells);
    }
  }
  return sparse;
}

TEST(PairRows, CountTheMostFrequentTermsByBits) {
  expect_definition(words(300, 900, spread(512, 900), 0.7, 0.05, 1), Bits::always, true);
}

TEST(PairRows, TakeAllTermsForBitsWhereTheyAreFew) {
  expect_definition(words(400, 300, {}, 0, 0.8, 2), Bits::where_they_pay, true);
  expect_definition(words(100, 512, {}, 0, 0.8, 3), Bits::always, true);
}

TEST(PairRows, CountByBitsInFewRowsOfFewTerms) {
  for (const std::int64_t rows : {1, 2, 63, 64, 65}) {
    for (const std::int64_t columns : {1, 2, 5}) expect_definition(words(rows, columns, {}, 0, 0.5, 4), Bits::always, true);
    expect_definition(words(rows, 530, spread(20, 530), 0.5, 0.01, 5), Bits::always, true);  // bits that no row has among them
  }
}

TEST(PairRows, CountByIdsWhereRowsAreShort) {
  expect_definition(words(300, 900, spread(100, 900), 0.1, 0.02, 4), Bits::where_they_pay, false);
}

TEST(PairRows, CountByIdsOrBitsWhatIsNowhere) {
  for (const Bits bits : {Bits::where_they_pay, Bits::never, Bits::always}) {
    expect_definition(Matrix{0, {0, 0, 0}}, bits, false);
    expect_definition(Matrix{3}, bits, bits == Bits::always);
  }
}

TEST(PairRows, NoteThePartnersOfRareTermsAmongBits) {
  EXPECT_GT(expect_definition(words(50, 1500, spread(400, 1500), 0.2, 0.01, 5), Bits::always, true), 0);
}

TEST(PairRows, AreNotThereWhereCountingIsStopped) {
  const Matrix matrix = words(300, 900, spread(512, 900), 0.7, 0.05, 1);
  std::int32_t control[2] = {0, 0};
  Execution run(2, control, 1e9);
  PairRows rows(run, matrix.view(), Reach::from_term, {0, matrix.columns}, Bits::always);
  control[0] = 1;
  EXPECT_THROW(rows.prepare(run), Stopped);
  EXPECT_THROW(PairRows(run, matrix.view(), Reach::from_term, {0, matrix.columns}, Bits::always), Stopped);
}

TEST(PairRows, CountByBitsWithIdsAboveSixteenBitsInMoreRowsThanSixteenBitsHold) {
  constexpr std::int64_t columns = 70'000, rows = 66'000, used = 530;
  Matrix matrix{columns};
  const auto holds = [](std::int64_t row, std::int64_t k) { return k == 300 || (row + k) % 10 == 0; };
  const auto column = [](std::int64_t k) { return static_cast<std::int32_t>(k * (columns / used)); };
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t k = 0; k < used; ++k) {
      if (holds(row, k)) matrix.indices.push_back(column(k));
    }
    matrix.indptr.push_back(static_cast<std::int64_t>(matrix.indices.size()));
  }
  matrix.values.assign(matrix.indices.size(), 1);
  Execution run = on(2);
  PairRows pairs(run, matrix.view(), Reach::from_term, {0, columns}, Bits::always);
  pairs.prepare(run);
  PairCounts sums(columns);
  for (const std::int64_t i : {0, 3, 299, 300, 301, 511, 512, 529}) {
    std::vector<std::uint32_t> found, wanted;
    pairs.count(column(i), sums);
    sums.visit([&](auto& counts) {
      for (std::int64_t j = i; j < used; ++j) {
        found.push_back(counts[column(j)]);
        std::int64_t together = 0;
        for (std::int64_t row = 0; row < rows; ++row) together += holds(row, i) && holds(row, j);
        wanted.push_back(static_cast<std::uint32_t>(together));
      }
      std::fill(counts.begin(), counts.end(), 0);
    });
    EXPECT_EQ(found, wanted);
  }
}

TEST(PairRows, CountByIdsWhereNotAllTermsAreAskedFor) {
  const Matrix matrix = words(300, 900, spread(512, 900), 0.7, 0.05, 1);
  Execution run = on(2);
  const PairRows rows(run, matrix.view(), Reach::whole_row, {1, matrix.columns}, Bits::always);
  EXPECT_FALSE(rows.has_bits());
  EXPECT_EQ(rows.work_before(1), 0);
}

}  // namespace
}  // namespace corpuscle::test
