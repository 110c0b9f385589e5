// k-means by small batches, one step at a time: the caller owns the loop (Sculley 2010).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "csr.hpp"
#include "huge_pages.hpp"

namespace corpuscle {

/// The rows, and the state between steps. A center is the sum of the rows that it ever got times 1 / their weight: so a step
/// writes to the entries of its rows alone, and not to all cells of the centers. Sums are kept transposed, one row of
/// `stride` cells a term.
///
/// Every floating-point cell has one owner that adds in a fixed order; sums over rows go by blocks of `sum_block`. The plain
/// backend follows the same order, so the results are the same bits.
class MiniBatch {
 public:
  /// Takes a checked matrix (n x p), whose arrays must stay where they are, and copies `row_weights`: n numbers, or none where
  /// each row weighs 1. Returns the first row whose squares do not add up to a finite number, or -1.
  template <class Value>
  std::int64_t load(Execution& run, const CsrView<std::int32_t, Value>& rows, std::span<const double> row_weights);

  bool loaded() const { return loaded_; }
  std::int64_t rows() const { return n_; }
  std::int64_t columns() const { return p_; }
  std::int64_t clusters() const { return k_; }
  /// Whether `assign` has run since the last change of the centers.
  bool assigned() const { return assigned_; }

  /// Takes the given rows as centers, which weigh nothing: the first rows that one gets take its place.
  void set_centers_from_rows(Execution& run, std::span<const std::int32_t> row_numbers);
  /// Takes k x p row-major sums and their k weights; the sum of weight 0 is a center that weighs nothing.
  void set_sums(Execution& run, std::int64_t k, std::span<const double> sums, std::span<const double> weights);

  /// Labels the given rows with their nearest centers, the lowest number on a tie. Writes the weight of each cluster's rows (k);
  /// returns the weighted sum of the rows' squared distances.
  double assign(Execution& run, std::span<const std::int32_t> batch, std::span<double> cluster_weights);
  /// Adds the labelled rows to the sums of their clusters, which weigh `weights` (k) then, but makes rows[i] the center of
  /// clusters[i]. Returns the sum of the squared distances that the centers moved.
  double update(Execution& run, std::span<const double> weights, std::span<const std::int32_t> clusters,
                std::span<const std::int32_t> rows);
  /// Makes the sums the centers, which weigh nothing.
  void settle(Execution& run);

  /// k x p, row-major.
  void sums(Execution& run, std::span<double> out) const;
  /// Of the rows of the last batch, in its order; distances are squared.
  std::span<const std::int32_t> labels() const { return labels_; }
  std::span<const double> distances() const { return distances_; }

 private:
  void resize(std::int64_t k);
  void set_weight(std::int64_t j, double weight);
  void compute_norms(Execution& run);
  void compute_norm(std::int64_t j);
  double row_norm(std::int64_t row) const;
  double product(std::int64_t row, std::int64_t j) const;
  void assign_row(std::int64_t i, double* products);
  void clear(Execution& run, const std::vector<std::int64_t>& clusters);
  double add(std::int64_t j, double weight, std::span<const std::int32_t> members);
  void replace(std::int64_t j, double weight, std::int64_t row);

  std::int64_t n_ = 0, p_ = 0, k_ = 0, stride_ = 0;
  bool loaded_ = false, assigned_ = false;
  std::span<const std::int64_t> indptr_;
  std::span<const std::int32_t> indices_;
  std::span<const double> values_;
  std::vector<double> own_values_;   // where they came in another type
  std::vector<double> row_weights_;  // empty: all 1
  std::vector<double, HugePages<double>> cells_;  // the sums, p x stride
  std::vector<double> weights_;      // of all rows that each cluster ever got; 0: its cells are the center
  std::vector<double> factors_;      // center = cells x factor
  std::vector<double> norms_;        // of the centers, squared
  std::vector<double> changes_;      // sizes of all that was added to and taken off each norm
  std::vector<std::int32_t> batch_;
  std::vector<std::int32_t> labels_;  // those of the batch, as the next two
  std::vector<double> products_;      // of each row with its center
  std::vector<double> distances_;
};

}  // namespace corpuscle
