#include "mean_kernels.hpp"

#include <cmath>

namespace corpuscle {
namespace {

[[gnu::always_inline]] inline void average(const double* sums, const double* factors, std::int64_t count, double* __restrict cells,
                                           double* __restrict squares) {
  for (std::int64_t j = 0; j < count; ++j) {
    const double mean = sums[j] * factors[j], difference = mean - cells[j];
    cells[j] = mean;
    squares[j] += difference * difference;
  }
}

[[gnu::always_inline]] inline void add_squares(const double* cells, std::int64_t count, double* __restrict squares) {
  for (std::int64_t j = 0; j < count; ++j) squares[j] += cells[j] * cells[j];
}

[[gnu::always_inline]] inline void add_split(const double* values, double weight, const double* splits, std::int64_t count,
                                             double* __restrict high_sums, double* __restrict low_sums) {
  for (std::int64_t i = 0; i < count; ++i) {
    const double value = values[i] * weight, high = (value + splits[i]) - splits[i];
    high_sums[i] += high;
    low_sums[i] += value - high;
  }
}

[[gnu::always_inline]] inline void add(const double* values, std::int64_t count, double* __restrict sums) {
  for (std::int64_t i = 0; i < count; ++i) sums[i] += values[i];
}

[[gnu::always_inline]] inline void add_squared_differences(const double* values, const double* means, std::int64_t count,
                                                           double* __restrict squares) {
  for (std::int64_t i = 0; i < count; ++i) {
    const double difference = values[i] - means[i];
    squares[i] += difference * difference;
  }
}

[[gnu::always_inline]] inline void note_sizes(const double* values, double weight, std::int64_t count, double* __restrict lowest,
                                              double* __restrict largest) {
  for (std::int64_t i = 0; i < count; ++i) note_size(std::abs(values[i] * weight), lowest[i], largest[i]);
}

void average_portable(const double* sums, const double* factors, std::int64_t count, double* cells, double* squares) {
  average(sums, factors, count, cells, squares);
}
void add_squares_portable(const double* cells, std::int64_t count, double* squares) { add_squares(cells, count, squares); }
void add_split_portable(const double* values, double weight, const double* splits, std::int64_t count, double* high_sums, double* low_sums) {
  add_split(values, weight, splits, count, high_sums, low_sums);
}

void add_portable(const double* values, std::int64_t count, double* sums) { add(values, count, sums); }
void add_squared_differences_portable(const double* values, const double* means, std::int64_t count, double* squares) {
  add_squared_differences(values, means, count, squares);
}
void note_sizes_portable(const double* values, double weight, std::int64_t count, double* lowest, double* largest) {
  note_sizes(values, weight, count, lowest, largest);
}

#if defined(__x86_64__)

[[gnu::target("avx2")]] void average_avx2(const double* sums, const double* factors, std::int64_t count, double* cells, double* squares) {
  average(sums, factors, count, cells, squares);
}
[[gnu::target("avx2")]] void add_squares_avx2(const double* cells, std::int64_t count, double* squares) { add_squares(cells, count, squares); }
[[gnu::target("avx2")]] void add_split_avx2(const double* values, double weight, const double* splits, std::int64_t count, double* high_sums,
                                            double* low_sums) {
  add_split(values, weight, splits, count, high_sums, low_sums);
}
[[gnu::target("avx2")]] void add_avx2(const double* values, std::int64_t count, double* sums) { add(values, count, sums); }
[[gnu::target("avx2")]] void add_squared_differences_avx2(const double* values, const double* means, std::int64_t count, double* squares) {
  add_squared_differences(values, means, count, squares);
}
[[gnu::target("avx2")]] void note_sizes_avx2(const double* values, double weight, std::int64_t count, double* lowest, double* largest) {
  note_sizes(values, weight, count, lowest, largest);
}

#endif

}  // namespace

MeanKernels mean_kernels([[maybe_unused]] Simd level) {
#if defined(__x86_64__)
  if (level != Simd::baseline) return {average_avx2, add_squares_avx2, add_split_avx2, add_avx2, add_squared_differences_avx2, note_sizes_avx2};
#endif
  return {average_portable, add_squares_portable, add_split_portable, add_portable, add_squared_differences_portable, note_sizes_portable};
}

}  // namespace corpuscle
