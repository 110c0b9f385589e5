#include "../kernels/nearest_centers.hpp"

#include <cmath>

#include "../kernels/row_products.hpp"
#include "support.hpp"

namespace corpuscle::test {
namespace {

constexpr std::int64_t terms = 60;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Centers, of which the second is the first again; each is three times its cells.
struct Centers {
  std::int64_t k, stride;
  std::vector<double> cells, factors, squared, offsets;
  CoarseCenters coarse;

  /// Centers as they come, or such as hardly differ.
  Centers(std::int64_t count, double scale, Simd level, bool alike = false, bool full = false)
      : k(count), stride(padded_clusters(count)), cells(static_cast<std::size_t>(terms * stride)), factors(count, 3.0), squared(count), offsets(count) {
    const Matrix matrix = random_matrix(k, terms, alike ? 1 : 0.5, 11);
    for (std::int64_t j = 0; j < k; ++j) {
      for (std::int64_t term = 0; term < terms; ++term) {
        const double given = matrix.at(j == 1 ? 0 : j, term), cell = scale * (alike ? 1 + given * 1e-3 : given) / 3;
        cells[term * stride + j] = cell;
        squared[j] += 9 * cell * cell;
      }
      offsets[j] = alike ? 1 : squared[j] / 2;  // anything
    }
    Execution run = on(2, 1e9, level);
    coarse.resize(terms, k, full);
    coarse.set(run, {stride, factors, [&](std::int64_t term, std::int64_t, std::vector<double>&) { return cells.data() + term * stride; }}, squared, offsets);
  }

  double distance(const Matrix& rows, std::int64_t row, std::int64_t j) const {
    double product = 0;
    for (std::int64_t q = rows.indptr[row]; q < rows.indptr[row + 1]; ++q) product += rows.values[q] * 3 * cells[rows.indices[q] * stride + j];
    return offsets[j] - 2 * product;
  }
  std::int32_t nearest(const Matrix& rows, std::int64_t row, std::int64_t without) const {
    std::int32_t best = -1;
    for (std::int32_t j = 0; j < k; ++j) {
      if (j != without && (best < 0 || distance(rows, row, j) < distance(rows, row, best))) best = j;
    }
    return best;
  }
};

/// A matrix in whole numbers.
struct Rounded {
  std::vector<std::uint16_t> indices;
  std::vector<std::int16_t> values;
  std::vector<double> steps, norms;
  std::vector<std::int32_t> numbers;

  explicit Rounded(const Matrix& matrix) : indices(matrix.indices.begin(), matrix.indices.end()), values(matrix.values.size() + 1) {
    indices.resize(indices.size() + row_padding);
    for (std::size_t row = 0; row + 1 < matrix.indptr.size(); ++row) {
      double sum = 0, largest = 0;
      for (std::int64_t q = matrix.indptr[row]; q < matrix.indptr[row + 1]; ++q) {
        sum += matrix.values[q] * matrix.values[q];
        largest = std::max(largest, std::abs(matrix.values[q]));
      }
      norms.push_back(sum);
      steps.push_back(CoarseCenters::step_of_row(std::sqrt(sum), largest));
      numbers.push_back(static_cast<std::int32_t>(row));
      for (std::int64_t q = matrix.indptr[row]; q < matrix.indptr[row + 1] && steps.back() > 0; ++q) values[q] = rounded_short(matrix.values[q] / steps.back());
    }
  }
  CoarseCenters::Rows<std::uint16_t> view(const Matrix& matrix) const {
    return {matrix.indptr.data(), indices.data(), values.data(), steps.data(), norms.data()};
  }
};

class NearestCenters : public testing::TestWithParam<Simd> {
 protected:
  const Matrix rows_ = random_matrix(200, terms, 0.3, 12);
  const Rounded rounded_{rows_};
  Execution run_ = on(1, 1e9, GetParam());

