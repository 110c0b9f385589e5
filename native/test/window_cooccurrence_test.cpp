#include "../kernels/window_cooccurrence.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "support.hpp"

namespace corpuscle::test {
namespace {

/// Random streams whose first terms are the most frequent; some words are no terms.
struct Streams {
  std::int64_t terms;
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> ids;

  Streams(std::int64_t terms, std::int64_t documents, unsigned longest, unsigned seed) : terms(terms) {
    std::mt19937 random(seed);
    for (std::int64_t d = 0; d < documents; ++d) {
      for (unsigned left = random() % (longest + 1); left > 0; --left) {
        const double share = static_cast<double>(random()) / 4294967296.0;
        ids.push_back(random() % 6 == 0 ? -1 : static_cast<std::int32_t>(share * share * static_cast<double>(terms)));
      }
      offsets.push_back(static_cast<std::int64_t>(ids.size()));
    }
  }
  TokenView view() const { return {terms, offsets, ids}; }
};

/// The pairs of each two terms at each distance, from all two places of all documents.
std::map<std::pair<std::int32_t, std::int32_t>, std::vector<int>> by_definition(const Streams& streams, std::size_t window, Side side, bool skips) {
  std::map<std::pair<std::int32_t, std::int32_t>, std::vector<int>> pairs;
  const auto add = [&](std::int32_t i, std::int32_t j, std::size_t distance) {
    auto& own = pairs[{i, j}];
    own.resize(window);
    ++own[distance - 1];
  };
  for (std::size_t d = 0; d + 1 < streams.offsets.size(); ++d) {
    std::vector<std::int32_t> words(streams.ids.begin() + streams.offsets[d], streams.ids.begin() + streams.offsets[d + 1]);
    if (skips) std::erase(words, -1);
    for (std::size_t p = 0; p < words.size(); ++p) {
      for (std::size_t q = p + 1; q < words.size() && q - p <= window; ++q) {
        if (words[p] < 0 || words[q] < 0) continue;
        if (side != Side::left) add(words[p], words[q], q - p);
        if (side != Side::right) add(words[q], words[p], q - p);
      }
    }
  }
  return pairs;
}

std::vector<double> dense_of(const WindowCooccurrence& pairs, Execution& run, std::int64_t terms) {
  std::vector<double> dense(static_cast<std::size_t>(terms * terms), 0.0);
  pairs.write_dense(run, dense);
  return dense;
}

TEST(WindowCooccurrence, IsItsDefinitionInEveryOutputOnAnyNumberOfThreads) {
  const std::vector<double> harmonic{60, 30, 20, 15, 12}, denominators{1, 2, 3, 4, 5}, numbers{0.9, 0.5, 0.0, 0.1};
  for (const auto& streams : {Streams(30, 50, 40, 1), Streams(700, 60, 200, 2), Streams(90'000, 3, 4, 3), Streams(3, 4, 0, 4)}) {
    const auto n = static_cast<std::size_t>(streams.terms);
    for (const Weighing weighing : {Weighing::whole, Weighing::fractions, Weighing::each}) {
      const auto& list = weighing == Weighing::whole ? harmonic : weighing == Weighing::fractions ? denominators : numbers;
      for (const Side side : {Side::both, Side::left, Side::right}) {
        const bool skips = side == Side::left;
        const Windowing windowing{weighing, list, 60, side, skips};
        std::map<std::pair<std::int32_t, std::int32_t>, double> wanted;
        for (const auto& [terms, pairs] : by_definition(streams, list.size(), side, skips)) {
          double weight = 0, whole = 0;
          for (std::size_t d = 0; d < list.size(); ++d) {
            weight += pairs[d] * numbers[std::min(d, numbers.size() - 1)];
            whole += pairs[d] * harmonic[d];
          }
          if (weighing != Weighing::each) weight = whole / 60;
          if (weight != 0) wanted[terms] = weight;
        }
        for (const int threads : thread_counts) {
          Execution run = on(threads);
          WindowCooccurrence pairs(run, streams.view(), windowing, false);
          const auto nnz = static_cast<std::size_t>(pairs.count(run));
          std::vector<std::int32_t> indptr(n + 1), indices(nnz);
          std::vector<double> values(nnz);
          pairs.write<std::int32_t>(run, indptr, indices, values);
          ASSERT_EQ(nnz, wanted.size());
          auto next = wanted.begin();
          for (std::size_t i = 0; i < n; ++i) {
            for (std::int32_t q = indptr[i]; q < indptr[i + 1]; ++q, ++next) {
              ASSERT_EQ(next->first, std::make_pair(static_cast<std::int32_t>(i), indices[q]));
              ASSERT_EQ(next->second, values[q]);
            }
          }
          if (n > 1000 || threads > 2) continue;
          const std::vector<double> dense = dense_of(pairs, run, streams.terms);
          EXPECT_EQ(n * n - static_cast<std::size_t>(std::count(dense.begin(), dense.end(), 0.0)), nnz);
          for (const auto& [terms, weight] : wanted) EXPECT_EQ(dense[static_cast<std::size_t>(terms.first) * n + static_cast<std::size_t>(terms.second)], weight);
          const std::vector<double> upper = dense_of(WindowCooccurrence(run, streams.view(), windowing, true), run, streams.terms);
          for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) EXPECT_EQ(upper[i * n + j], j < i ? 0 : dense[i * n + j]);
          }
        }
      }
    }
  }
}

/// The sparse result of so many entries, written out.
std::vector<double> dense_of_sparse(WindowCooccurrence& pairs, Execution& run, std::int64_t entries, std::int64_t terms) {
  const auto n = static_cast<std::size_t>(terms), nnz = static_cast<std::size_t>(entries);
  std::vector<std::int32_t> indptr(n + 1), indices(nnz);
  std::vector<double> values(nnz), dense(n * n, 0.0);
  pairs.write<std::int32_t>(run, indptr, indices, values);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::int32_t q = indptr[i]; q < indptr[i + 1]; ++q) dense[i * n + static_cast<std::size_t>(indices[q])] = values[q];
  }
  return dense;
}

