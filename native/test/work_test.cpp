// What kernels count while they work, against numbers worked out by hand.
#include "../kernels/cooccurrence.hpp"
#include "../kernels/kmeans.hpp"
#include "../kernels/term_counter.hpp"
#include "support.hpp"

namespace corpuscle::test {
namespace {

/// Rows of 3, 0, 2 and 1 terms; the last of the first row is a stored zero.
const Matrix matrix{4, {0, 4, 4, 6, 7}, {0, 1, 2, 3, 1, 2, 3}, {1, 2, 1, 0, 1, 1, 5}};

TEST(Work, OfCooccurrenceIsThePairsOfEachRow) {
  for (const int threads : thread_counts) {
    for (const bool full : {false, true}) {
      Execution run = on(threads);
      EXPECT_EQ(run.counted(Work::updates), 0);
      Cooccurrence pairs(run, matrix.view(), full, false, {0, matrix.columns});
      pairs.count(run);
      const std::int64_t met = full ? 9 + 0 + 4 + 1 : 6 + 0 + 3 + 1;
      EXPECT_EQ(run.counted(Work::updates), met);
      std::vector<std::int32_t> dense(16, 0);
      pairs.write_dense(run, dense);
      EXPECT_EQ(run.counted(Work::updates), 2 * met);
    }
  }
}

TEST(Work, OfKMeansIsRowsTimesCenters) {
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    KMeans model;
    model.load(run, matrix.view(), {});
    model.seed(run, 0, 3, std::vector<double>{0.2, 0.5, 0.9});
    EXPECT_EQ(run.counted(Work::distances), 4 + 3 * 4);
    model.set_centers_from_rows(run, std::vector<std::int32_t>{0, 3});
    model.assign(run);
    EXPECT_EQ(run.counted(Work::distances), 4 + 3 * 4 + 4 * 2);
    model.assign(run);  // nothing has moved: no row is compared that has a nearest center
    EXPECT_EQ(run.counted(Work::distances), 4 + 3 * 4 + 4 * 2);
  }
}

TEST(Work, OfTheTermTableIsTheSlotsLookedAt) {
  TermTable table(1 << 15);
  const std::uint64_t last_slot = table.slots().size() - 1;
  const char text[] = "aabbcc\0\0\0\0\0\0\0\0";
  const auto token = [&](std::uint32_t start) {
    Token token = token_of(text, start, 2);
    token.hash = last_slot;
    return token;
  };
  const auto probes_of = [&](std::uint32_t start) {
    const std::int64_t before = table.probes();
    table.find(token(start), text, 1);
    return table.probes() - before;
  };
  EXPECT_EQ(probes_of(0), 1);  // aa takes the last slot
  EXPECT_EQ(probes_of(2), 2);  // bb finds it taken and takes the first one
  EXPECT_EQ(probes_of(2), 2);
  EXPECT_EQ(probes_of(0), 1);
  EXPECT_EQ(probes_of(4), 3);  // cc is not there: the last, the first and a free one
}

TEST(Work, OfAVocabularysCacheIsOneSlotForAWordThatWasMetBeforeAndIsNoTerm) {
  TermTable vocabulary(64), cache(64, &vocabulary);
  vocabulary.preset(std::string_view("aa"), 7);
  const char text[] = "aabb\0\0\0\0\0\0\0\0";
  const Token aa = token_of(text, 0, 2), bb = token_of(text, 2, 2);
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(cache.find(aa, text, 1), 7u);
    EXPECT_EQ(cache.find(bb, text, 1), TermTable::ignored);
  }
  EXPECT_EQ(cache.probes(), 4);
  EXPECT_EQ(cache.size(), 0u);
}

TEST(Work, OfTermCountsIsOneSlotATokenWhereNoneCollide) {
  Execution run = on(1);
  TermCounter counter({}, {}, std::nullopt);
  const std::string text = "aa bb aa x cc";
  counter.add(run, {text, std::vector<std::int64_t>{0, 5, 13}});
  EXPECT_EQ(run.counted(Work::probes), 4);
}

}  // namespace
}  // namespace corpuscle::test
