#include "cluster_sums.hpp"

#include <algorithm>

namespace corpuscle {
namespace {

constexpr std::int64_t line = ClusterSums::line;

/// Adds the rows of a cluster to a column of cells, one a term. They lie apart: the processor would ask for each when it has come there.
void add(const Execution& run, const ScaledRows& rows, std::span<const std::int32_t> members, double* cells) {
  const auto& [entries, scales] = rows;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i % 4096 == 0 && run.stopped()) return;
    const std::int32_t row = members[i], next = members[std::min(i + 1, members.size() - 1)];
    for (std::int64_t q = entries.indptr[next]; q < entries.indptr[next + 1]; q += line) {
      __builtin_prefetch(entries.indices.data() + q);
      __builtin_prefetch(entries.values.data() + q);
    }
    const double scale = rows.scale(row);
    for (std::int64_t q = entries.indptr[row]; q < entries.indptr[row + 1]; ++q) cells[entries.indices[q]] += entries.values[q] * scale;
  }
}

}  // namespace

ClusterOrder::ClusterOrder(const Clustering& clustering)
    : begins(static_cast<std::size_t>(clustering.clusters) + 1, 0), rows(clustering.labels.size()) {
  for (const std::int32_t label : clustering.labels) ++begins[label + 1];
  for (std::int64_t j = 0; j < clustering.clusters; ++j) begins[j + 1] += begins[j];
  std::vector<std::int64_t> next(begins.begin(), begins.end() - 1);
  for (std::size_t row = 0; row < rows.size(); ++row) rows[next[clustering.labels[row]]++] = static_cast<std::int32_t>(row);
}

/// A chunk owns one line of cells of every term, that of eight clusters: nothing to reduce. Each cluster is added in a column of its own,
/// of which much more stays in the cache than of the lines. The largest clusters come first, so that none is left to the end.
ClusterSums::ClusterSums(Execution& run, const ScaledRows& rows, const ClusterOrder& order)
    : stride_(padded_clusters(order.clusters())), cells_(static_cast<std::size_t>(rows.entries.columns * stride_)),
      products_(row_products<std::int32_t>(run.simd())) {
  const std::int64_t lines = stride_ / line, columns = rows.entries.columns;
  const std::vector<std::int64_t> order_of_lines = largest_first(lines, [&](std::int64_t of) {
    return order.begins[std::min(order.clusters(), (of + 1) * line)] - order.begins[of * line];
  });
  std::vector<LargeVector<double>> scratch(static_cast<std::size_t>(run.threads()));
  parallel_chunks(run, lines, [&](std::int64_t place, int thread) {
    const std::int64_t first = order_of_lines[place] * line;
    LargeVector<double>& sums = scratch[thread];
    sums.resize(static_cast<std::size_t>(line * columns));
    std::fill(sums.begin(), sums.end(), 0.0);
    for (std::int64_t j = first; j < std::min(order.clusters(), first + line); ++j) {
      add(run, rows, std::span(order.rows).subspan(order.begins[j], order.size(j)), sums.data() + (j - first) * columns);
    }
    for (std::int64_t term = 0; term < columns; ++term) {
      double* const cells = row(term) + first;
      for (std::int64_t j = 0; j < line; ++j) cells[j] = sums[j * columns + term];
    }
  });
}

}  // namespace corpuscle
