#include "../kernels/top_cooccurrences.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "support.hpp"

namespace corpuscle::test {
namespace {

constexpr Score all_scores[]{Score::count, Score::pmi, Score::npmi, Score::ppmi, Score::llr, Score::dice, Score::jaccard, Score::chi2, Score::t};

/// A random presence matrix, and what scores need of it.
struct Example {
  std::int64_t rows, columns;
  std::vector<std::int64_t> indptr{0};
  std::vector<std::int32_t> indices, values, frequency;
  std::vector<double> logs, margins, frequency_logs;

  Example(std::int64_t rows, std::int64_t columns, unsigned density, unsigned seed) : rows(rows), columns(columns) {
    std::mt19937 random(seed);
    frequency.assign(static_cast<std::size_t>(columns), 0);
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t column = 0; column < columns; ++column) {
        if (random() % 100 >= density * static_cast<unsigned>(1 + 3 * (columns - column) / columns)) continue;
        indices.push_back(static_cast<std::int32_t>(column));
        values.push_back(static_cast<std::int32_t>(random() % 4));  // some are zero: not there
        frequency[column] += values.back() != 0;
      }
      indptr.push_back(static_cast<std::int64_t>(indices.size()));
    }
    logs.assign(static_cast<std::size_t>(rows) + 1, 0);
    for (std::size_t x = 2; x < logs.size(); ++x) logs[x] = std::log(static_cast<double>(x));
    for (const std::int32_t f : frequency) margins.push_back(f * logs[f] + static_cast<double>(rows - f) * logs[rows - f]);
    for (const std::int32_t f : frequency) frequency_logs.push_back(logs[f]);
  }
  CsrView<std::int32_t, std::int32_t> view() const { return {rows, columns, indptr, indices, values}; }
  Scoring scoring(Score score) const {
    const auto n = static_cast<double>(rows);
    if (score == Score::llr) return {score, n, frequency, logs, margins, margins, n * logs.back()};
    return {score, n, frequency, logs, frequency_logs, frequency_logs, 0};
  }
  /// The rows that hold both of two terms, counted one by one.
  std::int32_t together(std::int32_t i, std::int32_t j) const {
    std::int32_t count = 0;
    for (std::int64_t row = 0; row < rows; ++row) {
      bool has_i = false, has_j = false;
      for (std::int64_t q = indptr[row]; q < indptr[row + 1]; ++q) {
        has_i |= indices[q] == i && values[q] != 0;
        has_j |= indices[q] == j && values[q] != 0;
      }
      count += has_i && has_j;
    }
    return count;
  }
};

void expect_best(const Example& example, Score score) {
  std::vector<std::int32_t> terms;
  for (std::int32_t term = 0; term < example.columns; term += 7) terms.push_back(term);
  const Scoring scoring = example.scoring(score);
  Execution run = on(3);
  const TopPairs few = top_cooccurrences(run, example.view(), terms, 5, 2, scoring);
  const TopPairs many = top_cooccurrences(run, example.view(), terms, 65, 2, scoring);
  with_score(scoring, [&](const auto& score_of) {
    for (std::size_t r = 0; r < terms.size(); ++r) {
      std::vector<std::tuple<double, std::int32_t, std::int32_t>> all;
      for (std::int32_t other = 0; other < example.columns; ++other) {
        const std::int32_t count = example.together(terms[r], other);
        if (other != terms[r] && count >= 2) all.emplace_back(-score_of(count, terms[r], other), -count, other);
      }
      std::sort(all.begin(), all.end());
      for (const TopPairs* top : {&few, &many}) {
        const std::size_t k = std::min<std::size_t>(all.size(), top == &few ? 5 : 65);
        const auto begin = static_cast<std::size_t>(top->offsets[r]);
        ASSERT_EQ(static_cast<std::size_t>(top->offsets[r + 1]) - begin, k);
        for (std::size_t i = 0; i < k; ++i) {
          EXPECT_EQ(std::make_tuple(-top->scores[begin + i], -top->counts[begin + i], top->partners[begin + i]), all[i]);
        }
      }
    }
  });
}

TEST(TopCooccurrences, AreThoseOfAllPairsSorted) {
  for (const auto& example : {Example(200, 60, 15, 1), Example(400, 200, 1, 2), Example(30, 3, 80, 3),
                              Example(120, 260, 15, 4)}) {  // the last: so many partners that the bar is raised on the way
    for (const Score score : all_scores) expect_best(example, score);
  }
}

TEST(TopCooccurrences, AreTheSameOnAnyNumberOfThreads) {
  const Example example(300, 500, 4, 4);
  std::vector<std::int32_t> terms(500);
  for (std::int32_t term = 0; term < 500; ++term) terms[term] = 499 - term;
  const auto on_threads = [&](int threads) {
    Execution run = on(threads);
    return top_cooccurrences(run, example.view(), terms, 3, 1, example.scoring(Score::llr));
  };
  const TopPairs wanted = on_threads(1);
  for (const int threads : thread_counts) {
    const TopPairs top = on_threads(threads);
    EXPECT_EQ(top.offsets, wanted.offsets);
    EXPECT_EQ(top.partners, wanted.partners);
    EXPECT_EQ(top.counts, wanted.counts);
    EXPECT_EQ(top.scores, wanted.scores);
  }
}

TEST(Scores, AreNoneAboveTheHighestAndThatGrowsWithTheCount) {
  for (const auto& example : {Example(40, 60, 15, 1), Example(30, 12, 60, 3), Example(12, 20, 100, 4)}) {
    const int n = static_cast<int>(example.rows);
    for (const Score score : all_scores) {
      const Scoring scoring = example.scoring(score);
      const double slack = 1e-9 * (1 + scoring.constant);
      with_score(scoring, [&](const auto& score_of) {
        for (std::int32_t i = 0; i < example.columns; ++i) {
          const int f = example.frequency[i];
          for (int fewest = 1; fewest <= n; fewest += 3) {
            for (int count = 2; count <= f; ++count) {
              const auto highest = [&](int shared) { return highest_score(scoring, shared, i, std::max(shared, fewest)); };
              EXPECT_LE(highest(count - 1), highest(count) + slack) << static_cast<int>(score) << ": " << count << " of " << f;
              for (std::int32_t j = 0; j < example.columns; ++j) {
                const int g = example.frequency[j];
                if (g < fewest || g < count || f + g - count > n) continue;
                EXPECT_LE(score_of(count, i, j), highest(count) + slack) << static_cast<int>(score) << ": " << count << " of " << f << " and " << g;
              }
            }
          }
        }
      });
    }
  }
}

TEST(Scores, GiveDunningsRatioForTheSwiss) {
  const std::vector<std::int32_t> frequency{110 + 2442, 110 + 111};
  const int n = 110 + 2442 + 111 + 29114;
  std::vector<double> logs(n + 1, 0), margins;
  for (int x = 2; x <= n; ++x) logs[x] = std::log(static_cast<double>(x));
  for (const int f : frequency) margins.push_back(f * logs[f] + (n - f) * logs[n - f]);
  const Scoring scoring{Score::llr, static_cast<double>(n), frequency, logs, margins, margins, n * logs[n]};
  EXPECT_NEAR(with_score(scoring, [](const auto& score) { return score(110, 0, 1); }), 270.72, 0.005);
}

}  // namespace
}  // namespace corpuscle::test
