// The sums of the Euclidean distances of a row to the rows of each cluster, pair by pair.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

#include "distances_of_row.hpp"

namespace corpuscle {

/// In so many lanes distances are added, and processors may add them at once.
inline constexpr std::int64_t distance_lanes = 8;

/// Takes the square roots of eight numbers; compilers would take one at a time, for the sake of errno.
inline void take_roots(double (&numbers)[distance_lanes]) {
#if defined(__x86_64__)
  for (std::int64_t i = 0; i < distance_lanes; i += 2) _mm_storeu_pd(numbers + i, _mm_sqrt_pd(_mm_loadu_pd(numbers + i)));
#else
  for (std::int64_t i = 0; i < distance_lanes; ++i) numbers[i] = std::sqrt(numbers[i]);
#endif
}

/// Each pair, by the inverted index: the posting lists of the row's terms give its products with all rows, which stand in
/// order of their clusters, so that the sum over a cluster runs over neighbours. A row is exactly 0 from itself and from its
/// equals, because their squares are added in the same order as the product.
class PairDistances {
 public:
  static constexpr std::int64_t rows_per_chunk = 8;

  using Scratch = std::vector<double>;

  PairDistances(Execution& run, const CsrView<std::int32_t, double>& rows, std::span<const double> squares,
                const Clustering& clustering, const ClusterOrder& order)
      : rows_(rows), squares_(squares), clustering_(clustering), order_(order), ordered_squares_(squares.size()) {
    std::vector<std::int64_t> indptr{0};
    std::vector<std::int32_t> indices;
    std::vector<double> values;
    indptr.reserve(rows.indptr.size());
    indices.reserve(rows.indices.size());
    values.reserve(rows.values.size());
    for (std::size_t place = 0; place < order.rows.size(); ++place) {
      if (place % 4096 == 0) run.check_stopped();
      const std::int64_t row = order.rows[place], begin = rows.indptr[row], end = rows.indptr[row + 1];
      indices.insert(indices.end(), rows.indices.begin() + begin, rows.indices.begin() + end);
      values.insert(values.end(), rows.values.begin() + begin, rows.values.begin() + end);
      indptr.push_back(static_cast<std::int64_t>(indices.size()));
      ordered_squares_[place] = squares[row];
    }
    columns_ = columns_of(run, CsrView<std::int32_t, double>{rows.rows, rows.columns, indptr, indices, values});
  }

  /// Calls use(i, distances) for each row, until the run is stopped.
  template <class Use>
  void each(const Execution& run, std::span<const std::int32_t> rows, Scratch& scratch, const Use& use) const {
    const auto clusters = static_cast<std::size_t>(order_.clusters());
    scratch.resize(clusters + order_.rows.size());
    const std::span<double> sums = std::span(scratch).first(clusters), products = std::span(scratch).subspan(clusters);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (run.stopped()) return;
      multiply(rows[i], products);
      for (std::size_t j = 0; j < clusters; ++j) sums[j] = sum(products.data(), squares_[rows[i]], static_cast<std::int64_t>(j));
      use(static_cast<std::int64_t>(i), distances_of_row(sums, order_, clustering_.labels[rows[i]]));
    }
  }

 private:
  /// The products of a row with all, in order of their clusters.
  void multiply(std::int64_t row, std::span<double> products) const {
    std::fill(products.begin(), products.end(), 0.0);
    for (std::int64_t q = rows_.indptr[row]; q < rows_.indptr[row + 1]; ++q) {
      const double value = rows_.values[q];
      const std::int64_t end = columns_.indptr[rows_.indices[q] + 1];
      for (std::int64_t at = columns_.indptr[rows_.indices[q]]; at < end; ++at) {
        products[columns_.rows[at]] += value * columns_.values[at];
      }
    }
  }

  /// In eight lanes, which processors may add at once.
  double sum(const double* products, double squares, std::int64_t cluster) const {
    constexpr std::int64_t lanes = distance_lanes;
    double parts[lanes] = {};
    const std::int64_t end = order_.begins[cluster + 1];
    const auto squared = [&](std::int64_t at) { return positive((-2.0 * products[at] + squares) + ordered_squares_[at]); };
    std::int64_t i = order_.begins[cluster];
    for (; i + lanes <= end; i += lanes) {
      double distances[lanes];
      for (std::int64_t lane = 0; lane < lanes; ++lane) distances[lane] = squared(i + lane);
      take_roots(distances);
      for (std::int64_t lane = 0; lane < lanes; ++lane) parts[lane] += distances[lane];
    }
    for (std::int64_t lane = 0; i < end; ++lane, ++i) parts[lane] += std::sqrt(squared(i));
    double total = 0;
    for (const double part : parts) total += part;
    return total;
  }

  CsrView<std::int32_t, double> rows_;
  std::span<const double> squares_;
  Clustering clustering_;
  const ClusterOrder& order_;
  std::vector<double> ordered_squares_;
  Columns columns_;
};

}  // namespace corpuscle
