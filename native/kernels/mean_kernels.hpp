// Sums of clusters to centers, by the vector instructions of the processor: the bits are the same on each level.
#pragma once

#include <cstdint>

#include "simd.hpp"

namespace corpuscle {

struct MeanKernels {
  /// Makes cells of a term the sums times the factors, and adds the square of what each has changed by.
  void (*average)(const double* sums, const double* factors, std::int64_t count, double* cells, double* squares);
  /// Adds the squares of cells.
  void (*add_squares)(const double* cells, std::int64_t count, double* squares);
};

MeanKernels mean_kernels(Simd level);

}  // namespace corpuscle
