// Rows in clusters, and the sum of each cluster's rows, a column of its own.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "csr.hpp"
#include "huge_pages.hpp"

namespace corpuscle {

/// The cluster of each row, a number below `clusters`.
struct Clustering {
  std::span<const std::int32_t> labels;
  std::int64_t clusters;
};

/// The rows in order of their clusters, then of their numbers: those of cluster j are [begins[j], begins[j + 1]) of `rows`.
struct ClusterOrder {
  std::vector<std::int64_t> begins;
  std::vector<std::int32_t> rows;

  explicit ClusterOrder(const Clustering& clustering);
  std::int64_t clusters() const { return static_cast<std::int64_t>(begins.size()) - 1; }
  std::int64_t size(std::int64_t cluster) const { return begins[cluster + 1] - begins[cluster]; }
};

/// The same matrix with values of double precision; `storage` holds them where they had to be converted.
template <class Value>
CsrView<std::int32_t, double> in_doubles(const CsrView<std::int32_t, Value>& rows, std::vector<double>& storage) {
  if constexpr (std::is_same_v<Value, double>) {
    return rows;
  } else {
    storage.assign(rows.values.begin(), rows.values.end());
    return {rows.rows, rows.columns, rows.indptr, rows.indices, storage};
  }
}

inline constexpr double most_squares = 1e280;  // beyond it, squares of sums of rows could leave the range of numbers

/// Calls use(row, squares) with the sum of the squares of each row, added in order of its entries; throws OverLimit for the
/// first row where it is no number, or beyond `most_squares`.
template <class Use>
void with_squares(Execution& run, const CsrView<std::int32_t, double>& rows, const Use& use) {
  std::atomic<std::int64_t> bad{rows.rows};
  const Blocks blocks{rows.rows, 1024};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
      double sum = 0;
      for (std::int64_t q = rows.indptr[row]; q < rows.indptr[row + 1]; ++q) sum += rows.values[q] * rows.values[q];
      if (!(sum <= most_squares)) lower_to(bad, row);
      use(row, sum);
    }
  });
  if (bad < rows.rows) {
    const std::string what = "row " + std::to_string(bad) + " holds NaN, an infinite or a too large value";
    throw OverLimit{"X must hold finite numbers with finite squares, but " + what + "."};
  }
}

/// Rows, each times a number.
struct ScaledRows {
  CsrView<std::int32_t, double> entries;
  std::span<const double> scales;  // of the rows; none: all are 1

  double scale(std::int64_t row) const { return scales.empty() ? 1 : scales[row]; }
};

/// Columns of a cell a term, one a cluster.
class ClusterSums {
 public:
  /// Each cell is added in order of rows.
  ClusterSums(Execution& run, const ScaledRows& rows, const ClusterOrder& order);

  double* column(std::int64_t cluster) { return cells_.data() + cluster * terms_; }
  const double* column(std::int64_t cluster) const { return cells_.data() + cluster * terms_; }

  /// Writes the cells of some terms from `first` on, `stride` a term; zeros are those beyond the clusters.
  void transpose(std::int64_t first, std::int64_t count, std::int64_t stride, double* out) const;

 private:
  std::int64_t terms_;
  LargeVector<double> cells_;
};

}  // namespace corpuscle
