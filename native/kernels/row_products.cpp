#include "row_products.hpp"

#include <algorithm>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define CORPUSCLE_X86 1
#include <immintrin.h>
#endif

namespace corpuscle {
namespace {

constexpr std::int64_t ahead = 12;  // entries between the one whose centers are fetched and the one that is added

/// The part of the products from center `first` on, `width` of them, whose sums stay in registers.
template <int width, class Index>
[[gnu::always_inline]] inline void part(const Index* indices, const double* values, std::int64_t length,
                                        const double* cells, std::int64_t stride, double* out) {
  double sums[width] = {};
  for (std::int64_t q = 0; q < length; ++q) {
    const double* const soon = cells + static_cast<std::int64_t>(indices[std::min(q + ahead, length - 1)]) * stride;
    for (int line = 0; line < width; line += 8) __builtin_prefetch(soon + line);
    const double* const center = cells + static_cast<std::int64_t>(indices[q]) * stride;
    const double value = values[q];
    for (int j = 0; j < width; ++j) sums[j] += center[j] * value;
  }
  std::copy(sums, sums + width, out);
}

/// The last centers, fewer than `width`, in one part where there are registers for them: each part reads the row anew.
template <int width, class Index>
[[gnu::always_inline]] inline void last_part(const Index* indices, const double* values, std::int64_t length,
                                             const double* cells, std::int64_t stride, std::int64_t left, double* out) {
  if constexpr (width > 0) {
    if (left == width) return part<width>(indices, values, length, cells, stride, out);
    last_part<width - 8>(indices, values, length, cells, stride, left, out);
  }
}

template <int widest, class Index>
[[gnu::always_inline]] inline void products(const Index* indices, const double* values, std::int64_t length,
                                            const double* cells, std::int64_t stride, double* out) {
  std::int64_t first = 0;
  for (; first + widest <= stride; first += widest) part<widest>(indices, values, length, cells + first, stride, out + first);
  last_part<widest - 8>(indices, values, length, cells + first, stride, stride - first, out + first);
}

void eight_baseline(const double* values, std::int64_t length, std::int64_t rows, const double* cells, double* out) {
  for (std::int64_t row = 0; row < rows; ++row) {
    double sums[8] = {};
    for (std::int64_t q = 0; q < length; ++q) {
      for (int j = 0; j < 8; ++j) sums[j] += cells[8 * q + j] * values[row * length + q];
    }
    std::copy(sums, sums + 8, out + 8 * row);
  }
}

template <class Index>
void products_baseline(const Index* indices, const double* values, std::int64_t length, const double* cells,
                       std::int64_t stride, double* out) {
  products<16>(indices, values, length, cells, stride, out);
}

#ifdef CORPUSCLE_X86
template <class Index>
[[gnu::target("avx2")]] void products_avx2(const Index* indices, const double* values, std::int64_t length,
                                           const double* cells, std::int64_t stride, double* out) {
  products<32>(indices, values, length, cells, stride, out);
}

template <class Index>
#ifdef __clang__
[[gnu::target("avx512f")]]
#else
[[gnu::target("avx512f,prefer-vector-width=512")]]
#endif
void products_avx512(const Index* indices, const double* values, std::int64_t length, const double* cells,
                     std::int64_t stride, double* out) {
  products<64>(indices, values, length, cells, stride, out);
}

/// The sums of so many rows stay in registers.
template <int rows>
[[gnu::target("avx2"), gnu::always_inline]] inline void rows_with_eight(const double* values, std::int64_t length, const double* cells, double* out) {
  __m256d sums[rows][2];
#pragma GCC unroll 4
  for (int r = 0; r < rows; ++r) sums[r][0] = sums[r][1] = _mm256_setzero_pd();
  for (std::int64_t q = 0; q < length; ++q) {
    const __m256d low = _mm256_loadu_pd(cells + 8 * q), high = _mm256_loadu_pd(cells + 8 * q + 4);
#pragma GCC unroll 4
    for (int r = 0; r < rows; ++r) {
      const __m256d value = _mm256_set1_pd(values[r * length + q]);
      sums[r][0] = _mm256_add_pd(sums[r][0], _mm256_mul_pd(low, value));
      sums[r][1] = _mm256_add_pd(sums[r][1], _mm256_mul_pd(high, value));
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < rows; ++r) {
    _mm256_storeu_pd(out + 8 * r, sums[r][0]);
    _mm256_storeu_pd(out + 8 * r + 4, sums[r][1]);
  }
}

[[gnu::target("avx2")]] void eight_avx2(const double* values, std::int64_t length, std::int64_t rows, const double* cells, double* out) {
  std::int64_t row = 0;
  for (; row + 4 <= rows; row += 4) rows_with_eight<4>(values + row * length, length, cells, out + 8 * row);
  for (; row < rows; ++row) rows_with_eight<1>(values + row * length, length, cells, out + 8 * row);
}
#endif

}  // namespace

template <class Index>
RowProducts<Index> row_products([[maybe_unused]] Simd level) {
#ifdef CORPUSCLE_X86
  if (level == Simd::avx512) return products_avx512<Index>;
  if (level == Simd::avx2) return products_avx2<Index>;
#endif
  return products_baseline<Index>;
}

ProductsWithEight products_with_eight([[maybe_unused]] Simd level) {
#ifdef CORPUSCLE_X86
  if (level != Simd::baseline) return eight_avx2;
#endif
  return eight_baseline;
}

template RowProducts<std::int32_t> row_products(Simd);
template RowProducts<std::uint16_t> row_products(Simd);
template RowProducts<std::uint32_t> row_products(Simd);

}  // namespace corpuscle
