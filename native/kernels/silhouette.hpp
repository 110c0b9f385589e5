// Silhouettes (Rousseeuw 1987): how much nearer a row is to its own cluster than to the next one, from -1 to 1.
#pragma once

#include "cluster_sums.hpp"

namespace corpuscle {

/// 1 - cosine, |x - y|^2, or |x - y|. A row of zeros has the cosine 0 with all rows.
enum class SilhouetteMetric { cosine, squared_euclidean, euclidean };

/// out[i] = (b - a) / max(a, b) of row sample[i], with a its mean distance to the other rows of its cluster and b the smallest
/// mean distance to the rows of another one; 0 for a row alone in its cluster, and for 0 / 0. Throws as `with_squares`.
///
/// Cosine and squared Euclidean take O(nnz x clusters) by the sums of the clusters' rows; Euclidean takes each pair.
template <class Value>
void silhouette(Execution& run, const CsrView<std::int32_t, Value>& matrix, const Clustering& clustering, SilhouetteMetric metric,
                std::span<const std::int32_t> sample, std::span<double> out);

}  // namespace corpuscle
