// k-means on sparse rows, or dense ones, one step at a time: the caller owns the loop (Lloyd 1982; seeding: Arthur, Vassilvitskii 2007).
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "csr.hpp"
#include "moving_sums.hpp"
#include "nearest_bounds.hpp"
#include "nearest_centers.hpp"
#include "row_products.hpp"

namespace corpuscle {

/// The rows, their column copy once a step asks for it, and the state between steps. Centers are kept transposed, one row of
/// `stride` cells per term, so that a row's dot products with all centers are sums of center rows, each added in order of terms.
///
/// Every floating-point cell is added up in a fixed order, sums over rows or terms by blocks of `sum_block`, those of how far centers move by
/// blocks of `shift_block`; or exactly, as the sums of clusters are where that is possible (MovingSums). The plain backend does the
/// same, so the results are the same bits.
class KMeans {
 public:
  /// Copies a checked matrix (n x p), which may be without indices where each row has an entry for each column; `weights` holds n
  /// numbers, or none where each row weighs 1. `values` are the matrix's own where they may be kept, or none.
  template <class Value>
  void load(Execution& run, const CsrView<std::int32_t, Value>& rows, std::span<const double> weights, LargeVector<Value> values = {});

  std::int64_t rows() const { return n_; }
  std::int64_t columns() const { return p_; }
  std::int64_t clusters() const { return k_; }
  /// Whether each row has a label of the current centers; whether `sum` has run since they were set.
  bool assigned() const { return k_ > 0 && assigned_; }
  bool summed() const { return summed_; }
  /// Whether `load` has ended.
  bool loaded() const { return loaded_; }
  /// The first row whose squares do not add up to a finite number, or -1.
  std::int64_t first_non_finite_row() const { return first_non_finite_row_; }

  /// Mean over the columns of their variance, zeros counted.
  double mean_variance(Execution& run);

  /// k-means++: the start rows, beginning with `first`. For each further one there are `trials` draws from [0, 1), each of which
  /// makes the row a candidate at which the cumulated weighted squared distance to the nearest start row reaches that share of the
  /// whole, the potential; the candidate that leaves the smallest potential is taken, the first on a tie.
  std::vector<std::int32_t> seed(Execution& run, std::int64_t first, std::int64_t trials, std::span<const double> draws);

  /// Takes the given rows as centers.
  void set_centers_from_rows(Execution& run, std::span<const std::int32_t> row_numbers);
  /// Takes k x p row-major centers.
  void set_centers(Execution& run, std::int64_t k, std::span<const double> centers);

  /// E-step: labels each row with its nearest center, the lowest number on a tie; returns how many labels changed.
  std::int64_t assign(Execution& run);
  /// M-step, first half: the weighted sum of each cluster's rows (MovingSums); writes the weight of each cluster (k).
  void sum(Execution& run, std::span<double> cluster_weights);
  /// Moves a row between the sums: out of cluster `from`, and alone into the empty cluster `to`.
  void move(std::int64_t row, std::int64_t from, std::int64_t to);
  /// M-step, second half: sums become centers; a cluster without weight gets the center of the heaviest one. Returns the
  /// sum of the squared distances that the centers moved.
  double average(Execution& run, std::span<const double> cluster_weights);

  /// The length of each sum (k).
  void sum_lengths(Execution& run, std::span<double> out) const;
  /// Takes the squared norm of each center for 1, which rounding may have left a little off.
  void set_unit_norms();

  /// Squared distance of each row to the center of its label (n).
  void distances(Execution& run, std::span<double> out) const;
  /// Distance of each row to each center (n x k, row-major).
  void transform(Execution& run, std::span<double> out) const;
  /// k x p, row-major.
  void centers(Execution& run, std::span<double> out) const;
  std::span<const std::int32_t> labels() const { return labels_; }

 private:
  template <class Index>
  CsrView<Index, double> view(const LargeVector<Index>& indices) const {
    return {n_, p_, indptr_, std::span(indices).first(indices.size() - row_padding), values_};
  }
  /// The values of some rows are written to the buffer where they are kept in single precision.
  template <class Index>
  RowEntries<Index> entries(const LargeVector<Index>& indices, std::int64_t row, std::vector<double>& buffer) const {
    if (full_) return {indices.data(), full_rows().some(row, 1, buffer), p_};
    return {indices.data() + indptr_[row], values_.data() + indptr_[row], indptr_[row + 1] - indptr_[row]};
  }
  FullRows full_rows() const {
    if (singles_.empty()) return {p_, std::span<const double>(values_)};
    return {p_, std::span<const float>(singles_)};
  }
  template <class Index>
  void load_indices(Execution& run, std::span<const std::int32_t> given, LargeVector<Index>& indices);
  template <class Use>
  void square_full_rows(std::int64_t first, std::int64_t end, const Use& use) const;
  const Columns& columns_for(Execution& run);
  void resize_centers(std::int64_t k);
  template <class Prepare, class InTurn>
  void finish_centers(Execution& run, const Prepare& prepare, const InTurn& in_turn);
  template <class Index>
  std::int32_t nearest_center(const LargeVector<Index>& indices, std::int64_t row, std::span<const std::int32_t> candidates) const;
  void products_with_row(const Execution& run, const Columns& columns, std::int64_t row, std::int64_t first, std::int64_t end,
                         double* products) const;
  void products_with_rows(const Execution& run, std::span<const std::int64_t> rows, std::int64_t first, std::int64_t end, std::int64_t size,
                          double* products) const;
  std::vector<double> column_variances(Execution& run);
  std::vector<double> full_column_variances(const Execution& run) const;
  void full_distances(Execution& run, std::span<double> out) const;
  void full_transform(const Execution& run, std::int64_t first, std::int64_t end, std::span<double> out) const;
  double distance_of(std::int64_t row, std::int64_t center, double product) const {
    return std::sqrt(positive((-2.0 * product + norms_[row]) + center_norms_[center]));
  }
  std::int64_t rows_assigned_at_once(int threads) const;

  std::int64_t n_ = 0, p_ = 0, k_ = 0, stride_ = 0;
  std::int64_t first_non_finite_row_ = -1;
  bool full_ = false;  // whether each row has an entry for each column
  bool loaded_ = false, assigned_ = false, summed_ = false;
  std::vector<std::int64_t> indptr_;
  std::variant<LargeVector<std::uint16_t>, LargeVector<std::uint32_t>> indices_;  // 16 bits where they suffice; with padding; of full rows, once for all
  LargeVector<double> values_;
  LargeVector<float> singles_;  // in their place, where rows are full and in single precision
  LargeVector<std::int16_t> coarse_values_;
  std::vector<double> steps_;    // of the rows in `coarse_values_`
  std::vector<double> weights_;  // empty: all 1
  std::vector<double> norms_;    // squared, n
  std::optional<Columns> columns_;     // once a step has asked for them; full rows need none
  std::vector<std::int32_t> labels_;   // n, -1 before the first assign
  LargeVector<double> centers_;        // p x stride
  MovingSums sums_;                    // p x stride
  std::vector<double> center_norms_;   // squared, stride
  CoarseCenters coarse_centers_;
  NearestBounds bounds_;
};

}  // namespace corpuscle
