#include "dispersion.hpp"

#include "row_products.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t lanes = 8;        // centers that are taken at once
constexpr std::int64_t side_by_side = 64;  // terms whose cells are laid so at once
constexpr std::int64_t term_block = 512;  // of whose cells eight centers stay in the first-level cache

/// Sums become means; returns the mean of all rows.
std::vector<double> average(Execution& run, ClusterSums& sums, const ClusterOrder& order, std::int64_t columns) {
  const auto rows = static_cast<double>(order.rows.size());
  std::vector<double> means(static_cast<std::size_t>(columns), 0.0);
  const Blocks blocks{columns, term_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    const std::int64_t first = blocks.begin(block), end = blocks.end(block);
    for (std::int64_t j = 0; j < order.clusters(); ++j) {
      double* const cells = sums.column(j);
      const auto size = static_cast<double>(order.size(j));
      for (std::int64_t term = first; term < end; ++term) {
        means[term] += cells[term];
        cells[term] /= size;
      }
    }
    for (std::int64_t term = first; term < end; ++term) means[term] /= rows;
  });
  return means;
}

/// Writes the distances of the centers to the mean of all rows; returns their squared lengths.
std::vector<double> lengths(Execution& run, const ClusterSums& centers, std::span<const double> means, std::span<double> to_mean) {
  std::vector<double> norms(to_mean.size());
  const Blocks blocks{static_cast<std::int64_t>(to_mean.size()), lanes};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    const std::int64_t first = blocks.begin(block), count = blocks.end(block) - first;
    double squares[lanes] = {}, distances[lanes] = {};
    for (std::size_t term = 0; term < means.size(); ++term) {
      for (std::int64_t j = 0; j < count; ++j) {
        const double cell = centers.column(first + j)[term], difference = cell - means[term];
        squares[j] += cell * cell;
        distances[j] += difference * difference;
      }
    }
    std::copy_n(squares, count, norms.begin() + first);
    std::copy_n(distances, count, to_mean.begin() + first);
  });
  return norms;
}

/// |x - c|^2 = the sum over the entries of x of (x - c)^2 - c^2, and |c|^2.
void distances_to_centers(Execution& run, const CsrView<std::int32_t, double>& rows, const Clustering& clustering,
                          const ClusterSums& centers, std::span<const double> norms, std::span<double> out) {
  const Blocks blocks{rows.rows, 1024};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
      const std::int32_t label = clustering.labels[row];
      const double* const center = centers.column(label);
      double sum = 0;
      for (std::int64_t q = rows.indptr[row]; q < rows.indptr[row + 1]; ++q) {
        const double cell = center[rows.indices[q]];
        const double difference = rows.values[q] - cell;
        sum += difference * difference - cell * cell;
      }
      out[row] = positive(sum + norms[label]);
    }
  });
}

/// A block of terms after the other, whose cells are laid side by side once; a chunk owns the distances of eight centers to all.
void distances_between(Execution& run, const ClusterSums& centers, std::int64_t clusters, std::int64_t columns,
                       std::span<double> out) {
  const std::int64_t stride = padded_clusters(clusters);
  std::vector<double> sums(static_cast<std::size_t>(clusters * stride), 0.0);
  LargeVector<double> cells(static_cast<std::size_t>(std::min(side_by_side, columns) * stride));
  const Blocks blocks{columns, side_by_side}, owned{clusters, lanes};
  for (std::int64_t block = 0; block < blocks.count(); ++block) {
    const std::int64_t first = blocks.begin(block), count = blocks.end(block) - first;
    const Blocks lines{count, lanes};
    parallel_chunks(run, lines.count(), [&](std::int64_t of, int) {
      const std::int64_t begin = lines.begin(of);
      centers.transpose(first + begin, lines.end(of) - begin, stride, cells.data() + begin * stride);
    });
    parallel_chunks(run, owned.count(), [&](std::int64_t chunk, int) {
      for (std::int64_t term = 0; term < count; ++term) {
        const double* const of_term = cells.data() + term * stride;
        for (std::int64_t i = owned.begin(chunk); i < owned.end(chunk); ++i) {
          const double own = of_term[i];
          double* const of_center = sums.data() + i * stride;
          for (std::int64_t j = 0; j < stride; ++j) of_center[j] += (own - of_term[j]) * (own - of_term[j]);
        }
      }
    });
  }
  for (std::int64_t i = 0; i < clusters; ++i) std::copy_n(sums.data() + i * stride, clusters, out.data() + i * clusters);
}

}  // namespace

template <class Value>
void dispersion(Execution& run, const CsrView<std::int32_t, Value>& matrix, const Clustering& clustering,
                std::span<double> to_center, std::span<double> to_mean, std::span<double> between) {
  std::vector<double> storage;
  const auto rows = in_doubles(matrix, storage);
  with_squares(run, rows, [](std::int64_t, double) {});  // for its refusals
  const ClusterOrder order(clustering);
  ClusterSums centers(run, {rows, {}}, order);
  const std::vector<double> means = average(run, centers, order, rows.columns), norms = lengths(run, centers, means, to_mean);
  distances_to_centers(run, rows, clustering, centers, norms, to_center);
  if (!between.empty()) distances_between(run, centers, order.clusters(), rows.columns, between);
}

template void dispersion(Execution&, const CsrView<std::int32_t, std::int32_t>&, const Clustering&, std::span<double>,
                         std::span<double>, std::span<double>);
template void dispersion(Execution&, const CsrView<std::int32_t, float>&, const Clustering&, std::span<double>,
                         std::span<double>, std::span<double>);
template void dispersion(Execution&, const CsrView<std::int32_t, double>&, const Clustering&, std::span<double>,
                         std::span<double>, std::span<double>);

}  // namespace corpuscle
