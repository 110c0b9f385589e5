// What k-means does by rows, instead of by columns, where each row has an entry for each column.
#include <algorithm>

#include "kmeans.hpp"
#include "mean_kernels.hpp"

namespace corpuscle {

/// On one thread, which waits for memory: of two that read some columns each, either waits for all of it.
std::vector<double> KMeans::full_column_variances(const Execution& run) const {
  const auto n = static_cast<double>(n_);
  std::vector<double> means(static_cast<std::size_t>(p_), 0.0), variances(means);
  std::vector<double> buffer;
  const auto each_row = [&](const auto& use) {
    for (std::int64_t row = 0; row < n_; ++row) {
      if (row % 1024 == 0) run.check_stopped();
      use(full_rows().some(row, 1, buffer));
    }
  };
  const MeanKernels kernels = mean_kernels(run.simd());
  each_row([&](const double* values) { kernels.add(values, p_, means.data()); });
  for (double& mean : means) mean /= n;
  each_row([&](const double* values) { kernels.add_squared_differences(values, means.data(), p_, variances.data()); });
  for (double& variance : variances) variance /= n;
  return variances;
}

/// products[t * size + i] is that of row first + i with the t-th of some rows.
void KMeans::products_with_rows(const Execution& run, std::span<const std::int64_t> rows, std::int64_t first, std::int64_t end, std::int64_t size,
                                double* products) const {
  constexpr std::int64_t at_once = 4;
  const auto products_of = products_with_eight(run.simd());
  std::vector<double> cells(static_cast<std::size_t>(8 * p_)), out(8 * at_once), buffer;
  for (std::int64_t eight = 0; eight < std::ssize(rows); eight += 8, products += 8 * size) {
    const std::int64_t count = std::min<std::int64_t>(8, std::ssize(rows) - eight);
    for (std::int64_t t = 0; t < count; ++t) {
      const double* const values = full_rows().some(rows[eight + t], 1, buffer);
      for (std::int64_t term = 0; term < p_; ++term) cells[8 * term + t] = values[term];
    }
    for (std::int64_t row = first; row < end && !run.stopped(); row += at_once) {
      const std::int64_t taken = std::min(at_once, end - row);
      products_of(full_rows().some(row, taken, buffer), p_, taken, cells.data(), out.data());
      for (std::int64_t t = 0; t < count; ++t) {
        for (std::int64_t i = 0; i < taken; ++i) products[t * size + row - first + i] = out[8 * i + t];
      }
    }
  }
}

/// Four rows at a time, for an addition waits for the one before it.
void KMeans::full_distances(Execution& run, std::span<double> out) const {
  constexpr std::int64_t at_once = 4;
  LargeVector<double> by_center(static_cast<std::size_t>(k_ * p_));
  centers(run, by_center);
  const Blocks blocks{n_, sum_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    std::vector<double> buffer;
    for (std::int64_t first = blocks.begin(block), end = blocks.end(block); first < end; first += at_once) {
      const std::int64_t count = std::min(at_once, end - first);
      const double* const rows = full_rows().some(first, count, buffer);
      const double *values[at_once], *cells[at_once];
      double sums[at_once] = {};
      for (std::int64_t i = 0; i < at_once; ++i) {
        values[i] = rows + std::min(i, count - 1) * p_;
        cells[i] = by_center.data() + labels_[first + std::min(i, count - 1)] * p_;
      }
      for (std::int64_t q = 0; q < p_; ++q) {
        for (std::int64_t i = 0; i < at_once; ++i) {
          const double cell = cells[i][q], difference = values[i][q] - cell;
          sums[i] += difference * difference - cell * cell;
        }
      }
      for (std::int64_t i = 0; i < count; ++i) out[first + i] = positive(sums[i] + center_norms_[labels_[first + i]]);
    }
  });
}

/// The distances of some rows to all centers, eight at a time, whose cells are laid side by side.
void KMeans::full_transform(const Execution& run, std::int64_t first, std::int64_t end, std::span<double> out) const {
  const std::int64_t at_once = std::clamp<std::int64_t>((1 << 15) / p_, 4, 256);  // rows that stay in the cache
  const auto products_of = products_with_eight(run.simd());
  std::vector<double> cells(static_cast<std::size_t>(8 * p_)), products(static_cast<std::size_t>(8 * at_once)), buffer;
  for (std::int64_t row = first; row < end; row += at_once) {
    const std::int64_t count = std::min(at_once, end - row);
    const double* const values = full_rows().some(row, count, buffer);
    for (std::int64_t center = 0; center < k_; center += 8) {
      for (std::int64_t term = 0; term < p_; ++term) std::copy_n(centers_.data() + term * stride_ + center, 8, cells.data() + 8 * term);
      products_of(values, p_, count, cells.data(), products.data());
      for (std::int64_t i = 0; i < count; ++i) {
        for (std::int64_t j = center; j < std::min(center + 8, k_); ++j) out[(row + i) * k_ + j] = distance_of(row + i, j, products[8 * i + j - center]);
      }
    }
  }
}

}  // namespace corpuscle