TEST(WindowCooccurrence, HoldsSumsOfAnySize) {
  // Places of term 0: 3; of 1: 40; of 2: 4000; of 3: 5000. With these numbers no sums of theirs are above 8, 16 and 32 bits, and those of 3
  // are beyond.
  Streams streams(2000, 0, 0, 1);
  std::mt19937 random(9);
  for (const auto& [term, places] : {std::pair{0, 3}, {1, 40}, {2, 4000}, {3, 5000}}) {
    for (int p = 0; p < places; ++p) {
      streams.ids.insert(streams.ids.end(), {static_cast<int>(random() % 4), term, static_cast<int>(4 + random() % 1996)});
      if (p % 7 == 0) streams.offsets.push_back(static_cast<std::int64_t>(streams.ids.size()));
    }
  }
  streams.offsets.push_back(static_cast<std::int64_t>(streams.ids.size()));
  for (const std::vector<double>& numbers : {std::vector<double>{1}, {30, 0, 1}, {400'000, 1}}) {
    const auto n = static_cast<std::size_t>(streams.terms);
    std::vector<double> wanted(n * n, 0.0);
    for (const auto& [terms, pairs] : by_definition(streams, numbers.size(), Side::both, false)) {
      double& cell = wanted[static_cast<std::size_t>(terms.first) * n + static_cast<std::size_t>(terms.second)];
      for (std::size_t d = 0; d < numbers.size(); ++d) cell += pairs[d] * numbers[d] / 8;
    }
    const Windowing windowing{Weighing::whole, numbers, 8, Side::both, false};
    for (const Simd simd : simd_levels()) {
      Execution run = on(2, 1e9, simd);
      WindowCooccurrence pairs(run, streams.view(), windowing, false);
      EXPECT_EQ(dense_of(pairs, run, streams.terms), wanted);
      EXPECT_EQ(dense_of_sparse(pairs, run, pairs.count(run), streams.terms), wanted);
    }
    for (std::size_t i = 0; i < n; ++i) std::fill_n(wanted.begin() + static_cast<std::ptrdiff_t>(i * n), i, 0.0);
    Execution run = on(3);
    WindowCooccurrence upper(run, streams.view(), windowing, true);
    EXPECT_EQ(dense_of_sparse(upper, run, upper.count(run), streams.terms), wanted);
  }
}

TEST(WindowCooccurrence, MovesALargeResultToWhereItIsAskedFor) {
  const Streams streams(3'200, 120, 1'100, 8);
  const std::vector<double> ones(120, 1.0);
  std::vector<double> dense;  // the same for both: sums of ones
  for (const Weighing weighing : {Weighing::whole, Weighing::each}) {
    const Windowing windowing{weighing, ones, 1, Side::both, false};
    for (const int threads : weighing == Weighing::whole ? std::vector{1, 3} : std::vector{3}) {
      Execution run = on(threads);
      WindowCooccurrence pairs(run, streams.view(), windowing, false);
      if (dense.empty()) dense = dense_of(pairs, run, streams.terms);
      const std::int64_t entries = pairs.count(run);
      ASSERT_EQ(pairs.moves_pages(), has_spare_addresses);
      EXPECT_TRUE(dense_of_sparse(pairs, run, entries, streams.terms) == dense);
    }
  }
}

TEST(WindowCooccurrence, RoundsFractionsOnce) {
  // Three pairs at distance 3, each twice: 3 x 2 / 3 is 2, which sums of a third do not reach.
  const Streams streams = [] {
    Streams made(2, 0, 0, 1);
    for (int d = 0; d < 3; ++d) {
      made.ids.insert(made.ids.end(), {0, -1, -1, 1});
      made.offsets.push_back(static_cast<std::int64_t>(made.ids.size()));
    }
    return made;
  }();
  std::vector<double> numbers(42);
  for (std::size_t d = 0; d < numbers.size(); ++d) numbers[d] = static_cast<double>(d + 1);
  Execution run = on(1);
  const auto dense = dense_of(WindowCooccurrence(run, streams.view(), {Weighing::fractions, numbers, 1, Side::both, false}, false), run, 2);
  EXPECT_EQ(dense, (std::vector<double>{0, 1, 1, 0}));
}

TEST(WindowCooccurrence, GivesTheBestPartnersOfTheTermsAskedFor) {
  const Streams streams(60, 80, 50, 5);
  const std::vector<double> numbers{60, 30, 20};
  const Windowing windowing{Weighing::whole, numbers, 60, Side::both, false};
  const std::vector<std::int32_t> terms{59, 0, 7};
  Execution run = on(3);
  const WindowCooccurrence pairs(run, streams.view(), windowing, false);
  const auto dense = dense_of(pairs, run, 60);
  const TopWindowPairs top = pairs.top(run, terms, 4);
  for (std::size_t r = 0; r < terms.size(); ++r) {
    std::vector<std::pair<double, std::int32_t>> wanted;
    for (std::int32_t j = 0; j < 60; ++j) {
      const double weight = dense[static_cast<std::size_t>(terms[r] * 60 + j)];
      if (j != terms[r] && weight != 0) wanted.emplace_back(-weight, j);
    }
    std::sort(wanted.begin(), wanted.end());
    wanted.resize(std::min<std::size_t>(wanted.size(), 4));
    ASSERT_EQ(static_cast<std::size_t>(top.offsets[r + 1] - top.offsets[r]), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const std::size_t at = static_cast<std::size_t>(top.offsets[r]) + i;
      EXPECT_EQ(std::make_pair(-top.weights[at], top.partners[at]), wanted[i]);
    }
  }
}

TEST(WindowCooccurrence, RefusesStreamsThatAreNone) {
  const std::vector<double> numbers{1};
  const Windowing windowing{Weighing::whole, numbers, 1, Side::both, false};
  Execution run = on(2);
  const auto refuses = [&](std::vector<std::int64_t> offsets, std::vector<std::int32_t> ids) {
    EXPECT_THROW(WindowCooccurrence(run, TokenView{2, offsets, ids}, windowing, false), InvalidMatrix);
  };
  refuses({}, {});
  refuses({1}, {});
  refuses({0, 2}, {0});
  refuses({0, 2, 1}, {0, 1});
  refuses({0, -1, 1}, {0});
  refuses({0, 1}, {2});
  refuses({0, 1}, {-2});
}

TEST(WindowCooccurrence, StopsAtTheBudget) {
  const Streams streams(500, 40, 200, 6);
  const std::vector<double> numbers(30, 1.0);
  Execution run = on(2, 60'000);
  WindowCooccurrence pairs(run, streams.view(), {Weighing::whole, numbers, 1, Side::both, false}, false);
  EXPECT_THROW(pairs.count(run), OverBudget);
}

TEST(WindowCooccurrence, CountsWhatItCountsInAgainstTheBudget) {
  const std::vector<std::int64_t> offsets{0, 3};
  const std::vector<std::int32_t> ids{0, 1, 2};
  const std::vector<double> numbers(1000, 1.0);
  Execution run = on(2, 10'000'000);  // for three words; a number for each distance to each of 5,000 terms takes 20 MB a thread
  WindowCooccurrence pairs(run, {5000, offsets, ids}, {Weighing::each, numbers, 1, Side::both, false}, false);
  EXPECT_THROW(pairs.count(run), OverBudget);
}

TEST(WindowRows, LeaveNothingBehindForTheNextRowWhicheverItIs) {
  const Streams streams(400, 30, 60, 11);
  const std::vector<double> numbers{3, 2, 1};
  for (const Weighing weighing : {Weighing::whole, Weighing::fractions, Weighing::each}) {
    Execution run = on(1);
    const WindowRows rows(run, streams.view(), {weighing, numbers, 3, Side::both, false});
    std::vector<WindowScratch> used = rows.scratch(run);
    for (std::int64_t term = streams.terms - 1; term >= 0; --term) {
      for (const std::int64_t first : {term, std::int64_t{0}}) {
        std::vector<WindowScratch> fresh = rows.scratch(run);
        const WindowRow found = rows.row(run, term, first, used[0]), wanted = rows.row(run, term, first, fresh[0]);
        ASSERT_EQ(std::vector(found.terms.begin(), found.terms.end()), std::vector(wanted.terms.begin(), wanted.terms.end()));
        ASSERT_EQ(std::vector(found.weights.begin(), found.weights.end()), std::vector(wanted.weights.begin(), wanted.weights.end()));
      }
    }
  }
}

}  // namespace
}  // namespace corpuscle::test
