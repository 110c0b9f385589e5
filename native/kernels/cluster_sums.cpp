#include "cluster_sums.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t line = ClusterSums::line;

}  // namespace

ClusterOrder::ClusterOrder(const Clustering& clustering)
    : begins(static_cast<std::size_t>(clustering.clusters) + 1, 0), rows(clustering.labels.size()) {
  for (const std::int32_t label : clustering.labels) ++begins[label + 1];
  for (std::int64_t j = 0; j < clustering.clusters; ++j) begins[j + 1] += begins[j];
  std::vector<std::int64_t> next(begins.begin(), begins.end() - 1);
  for (std::size_t row = 0; row < rows.size(); ++row) rows[next[clustering.labels[row]]++] = static_cast<std::int32_t>(row);
}

/// A chunk owns one line of cells of every term, that of eight clusters, and takes their rows one cluster after the other:
/// nothing to reduce, and a small part of the table at a time.
ClusterSums::ClusterSums(Execution& run, const CsrView<std::int32_t, double>& rows, const ClusterOrder& order)
    : stride_(padded_clusters(order.clusters())), cells_(static_cast<std::size_t>(rows.columns * stride_), 0.0),
      products_(row_products<std::int32_t>(run.simd())) {
  parallel_chunks(run, stride_ / line, [&](std::int64_t chunk, int) {
    for (std::int64_t j = chunk * line; j < std::min(order.clusters(), (chunk + 1) * line); ++j) {
      double* const cells = cells_.data();
      for (std::int64_t i = order.begins[j]; i < order.begins[j + 1]; ++i) {
        if (i % 4096 == 0 && run.stopped()) return;
        const std::int64_t end = rows.indptr[order.rows[i] + 1];
        for (std::int64_t q = rows.indptr[order.rows[i]]; q < end; ++q) {
          cells[static_cast<std::int64_t>(rows.indices[q]) * stride_ + j] += rows.values[q];
        }
      }
    }
  });
}

}  // namespace corpuscle
