#include "silhouette.hpp"

#include <cmath>
#include <limits>

#include "pair_distances.hpp"
#include "sum_distances.hpp"

namespace corpuscle {
namespace {

using Rows = CsrView<std::int32_t, double>;

/// From the sums of the distances of one row to the rows of each cluster.
double silhouette_of(const double* sums, std::span<const double> sizes, std::int64_t own) {
  if (sizes[own] < 2) return 0;
  const double a = positive(sums[own]) / (sizes[own] - 1);
  double b = std::numeric_limits<double>::infinity();
  const auto clusters = static_cast<std::int64_t>(sizes.size());
  for (std::int64_t j = 0; j < clusters; ++j) {
    const double mean = positive(sums[j]) / sizes[j];
    if (j != own && mean < b) b = mean;
  }
  const double larger = a > b ? a : b;
  return larger > 0 ? (b - a) / larger : 0;
}

std::vector<double> squares_of(Execution& run, const Rows& rows) {
  std::vector<double> squares(static_cast<std::size_t>(rows.rows));
  with_squares(run, rows, [&](std::int64_t row, double sum) { squares[row] = sum; });
  return squares;
}

/// Scales the values of rows to length 1 and returns what their squares add up to; rows of zeros stay as they are.
std::vector<double> scale_to_units(Execution& run, const Rows& rows, std::span<double> values) {
  std::vector<double> squares(static_cast<std::size_t>(rows.rows));
  with_squares(run, rows, [&](std::int64_t row, double sum) {
    const double length = sum == 0 ? 1 : std::sqrt(sum);
    for (std::int64_t q = rows.indptr[row]; q < rows.indptr[row + 1]; ++q) {
      values[q] /= length;
      squares[row] += values[q] * values[q];
    }
  });
  return squares;
}

template <class Distances>
void silhouettes(Execution& run, const Distances& distances, const Clustering& clustering, const ClusterOrder& order,
                 std::span<const std::int32_t> sample, std::span<double> out) {
  std::vector<double> sizes;
  for (std::int64_t j = 0; j < order.clusters(); ++j) sizes.push_back(static_cast<double>(order.size(j)));
  std::vector<std::vector<double>> scratch(static_cast<std::size_t>(run.threads()));
  const Blocks blocks{static_cast<std::int64_t>(sample.size()), Distances::rows_per_chunk};
  std::atomic<std::int64_t> done{0};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
    scratch[thread].resize(distances.scratch());
    double* const sums = scratch[thread].data();
    for (std::int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
      if (run.stopped()) return;
      const std::int32_t own = clustering.labels[sample[i]];
      distances(sample[i], own, sums);
      out[i] = silhouette_of(sums, sizes, own);
    }
    run.report(done += blocks.end(block) - blocks.begin(block), blocks.n);
  });
}

}  // namespace

void silhouette(Execution& run, CsrView<std::int32_t, double> rows, std::span<double> values, const Clustering& clustering,
                SilhouetteMetric metric, std::span<const std::int32_t> sample, std::span<double> out) {
  rows.values = values;
  const ClusterOrder order(clustering);
  const bool cosine = metric == SilhouetteMetric::cosine;
  const std::vector<double> squares = cosine ? scale_to_units(run, rows, values) : squares_of(run, rows);
  if (metric == SilhouetteMetric::euclidean) {
    silhouettes(run, PairDistances(run, rows, squares, order), clustering, order, sample, out);
  } else {
    silhouettes(run, SumDistances(run, rows, squares, clustering, order, cosine), clustering, order, sample, out);
  }
}

}  // namespace corpuscle
