// What the silhouette of a row is made of.
#pragma once

#include <limits>
#include <span>

#include "cluster_sums.hpp"
#include "row_products.hpp"

namespace corpuscle {

struct DistancesOfRow {
  double own;            // the sum of the distances to the rows of its own cluster
  double nearest_other;  // the smallest mean distance to the rows of another one
};

/// From the sums of the distances of one row to the rows of each cluster.
inline DistancesOfRow distances_of_row(std::span<const double> sums, const ClusterOrder& order, std::int64_t own) {
  double nearest = std::numeric_limits<double>::infinity();
  for (std::int64_t j = 0; j < order.clusters(); ++j) {
    const double mean = positive(sums[j]) / static_cast<double>(order.size(j));
    if (j != own && mean < nearest) nearest = mean;
  }
  return {sums[own], nearest};
}

}  // namespace corpuscle
