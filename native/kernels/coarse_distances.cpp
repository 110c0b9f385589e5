#include "coarse_distances.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace corpuscle {
namespace {

/// Where a center's cell stands among the `width` cells of a term. Unpacking the cells of two terms, 128 bits at a time, puts two of a
/// center side by side; in this order sixteen centers come out in their own.
constexpr int place_of(int center, int width) { return width == 8 ? center : center / 16 * 16 + center % 8 / 4 * 8 + center % 16 / 8 * 4 + center % 4; }

template <class Index, int width>
void measure_portable(const CoarseEntries<Index>& row, const std::int16_t* cells, const float* offsets, float* distances) {
  std::int32_t sums[width] = {};
  for (std::int64_t q = 0; q < row.length; ++q) {
    const std::int16_t* const center = cells + static_cast<std::int64_t>(row.indices[q]) * width;
    const std::int32_t value = row.values[q];
    for (int j = 0; j < width; ++j) sums[j] += value * center[j];
  }
  for (int j = 0; j < width; ++j) distances[j] = offsets[j] - row.factor * static_cast<float>(sums[place_of(j, width)]);
}

template <class Index, int width>
void compare_portable(const CoarseEntries<Index>& row, const std::int16_t* cells, const float* offsets, std::int32_t first, Smallest& nearest) {
  float distances[width];
  measure_portable<Index, width>(row, cells, offsets, distances);
  for (int j = 0; j < width; ++j) nearest.offer(distances[j], first + j);
}

#if defined(__x86_64__)

constexpr std::int64_t ahead = row_padding;  // entries between the one whose centers are prefetched and the one added

/// The values of two entries side by side.
inline int two_values(const std::int16_t* values) {
  int both;
  std::memcpy(&both, values, sizeof(both));
  return both;
}

template <int width>
inline void prefetch_cells(const std::int16_t* cells, std::int64_t term) {
  for (int j = 0; j < width; j += 32) __builtin_prefetch(cells + term * width + j);
}

// distances[j] = offsets[j] - 2 row.center of j: the products of two entries at once, whose sums stay in registers where all loops over them
// are unrolled. Written out for each level of instructions: a function that does not name a level cannot take in one that does, so
// there is no place for what the two share.

/// Adds the products of sixteen centers' cells of two terms with two values.
[[gnu::target("avx2,fma"), gnu::always_inline]]
inline void add_avx2(const std::int16_t* one, const std::int16_t* two, __m256i values, __m256i (&sums)[2]) {
  const __m256i a = _mm256_load_si256(reinterpret_cast<const __m256i*>(one)), b = _mm256_load_si256(reinterpret_cast<const __m256i*>(two));
  sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(_mm256_unpacklo_epi16(a, b), values));
  sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(_mm256_unpackhi_epi16(a, b), values));
}

/// Of eight centers.
template <class Index>
[[gnu::target("avx2,fma"), gnu::always_inline]]
inline void measure_eight(const CoarseEntries<Index>& row, const std::int16_t* cells, const float* offsets, float* distances) {
  const auto [indices, row_values, length, times] = row;
  __m128i low = _mm_setzero_si128(), high = low;
  for (std::int64_t q = 0; q < length; q += 2) {
    prefetch_cells<8>(cells, indices[q + ahead - 2]);
    prefetch_cells<8>(cells, indices[q + ahead - 1]);
    const __m128i a = _mm_load_si128(reinterpret_cast<const __m128i*>(cells + static_cast<std::int64_t>(indices[q]) * 8));
    const __m128i b = _mm_load_si128(reinterpret_cast<const __m128i*>(cells + static_cast<std::int64_t>(indices[q + 1]) * 8));
    const int both = two_values(row_values + q);
    const __m128i values = _mm_set1_epi32(q + 1 < length ? both : both & 0xffff);  // times 0 is what lies behind the row
    low = _mm_add_epi32(low, _mm_madd_epi16(_mm_unpacklo_epi16(a, b), values));
    high = _mm_add_epi32(high, _mm_madd_epi16(_mm_unpackhi_epi16(a, b), values));
  }
  const __m256 sum = _mm256_cvtepi32_ps(_mm256_set_m128i(high, low));
  _mm256_store_ps(distances, _mm256_fnmadd_ps(_mm256_set1_ps(times), sum, _mm256_load_ps(offsets)));
}

