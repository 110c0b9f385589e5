// The kernels under measurement, by the names that they have in every benchmark of this project.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

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
  /// Lets the result go, outside of what is measured.
  virtual void clear() {}
};

struct Row {
  const char* name;
  std::unique_ptr<Task> (*prepare)(Execution& run, const Corpus& corpus);
};

std::span<const Row> rows();

}  // namespace corpuscle::bench
