// A task measured: its times, what it counted, and what it gave.
#pragma once

#include <cstdint>
#include <vector>

#include "rows.hpp"

namespace corpuscle::bench {

struct Measurement {
  int threads;
  std::uint64_t digest;
  std::int64_t updates, distances, probes;  // Work of one run
  std::vector<double> seconds;              // of each run

  double median() const;
};

Measurement measure(Task& task, int threads, int repeats, Simd simd = best_simd());

/// Tasks get the memory that they ask for.
inline constexpr double no_budget = 1e18;

}  // namespace corpuscle::bench
