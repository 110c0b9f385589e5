#include "silhouette.hpp"

#include <cmath>

#include "pair_distances.hpp"
#include "sum_distances.hpp"

namespace corpuscle {
namespace {

double silhouette_of(const DistancesOfRow& distances, std::int64_t own_size) {
  if (own_size < 2) return 0;
  const double a = positive(distances.own) / static_cast<double>(own_size - 1), b = distances.nearest_other;
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
  std::vector<typename Distances::Scratch> scratch(static_cast<std::size_t>(run.threads()));
  const Blocks blocks{static_cast<std::int64_t>(sample.size()), Distances::rows_per_chunk};
  std::atomic<std::int64_t> done{0};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
    const std::int64_t begin = blocks.begin(block), count = blocks.end(block) - begin;
    const std::span<const std::int32_t> rows = sample.subspan(begin, count);
    distances.each(run, rows, scratch[thread], [&](std::int64_t i, const DistancesOfRow& found) {
      out[begin + i] = silhouette_of(found, order.size(clustering.labels[rows[i]]));
    });
    run.report(done += count, blocks.n);
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
    silhouettes(run, PairDistances(run, rows, squares, clustering, order), clustering, order, sample, out);
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
