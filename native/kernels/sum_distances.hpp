// The sums of the distances of a row to the rows of each cluster, in closed form: cosine and squared Euclidean.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "distances_of_row.hpp"
#include "nearest_centers.hpp"

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
///
/// Two clusters count: a row's own, and the nearest other one. Which that is, whole numbers of 16 bits tell of most rows.
class SumDistances {
 public:
  static constexpr std::int64_t rows_per_chunk = 256;

  /// Of one thread: some rows in whole numbers, and what is found of them.
  struct Scratch {
    std::vector<std::int64_t> indptr;
    LargeVector<std::uint32_t> indices;
    LargeVector<std::int16_t> values;
    std::vector<double> steps, norms;
    std::vector<std::int32_t> numbers, own;
    std::vector<CoarseCenters::Nearest> nearest;
    CoarseCenters::Candidates candidates;
  };

  /// `squares` are those of the scaled rows, which have length 1, or 0, where distances are by cosine.
  SumDistances(Execution& run, const ScaledRows& rows, std::span<const double> squares, const Clustering& clustering,
               const ClusterOrder& order, bool cosine)
      : rows_(rows), squares_(squares), clustering_(clustering), order_(order), cosine_(cosine), sums_(run, rows, order),
        alike_(order.begins.size() - 1, -1), totals_(order.begins.size() - 1, 0.0) {
    for (std::size_t row = 0; row < squares.size(); ++row) totals_[clustering.labels[row]] += squares[row];
    for (std::int64_t j = 0; j < order.clusters(); ++j) find_alike(j, std::span(order.rows).subspan(order.begins[j], order.size(j)));
    set_means(run);
  }

