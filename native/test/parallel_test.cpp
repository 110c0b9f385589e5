#include "../kernels/parallel.hpp"

#include <stdexcept>

#include "support.hpp"

namespace corpuscle::test {
namespace {

TEST(ParallelChunks, VisitEachChunkOnceOnAnyNumberOfThreads) {
  for (const int threads : thread_counts) {
    for (const std::int64_t chunks : {0, 1, 2, 6, 1000}) {
      Execution run = on(threads);
      std::vector<std::atomic<int>> visits(static_cast<std::size_t>(chunks));
      parallel_chunks(run, chunks, [&](std::int64_t chunk, int thread) {
        ASSERT_GE(thread, 0);
        ASSERT_LT(thread, threads);
        ++visits[static_cast<std::size_t>(chunk)];
      });
      for (const auto& count : visits) EXPECT_EQ(count, 1);
    }
  }
}

TEST(ParallelChunks, ThrowHereWhatABodyThrowsThere) {
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    const auto fail = [](std::int64_t chunk, int) {
      if (chunk == 5) throw std::runtime_error("five");
    };
    EXPECT_THROW(parallel_chunks(run, 100, fail), std::runtime_error);
  }
}

TEST(ParallelChunks, StopWhenTheFlagIsRaised) {
  for (const int threads : thread_counts) {
    std::int32_t control[2] = {0, 0};
    Execution run(threads, control, 0);
    std::atomic<int> visited{0};
    const auto body = [&](std::int64_t, int) {
      ++visited;
      std::atomic_ref(control[0]).store(1);
    };
    EXPECT_THROW(parallel_chunks(run, 1000, body), Stopped);
    EXPECT_LE(visited, threads);
  }
}

TEST(CopyBlock, CopiesAllBytesAndNoMoreOnAnyNumberOfThreads) {
  constexpr std::size_t page = std::size_t{1} << 21;
  std::vector<std::uint32_t> from(25 * page / 4 + 2);
  const std::vector<std::uint32_t> zeros(from.size(), 0);
  std::iota(from.begin(), from.end(), 1u);
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, 8 * page - 1, 8 * page + 3, 16 * page, 25 * page + 5}) {
    for (const int threads : {0, 1, 2, 3, 64}) {
      std::vector<std::uint32_t> to = zeros;
      copy_block(threads, from.data(), bytes, to.data());
      EXPECT_EQ(std::memcmp(from.data(), to.data(), bytes), 0);
      EXPECT_EQ(std::memcmp(zeros.data(), reinterpret_cast<const char*>(to.data()) + bytes, 4 * to.size() - bytes), 0);
    }
  }
}

TEST(Execution, RefusesWhatGoesOverTheBudgetAndSaysBothNumbers) {
  Execution run = on(1, 100);
  run.take(60);
  try {
    run.take(50);
    FAIL() << "the budget was overdrawn";
  } catch (const OverBudget& over) {
    EXPECT_EQ(over.needed, 110);
    EXPECT_EQ(over.allowed, 100);
  }
}

TEST(Execution, ReportsInPartsOfTenThousand) {
  std::int32_t control[2] = {0, 0};
  Execution(1, control, 0).report(3, 4);
  EXPECT_EQ(control[1], 7500);
}

}  // namespace
}  // namespace corpuscle::test
