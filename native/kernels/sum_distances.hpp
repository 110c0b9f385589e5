// The sums of the distances of a row to the rows of each cluster, in closed form: cosine and squared Euclidean.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cluster_sums.hpp"

namespace corpuscle {

/// Whether two rows have the same values, stored zeros left aside.
inline bool same_row(const ScaledRows& rows, std::int64_t a, std::int64_t b) {
  if (a == b) return true;
  const auto& indptr = rows.entries.indptr;
  const auto& indices = rows.entries.indices;
  const auto& values = rows.entries.values;
  std::int64_t p = indptr[a], q = indptr[b];
  const std::int64_t p_end = indptr[a + 1], q_end = indptr[b + 1];
  for (;; ++p, ++q) {
    while (p < p_end && values[p] == 0) ++p;
    while (q < q_end && values[q] == 0) ++q;
    if (p == p_end || q == q_end) return p == p_end && q == q_end;
    if (indices[p] != indices[q] || values[p] * rows.scale(a) != values[q] * rows.scale(b)) return false;
  }
}

/// Closed form: the sum over the rows y of a cluster of 1 - x y is size - x sum(y), that of |x - y|^2 is
/// size |x|^2 + sum(|y|^2) - 2 x sum(y). Where all rows of a cluster are the same as x it is 0, whatever rounding leaves.
class SumDistances {
 public:
  static constexpr std::int64_t rows_per_chunk = 256;

  /// `squares` are those of the scaled rows, which have length 1, or 0, where distances are by cosine.
  SumDistances(Execution& run, const ScaledRows& rows, std::span<const double> squares, const Clustering& clustering,
               const ClusterOrder& order, bool cosine)
      : rows_(rows), squares_(squares), cosine_(cosine), sums_(run, rows, order), alike_(order.begins.size() - 1, -1),
        totals_(order.begins.size() - 1, 0.0), sizes_(order.begins.size() - 1) {
    for (std::size_t row = 0; row < squares.size(); ++row) totals_[clustering.labels[row]] += squares[row];
    for (std::int64_t j = 0; j < order.clusters(); ++j) {
      sizes_[j] = static_cast<double>(order.size(j));
      find_alike(j, std::span(order.rows).subspan(order.begins[j], order.size(j)));
    }
  }

  std::size_t scratch() const { return static_cast<std::size_t>(sums_.stride()); }

  void operator()(std::int64_t row, std::int64_t own, double* sums) const {
    const auto& entries = rows_.entries;
    const std::int64_t begin = entries.indptr[row];
    sums_.products(entries.indices.data() + begin, entries.values.data() + begin, entries.indptr[row + 1] - begin, sums);
    const auto clusters = static_cast<std::int64_t>(sizes_.size());
    const double squares = squares_[row], scale = rows_.scale(row);
    if (cosine_) {
      for (std::int64_t j = 0; j < clusters; ++j) sums[j] = sizes_[j] - sums[j] * scale;
      sums[own] -= 1 - squares;  // what the row has counted as its distance to itself
    } else {
      for (std::int64_t j = 0; j < clusters; ++j) sums[j] = (sizes_[j] * squares + totals_[j]) - 2 * sums[j];
    }
    for (const std::int32_t j : same_rows_) {
      if (same_row(rows_, alike_[j], row)) sums[j] = 0;
    }
  }

 private:
  void find_alike(std::int64_t cluster, std::span<const std::int32_t> members) {
    for (const std::int32_t row : members) {
      if (!same_row(rows_, members[0], row)) return;
    }
    if (members.empty() || (cosine_ && squares_[members[0]] == 0)) return;  // zeros are at distance 1 of each other
    alike_[cluster] = members[0];
    same_rows_.push_back(static_cast<std::int32_t>(cluster));
  }

  ScaledRows rows_;
  std::span<const double> squares_;
  bool cosine_;
  ClusterSums sums_;
  std::vector<std::int32_t> alike_;      // where all rows of a cluster are the same: one of them, else -1
  std::vector<std::int32_t> same_rows_;  // those clusters
  std::vector<double> totals_;           // of the squares of each cluster
  std::vector<double> sizes_;
};

}  // namespace corpuscle
