#include "nearest_centers.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace corpuscle {
namespace {

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

/// Where a center's cell stands among the `width` cells of a term. Unpacking the cells of two terms, 128 bits at a time, puts two of a
/// center side by side; in this order sixteen centers come out in their own.
constexpr int place_of(int center, int width) { return width == 8 ? center : center / 16 * 16 + center % 8 / 4 * 8 + center % 16 / 8 * 4 + center % 4; }

/// Scaled entries of a row, followed by `padding` valid indices and one more value; `factor` makes twice a product of a sum.
template <class Index>
struct Entries {
  const Index* indices;
  const std::int16_t* values;
  std::int64_t length;
  float factor;
};

/// Offers norm - 2 row.center of the centers of a tile, whose `width` cells of each term stand together, numbered from `first` on.
template <class Index>
using Compare = void (*)(const Entries<Index>& row, const std::int16_t* cells, const float* norms, std::int32_t first, Smallest& nearest);

template <class Index, int width>
void compare_portable(const Entries<Index>& row, const std::int16_t* cells, const float* norms, std::int32_t first, Smallest& nearest) {
  std::int32_t sums[width] = {};
  for (std::int64_t q = 0; q < row.length; ++q) {
    const std::int16_t* const center = cells + static_cast<std::int64_t>(row.indices[q]) * width;
    const std::int32_t value = row.values[q];
    for (int j = 0; j < width; ++j) sums[j] += value * center[j];
  }
  for (int j = 0; j < width; ++j) nearest.offer(norms[j] - row.factor * static_cast<float>(sums[place_of(j, width)]), first + j);
}

#if defined(__x86_64__)

constexpr std::int64_t ahead = CoarseCenters::padding;  // entries between the one whose centers are prefetched and the one added

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

// distances[j] = norms[j] - 2 row.center of j: the products of two entries at once, whose sums stay in registers where all loops over them
// are unrolled. Written out for each level of instructions: a function that does not name a level cannot take in one that does, so
// there is no place for what the two share.

/// Adds the products of sixteen centers' cells of two terms with two values.
[[gnu::target("avx2,fma"), gnu::always_inline]]
inline void add_avx2(const std::int16_t* one, const std::int16_t* two, __m256i values, __m256i (&sums)[2]) {
  const __m256i a = _mm256_load_si256(reinterpret_cast<const __m256i*>(one)), b = _mm256_load_si256(reinterpret_cast<const __m256i*>(two));
  sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(_mm256_unpacklo_epi16(a, b), values));
  sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(_mm256_unpackhi_epi16(a, b), values));
}

template <class Index, int width>
[[gnu::target("avx2,fma"), gnu::always_inline]]
inline void distances_avx2(const Entries<Index>& row, const std::int16_t* cells, const float* norms, float* distances) {
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
    _mm256_store_ps(distances + 8 * v, _mm256_fnmadd_ps(factor, sum, _mm256_load_ps(norms + 8 * v)));
  }
}

