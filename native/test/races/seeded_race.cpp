// A race that is one: two threads add to the same number without a lock. ThreadSanitizer must report it, or its silence means
// nothing. Each waits until the other is there, so that it is one on a busy machine, too; relaxed, so that this orders nothing. They meet
// again and again: of the meetings a third goes unreported, whose first additions the sanitizer did not see beside each other.
#include <array>
#include <chrono>
#include <cstdio>

#include "../../kernels/parallel.hpp"

int main() {
  corpuscle::Execution run(2, nullptr, 0);
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  long sum = 0;
  for (int meeting = 0; meeting < 50; ++meeting) {
    std::array<std::atomic<bool>, 2> there{};
    corpuscle::parallel_chunks(run, 20000, [&](std::int64_t, int thread) {
      there[static_cast<std::size_t>(thread)].store(true, std::memory_order_relaxed);
      const auto alone = [&] { return !there[0].load(std::memory_order_relaxed) || !there[1].load(std::memory_order_relaxed); };
      while (alone() && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
      ++sum;
    });
  }
  std::printf("%ld\n", sum);
}