template <class Index, int width>
[[gnu::target("avx2,fma"), gnu::always_inline]]
inline void measure_avx2(const CoarseEntries<Index>& row, const std::int16_t* cells, const float* offsets, float* distances) {
  if constexpr (width == 8) return measure_eight<Index>(row, cells, offsets, distances);
  constexpr int vectors = width / 16;  // of sixteen cells
  const auto [indices, row_values, length, times] = row;
  __m256i sums[vectors][2];
#pragma GCC unroll 8
  for (int v = 0; v < vectors; ++v) sums[v][0] = sums[v][1] = _mm256_setzero_si256();
  std::int64_t q = 0;
  for (; q + 2 <= length; q += 2) {
    prefetch_cells<width>(cells, indices[q + ahead - 2]);
    prefetch_cells<width>(cells, indices[q + ahead - 1]);
    const std::int16_t* const one = cells + static_cast<std::int64_t>(indices[q]) * width;
    const std::int16_t* const two = cells + static_cast<std::int64_t>(indices[q + 1]) * width;
    const __m256i values = _mm256_set1_epi32(two_values(row_values + q));
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) add_avx2(one + 16 * v, two + 16 * v, values, sums[v]);
  }
  if (q < length) {
    const std::int16_t* const last = cells + static_cast<std::int64_t>(indices[q]) * width;
    const __m256i values = _mm256_set1_epi32(static_cast<std::uint16_t>(row_values[q]));  // times 0 is the second
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) add_avx2(last + 16 * v, last + 16 * v, values, sums[v]);
  }
  const __m256 factor = _mm256_set1_ps(times);
#pragma GCC unroll 8
  for (int v = 0; v < 2 * vectors; ++v) {
    const __m256 sum = _mm256_cvtepi32_ps(sums[v / 2][v % 2]);
    _mm256_store_ps(distances + 8 * v, _mm256_fnmadd_ps(factor, sum, _mm256_load_ps(offsets + 8 * v)));
  }
}

/// The same as `add_avx2` of 32 centers.
[[gnu::target("avx512bw,avx2,fma"), gnu::always_inline]]
inline void add_avx512(const std::int16_t* one, const std::int16_t* two, __m512i values, __m512i (&sums)[2]) {
  const __m512i a = _mm512_load_si512(one), b = _mm512_load_si512(two);
  sums[0] = _mm512_add_epi32(sums[0], _mm512_madd_epi16(_mm512_unpacklo_epi16(a, b), values));
  sums[1] = _mm512_add_epi32(sums[1], _mm512_madd_epi16(_mm512_unpackhi_epi16(a, b), values));
}

template <class Index, int width>
[[gnu::target("avx512bw,avx2,fma"), gnu::always_inline]]
inline void measure_avx512(const CoarseEntries<Index>& row, const std::int16_t* cells, const float* offsets, float* distances) {
  constexpr int vectors = width / 32;  // of 32 cells
  const auto [indices, row_values, length, times] = row;
  __m512i sums[vectors][2];
#pragma GCC unroll 8
  for (int v = 0; v < vectors; ++v) sums[v][0] = sums[v][1] = _mm512_setzero_si512();
  std::int64_t q = 0;
  for (; q + 2 <= length; q += 2) {
    prefetch_cells<width>(cells, indices[q + ahead - 2]);
    prefetch_cells<width>(cells, indices[q + ahead - 1]);
    const std::int16_t* const one = cells + static_cast<std::int64_t>(indices[q]) * width;
    const std::int16_t* const two = cells + static_cast<std::int64_t>(indices[q + 1]) * width;
    const __m512i values = _mm512_set1_epi32(two_values(row_values + q));
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) add_avx512(one + 32 * v, two + 32 * v, values, sums[v]);
  }
  if (q < length) {
    const std::int16_t* const last = cells + static_cast<std::int64_t>(indices[q]) * width;
    const __m512i values = _mm512_set1_epi32(static_cast<std::uint16_t>(row_values[q]));  // times 0 is the second
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) add_avx512(last + 32 * v, last + 32 * v, values, sums[v]);
  }
  const __m256 factor = _mm256_set1_ps(times);
