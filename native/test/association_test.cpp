#include "../kernels/association.hpp"

#include "support.hpp"

namespace corpuscle::test {
namespace {

/// Pairs by rows of (term, count).
struct PairCounts {
  std::vector<std::int64_t> indptr{0};
  std::vector<std::int32_t> indices, values;

  explicit PairCounts(const std::vector<std::map<std::int32_t, std::int32_t>>& rows) {
    for (const auto& row : rows) {
      for (const auto& [term, count] : row) indices.push_back(term), values.push_back(count);
      indptr.push_back(static_cast<std::int64_t>(indices.size()));
    }
  }
  PairCountsView view() const {
    const auto terms = static_cast<std::int64_t>(indptr.size()) - 1;
    return {terms, terms, indptr, indices, values};
  }
};

std::vector<std::int32_t> diagonal(const PairCounts& pairs, int threads) {
  Execution run = on(threads);
  std::vector<std::int32_t> found(pairs.indptr.size() - 1);
  diagonal_of(run, pairs.view(), found);
  return found;
}

TEST(Association, FindsTheDiagonalAndTheTermsWithPairsThatHaveNone) {
  const PairCounts pairs({{{0, 5}, {3, 1}}, {{2, 1}}, {}, {{3, 0}}, {}, {}, {{4, 2}, {6, 3}}});
  const std::vector<std::int32_t> wanted{5, no_diagonal, no_diagonal, 0, no_diagonal, 0, 3};
  for (const int threads : thread_counts) EXPECT_EQ(diagonal(pairs, threads), wanted);
}

TEST(Association, FindsTheDiagonalOfManyRowsByManyThreads) {
  constexpr std::int32_t terms = 429 * 7;
  std::vector<std::map<std::int32_t, std::int32_t>> rows(terms);
  std::vector<std::int32_t> wanted(rows.size(), no_diagonal);
  for (std::int32_t term = 0; term < terms; ++term) {
    if (term % 7 == 6) continue;  // in rows of others alone
    rows[term] = {{term, term}, {term / 7 * 7 + 6, 1}};
    wanted[term] = term;
  }
  const PairCounts pairs(rows);
  for (const int threads : thread_counts) EXPECT_EQ(diagonal(pairs, threads), wanted);
}

TEST(Association, RefusesTheFirstPairThatNoDocumentsCouldGive) {
  const std::vector<std::int32_t> frequency{3, 2, 4};
  const Scoring scoring{Score::count, 5, frequency, {}, {}, {}, 0};
  const auto refusal = [&](const PairCounts& pairs, int threads) -> std::string {
    Execution run = on(threads);
    try {
      check_pairs(run, pairs.view(), scoring);
    } catch (const InvalidMatrix& error) {
      return error.what;
    }
    return "";
  };
  for (const int threads : thread_counts) {
    EXPECT_EQ(refusal(PairCounts({{{0, 3}, {1, 1}, {2, 2}}, {{1, 0}, {2, 2}}, {}}), threads), "");
    EXPECT_EQ(refusal(PairCounts({{{0, 3}}, {{2, 3}}, {{2, 9}}}), threads),
              "Terms 1 and 2 cannot share 3 documents, with 2 and 4 of their own.");
    EXPECT_EQ(refusal(PairCounts({{{2, 1}}, {}, {}}), threads), "Terms 0 and 2 cannot share 1 documents, with 3 and 4 of their own.");
    EXPECT_EQ(refusal(PairCounts({{{1, -1}}, {}, {}}), threads), "Terms 0 and 1 cannot share -1 documents, with 3 and 2 of their own.");
  }
}

TEST(Association, ScoresEachEntryAndGivesZerosNone) {
  const std::vector<std::int32_t> frequency{3, 2, 4};
  const Scoring scoring{Score::dice, 5, frequency, {}, {}, {}, 0};
  const PairCounts pairs({{{0, 3}, {1, 1}, {2, 0}}, {{2, 2}}, {}});
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    std::vector<double> scores(4, -1);
    associate(run, pairs.view(), scoring, scores);
    EXPECT_EQ(scores, (std::vector<double>{1, 2.0 / 5, 0, 4.0 / 6}));
  }
}

}  // namespace
}  // namespace corpuscle::test