/// Of eight centers.
template <class Index>
[[gnu::target("avx2,fma"), gnu::always_inline]]
inline void distances_of_eight(const Entries<Index>& row, const std::int16_t* cells, const float* norms, float* distances) {
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
  _mm256_store_ps(distances, _mm256_fnmadd_ps(_mm256_set1_ps(times), sum, _mm256_load_ps(norms)));
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
inline void distances_avx512(const Entries<Index>& row, const std::int16_t* cells, const float* norms, float* distances) {
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
    _mm256_store_ps(distances + 8 * v, _mm256_fnmadd_ps(factor, _mm256_cvtepi32_ps(eight), _mm256_load_ps(norms + 8 * v)));
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
[[gnu::target("avx2,fma")]] void compare_avx2(const Entries<Index>& row, const std::int16_t* cells, const float* norms, std::int32_t first,
                                              Smallest& nearest) {
  alignas(64) float distances[width];
  if constexpr (width == 8) {
    distances_of_eight<Index>(row, cells, norms, distances);
  } else {
    distances_avx2<Index, width>(row, cells, norms, distances);
  }
  offer_avx2<width>(distances, first, nearest);
}

template <class Index, int width>
[[gnu::target("avx512bw,avx2,fma")]] void compare_avx512(const Entries<Index>& row, const std::int16_t* cells, const float* norms,
                                                         std::int32_t first, Smallest& nearest) {
  alignas(64) float distances[width];
  distances_avx512<Index, width>(row, cells, norms, distances);
  offer_avx2<width>(distances, first, nearest);
}

#endif

template <class Index, int width>
Compare<Index> compare_of([[maybe_unused]] Simd simd) {
#if defined(__x86_64__)
  if constexpr (width % 32 == 0) {
    if (simd == Simd::avx512) return compare_avx512<Index, width>;
  }
  if (simd != Simd::baseline) return compare_avx2<Index, width>;
#endif
  return compare_portable<Index, width>;
}

template <class Index>
Compare<Index> compare_of(Simd simd, std::int64_t width) {
  switch (width) {
    case 8: return compare_of<Index, 8>(simd);
    case 16: return compare_of<Index, 16>(simd);
    case 32: return compare_of<Index, 32>(simd);
    case 48: return compare_of<Index, 48>(simd);
    default: return compare_of<Index, CoarseCenters::tile>(simd);
  }
}

/// Scales `count` cells of a term, a multiple of 8, and puts them in their places; zeros are what lies beyond in the last sixteen.
using Scale = void (*)(const double* cells, std::int64_t count, double scale, std::int16_t* out);

void scale_portable(const double* cells, std::int64_t count, double scale, std::int16_t* out) {
  const int width = count == 8 ? 8 : 16;
  if (count % width != 0) std::fill_n(out + count - 8, width, std::int16_t{0});
  for (std::int64_t j = 0; j < count; ++j) out[place_of(static_cast<int>(j), width)] = rounded_short(cells[j] * scale);
}

#if defined(__x86_64__)

[[gnu::target("avx2"), gnu::always_inline]] inline __m128i scaled_four(const double* cells, __m256d scale) {
  return _mm256_cvtpd_epi32(_mm256_mul_pd(_mm256_loadu_pd(cells), scale));
}

/// Stores eight numbers in 16 bits.
[[gnu::target("avx2"), gnu::always_inline]] inline void put_eight(__m128i one, __m128i two, std::int16_t* out) {
  _mm_store_si128(reinterpret_cast<__m128i*>(out), _mm_packs_epi32(one, two));
}

[[gnu::target("avx2")]] void scale_avx2(const double* cells, std::int64_t count, double scale, std::int16_t* out) {
  const __m256d scales = _mm256_set1_pd(scale);
  const __m128i zeros = _mm_setzero_si128();
  std::int64_t j = 0;
  for (; j + 16 <= count; j += 16) {
    put_eight(scaled_four(cells + j, scales), scaled_four(cells + j + 8, scales), out + j);
    put_eight(scaled_four(cells + j + 4, scales), scaled_four(cells + j + 12, scales), out + j + 8);
  }
  if (count == 8) return put_eight(scaled_four(cells, scales), scaled_four(cells + 4, scales), out);
  if (j == count) return;
  put_eight(scaled_four(cells + j, scales), zeros, out + j);
  put_eight(scaled_four(cells + j + 4, scales), zeros, out + j + 8);
}

Scale scale_for(Simd simd) { return simd == Simd::baseline ? scale_portable : scale_avx2; }

#else

Scale scale_for(Simd) { return scale_portable; }

#endif

constexpr std::int64_t most_entries = 1 << 16;  // of a row that is compared
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr CoarseCenters::Nearest not_found{CoarseCenters::undecided, infinity, -infinity};

}  // namespace

void CoarseCenters::resize(std::int64_t p, std::int64_t k) {
  p_ = p;
  k_ = k;
  const std::int64_t rest = k % tile;
  last_width_ = rest == 0 ? tile : rest <= 8 ? 8 : (rest + 15) / 16 * 16;
  const std::int64_t padded = (k - 1) / tile * tile + last_width_;
  cells_.clear();  // nothing to be copied where this takes more memory
  cells_.resize(static_cast<std::size_t>(p * padded));
  norms_.resize(static_cast<std::size_t>(padded));
  step_ = 0;
}

void CoarseCenters::set_norms(std::span<const double> squared) {
  std::fill(norms_.begin(), norms_.end(), std::numeric_limits<float>::infinity());
  longest_ = 0;
  bool all_finite = true;
  for (std::int64_t j = 0; j < k_; ++j) {
    norms_[j] = static_cast<float>(squared[j]);
    longest_ = std::max(longest_, std::sqrt(squared[j]));
    all_finite &= std::isfinite(squared[j]);
  }
  usable_ = all_finite && within_reach(longest_) && step_ > 0;
}

void CoarseCenters::set(Execution& run, const double* cells, std::int64_t stride, std::span<const double> squared) {
  step_ = 1;
  set_norms(squared);
  step_ = longest_ / scaled_center;
  if (!usable_) return void(step_ = 0);
  const Scale take = scale_for(run.simd());
  const Blocks blocks{p_, sum_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t center = 0; center < k_; center += tile) {
      const std::int64_t width = width_at(center), count = std::min(stride - center, width);
      for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
        take(cells + term * stride + center, count, 1 / step_, cells_.data() + center * p_ + term * width);
      }
    }
  });
}

