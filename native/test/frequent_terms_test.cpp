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

/// Whether bits pay for so many rows, in each of which are so many of the frequent terms and so many of the others.
bool pay(std::int64_t rows, double frequent, double others, std::int64_t columns) {
  std::vector<std::uint32_t> frequency(static_cast<std::size_t>(columns));
  for (std::int64_t term = 0; term < columns; ++term) {
    const double share = term < 512 ? frequent / 512 : others / static_cast<double>(columns - 512);
    frequency[term] = static_cast<std::uint32_t>(share * static_cast<double>(rows));
  }
  const double updates = (frequent + others) * (frequent + others) / 2 * static_cast<double>(rows);
  return FrequentTerms(frequency).pay_as_bits(frequency, rows, static_cast<std::int64_t>(updates));
}

TEST(FrequentTerms, PayAsBitsInLongRowsOfManyOfThem) {
  EXPECT_TRUE(pay(50'000, 76, 57, 26'000));   // reviews with their stop words
  EXPECT_FALSE(pay(50'000, 25, 50, 26'000));  // and without
  EXPECT_FALSE(pay(50'000, 5, 128, 26'000));
  EXPECT_FALSE(pay(50'000, 20, 5, 26'000));
}

TEST(FrequentTerms, DoNotPayWhereTheirCountsTakeMoreMemoryThanThePostings) {
  EXPECT_TRUE(pay(100'000, 200, 100, 220'000));
  EXPECT_FALSE(pay(100'000, 200, 100, 240'000));
}

TEST(FrequentTerms, DoNotPayWhereCountsOfOthersExceedSixteenBits) {
  EXPECT_TRUE(pay(200'000, 300, 200, 1'200));
  EXPECT_FALSE(pay(300'000, 300, 200, 1'200));  // each of the others in 72,674 rows
}

TEST(FrequentTerms, DoNotPayWhereNothingIs) {
  EXPECT_FALSE(FrequentTerms(std::vector<std::uint32_t>{}).pay_as_bits({}, 0, 0));
  const std::vector<std::uint32_t> nowhere(600, 0);
  EXPECT_FALSE(FrequentTerms(nowhere).pay_as_bits(nowhere, 10, 0));
}

}  // namespace
}  // namespace corpuscle::test