  /// Calls use(i, distances) for each row, until the run is stopped.
  template <class Use>
  void each(const Execution& run, std::span<const std::int32_t> rows, Scratch& scratch, const Use& use) const {
    round(run, rows, scratch);
    const CoarseCenters::Rows<std::uint32_t> rounded{scratch.indptr.data(), scratch.indices.data(), scratch.values.data(),
                                                     scratch.steps.data(), scratch.norms.data()};
    means_.nearest(run, rounded, scratch.numbers, scratch.nearest.data(), scratch.own);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (run.stopped()) return;
      const std::int32_t own = scratch.own[i], other = scratch.nearest[i].label;
      std::span<const std::int32_t> candidates(&other, 1);
      if (other == CoarseCenters::undecided) {
        means_.candidates(run, rounded, static_cast<std::int32_t>(i), own, scratch.candidates);
        candidates = scratch.candidates.centers;
      }
      use(static_cast<std::int64_t>(i), distances(rows[i], own, candidates));
    }
  }

 private:
  /// The means of the clusters, which are as near to a row as their rows are on average, less what is the same for all.
  void set_means(Execution& run) {
    const std::int64_t clusters = order_.clusters(), terms = rows_.entries.columns;
    std::vector<double> factors(static_cast<std::size_t>(clusters)), offsets(factors), squared(factors);
    parallel_chunks(run, clusters, [&](std::int64_t j, int) {
      const auto size = static_cast<double>(order_.size(j));
      if (size == 0) return void(offsets[j] = std::numeric_limits<double>::infinity());
      squared[j] = sum_of_squares(std::span(sums_.column(j), static_cast<std::size_t>(terms))) / size / size;
      factors[j] = 1 / size;
      offsets[j] = cosine_ ? 0 : totals_[j] / size;
    });
    const std::int64_t stride = padded_clusters(clusters);
    const auto cells = [&](std::int64_t first, std::int64_t count, std::vector<double>& buffer) {
      buffer.resize(static_cast<std::size_t>(count * stride));
      sums_.transpose(first, count, stride, buffer.data());
      return buffer.data();
    };
    means_.resize(terms, clusters);
    means_.set(run, {stride, factors, cells}, squared, offsets);
  }

  /// In several lanes, which processors may add at once: the order does not matter.
  static double sum_of_squares(std::span<const double> numbers) {
    constexpr std::size_t lanes = 8;
    double sums[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= numbers.size(); i += lanes) {
      for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += numbers[i + lane] * numbers[i + lane];
    }
    for (; i < numbers.size(); ++i) sums[0] += numbers[i] * numbers[i];
    return std::accumulate(sums, sums + lanes, 0.0);
  }

  void round(const Execution& run, std::span<const std::int32_t> rows, Scratch& scratch) const {
    const auto& entries = rows_.entries;
    const std::size_t count = rows.size();
    scratch.indptr.assign(count + 1, 0);
    scratch.steps.resize(count);
    scratch.norms.resize(count);
    scratch.own.resize(count);
    scratch.nearest.resize(count);
    scratch.numbers.resize(count);
    std::iota(scratch.numbers.begin(), scratch.numbers.end(), 0);
    for (std::size_t i = 0; i < count; ++i) {
      scratch.indptr[i + 1] = scratch.indptr[i] + entries.indptr[rows[i] + 1] - entries.indptr[rows[i]];
      scratch.norms[i] = squares_[rows[i]];
      scratch.own[i] = clustering_.labels[rows[i]];
    }
    const auto total = static_cast<std::size_t>(scratch.indptr.back());
    scratch.indices.resize(total + row_padding);
    std::fill(scratch.indices.begin() + static_cast<std::ptrdiff_t>(total), scratch.indices.end(), 0);
    scratch.values.resize(total + 1);
    scratch.values.back() = 0;
    const RoundingKernels kernels = rounding_kernels(run.simd());
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t begin = entries.indptr[rows[i]], to = scratch.indptr[i];
      const auto length = static_cast<std::size_t>(scratch.indptr[i + 1] - to);
      std::copy_n(entries.indices.data() + begin, length, scratch.indices.data() + to);
      const std::span<const double> values = entries.values.subspan(begin, length);
      const double scale = rows_.scale(rows[i]), step = CoarseCenters::step_of_row(std::sqrt(squares_[rows[i]]), kernels.largest(values) * scale);
      if (step > 0) kernels.round(values, scale / step, scratch.values.data() + to);
      scratch.steps[i] = step;
    }
  }

  /// Of a row whose nearest other cluster is one of the candidates.
  DistancesOfRow distances(std::int64_t row, std::int64_t own, std::span<const std::int32_t> candidates) const {
    if (candidates.empty()) return {0, std::numeric_limits<double>::infinity()};  // there is no other cluster
    const auto mean = [&](std::int64_t j, double product) {
      return positive(distance(row, own, j, product)) / static_cast<double>(order_.size(j));
    };
    const auto [of_own, of_first] = products(row, own, candidates[0]);
    DistancesOfRow found{distance(row, own, own, of_own), mean(candidates[0], of_first)};
    for (std::size_t i = 1; i < candidates.size(); i += 2) {
      const std::int32_t one = candidates[i], two = candidates[std::min(i + 1, candidates.size() - 1)];
      const auto [of_one, of_two] = products(row, one, two);
      found.nearest_other = std::min({found.nearest_other, mean(one, of_one), mean(two, of_two)});
    }
    return found;
  }

  /// The products of a row with the sums of two clusters, each added in order of the entries.
  std::pair<double, double> products(std::int64_t row, std::int64_t one, std::int64_t two) const {
    const auto& [entries, scales] = rows_;
    const double *const first = sums_.column(one), *const second = sums_.column(two);
    double of_one = 0, of_two = 0;
    for (std::int64_t q = entries.indptr[row]; q < entries.indptr[row + 1]; ++q) {
      of_one += first[entries.indices[q]] * entries.values[q];
      of_two += second[entries.indices[q]] * entries.values[q];
    }
    return {of_one, of_two};
  }

  /// The sum of the distances of a row to those of cluster j, given its product with their sum.
  double distance(std::int64_t row, std::int64_t own, std::int64_t j, double product) const {
    if (alike_[j] >= 0 && same_row(rows_, alike_[j], row)) return 0;
    const auto size = static_cast<double>(order_.size(j));
    if (!cosine_) return (size * squares_[row] + totals_[j]) - 2 * product;
    const double sum = size - product * rows_.scale(row);
    return j == own ? sum - (1 - squares_[row]) : sum;  // less what the row has counted as its distance to itself
  }

  void find_alike(std::int64_t cluster, std::span<const std::int32_t> members) {
    for (const std::int32_t row : members) {
      if (!same_row(rows_, members[0], row)) return;
    }
    if (members.empty() || (cosine_ && squares_[members[0]] == 0)) return;  // zeros are at distance 1 of each other
    alike_[cluster] = members[0];
  }

  ScaledRows rows_;
  std::span<const double> squares_;
  Clustering clustering_;
  const ClusterOrder& order_;
  bool cosine_;
  ClusterSums sums_;
  CoarseCenters means_;
  std::vector<std::int32_t> alike_;  // where all rows of a cluster are the same: one of them, else -1
  std::vector<double> totals_;       // of the squares of each cluster
};

}  // namespace corpuscle
