// What k-means keeps of its rows: indices in few bits, values, norms, and the rows in whole numbers.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>
#include <type_traits>
#include <utility>

#include "kmeans.hpp"

namespace corpuscle {

template <class Value>
void KMeans::load(Execution& run, const CsrView<std::int32_t, Value>& rows, std::span<const double> weights, LargeVector<Value> values) {
  n_ = rows.rows;
  p_ = rows.columns;
  indptr_.assign(rows.indptr.begin(), rows.indptr.end());
  weights_.assign(weights.begin(), weights.end());
  const std::size_t count = rows.values.size();
  full_ = n_ > 0 && p_ > 0 && static_cast<std::int64_t>(count) == n_ * p_;
  norms_.resize(static_cast<std::size_t>(n_));
  steps_.resize(static_cast<std::size_t>(n_));
  coarse_values_.resize(count + 1);
  coarse_values_.back() = 0;
  values_.clear();
  singles_.clear();
  const auto keep = [&](auto& kept) {
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(kept)>, LargeVector<Value>>) kept = std::move(values);
    if (!kept.empty()) return;
    kept.resize(count);
    const Blocks blocks{static_cast<std::int64_t>(count), 1 << 16};
    parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
      std::copy(rows.values.data() + blocks.begin(block), rows.values.data() + blocks.end(block), kept.data() + blocks.begin(block));
    });
  };
  if (std::is_same_v<Value, float> && full_) keep(singles_);
  else keep(values_);
  if (p_ <= 65536) indices_.emplace<LargeVector<std::uint16_t>>();
  else indices_.emplace<LargeVector<std::uint32_t>>();
  std::visit([&](auto& indices) { load_indices(run, rows.indices, indices); }, indices_);
  columns_.reset();
  sums_.reset();
  labels_.assign(static_cast<std::size_t>(n_), -1);
  loaded_ = true;
}

/// The indices; the norms of rows, each added in order of its entries; and rows in whole numbers.
template <class Index>
void KMeans::load_indices(Execution& run, std::span<const std::int32_t> given, LargeVector<Index>& indices) {
  indices.resize((full_ ? static_cast<std::size_t>(p_) : given.size()) + row_padding);
  std::fill_n(indices.end() - row_padding, row_padding, Index{0});
  if (full_) std::iota(indices.begin(), indices.end() - row_padding, Index{0});
  const RoundingKernels rounding = rounding_kernels(run.simd());
  std::atomic<std::int64_t> non_finite{n_};
  const auto note = [&](std::int64_t row, double norm, double largest) {
    norms_[row] = norm;
    steps_[row] = CoarseCenters::step_of_row(std::sqrt(norm), largest);
    if (!std::isfinite(norm)) lower_to(non_finite, row);
  };
  const auto load_full = [&](std::int64_t row, std::span<const double> values, double norm) {
    note(row, norm, rounding.largest(values));
    if (steps_[row] > 0) rounding.round(values, 1 / steps_[row], coarse_values_.data() + row * p_);
  };
  const auto load_sparse = [&](std::int64_t row) {
    double norm = 0, largest = 0;
    for (std::int64_t q = indptr_[row]; q < indptr_[row + 1]; ++q) {
      indices[q] = static_cast<Index>(given[q]);
      norm += values_[q] * values_[q];
      largest = std::max(largest, std::abs(values_[q]));
    }
    note(row, norm, largest);
    const double scale = steps_[row] > 0 ? 1 / steps_[row] : 0;
    for (std::int64_t q = indptr_[row]; q < indptr_[row + 1] && scale > 0; ++q) coarse_values_[q] = rounded_short(values_[q] * scale);
  };
  const Blocks blocks{n_, sum_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    if (full_) return square_full_rows(blocks.begin(block), blocks.end(block), load_full);
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) load_sparse(row);
  });
  first_non_finite_row_ = non_finite < n_ ? non_finite.load() : -1;
}

/// Calls use(row, values, squared norm); four rows at a time, for an addition waits for the one before it.
template <class Use>
void KMeans::square_full_rows(std::int64_t first, std::int64_t end, const Use& use) const {
  constexpr std::int64_t at_once = 4;
  std::vector<double> buffer;
  for (std::int64_t row = first; row < end; row += at_once) {
    const std::int64_t count = std::min(at_once, end - row);
    const double* const values = full_rows().some(row, count, buffer);
    const double* rows[at_once];
    for (std::int64_t i = 0; i < at_once; ++i) rows[i] = values + std::min(i, count - 1) * p_;
    double norms[at_once] = {};
    for (std::int64_t q = 0; q < p_; ++q) {
      for (std::int64_t i = 0; i < at_once; ++i) norms[i] += rows[i][q] * rows[i][q];
    }
    for (std::int64_t i = 0; i < count; ++i) use(row + i, std::span(rows[i], static_cast<std::size_t>(p_)), norms[i]);
  }
}

template void KMeans::load(Execution&, const CsrView<std::int32_t, std::int32_t>&, std::span<const double>, LargeVector<std::int32_t>);
template void KMeans::load(Execution&, const CsrView<std::int32_t, float>&, std::span<const double>, LargeVector<float>);
template void KMeans::load(Execution&, const CsrView<std::int32_t, double>&, std::span<const double>, LargeVector<double>);

}  // namespace corpuscle
