#include "../kernels/frequent_terms.hpp"

#include "support.hpp"

namespace corpuscle::test {
namespace {

TEST(FrequentTerms, AreThoseInTheMostRowsAndOfEqualsTheFirst) {
  std::vector<std::uint32_t> frequency(700, 5);
  for (const std::size_t term : {3, 650, 699}) frequency[term] = 6;
  frequency[0] = 4;
  const FrequentTerms frequent(frequency);
  ASSERT_EQ(frequent.size(), 512);
  std::vector<std::uint32_t> wanted;
  for (std::uint32_t term = 1; term <= 510; ++term) wanted.push_back(term);
  wanted.insert(wanted.end(), {650, 699});
  EXPECT_EQ(std::vector<std::uint32_t>(frequent.terms().begin(), frequent.terms().end()), wanted);
  EXPECT_FALSE(frequent.has(0));
  EXPECT_TRUE(frequent.has(1));
  EXPECT_FALSE(frequent.has(511));
  EXPECT_EQ(frequent.before(1), 0);
  EXPECT_EQ(frequent.before(511), 510);
  EXPECT_EQ(frequent.before(650), 510);
  EXPECT_EQ(frequent.before(699), 511);
}

TEST(FrequentTerms, AreAllWhereThereAreFewAndNoneWhereThereIsNone) {
  EXPECT_EQ(FrequentTerms(std::vector<std::uint32_t>{0, 7}).size(), 2);
  EXPECT_TRUE(FrequentTerms(std::vector<std::uint32_t>{}).none());
  EXPECT_TRUE(FrequentTerms().none());
  EXPECT_FALSE(FrequentTerms().has(3));
}

/// A matrix with so many rows, in each of which are so many of the frequent terms and so many of the others.
struct Words {
  std::int64_t rows;
  double frequent, others;
  std::int64_t columns;
  int value_bytes = 4;
  Simd simd = Simd::avx512;

  bool pay() const {
    std::vector<std::uint32_t> frequency(static_cast<std::size_t>(columns));
    for (std::int64_t term = 0; term < columns; ++term) {
      const double share = term < 512 ? frequent / 512 : others / static_cast<double>(columns - 512);
      frequency[term] = static_cast<std::uint32_t>(share * static_cast<double>(rows));
    }
    const auto updates = static_cast<std::int64_t>((frequent + others) * (frequent + others) / 2 * static_cast<double>(rows));
    return FrequentTerms(frequency).pay_as_bits(simd, {frequency, rows, updates, 2, value_bytes, columns < 65536 ? 2 : 4});
  }
};

TEST(FrequentTerms, PayAsBitsInLongRowsOfManyOfThem) {
  EXPECT_TRUE((Words{50'000, 76, 57, 26'000}.pay()));   // reviews with their stop words
  EXPECT_FALSE((Words{50'000, 25, 50, 26'000}.pay()));  // and without
  EXPECT_FALSE((Words{50'000, 5, 128, 26'000}.pay()));
  EXPECT_FALSE((Words{50'000, 20, 5, 26'000}.pay()));
}

TEST(FrequentTerms, PayAsBitsInLongerRowsWhereVectorsAreShorter) {
  const auto pays_from = [](Simd simd) {
    double length = 20;
    while (!Words{50'000, length, length, 10'000, 4, simd}.pay()) ++length;
    return length;
  };
  EXPECT_LT(pays_from(Simd::avx512), pays_from(Simd::avx2));
  EXPECT_LT(pays_from(Simd::avx2), pays_from(Simd::baseline));
}

TEST(FrequentTerms, DoNotPayInTheRowsByWhichAPlanIsMeasured) {  // plan.ts reckons with the time of an update of ids
  for (const std::int64_t columns : {64, 4096}) {
    const std::vector<std::uint32_t> frequency(static_cast<std::size_t>(columns), static_cast<std::uint32_t>(16'000 * 32 / columns));
    for (const Simd simd : {Simd::baseline, Simd::avx2, Simd::avx512}) {
      EXPECT_FALSE(FrequentTerms(frequency).pay_as_bits(simd, {frequency, 16'000, 16'000 * 32 * 33 / 2, 2, 4, 2}));
    }
  }
  const std::vector<std::uint32_t> longer(128, 16'000 * 64 / 128);  // rows of 64 terms would be taken for bits
  EXPECT_TRUE(FrequentTerms(longer).pay_as_bits(Simd::avx512, {longer, 16'000, 16'000 * 64 * 65 / 2, 2, 4, 2}));
}

TEST(FrequentTerms, DoNotPayWhereTheirCountsTakeMoreThanTheBudgetHas) {
  EXPECT_TRUE((Words{10'000, 76, 57, 16'000}.pay()));
  EXPECT_FALSE((Words{10'000, 76, 57, 19'000}.pay()));
  EXPECT_TRUE((Words{100'000, 200, 100, 350'000}.pay()));  // ids of four bytes
  EXPECT_FALSE((Words{100'000, 200, 100, 420'000}.pay()));
}

TEST(FrequentTerms, DoNotPayWhereRowsAndPostingsBesideTheMatrixTakeMoreThanTheBudgetHas) {
  EXPECT_TRUE((Words{50'000, 100, 200, 26'000, 4}.pay()));
  EXPECT_TRUE((Words{50'000, 100, 100, 26'000, 8}.pay()));
  EXPECT_FALSE((Words{50'000, 100, 300, 26'000, 8}.pay()));
}

TEST(FrequentTerms, DoNotPayWhereCountsOfOthersExceedSixteenBits) {
  EXPECT_TRUE((Words{200'000, 300, 200, 1'200}.pay()));
  EXPECT_FALSE((Words{300'000, 300, 200, 1'200}.pay()));  // each of the others in 87,209 rows
}

TEST(FrequentTerms, DoNotPayWhereNothingIs) {
  EXPECT_FALSE(FrequentTerms(std::vector<std::uint32_t>{}).pay_as_bits(Simd::avx512, {{}, 0, 0, 1, 4, 2}));
  const std::vector<std::uint32_t> nowhere(600, 0);
  EXPECT_FALSE(FrequentTerms(nowhere).pay_as_bits(Simd::avx512, {nowhere, 10, 0, 1, 4, 2}));
}

}  // namespace
}  // namespace corpuscle::test