/// For each of m entries, v and c scaled, both are wrong by a half at most: their product by (|v| + |c|) / 2 + 1/4, and sums of |v| and of |c|
/// are at most the root of m times a length. What is compared then is rounded to single precision, four times at most. Rounding in double
/// precision is within the share of a hundredth, and what vanishes in single precision within the last term.
double CoarseCenters::bound_of(std::int64_t length, double norm, double step) const {
  constexpr double unit = 0x1p-24;  // of rounding in single precision
  const auto m = static_cast<double>(length);
  const double product = norm * longest_, squared = longest_ * longest_;
  const double of_product = std::sqrt(m) / 2 * (norm * step_ + longest_ * step) + m / 4 * step_ * step;
  return 1.01 * (2 * of_product + 4 * unit * (squared + 2 * product)) + 0x1p-120 * (1 + norm + longest_);
}

template <class Index>
void CoarseCenters::nearest(const Execution& run, const Rows<Index>& rows, std::span<const std::int32_t> numbers, Nearest* found) const {
  if (!usable_) {
    std::fill_n(found, numbers.size(), not_found);
    return;
  }
  const auto length_of = [&](std::int32_t row) { return rows.indptr[row + 1] - rows.indptr[row]; };
  const auto is_comparable = [&](std::int32_t row) { return length_of(row) == 0 || (rows.steps[row] > 0 && length_of(row) <= most_entries); };
  // Tile by tile, so that the part of the centers that is read stays in the cache.
  std::vector<Smallest> smallest(numbers.size());
  for (std::int64_t center = 0; center < k_; center += tile) {
    if (run.stopped()) return;
    const Compare<Index> compare = compare_of<Index>(run.simd(), width_at(center));
    const std::int16_t* const cells = cells_.data() + center * p_;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const std::int32_t row = numbers[i];
      if (!is_comparable(row)) continue;
      const std::int64_t begin = rows.indptr[row];
      const auto factor = static_cast<float>(2 * step_ * rows.steps[row]);
      compare({rows.indices + begin, rows.values + begin, length_of(row), factor}, cells, norms_.data() + center, static_cast<std::int32_t>(center),
              smallest[i]);
    }
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    found[i] = not_found;
    const std::int32_t row = numbers[i];
    if (!is_comparable(row)) continue;
    const double bound = bound_of(length_of(row), std::sqrt(rows.norms[row]), rows.steps[row]);
    const double nearest = static_cast<double>(smallest[i].best) + bound, others = static_cast<double>(smallest[i].second) - bound;
    if (others > nearest) found[i] = {smallest[i].label, nearest, others};
  }
}

template void CoarseCenters::nearest(const Execution&, const Rows<std::uint16_t>&, std::span<const std::int32_t>, Nearest*) const;
template void CoarseCenters::nearest(const Execution&, const Rows<std::uint32_t>&, std::span<const std::int32_t>, Nearest*) const;

}  // namespace corpuscle
