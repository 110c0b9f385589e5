// k-means on sparse rows, one step at a time: the caller owns the loop (Lloyd 1982; seeding: Arthur, Vassilvitskii 2007).
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "csr.hpp"

namespace corpuscle {

/// A squared distance that rounding may have made negative.
inline double positive(double squared) { return squared > 0 ? squared : 0; }

/// The rows, their column copy, and the state between steps. Centers are kept transposed, one row of `stride` cells per
/// term, so that a row's dot products with all centers are sums of center rows, each added in order of terms.
///
/// Every floating-point cell has one owner that adds in a fixed order; sums over rows or terms go by blocks of
/// `sum_block`. The plain backend follows the same order, so the results are the same bits.
class KMeans {
 public:
  /// Copies a checked matrix (n x p); `weights` holds n numbers, or none where each row weighs 1.
  template <class Value>
  void load(Execution& run, const CsrView<std::int32_t, Value>& rows, std::span<const double> weights);

  std::int64_t rows() const { return n_; }
  std::int64_t columns() const { return p_; }
  std::int64_t clusters() const { return k_; }
  /// Whether each row has a label of the current centers; whether `sum` has run since they were set.
  bool assigned() const { return k_ > 0 && assigned_; }
  bool summed() const { return summed_; }
  /// Whether `load` has ended; whether `seed_start` has run.
  bool loaded() const { return loaded_; }
  bool seeded() const { return !closest_.empty(); }
  /// The first row whose squares do not add up to a finite number, or -1.
  std::int64_t first_non_finite_row() const { return first_non_finite_row_; }

  /// Mean over the columns of their variance, zeros counted.
  double mean_variance(Execution& run) const;

  /// k-means++: makes `row` the first center; returns the potential, the weighted sum of squared distances to it.
  double seed_start(Execution& run, std::int64_t row);
  struct Seed {
    std::int64_t row;
    double potential;
  };
  /// k-means++: the candidates are the rows at which the cumulated weighted distance reaches each of `draws`; takes the
  /// one that leaves the smallest potential.
  Seed seed_step(Execution& run, std::span<const double> draws);

  /// Takes the given rows as centers.
  void set_centers_from_rows(Execution& run, std::span<const std::int32_t> row_numbers);
  /// Takes k x p row-major centers.
  void set_centers(Execution& run, std::int64_t k, std::span<const double> centers);

  /// E-step: labels each row with its nearest center, the lowest number on a tie; returns how many labels changed.
  std::int64_t assign(Execution& run);
  /// M-step, first half: the weighted sum of each cluster's rows; writes the weight of each cluster (k).
  void sum(Execution& run, std::span<double> cluster_weights);
  /// Moves a row between the sums: out of cluster `from`, and alone into the empty cluster `to`.
  void move(std::int64_t row, std::int64_t from, std::int64_t to);
  /// M-step, second half: sums become centers; a cluster without weight gets the center of the heaviest one. Returns the
  /// sum of the squared distances that the centers moved.
  double average(Execution& run, std::span<const double> cluster_weights);

  /// Squared distance of each row to the center of its label (n).
  void distances(Execution& run, std::span<double> out) const;
  /// Distance of each row to each center (n x k, row-major).
  void transform(Execution& run, std::span<double> out) const;
  /// k x p, row-major.
  void centers(Execution& run, std::span<double> out) const;
  std::span<const std::int32_t> labels() const { return labels_; }

 private:
  template <class Index>
  CsrView<Index, double> view(const std::vector<Index>& indices) const {
    return {n_, p_, indptr_, indices, values_};
  }
  void resize_centers(std::int64_t k);
  void compute_center_norms(Execution& run);
  template <class Use>
  void with_products(Execution& run, const Use& use) const;
  void distances_to_row(Execution& run, std::int64_t row, std::span<double> out) const;
  double potential(std::span<const double> distances) const;

  std::int64_t n_ = 0, p_ = 0, k_ = 0, stride_ = 0;
  std::int64_t first_non_finite_row_ = -1;
  bool loaded_ = false, assigned_ = false, summed_ = false;
  std::vector<std::int64_t> indptr_;
  std::variant<std::vector<std::uint16_t>, std::vector<std::uint32_t>> indices_;  // 16 bits where they suffice
  std::vector<double> values_;
  std::vector<double> weights_;  // empty: all 1
  std::vector<double> norms_;    // squared, n
  Columns columns_;
  std::vector<std::int32_t> labels_;   // n, -1 before the first assign
  std::vector<double> centers_;        // p x stride
  std::vector<double> sums_;           // p x stride
  std::vector<double> center_norms_;   // squared, stride
  std::vector<double> closest_;        // k-means++: squared distance to the nearest center so far, n
};

}  // namespace corpuscle
