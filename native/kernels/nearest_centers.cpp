#include "nearest_centers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace corpuscle {
namespace {

constexpr std::int64_t most_entries = 1 << 16;  // of a row that is compared
constexpr std::int64_t terms_at_once = 64;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr CoarseCenters::Nearest not_found{CoarseCenters::undecided, infinity, -infinity};

}  // namespace

void CoarseCenters::resize(std::int64_t p, std::int64_t k, bool full) {
  p_ = p;
  k_ = k;
  full_ = full;
  tile_ = full ? full_tile : widest_tile;
  const std::int64_t rest = k % tile_;
  last_width_ = rest == 0 ? tile_ : rest <= 8 ? 8 : (rest + 15) / 16 * 16;
  const std::int64_t padded = (k - 1) / tile_ * tile_ + last_width_;
  cells_.clear();  // nothing to be copied where this takes more memory
  cells_.resize(static_cast<std::size_t>(p * padded));
  offsets_.resize(static_cast<std::size_t>(padded));
  step_ = 0;
}

void CoarseCenters::set_norms(std::span<const double> squared, std::span<const double> offsets) {
  std::fill(offsets_.begin(), offsets_.end(), infinite);
  longest_ = most_offset_ = 0;
  bool all_finite = true;
  for (std::int64_t j = 0; j < k_; ++j) {
    if (offsets[j] == infinity) continue;
    offsets_[j] = static_cast<float>(offsets[j]);
    most_offset_ = std::max(most_offset_, std::abs(offsets[j]));
    longest_ = std::max(longest_, std::sqrt(squared[j]));
    all_finite &= std::isfinite(squared[j]) && std::isfinite(offsets[j]);
  }
  usable_ = all_finite && within_reach(longest_) && most_offset_ <= most_squared && step_ > 0;
}

void CoarseCenters::set(Execution& run, const Source& centers, std::span<const double> squared, std::span<const double> offsets) {
  step_ = 1;
  set_norms(squared, offsets);
  step_ = longest_ / scaled_center;
  if (!usable_) return void(step_ = 0);
  std::vector<double> scales(static_cast<std::size_t>(centers.stride), 1 / step_);
  for (std::size_t j = 0; j < centers.factors.size(); ++j) scales[j] *= centers.factors[j];
  const auto scale = rounding_kernels(run.simd()).scale;
  const Blocks blocks{p_, terms_at_once};
  std::vector<std::vector<double>> buffers(static_cast<std::size_t>(run.threads()));
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
    const std::int64_t first = blocks.begin(block), count = blocks.end(block) - first;
    const double* const cells = centers.cells(first, count, buffers[thread]);
    for (std::int64_t center = 0; center < k_; center += tile_) {
      const std::int64_t width = width_at(center), taken = std::min(centers.stride - center, width);
      std::int16_t* const out = cells_.data() + center * p_ + first * width;
      for (std::int64_t i = 0; i < count; ++i) scale(cells + i * centers.stride + center, taken, scales.data() + center, out + i * width);
    }
  });
}

/// For each of m entries, v and c scaled, both are wrong by a half at most: their product by (|v| + |c|) / 2 + 1/4, and sums of |v| and of |c|
/// are at most the root of m times a length. What is compared then is rounded to single precision, four times at most. Rounding in double
/// precision is within the share of a hundredth, or, where |row|^2 is added to all, within a share of that; what vanishes in single
/// precision is within the last term.
template <class Index>
double CoarseCenters::bound_of(const Rows<Index>& rows, std::int32_t row) const {
  constexpr double unit = 0x1p-24;  // of rounding in single precision
  const auto m = static_cast<double>(rows.indptr[row + 1] - rows.indptr[row]);
  const double norm = std::sqrt(rows.norms[row]), step = rows.steps[row], product = norm * longest_;
  const double of_product = std::sqrt(m) / 2 * (norm * step_ + longest_ * step) + m / 4 * step_ * step;
  return 1.01 * (2 * of_product + 4 * unit * (most_offset_ + 2 * product)) + 0x1p-48 * norm * norm + 0x1p-120 * (1 + norm + longest_);
}

template <class Index>
bool CoarseCenters::is_comparable(const Rows<Index>& rows, std::int32_t row) const {
  const std::int64_t length = rows.indptr[row + 1] - rows.indptr[row];
  return usable_ && (length == 0 || (rows.steps[row] > 0 && length <= most_entries));
}

template <class Index>
CoarseEntries<Index> CoarseCenters::entries(const Rows<Index>& rows, std::int32_t row) const {
  const std::int64_t begin = rows.indptr[row];
  return {full_ ? rows.indices : rows.indices + begin, rows.values + begin, rows.indptr[row + 1] - begin, static_cast<float>(2 * step_ * rows.steps[row])};
}

