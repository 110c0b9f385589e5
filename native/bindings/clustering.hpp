// The cluster of each row as it came: copied, not yet checked.
#pragma once

#include "../kernels/cluster_sums.hpp"
#include "args.hpp"

namespace corpuscle {

struct ClusteringCopy {
  LargeVector<std::int32_t> labels;
  std::int64_t clusters;

  /// Two arguments, from `first`: labels, nClusters.
  ClusteringCopy(const Args& args, std::size_t first)
      : labels(args.array<std::int32_t>(first)), clusters(args.integer(first + 1, 1, 2147483647)) {}

  Clustering view() const { return {labels, clusters}; }
  /// Refuses what would write beyond the arrays of a kernel, and numbers that no row has.
  void check(std::int64_t rows) const {
    const auto refuse = [](const char* what) { throw InvalidMatrix{what}; };
    if (static_cast<std::int64_t>(labels.size()) != rows) refuse("There must be one label a row.");
    if (clusters > rows) refuse("There cannot be more clusters than rows.");
    for (const std::int32_t label : labels) {
      if (label < 0 || label >= clusters) refuse("Labels must be numbers of clusters.");
    }
  }
};

}  // namespace corpuscle
