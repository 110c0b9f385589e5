// The kernels under measurement, by the names that they have in every benchmark of this project.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "corpus.hpp"
#include "digest.hpp"

namespace corpuscle::bench {

/// A kernel with its input prepared.
class Task {
 public:
  virtual ~Task() = default;
  /// What is measured. It leaves a result, the same each time.
  virtual void run(Execution& run) = 0;
  virtual void digest(Digest& digest) const = 0;
  /// Before each run, outside of what is measured: lets the last result go, and makes what a run changes as it was.
  virtual void clear() {}
};

struct Row {
  const char* name;
  std::unique_ptr<Task> (*prepare)(Execution& run, const Corpus& corpus);
};

template <class T>
std::unique_ptr<Task> prepare(Execution& run, const Corpus& corpus) {
  return std::make_unique<T>(run, corpus);
}

std::span<const Row> text_rows();
std::span<const Row> pair_rows();
std::span<const Row> cluster_rows();
std::vector<Row> rows();

}  // namespace corpuscle::bench
