#include "cluster_sums.hpp"

#include <algorithm>

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

/// A chunk owns one line of cells of every term, that of eight clusters, and takes their rows one cluster after the other: nothing to
/// reduce, and a small part of the table at a time. Those of the largest clusters come first, so that none is left to the end.
ClusterSums::ClusterSums(Execution& run, const CsrView<std::int32_t, double>& rows, const ClusterOrder& order)
    : stride_(padded_clusters(order.clusters())), cells_(static_cast<std::size_t>(rows.columns * stride_)),
      products_(row_products<std::int32_t>(run.simd())) {
  fill_zeros(run, cells_);
  const std::int64_t lines = stride_ / line;
  const std::vector<std::int64_t> order_of_lines = largest_first(lines, [&](std::int64_t of) {
    return order.begins[std::min(order.clusters(), (of + 1) * line)] - order.begins[of * line];
  });
  parallel_chunks(run, lines, [&](std::int64_t place, int) {
    const std::int64_t first = order_of_lines[place] * line;
    for (std::int64_t j = first; j < std::min(order.clusters(), first + line); ++j) add(run, rows, order, j);
  });
}

/// The rows of a cluster lie apart: the processor would ask for each when it has come there.
void ClusterSums::add(const Execution& run, const CsrView<std::int32_t, double>& rows, const ClusterOrder& order, std::int64_t cluster) {
  double* const cells = cells_.data();
  const std::int64_t first = order.begins[cluster], end = order.begins[cluster + 1];
  for (std::int64_t i = first; i < end; ++i) {
    if (i % 4096 == 0 && run.stopped()) return;
    const std::int32_t row = order.rows[i], next = order.rows[std::min(i + 1, end - 1)];
    for (std::int64_t q = rows.indptr[next]; q < rows.indptr[next + 1]; q += line) {
      __builtin_prefetch(rows.indices.data() + q);
      __builtin_prefetch(rows.values.data() + q);
    }
    for (std::int64_t q = rows.indptr[row]; q < rows.indptr[row + 1]; ++q) {
      cells[static_cast<std::int64_t>(rows.indices[q]) * stride_ + cluster] += rows.values[q];
    }
  }
}

}  // namespace corpuscle
