// The one place where threads are made: fixed chunks, an explicit thread count, a stop flag. Serial without OpenMP.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <numeric>
#include <span>
#include <string>
#include <thread>
#include <vector>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "simd.hpp"

namespace corpuscle {

inline constexpr bool has_openmp =
#ifdef _OPENMP
    true;
#else
    false;
#endif

/// Thrown, outside of parallel regions, by a kernel whose stop flag was raised.
struct Stopped {};

/// Thrown by a kernel that would take more memory than it was given; both numbers are bytes.
struct OverBudget {
  double needed;
  double allowed;
};

/// Thrown for work beyond a limit that no budget lifts; `what` is a sentence.
struct OverLimit {
  std::string what;
};

/// What kernels count while they work. The counts are exact and do not depend on the threads, but for `probes`: each thread
/// has a table of its own, so these are exact on one thread.
enum class Work {
  updates,    // of co-occurrence: pairs of terms met, over all rows; of the upper triangle, those with i <= j
  distances,  // of k-means: (row, center) pairs whose distance was computed by assign, transform or k-means++
  probes,     // of the term table: slots looked at
};

/// How one job runs: its thread count, its stop flag, its progress counter and what memory it may still take.
class Execution {
 public:
  /// `control` points to two integers shared with the caller, or to none: [0] is set to stop the job, [1] receives how
  /// much of it is done, in parts of ten thousand.
  Execution(int threads, std::int32_t* control, double budget, Simd simd = best_simd())
      : threads_(std::clamp(threads, 1, most_threads())), simd_(simd), control_(control), budget_(budget), left_(budget) {}

  int threads() const { return threads_; }
  Simd simd() const { return simd_; }

  bool stopped() const {
    return control_ != nullptr && std::atomic_ref(control_[0]).load(std::memory_order_relaxed) != 0;
  }
  void check_stopped() const {
    if (stopped()) throw Stopped{};
  }
  void report(std::int64_t done, std::int64_t total) const {
    if (control_ == nullptr || total <= 0) return;
    const auto share = static_cast<std::int32_t>(10000.0 * static_cast<double>(done) / static_cast<double>(total));
    std::atomic_ref(control_[1]).store(share, std::memory_order_relaxed);
  }

  void count(Work kind, std::int64_t amount) {
    work_[static_cast<std::size_t>(kind)].fetch_add(amount, std::memory_order_relaxed);
  }
  std::int64_t counted(Work kind) const { return work_[static_cast<std::size_t>(kind)].load(std::memory_order_relaxed); }

  /// Takes `bytes` of the budget, or throws OverBudget; called before the memory is asked for.
  void take(double bytes) {
    const double before = left_.fetch_sub(bytes, std::memory_order_relaxed);
    if (before < bytes) throw OverBudget{budget_ - before + bytes, budget_};
  }

 private:
  /// Beyond a few threads a core, more of them cost and may not be granted, which OpenMP does not survive.
  static int most_threads() { return std::max(8, 4 * static_cast<int>(std::thread::hardware_concurrency())); }

  int threads_;
  Simd simd_;
  std::int32_t* control_;
  double budget_;
  std::atomic<double> left_;
  std::array<std::atomic<std::int64_t>, 3> work_{};  // one for each kind of Work
};

/// Calls body(chunk, thread) once for each chunk in [0, chunks), on up to run.threads() threads; chunks are given out in order, but which
/// thread takes which chunk is not fixed, so a body writes only what its chunk owns, or scratch memory of its thread (0-based).
/// The first exception of a body, or Stopped, is thrown here, after all threads are back.
template <class Body>
void parallel_chunks(Execution& run, std::int64_t chunks, Body&& body) {
  std::atomic<std::int64_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
  const auto work = [&]([[maybe_unused]] int thread) noexcept {
    while (!run.stopped() && !failed.load(std::memory_order_relaxed)) {
      const std::int64_t chunk = next.fetch_add(1, std::memory_order_relaxed);
      if (chunk >= chunks) return;
      try {
        body(chunk, thread);
      } catch (...) {
        if (!failed.exchange(true)) failure = std::current_exception();
      }
    }
  };
  [[maybe_unused]] const int team = static_cast<int>(std::min<std::int64_t>(run.threads(), chunks));
#ifdef _OPENMP
  if (team > 1) {
#pragma omp parallel num_threads(team)
    work(omp_get_thread_num());
  } else {
    work(0);
  }
#else
  work(0);
#endif
  if (failure) std::rethrow_exception(failure);
  run.check_stopped();
}

/// The numbers of chunks, those with the most work, as work_of(chunk) tells, first, so that none is left to the end.
template <class WorkOf>
std::vector<std::int64_t> largest_first(std::int64_t chunks, const WorkOf& work_of) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(chunks));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return work_of(a) > work_of(b); });
  return order;
}

/// Lowers `lowest` to `value`, whichever thread comes first: for the first of several faults.
inline void lower_to(std::atomic<std::int64_t>& lowest, std::int64_t value) {
  std::int64_t known = lowest.load();
  while (value < known && !lowest.compare_exchange_weak(known, value)) {
  }
}

/// Cuts [0, n) into blocks of `size`, the last one shorter; blocks depend on the data alone, never on the threads.
struct Blocks {
  std::int64_t n;
  std::int64_t size;
  std::int64_t count() const { return (n + size - 1) / size; }
  std::int64_t begin(std::int64_t block) const { return block * size; }
  std::int64_t end(std::int64_t block) const { return std::min(n, (block + 1) * size); }
};

/// Sets all numbers to zero.
inline void fill_zeros(Execution& run, std::span<double> numbers) {
  const Blocks blocks{static_cast<std::int64_t>(numbers.size()), 1 << 18};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    std::fill(numbers.begin() + blocks.begin(block), numbers.begin() + blocks.end(block), 0.0);
  });
}

/// Copies a block, a large one on so many threads, where no job runs yet: a core reads half of what memory can give.
inline void copy_block(int threads, const void* from, std::size_t bytes, void* to) {
  constexpr std::size_t page = std::size_t{1} << 21;  // a large one, which no two threads should ask for
  constexpr std::size_t least = 4 * page;             // for a thread
  const std::size_t parts = std::clamp<std::size_t>(std::min(bytes / least, static_cast<std::size_t>(std::max(threads, 1))), 1, 8);
  const auto begin_of = [&](std::size_t part) { return part == parts ? bytes : bytes / parts * part / page * page; };
  const auto copy = [&](std::size_t part) {
    if (bytes == 0) return;
    std::memcpy(static_cast<char*>(to) + begin_of(part), static_cast<const char*>(from) + begin_of(part), begin_of(part + 1) - begin_of(part));
  };
  std::vector<std::thread> helpers;
  helpers.reserve(parts);
  try {
    while (helpers.size() + 1 < parts) helpers.emplace_back(copy, helpers.size());
  } catch (...) {  // the system gives no more: what is left is copied here
  }
  for (std::size_t part = helpers.size(); part < parts; ++part) copy(part);
  for (std::thread& helper : helpers) helper.join();
}

/// Rows (or terms) per block of floating-point sums, and terms per block of the sums of how far centers move: part of the contract between
/// the backends.
inline constexpr std::int64_t sum_block = 1024;
inline constexpr std::int64_t shift_block = 64;

}  // namespace corpuscle