  std::vector<CoarseCenters::Nearest> nearest(const Centers& centers, std::span<const std::int32_t> without = {}) const {
    std::vector<CoarseCenters::Nearest> found(rounded_.numbers.size());
    centers.coarse.nearest(run_, rounded_.view(rows_), rounded_.numbers, found.data(), without);
    return found;
  }
  std::vector<std::int32_t> candidates(const Centers& centers, std::int32_t row, std::int32_t without = -1) const {
    CoarseCenters::Candidates found;
    centers.coarse.candidates(run_, rounded_.view(rows_), row, without, found);
    return found.centers;
  }
};

/// Checks those that are decided; returns how many these are.
std::int64_t check_decided(const Matrix& rows, const Centers& centers, std::span<const CoarseCenters::Nearest> found) {
  std::int64_t decided = 0;
  for (std::int64_t row = 0; row < std::ssize(found); ++row) {
    const auto [label, at_most, others] = found[row];
    const std::int32_t best = centers.nearest(rows, row, -1);
    if (label == CoarseCenters::undecided) continue;
    ++decided;
    EXPECT_EQ(label, best);
    EXPECT_LE(centers.distance(rows, row, best), at_most);
    EXPECT_GE(centers.distance(rows, row, centers.nearest(rows, row, best)), others);
  }
  return decided;
}

TEST_P(NearestCenters, AreThoseOfDoublePrecisionWhereTheyAreDecided) {
  for (const std::int64_t k : {3, 8, 9, 17, 40, 64, 65, 200}) {
    const Centers centers(k, 1, GetParam());
    EXPECT_GT(check_decided(rows_, centers, nearest(centers)), k == 3 ? 50 : 100) << k;
  }
}

TEST_P(NearestCenters, AreSoForRowsWithAnEntryForEachTerm) {
  Matrix rows = random_matrix(203, terms, 1, 13);
  std::fill_n(&rows.values[50 * terms], terms, 0.0);  // which whole numbers do not reach
  std::fill_n(&rows.values[202 * terms], terms, 1e20);
  for (const std::int64_t k : {3, 8, 9, 17, 40, 64, 65, 72, 200}) {
    const Centers centers(k, 1, GetParam(), false, true);
    const Rounded rounded(rows);
    std::vector<CoarseCenters::Nearest> found(rounded.numbers.size());
    centers.coarse.nearest(run_, rounded.view(rows), rounded.numbers, found.data());
    EXPECT_EQ(found[202].label, CoarseCenters::undecided);
    EXPECT_GT(check_decided(rows, centers, found), k == 3 ? 50 : 100) << k;
  }
}

TEST_P(NearestCenters, LeaveACenterAsideWhereTheyAreTold) {
  for (const std::int64_t k : {3, 9, 64, 65, 200}) {
    const Centers centers(k, 1, GetParam());
    std::vector<std::int32_t> without;
    for (const std::int32_t row : rounded_.numbers) without.push_back(centers.nearest(rows_, row, -1));
    const auto found = nearest(centers, without);
    std::int64_t decided = 0;
    for (const std::int32_t row : rounded_.numbers) {
      if (found[row].label == CoarseCenters::undecided) continue;
      ++decided;
      ASSERT_EQ(found[row].label, centers.nearest(rows_, row, without[row]));
    }
    EXPECT_GT(decided, 100) << k;
  }
}

TEST_P(NearestCenters, AreAmongTheCandidatesAndFewOfThese) {
  const Centers centers(200, 1, GetParam());
  const auto found = nearest(centers);
  for (const std::int32_t row : rounded_.numbers) {
    const std::int32_t best = centers.nearest(rows_, row, -1);
    for (const std::int32_t without : {-1, best}) {
      const std::vector<std::int32_t> all = candidates(centers, row, without);
      ASSERT_TRUE(std::is_sorted(all.begin(), all.end()));
      ASSERT_TRUE(std::count(all.begin(), all.end(), centers.nearest(rows_, row, without)) == 1);
      ASSERT_TRUE(without < 0 || std::count(all.begin(), all.end(), without) == 0);
      ASSERT_LT(all.size(), 20u);
    }
    if (found[row].label == CoarseCenters::undecided) continue;
    ASSERT_EQ(candidates(centers, row), std::vector{found[row].label});
  }
}

TEST_P(NearestCenters, AreAmongTheCandidatesWhereRoundingPutsAnotherFirst) {
  const Centers centers(40, 1, GetParam(), true);
  for (const std::int32_t row : rounded_.numbers) {
    const std::vector<std::int32_t> all = candidates(centers, row);
    ASSERT_EQ(std::count(all.begin(), all.end(), centers.nearest(rows_, row, -1)), 1);
  }
}

TEST_P(NearestCenters, AreNotDecidedBetweenEquals) {
  const Centers centers(9, 1, GetParam());
  const auto found = nearest(centers);
  std::int64_t ties = 0;
  for (const std::int32_t row : rounded_.numbers) {
    if (centers.nearest(rows_, row, -1) > 0) continue;
    ++ties;
    EXPECT_EQ(found[row].label, CoarseCenters::undecided);
    const std::vector<std::int32_t> all = candidates(centers, row);
    EXPECT_EQ(all[0], 0);
    EXPECT_EQ(all[1], 1);
  }
  EXPECT_GT(ties, 0);
}

TEST_P(NearestCenters, MayBeAnyWhereWholeNumbersDoNotReach) {
  for (const double scale : {1e-20, 1e20, infinity}) {
    const Centers centers(9, scale, GetParam());
    for (const auto& found : nearest(centers)) EXPECT_EQ(found.label, CoarseCenters::undecided);
    EXPECT_EQ(candidates(centers, 7, 4), (std::vector<std::int32_t>{0, 1, 2, 3, 5, 6, 7, 8}));
  }
}

TEST_P(NearestCenters, AreNeverOnesOfAnInfiniteOffset) {
  Centers centers(9, 1, GetParam());
  const std::int32_t best = centers.nearest(rows_, 7, -1);
  centers.offsets[best] = infinity;
  centers.coarse.set_norms(centers.squared, centers.offsets);
  EXPECT_NE(nearest(centers)[7].label, best);
  const std::vector<std::int32_t> all = candidates(centers, 7);
  EXPECT_EQ(std::count(all.begin(), all.end(), best), 0);
}

INSTANTIATE_TEST_SUITE_P(AtEachLevel, NearestCenters, testing::ValuesIn(simd_levels()));

}  // namespace
}  // namespace corpuscle::test
