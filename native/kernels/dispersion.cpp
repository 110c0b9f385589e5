#include "dispersion.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t line = ClusterSums::line;

/// Sums become means; writes their squared lengths and their distances to the mean of all rows.
std::vector<double> average(Execution& run, ClusterSums& sums, const ClusterOrder& order, std::int64_t columns,
                            std::span<double> to_mean) {
  const std::int64_t clusters = order.clusters();
  const auto rows = static_cast<double>(order.rows.size());
  std::vector<double> means(static_cast<std::size_t>(columns)), sizes(static_cast<std::size_t>(sums.stride()), 1.0);
  for (std::int64_t j = 0; j < clusters; ++j) sizes[j] = static_cast<double>(order.size(j));
  const Blocks blocks{columns, 1024};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
      double* const cells = sums.row(term);
      double total = 0;
      for (std::int64_t j = 0; j < clusters; ++j) total += cells[j];
      means[term] = total / rows;
      for (std::int64_t j = 0; j < sums.stride(); ++j) cells[j] /= sizes[j];
    }
  });
  std::vector<double> norms(static_cast<std::size_t>(sums.stride()));
  parallel_chunks(run, sums.stride() / line, [&](std::int64_t chunk, int) {
    double squares[line] = {}, distances[line] = {};
    for (std::int64_t term = 0; term < columns; ++term) {
      const double* const cells = sums.row(term) + chunk * line;
      for (std::int64_t j = 0; j < line; ++j) {
        squares[j] += cells[j] * cells[j];
        distances[j] += (cells[j] - means[term]) * (cells[j] - means[term]);
      }
    }
    for (std::int64_t j = 0; j < line; ++j) {
      norms[chunk * line + j] = squares[j];
      if (chunk * line + j < clusters) to_mean[chunk * line + j] = distances[j];
    }
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
      double sum = 0;
      for (std::int64_t q = rows.indptr[row]; q < rows.indptr[row + 1]; ++q) {
        const double cell = centers.row(rows.indices[q])[label];
        const double difference = rows.values[q] - cell;
        sum += difference * difference - cell * cell;
      }
      out[row] = positive(sum + norms[label]);
    }
  });
}

/// A chunk owns the distances of eight centers to all.
void distances_between(Execution& run, const ClusterSums& centers, std::int64_t clusters, std::int64_t columns,
                       std::span<double> out) {
  const Blocks blocks{clusters, line};
  std::vector<std::vector<double>> scratch(static_cast<std::size_t>(run.threads()));
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
    const std::int64_t stride = centers.stride(), first = blocks.begin(block), count = blocks.end(block) - first;
    scratch[thread].assign(static_cast<std::size_t>(line * stride), 0.0);
    for (std::int64_t term = 0; term < columns; ++term) {
      if (term % 1024 == 0 && run.stopped()) return;
      const double* const cells = centers.row(term);
      for (std::int64_t i = 0; i < count; ++i) {
        const double own = cells[first + i];
        double* const sums = scratch[thread].data() + i * stride;
        for (std::int64_t j = 0; j < stride; ++j) sums[j] += (own - cells[j]) * (own - cells[j]);
      }
    }
    for (std::int64_t i = 0; i < count; ++i) {
      std::copy_n(scratch[thread].data() + i * stride, clusters, out.data() + (first + i) * clusters);
    }
  });
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
  const std::vector<double> norms = average(run, centers, order, rows.columns, to_mean);
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
