#include "mean_kernels.hpp"

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

void average_portable(const double* sums, const double* factors, std::int64_t count, double* cells, double* squares) {
  average(sums, factors, count, cells, squares);
}
void add_squares_portable(const double* cells, std::int64_t count, double* squares) { add_squares(cells, count, squares); }

#if defined(__x86_64__)

[[gnu::target("avx2")]] void average_avx2(const double* sums, const double* factors, std::int64_t count, double* cells, double* squares) {
  average(sums, factors, count, cells, squares);
}
[[gnu::target("avx2")]] void add_squares_avx2(const double* cells, std::int64_t count, double* squares) { add_squares(cells, count, squares); }

#endif

}  // namespace

MeanKernels mean_kernels([[maybe_unused]] Simd level) {
#if defined(__x86_64__)
  if (level != Simd::baseline) return {average_avx2, add_squares_avx2};
#endif
  return {average_portable, add_squares_portable};
}

}  // namespace corpuscle