#pragma GCC unroll 8
  for (int v = 0; v < 4 * vectors; ++v) {  // eight centers each; unpacked, the low halves are 0 to 7 and 16 to 23
    const __m512i sum = sums[v / 4][v % 2];
    const __m256i eight = v / 2 % 2 == 0 ? _mm512_castsi512_si256(sum) : _mm512_maskz_extracti64x4_epi64(0xff, sum, 1);
    _mm256_store_ps(distances + 8 * v, _mm256_fnmadd_ps(factor, _mm256_cvtepi32_ps(eight), _mm256_load_ps(offsets + 8 * v)));
  }
}

/// The smallest lane, in all lanes.
[[gnu::target("avx2,fma")]] inline __m256 smallest(__m256 x) {
  x = _mm256_min_ps(x, _mm256_permute2f128_ps(x, x, 1));
  x = _mm256_min_ps(x, _mm256_shuffle_ps(x, x, _MM_SHUFFLE(1, 0, 3, 2)));
  return _mm256_min_ps(x, _mm256_shuffle_ps(x, x, _MM_SHUFFLE(2, 3, 0, 1)));
}

template <int width>
[[gnu::target("avx2,fma"), gnu::always_inline]] inline void offer_avx2(const float* values, std::int32_t first, Smallest& nearest) {
  constexpr int lanes = 8;
  const __m256 infinity = _mm256_set1_ps(std::numeric_limits<float>::infinity());
  __m256 best = infinity, second = infinity;
  __m256i label = _mm256_setzero_si256();
#pragma GCC unroll 8
  for (int v = 0; v < width / lanes; ++v) {
    const __m256 value = _mm256_load_ps(values + lanes * v);
    const __m256 nearer = _mm256_cmp_ps(value, best, _CMP_LT_OQ);
    second = _mm256_min_ps(second, _mm256_max_ps(best, value));
    best = _mm256_min_ps(best, value);
    label = _mm256_blendv_epi8(label, _mm256_set1_epi32(v), _mm256_castps_si256(nearer));
  }
  // Of lanes that are equally near, one is taken; the second is then as near, so that nothing hangs on which. None is equal where a
  // row beyond reach has led to NaN.
  const __m256 least = smallest(best);
  const int equal = _mm256_movemask_ps(_mm256_cmp_ps(best, least, _CMP_EQ_OQ));
  const int lane = __builtin_ctz(static_cast<unsigned>(equal) | 1u << (lanes - 1));
  alignas(32) std::int32_t labels[lanes];
  _mm256_store_si256(reinterpret_cast<__m256i*>(labels), label);
  const __m256i others = _mm256_cmpeq_epi32(_mm256_set1_epi32(lane), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  const __m256 rest = _mm256_blendv_ps(best, infinity, _mm256_castsi256_ps(others));
  nearest.offer(_mm256_cvtss_f32(least), first + labels[lane] * lanes + lane);
  nearest.second = std::min(nearest.second, _mm256_cvtss_f32(smallest(_mm256_min_ps(second, rest))));
}

template <class Index, int width>
[[gnu::target("avx2,fma")]] void compare_avx2(const CoarseEntries<Index>& row, const std::int16_t* cells, const float* offsets,
                                              std::int32_t first, Smallest& nearest) {
  alignas(64) float distances[width];
  measure_avx2<Index, width>(row, cells, offsets, distances);
  offer_avx2<width>(distances, first, nearest);
}

template <class Index, int width>
[[gnu::target("avx512bw,avx2,fma")]] void compare_avx512(const CoarseEntries<Index>& row, const std::int16_t* cells, const float* offsets,
                                                         std::int32_t first, Smallest& nearest) {
  alignas(64) float distances[width];
  measure_avx512<Index, width>(row, cells, offsets, distances);
  offer_avx2<width>(distances, first, nearest);
}

/// Adds to the sums of each row, by eights of centers, the products of two terms' cells with its two values.
template <int eights>
[[gnu::target("avx2,fma"), gnu::always_inline]]
inline void add_full(const std::int16_t* one, const std::int16_t* two, const int (&values)[rows_at_once], __m256i (&sums)[rows_at_once][eights]) {
  __m256i cells[eights];
  if constexpr (eights == 1) {
    const __m128i a = _mm_load_si128(reinterpret_cast<const __m128i*>(one)), b = _mm_load_si128(reinterpret_cast<const __m128i*>(two));
    cells[0] = _mm256_set_m128i(_mm_unpackhi_epi16(a, b), _mm_unpacklo_epi16(a, b));
  } else {
    const __m256i a = _mm256_load_si256(reinterpret_cast<const __m256i*>(one)), b = _mm256_load_si256(reinterpret_cast<const __m256i*>(two));
    cells[0] = _mm256_unpacklo_epi16(a, b);
    cells[1] = _mm256_unpackhi_epi16(a, b);
  }
#pragma GCC unroll 4
  for (int r = 0; r < rows_at_once; ++r) {
#pragma GCC unroll 2
    for (int v = 0; v < eights; ++v) sums[r][v] = _mm256_add_epi32(sums[r][v], _mm256_madd_epi16(cells[v], _mm256_set1_epi32(values[r])));
  }
}

[[gnu::target("avx2,fma"), gnu::always_inline]] inline void offer_lanes(__m256 value, std::int32_t first, SmallestOfLanes& nearest) {
  const __m256 best = _mm256_load_ps(nearest.best), nearer = _mm256_cmp_ps(value, best, _CMP_LT_OQ);
  const __m256i labels = _mm256_add_epi32(_mm256_set1_epi32(first), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  auto* const label = reinterpret_cast<__m256i*>(nearest.label);
  _mm256_store_ps(nearest.second, _mm256_min_ps(_mm256_load_ps(nearest.second), _mm256_max_ps(best, value)));
  _mm256_store_ps(nearest.best, _mm256_min_ps(best, value));
  _mm256_store_si256(label, _mm256_blendv_epi8(_mm256_load_si256(label), labels, _mm256_castps_si256(nearer)));
}

template <int eights>
[[gnu::target("avx2,fma")]] void compare_full_avx2(const FullGroup& rows, const std::int16_t* cells, const float* offsets, std::int32_t first,
                                                   SmallestOfLanes* nearest) {
  constexpr int width = 8 * eights;
  __m256i sums[rows_at_once][eights];
#pragma GCC unroll 4
  for (int r = 0; r < rows_at_once; ++r) {
#pragma GCC unroll 2
    for (int v = 0; v < eights; ++v) sums[r][v] = _mm256_setzero_si256();
  }
  int values[rows_at_once];
  const std::int64_t last = rows.terms - 1;
  if (rows.terms % 2 != 0) {
#pragma GCC unroll 4
    for (int r = 0; r < rows_at_once; ++r) values[r] = static_cast<std::uint16_t>(rows.values[r][last]);  // times 0 is the second
    add_full<eights>(cells + last * width, cells + last * width, values, sums);
  }
  for (std::int64_t q = 0; q < last; q += 2) {
#pragma GCC unroll 4
    for (int r = 0; r < rows_at_once; ++r) values[r] = two_values(rows.values[r] + q);
    add_full<eights>(cells + q * width, cells + (q + 1) * width, values, sums);
  }
#pragma GCC unroll 4
  for (int r = 0; r < rows_at_once; ++r) {
    const __m256 factor = _mm256_set1_ps(rows.factors[r]);
#pragma GCC unroll 2
    for (int v = 0; v < eights; ++v) {
      const __m256 distance = _mm256_fnmadd_ps(factor, _mm256_cvtepi32_ps(sums[r][v]), _mm256_load_ps(offsets + 8 * v));
      offer_lanes(distance, first + 8 * v, nearest[r]);
    }
  }
}

#endif

template <class Index, int width>
TileKernels<Index> kernels_of([[maybe_unused]] Simd simd) {
#if defined(__x86_64__)
  if constexpr (width % 32 == 0) {
    if (simd == Simd::avx512) return {compare_avx512<Index, width>, measure_avx512<Index, width>};
  }
  if (simd != Simd::baseline) return {compare_avx2<Index, width>, measure_avx2<Index, width>};
#endif
  return {compare_portable<Index, width>, measure_portable<Index, width>};
}

void scale_portable(const double* cells, std::int64_t count, const double* scales, std::int16_t* out) {
  const int width = count == 8 ? 8 : 16;
  if (count % width != 0) std::fill_n(out + count - 8, width, std::int16_t{0});
  for (std::int64_t j = 0; j < count; ++j) out[place_of(static_cast<int>(j), width)] = rounded_short(cells[j] * scales[j]);
}

#if defined(__x86_64__)

[[gnu::target("avx2"), gnu::always_inline]] inline __m128i scaled_four(const double* cells, const double* scales) {
  return _mm256_cvtpd_epi32(_mm256_mul_pd(_mm256_loadu_pd(cells), _mm256_loadu_pd(scales)));
}

/// Stores eight numbers in 16 bits.
[[gnu::target("avx2"), gnu::always_inline]] inline void put_eight(__m128i one, __m128i two, std::int16_t* out) {
  _mm_store_si128(reinterpret_cast<__m128i*>(out), _mm_packs_epi32(one, two));
}

[[gnu::target("avx2")]] void scale_avx2(const double* cells, std::int64_t count, const double* scales, std::int16_t* out) {
  const __m128i zeros = _mm_setzero_si128();
  const auto four = [&](std::int64_t j) __attribute__((target("avx2"))) { return scaled_four(cells + j, scales + j); };
  std::int64_t j = 0;
  for (; j + 16 <= count; j += 16) {
    put_eight(four(j), four(j + 8), out + j);
    put_eight(four(j + 4), four(j + 12), out + j + 8);
  }
  if (count == 8) return put_eight(four(0), four(4), out);
  if (j == count) return;
  put_eight(four(j), zeros, out + j);
  put_eight(four(j + 4), zeros, out + j + 8);
}

[[gnu::target("avx2")]] double largest_avx2(std::span<const double> values) {
  const __m256d sign = _mm256_set1_pd(-0.0);
  __m256d most[2] = {_mm256_setzero_pd(), _mm256_setzero_pd()};
  std::size_t q = 0;
  for (; q + 8 <= values.size(); q += 8) {
    for (int half = 0; half < 2; ++half) {
      most[half] = _mm256_max_pd(most[half], _mm256_andnot_pd(sign, _mm256_loadu_pd(values.data() + q + 4 * half)));
    }
  }
  alignas(32) double lanes[4];
  _mm256_store_pd(lanes, _mm256_max_pd(most[0], most[1]));
  double largest = *std::max_element(lanes, lanes + 4);
  for (; q < values.size(); ++q) largest = std::max(largest, std::abs(values[q]));
  return largest;
}

[[gnu::target("avx2")]] void round_avx2(std::span<const double> values, double factor, std::int16_t* out) {
  const __m256d factors = _mm256_set1_pd(factor);
  const auto four = [&](std::size_t q) __attribute__((target("avx2"))) {
    return _mm256_cvtpd_epi32(_mm256_mul_pd(_mm256_loadu_pd(values.data() + q), factors));
  };
  std::size_t q = 0;
  for (; q + 8 <= values.size(); q += 8) _mm_storeu_si128(reinterpret_cast<__m128i*>(out + q), _mm_packs_epi32(four(q), four(q + 4)));
  for (; q < values.size(); ++q) out[q] = rounded_short(values[q] * factor);
}

#endif

double largest_portable(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

void round_portable(std::span<const double> values, double factor, std::int16_t* out) {
  for (std::size_t q = 0; q < values.size(); ++q) out[q] = rounded_short(values[q] * factor);
}

}  // namespace

template <class Index>
TileKernels<Index> tile_kernels(Simd simd, std::int64_t width) {
  switch (width) {
    case 8: return kernels_of<Index, 8>(simd);
    case 16: return kernels_of<Index, 16>(simd);
    case 32: return kernels_of<Index, 32>(simd);
    case 48: return kernels_of<Index, 48>(simd);
    default: return kernels_of<Index, widest_tile>(simd);
  }
}

CompareFull compare_full([[maybe_unused]] Simd simd, [[maybe_unused]] std::int64_t width) {
#if defined(__x86_64__)
  if (simd != Simd::baseline) return width == 8 ? compare_full_avx2<1> : compare_full_avx2<2>;
#endif
  return nullptr;
}

RoundingKernels rounding_kernels([[maybe_unused]] Simd simd) {
#if defined(__x86_64__)
  if (simd != Simd::baseline) return {scale_avx2, largest_avx2, round_avx2};
#endif
  return {scale_portable, largest_portable, round_portable};
}

template TileKernels<std::uint16_t> tile_kernels(Simd, std::int64_t);
template TileKernels<std::uint32_t> tile_kernels(Simd, std::int64_t);

}  // namespace corpuscle