template <class Index>
void CoarseCenters::nearest(const Execution& run, const Rows<Index>& rows, std::span<const std::int32_t> numbers, Nearest* found,
                            std::span<const std::int32_t> without) const {
  std::fill_n(found, numbers.size(), not_found);
  if (!usable_) return;
  std::vector<Smallest> smallest(numbers.size());
  if (full_ && without.empty() && compare_full(run.simd(), last_width_) != nullptr) compare_at_once(run, rows, numbers, smallest);
  else compare_one_by_one(run, rows, numbers, without, smallest);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!is_comparable(rows, numbers[i])) continue;
    const double bound = bound_of(rows, numbers[i]);
    const double nearest = static_cast<double>(smallest[i].best) + bound, others = static_cast<double>(smallest[i].second) - bound;
    if (others > nearest) found[i] = {smallest[i].label, nearest, others};
  }
}

/// Tile by tile, so that the part of the centers that is read stays in the cache.
template <class Index>
void CoarseCenters::compare_one_by_one(const Execution& run, const Rows<Index>& rows, std::span<const std::int32_t> numbers,
                                       std::span<const std::int32_t> without, std::span<Smallest> smallest) const {
  LargeVector<float> offsets(offsets_);
  for (std::int64_t center = 0; center < k_; center += tile_) {
    if (run.stopped()) return;
    const auto compare = tile_kernels<Index>(run.simd(), width_at(center)).compare;
    const std::int16_t* const cells = cells_.data() + center * p_;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!is_comparable(rows, numbers[i])) continue;
      if (!without.empty()) offsets[without[i]] = infinite;
      compare(entries(rows, numbers[i]), cells, offsets.data() + center, static_cast<std::int32_t>(center), smallest[i]);
      if (!without.empty()) offsets[without[i]] = offsets_[without[i]];
    }
  }
}

/// Tile by tile, whose cells are read once for several rows.
template <class Index>
void CoarseCenters::compare_at_once(const Execution& run, const Rows<Index>& rows, std::span<const std::int32_t> numbers,
                                    std::span<Smallest> smallest) const {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (is_comparable(rows, numbers[i])) places.push_back(i);
  }
  std::vector<SmallestOfLanes> lanes((places.size() + rows_at_once - 1) / rows_at_once * rows_at_once);
  for (std::int64_t center = 0; center < k_ && !run.stopped(); center += tile_) {
    const auto compare = compare_full(run.simd(), width_at(center));
    for (std::size_t i = 0; i < places.size(); i += rows_at_once) {
      FullGroup group{{}, {}, p_};
      for (std::size_t r = 0; r < rows_at_once; ++r) {  // the last group has its last row again
        const auto row = entries(rows, numbers[places[std::min(i + r, places.size() - 1)]]);
        group.values[r] = row.values;
        group.factors[r] = row.factor;
      }
      compare(group, cells_.data() + center * p_, offsets_.data() + center, static_cast<std::int32_t>(center), &lanes[i]);
    }
  }
  for (std::size_t i = 0; i < places.size(); ++i) smallest[places[i]] = lanes[i].of_all();
}

template <class Index>
void CoarseCenters::candidates(const Execution& run, const Rows<Index>& rows, std::int32_t row, std::int32_t without, Candidates& found) const {
  auto& [centers, distances] = found;
  centers.clear();
  distances.resize(offsets_.size());
  double most = infinity;
  if (is_comparable(rows, row)) {
    for (std::int64_t center = 0; center < k_; center += tile_) {
      const auto measure = tile_kernels<Index>(run.simd(), width_at(center)).measure;
      measure(entries(rows, row), cells_.data() + center * p_, offsets_.data() + center, distances.data() + center);
    }
    if (without >= 0) distances[without] = infinite;
    most = static_cast<double>(*std::min_element(distances.begin(), distances.end())) + 2 * bound_of(rows, row);
  }
  for (std::int32_t j = 0; j < k_; ++j) {
    if (j != without && (most == infinity || distances[j] <= most)) centers.push_back(j);
  }
}

template void CoarseCenters::nearest(const Execution&, const Rows<std::uint16_t>&, std::span<const std::int32_t>, Nearest*,
                                     std::span<const std::int32_t>) const;
template void CoarseCenters::nearest(const Execution&, const Rows<std::uint32_t>&, std::span<const std::int32_t>, Nearest*,
                                     std::span<const std::int32_t>) const;
template void CoarseCenters::candidates(const Execution&, const Rows<std::uint16_t>&, std::int32_t, std::int32_t, Candidates&) const;
template void CoarseCenters::candidates(const Execution&, const Rows<std::uint32_t>&, std::int32_t, std::int32_t, Candidates&) const;

}  // namespace corpuscle
