#include "cluster_sums.hpp"

#include <algorithm>

namespace corpuscle {
namespace {

constexpr std::int64_t line = 8;  // values of a cache line

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

/// The largest clusters come first, so that none is left to the end.
ClusterSums::ClusterSums(Execution& run, const ScaledRows& rows, const ClusterOrder& order)
    : terms_(rows.entries.columns), cells_(static_cast<std::size_t>(terms_ * order.clusters())) {
  const std::vector<std::int64_t> largest = largest_first(order.clusters(), [&](std::int64_t j) { return order.size(j); });
  parallel_chunks(run, order.clusters(), [&](std::int64_t place, int) {
    const std::int64_t j = largest[place];
    std::fill_n(column(j), terms_, 0.0);
    add(run, rows, std::span(order.rows).subspan(order.begins[j], order.size(j)), column(j));
  });
}

void ClusterSums::transpose(std::int64_t first, std::int64_t count, std::int64_t stride, double* out) const {
  const std::int64_t clusters = terms_ == 0 ? 0 : static_cast<std::int64_t>(cells_.size()) / terms_;
  for (std::int64_t j = 0; j < stride; ++j) {
    for (std::int64_t i = 0; i < count; ++i) out[i * stride + j] = j < clusters ? column(j)[first + i] : 0;
  }
}

}  // namespace corpuscle
