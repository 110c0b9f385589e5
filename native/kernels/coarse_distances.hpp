// Rows and centers in whole numbers of 16 bits, and the distances of a row to a tile of centers, by the vector instructions of the
// processor.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>

#include "simd.hpp"

namespace corpuscle {

inline constexpr std::int64_t widest_tile = 64;
inline constexpr std::int64_t row_padding = 32;  // entries between the one whose centers are prefetched and the one that is added

/// A number rounded to a whole one, where it is smaller than 2^31. Without a branch or a call, for many at once.
inline std::int16_t rounded_short(double number) {
  constexpr double shift = 0x1.8p52;  // beyond it, numbers have no fractions
  return static_cast<std::int16_t>(static_cast<std::int32_t>((number + shift) - shift));
}

/// The smallest and second smallest of some values, and where the smallest is.
struct Smallest {
  float best = std::numeric_limits<float>::infinity(), second = std::numeric_limits<float>::infinity();
  std::int32_t label = 0;

  void offer(float value, std::int32_t at) {
    if (value < best) {
      second = best;
      best = value;
      label = at;
    } else if (value < second) {
      second = value;
    }
  }
};

/// Scaled entries of a row, followed by `row_padding` valid indices and one more value; `factor` makes twice a product of a sum.
template <class Index>
struct CoarseEntries {
  const Index* indices;
  const std::int16_t* values;
  std::int64_t length;
  float factor;
};

/// For tiles of 8, 16, 32, 48 or 64 centers, whose cells of each term stand together. The bits of distances may differ from level to level.
template <class Index>
struct TileKernels {
  /// Offers the distances of the centers, numbered from `first` on: offset - 2 row.center of each.
  void (*compare)(const CoarseEntries<Index>& row, const std::int16_t* cells, const float* offsets, std::int32_t first, Smallest& nearest);
  /// Writes them.
  void (*measure)(const CoarseEntries<Index>& row, const std::int16_t* cells, const float* offsets, float* distances);
};

template <class Index>
TileKernels<Index> tile_kernels(Simd level, std::int64_t width);

inline constexpr int rows_at_once = 4;
inline constexpr std::int64_t full_tile = 16;  // centers whose cells of many terms stay in the first-level cache

/// Rows that hold a value of each term: what is read of the centers serves all of them.
struct FullGroup {
  const std::int16_t* values[rows_at_once];
  float factors[rows_at_once];  // make twice a product of a sum
  std::int64_t terms;
};

/// The smallest and second smallest values of each of eight lanes.
struct alignas(32) SmallestOfLanes {
  static constexpr int lanes = 8;
  float best[lanes], second[lanes];
  std::int32_t label[lanes];

  SmallestOfLanes() {
    std::fill_n(best, lanes, std::numeric_limits<float>::infinity());
    std::fill_n(second, lanes, std::numeric_limits<float>::infinity());
    std::fill_n(label, lanes, 0);
  }
  Smallest of_all() const {
    Smallest smallest;
    for (int lane = 0; lane < lanes; ++lane) {
      smallest.offer(best[lane], label[lane]);
      smallest.second = std::min(smallest.second, second[lane]);
    }
    return smallest;
  }
};

/// Offers the distances of a tile's centers, numbered from `first` on, to the lanes of each row.
using CompareFull = void (*)(const FullGroup& rows, const std::int16_t* cells, const float* offsets, std::int32_t first, SmallestOfLanes* nearest);

/// For tiles of 8 or 16 centers; none where these instructions have no faster way than row by row.
CompareFull compare_full(Simd level, std::int64_t width);

struct RoundingKernels {
  /// Scales `count` cells of a term, a multiple of 8, and puts them in their places; zeros are what lies beyond in the last sixteen.
  void (*scale)(const double* cells, std::int64_t count, const double* scales, std::int16_t* out);
  /// The largest value, absolute.
  double (*largest)(std::span<const double> values);
  /// Writes values times a factor.
  void (*round)(std::span<const double> values, double factor, std::int16_t* out);
};

RoundingKernels rounding_kernels(Simd level);

}  // namespace corpuscle
