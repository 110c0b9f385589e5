#include "silhouette.hpp"

#include <cmath>
#include <limits>

#include "pair_distances.hpp"
#include "sum_distances.hpp"

namespace corpuscle {
namespace {

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

std::vector<double> squares_of(Execution& run, const CsrView<std::int32_t, double>& rows) {
  std::vector<double> squares(static_cast<std::size_t>(rows.rows));
  with_squares(run, rows, [&](std::int64_t row, double sum) { squares[row] = sum; });
  return squares;
}

/// What makes rows those of length 1, given their squares, which become those of these rows; zeros stay zeros.
std::vector<double> unit_scales(std::span<double> squares) {
  std::vector<double> scales(squares.size(), 1.0);
  for (std::size_t row = 0; row < squares.size(); ++row) {
    if (squares[row] == 0) continue;
    scales[row] = 1 / std::sqrt(squares[row]);
    squares[row] = squares[row] * scales[row] * scales[row];
  }
  return scales;
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

template <class Value>
void silhouette(Execution& run, const CsrView<std::int32_t, Value>& matrix, const Clustering& clustering, SilhouetteMetric metric,
                std::span<const std::int32_t> sample, std::span<double> out) {
  std::vector<double> storage;
  const auto rows = in_doubles(matrix, storage);
  const ClusterOrder order(clustering);
  std::vector<double> squares = squares_of(run, rows);
  if (metric == SilhouetteMetric::euclidean) {
    silhouettes(run, PairDistances(run, rows, squares, order), clustering, order, sample, out);
  } else {
    const bool cosine = metric == SilhouetteMetric::cosine;
    const std::vector<double> scales = cosine ? unit_scales(squares) : std::vector<double>{};
    silhouettes(run, SumDistances(run, {rows, scales}, squares, clustering, order, cosine), clustering, order, sample, out);
  }
}

template void silhouette(Execution&, const CsrView<std::int32_t, std::int32_t>&, const Clustering&, SilhouetteMetric,
                         std::span<const std::int32_t>, std::span<double>);
template void silhouette(Execution&, const CsrView<std::int32_t, float>&, const Clustering&, SilhouetteMetric,
                         std::span<const std::int32_t>, std::span<double>);
template void silhouette(Execution&, const CsrView<std::int32_t, double>&, const Clustering&, SilhouetteMetric,
                         std::span<const std::int32_t>, std::span<double>);

}  // namespace corpuscle
