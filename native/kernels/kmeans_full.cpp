// What k-means does by rows, instead of by columns, where each row has an entry for each column.
#include <algorithm>

#include "kmeans.hpp"

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
  each_row([&](const double* values) {
    for (std::int64_t c = 0; c < p_; ++c) means[c] += values[c];
  });
  for (double& mean : means) mean /= n;
  each_row([&](const double* values) {
    for (std::int64_t c = 0; c < p_; ++c) variances[c] += (values[c] - means[c]) * (values[c] - means[c]);
  });
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

/// The distances of some rows to all centers, eight at a time, whose cells are laid side by side.
void KMeans::transform_full(const Execution& run, std::int64_t first, std::int64_t end, std::span<double> out) const {
  const auto products_of = products_with_eight(run.simd());
  std::vector<double> cells(static_cast<std::size_t>(8 * p_)), products(static_cast<std::size_t>(8 * (end - first))), buffer;
  const double* const values = full_rows().some(first, end - first, buffer);
  for (std::int64_t center = 0; center < k_; center += 8) {
    for (std::int64_t term = 0; term < p_; ++term) std::copy_n(centers_.data() + term * stride_ + center, 8, cells.data() + 8 * term);
    products_of(values, p_, end - first, cells.data(), products.data());
    for (std::int64_t row = first; row < end; ++row) {
      for (std::int64_t j = center; j < std::min(center + 8, k_); ++j) out[row * k_ + j] = distance_of(row, j, products[8 * (row - first) + j - center]);
    }
  }
}

}  // namespace corpuscle
