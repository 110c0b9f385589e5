#include "measure.hpp"

#include <algorithm>
#include <chrono>

using corpuscle::Execution;
using corpuscle::bench::Task;

/// The one call that is measured, by a name that profilers find: callgrind --toggle-collect='measured_region*'.
extern "C" [[gnu::noinline]] void measured_region(Task& task, Execution& run) { task.run(run); }

namespace corpuscle::bench {

double Measurement::median() const {
  std::vector<double> sorted = seconds;
  std::sort(sorted.begin(), sorted.end());
  return (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
}

Measurement measure(Task& task, int threads, int repeats, Simd simd) {
  Measurement measurement{};
  for (int i = 0; i < repeats; ++i) {
    task.clear();
    Execution run(threads, nullptr, no_budget, simd);
    const auto start = std::chrono::steady_clock::now();
    measured_region(task, run);
    measurement.seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    measurement.threads = run.threads();
    measurement.updates = run.counted(Work::updates);
    measurement.distances = run.counted(Work::distances);
    measurement.probes = run.counted(Work::probes);
  }
  Digest digest;
  task.digest(digest);
  measurement.digest = digest.value();
  return measurement;
}

}  // namespace corpuscle::bench
