// Rows in clusters, and the sum of each cluster's rows, kept transposed: one row of `stride` cells a term, so that the dot
// products of a row with all sums are sums of rows of the table, as in k-means.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "csr.hpp"
#include "huge_pages.hpp"
#include "row_products.hpp"

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

/// A table of columns x stride; the cells beyond the clusters are zero.
class ClusterSums {
 public:
  static constexpr std::int64_t line = 8;  // cells of a cache line, of which the stride is a multiple

  /// Each cell is added in order of rows.
  ClusterSums(Execution& run, const ScaledRows& rows, const ClusterOrder& order);

  std::int64_t stride() const { return stride_; }
  double* row(std::int64_t term) { return cells_.data() + term * stride_; }
  const double* row(std::int64_t term) const { return cells_.data() + term * stride_; }

  /// out[j] = sum over the entries of a row of value * cell[index][j], in order of the entries; `stride` numbers.
  void products(const std::int32_t* indices, const double* values, std::int64_t length, double* out) const {
    products_(indices, values, length, cells_.data(), stride_, out);
  }

 private:
  std::int64_t stride_;
  LargeVector<double> cells_;
  RowProducts<std::int32_t> products_;  // by the vector instructions of the processor
};

}  // namespace corpuscle
