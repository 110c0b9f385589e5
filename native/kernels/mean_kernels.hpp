// What sums of rows are made of, and centers of sums, by the vector instructions of the processor: the bits are the same on each level.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

#include "simd.hpp"

namespace corpuscle {

/// Notes the size of a value, if it is the largest, and what the lowest bit counts that is set in it, if that is the lowest of all. Without a branch,
/// for many at once: the value without its lowest bit, or without all but the implicit one, which is the value where it has no other.
inline void note_size(double size, double& lowest, double& largest) {
  constexpr std::uint64_t fraction = (std::uint64_t{1} << 52) - 1;
  const auto bits = std::bit_cast<std::uint64_t>(size);
  const double without = std::bit_cast<double>(bits & (bits - 1)), power = std::bit_cast<double>(bits & ~fraction);
  const double lowest_bit = size - (without > power ? without : power);
  const double counts = lowest_bit > 0 ? lowest_bit : size;
  const double found = counts > 0 ? counts : std::numeric_limits<double>::infinity();
  largest = size > largest ? size : largest;
  lowest = found < lowest ? found : lowest;
}

struct MeanKernels {
  /// Makes cells of a term the sums times the factors, and adds the square of what each has changed by.
  void (*average)(const double* sums, const double* factors, std::int64_t count, double* cells, double* squares);
  /// Adds the squares of cells.
  void (*add_squares)(const double* cells, std::int64_t count, double* squares);
  /// Adds values of a row, times its weight, to the sums of its cluster: high parts, value + split - split, to one, what is left to the other.
  void (*add_split)(const double* values, double weight, const double* splits, std::int64_t count, double* high_sums, double* low_sums);
  /// Adds the values of a row, each to its own sum; or the squares of how far they are from the means.
  void (*add)(const double* values, std::int64_t count, double* sums);
  void (*add_squared_differences)(const double* values, const double* means, std::int64_t count, double* squares);
  /// Notes the sizes of values of a row, times its weight, each for its own term.
  void (*note_sizes)(const double* values, double weight, std::int64_t count, double* lowest, double* largest);
};

MeanKernels mean_kernels(Simd level);

}  // namespace corpuscle
