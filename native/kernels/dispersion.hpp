// How far rows lie from the means of their clusters, and these from each other: what Calinski-Harabasz and Davies-Bouldin ask.
#pragma once

#include "cluster_sums.hpp"

namespace corpuscle {

/// Writes squared Euclidean distances: of each row to the mean of its cluster (n), of the mean of each cluster to the mean of all
/// rows (k), and, unless `between` is empty, of the means of any two clusters (k x k). Throws as `with_squares`.
template <class Value>
void dispersion(Execution& run, const CsrView<std::int32_t, Value>& rows, const Clustering& clustering,
                std::span<double> to_center, std::span<double> to_mean, std::span<double> between);

}  // namespace corpuscle
