#include "nearest_centers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

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

/// Entries of a row, followed by `padding` valid indices.
template <class Index>
struct Entries {
  const Index* indices;
  const float* values;
  std::int64_t length;
};

/// Offers norm - 2 row.center of the centers of a tile, whose `width` cells of each term stand together, numbered from `first` on.
template <class Index>
using Compare = void (*)(const Entries<Index>& row, const float* cells, const float* norms, std::int32_t first, Smallest& nearest);

template <class Index, int width>
void compare_portable(const Entries<Index>& row, const float* cells, const float* norms, std::int32_t first, Smallest& nearest) {
  float sums[width] = {};
  for (std::int64_t q = 0; q < row.length; ++q) {
    const float* const center = cells + static_cast<std::int64_t>(row.indices[q]) * width;
    const float value = row.values[q];
    for (int j = 0; j < width; ++j) sums[j] += value * center[j];
  }
  for (int j = 0; j < width; ++j) nearest.offer(norms[j] - 2 * sums[j], first + j);
}

#if defined(__x86_64__)

constexpr std::int64_t ahead = SingleCenters::padding;  // entries between the one whose centers are prefetched and the one added

// distances[j] = norms[j] - 2 row.center of j. The sums stay in registers where all loops over them are unrolled; few of them are
// added by several chains, for an addition waits for the one before it. Written out for each level of instructions: a function
// that does not name a level cannot take in one that does, so there is no place for what the two share.

template <class Index, int width>
[[gnu::target("avx2,fma"), gnu::always_inline]]
inline void distances_avx2(const Entries<Index>& row, const float* cells, const float* norms, float* distances) {
  constexpr int vectors = width / 8, chains = vectors <= 2 ? 4 : vectors <= 4 ? 2 : 1;
  __m256 sums[chains][vectors];
#pragma GCC unroll 8
  for (int c = 0; c < chains; ++c) {
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) sums[c][v] = _mm256_setzero_ps();
  }
  std::int64_t q = 0;
  for (; q + chains <= row.length; q += chains) {
#pragma GCC unroll 8
    for (int c = 0; c < chains; ++c) {
      const float* const soon = cells + static_cast<std::int64_t>(row.indices[q + c + ahead]) * width;
#pragma GCC unroll 8
      for (int v = 0; v < vectors; v += 2) __builtin_prefetch(soon + 8 * v);
      const float* const center = cells + static_cast<std::int64_t>(row.indices[q + c]) * width;
      const __m256 value = _mm256_broadcast_ss(row.values + q + c);
#pragma GCC unroll 8
      for (int v = 0; v < vectors; ++v) sums[c][v] = _mm256_fmadd_ps(value, _mm256_load_ps(center + 8 * v), sums[c][v]);
    }
  }
  for (; q < row.length; ++q) {
    const float* const center = cells + static_cast<std::int64_t>(row.indices[q]) * width;
    const __m256 value = _mm256_broadcast_ss(row.values + q);
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) sums[0][v] = _mm256_fmadd_ps(value, _mm256_load_ps(center + 8 * v), sums[0][v]);
  }
#pragma GCC unroll 8
  for (int v = 0; v < vectors; ++v) {
    __m256 sum = sums[0][v];
#pragma GCC unroll 8
    for (int c = 1; c < chains; ++c) sum = _mm256_add_ps(sum, sums[c][v]);
    _mm256_store_ps(distances + 8 * v, _mm256_fnmadd_ps(_mm256_set1_ps(2), sum, _mm256_load_ps(norms + 8 * v)));
  }
}

template <class Index, int width>
[[gnu::target("avx512f"), gnu::always_inline]]
inline void distances_avx512(const Entries<Index>& row, const float* cells, const float* norms, float* distances) {
  constexpr int vectors = width / 16, chains = vectors <= 2 ? 4 : 2;
  __m512 sums[chains][vectors];
#pragma GCC unroll 8
  for (int c = 0; c < chains; ++c) {
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) sums[c][v] = _mm512_setzero_ps();
  }
  std::int64_t q = 0;
  for (; q + chains <= row.length; q += chains) {
#pragma GCC unroll 8
    for (int c = 0; c < chains; ++c) {
      const float* const soon = cells + static_cast<std::int64_t>(row.indices[q + c + ahead]) * width;
#pragma GCC unroll 8
      for (int v = 0; v < vectors; ++v) __builtin_prefetch(soon + 16 * v);
      const float* const center = cells + static_cast<std::int64_t>(row.indices[q + c]) * width;
      const __m512 value = _mm512_set1_ps(row.values[q + c]);
#pragma GCC unroll 8
      for (int v = 0; v < vectors; ++v) sums[c][v] = _mm512_fmadd_ps(value, _mm512_load_ps(center + 16 * v), sums[c][v]);
    }
  }
  for (; q < row.length; ++q) {
    const float* const center = cells + static_cast<std::int64_t>(row.indices[q]) * width;
    const __m512 value = _mm512_set1_ps(row.values[q]);
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) sums[0][v] = _mm512_fmadd_ps(value, _mm512_load_ps(center + 16 * v), sums[0][v]);
  }
#pragma GCC unroll 8
  for (int v = 0; v < vectors; ++v) {
    __m512 sum = sums[0][v];
#pragma GCC unroll 8
    for (int c = 1; c < chains; ++c) sum = _mm512_add_ps(sum, sums[c][v]);
    _mm512_store_ps(distances + 16 * v, _mm512_fnmadd_ps(_mm512_set1_ps(2), sum, _mm512_load_ps(norms + 16 * v)));
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
[[gnu::target("avx2,fma")]] void compare_avx2(const Entries<Index>& row, const float* cells, const float* norms, std::int32_t first,
                                              Smallest& nearest) {
  alignas(64) float distances[width];
  distances_avx2<Index, width>(row, cells, norms, distances);
  offer_avx2<width>(distances, first, nearest);
}

template <class Index, int width>
[[gnu::target("avx512f,avx2,fma")]] void compare_avx512(const Entries<Index>& row, const float* cells, const float* norms,
                                                        std::int32_t first, Smallest& nearest) {
  alignas(64) float distances[width];
  distances_avx512<Index, width>(row, cells, norms, distances);
  offer_avx2<width>(distances, first, nearest);
}

#endif

template <class Index, int width>
Compare<Index> compare_of([[maybe_unused]] Simd simd) {
#if defined(__x86_64__)
  if constexpr (width >= 16) {
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
    default: return compare_of<Index, SingleCenters::tile>(simd);
  }
}

constexpr double unit = 0x1p-24;  // of rounding in single precision
/// Norms for which no sum of products overflows, and what vanishes in single precision is below the bound's constant.
constexpr double smallest_norm = 0x1p-40, largest_norm = 0x1p40;

bool within_reach(double norm) { return norm >= smallest_norm && norm <= largest_norm; }

}  // namespace

void SingleCenters::resize(std::int64_t p, std::int64_t k) {
  p_ = p;
  k_ = k;
  const std::int64_t rest = k % tile;
  last_width_ = rest == 0 ? tile : rest <= 8 ? 8 : (rest + 15) / 16 * 16;
  const std::int64_t padded = (k - 1) / tile * tile + last_width_;
  cells_.clear();  // nothing to be copied where this takes more memory
  cells_.resize(static_cast<std::size_t>(p * padded));
  norms_.resize(static_cast<std::size_t>(padded));
}

void SingleCenters::set_norms(std::span<const double> squared) {
  std::fill(norms_.begin(), norms_.end(), std::numeric_limits<float>::infinity());
  longest_ = 0;
  bool all_finite = true;
  for (std::int64_t j = 0; j < k_; ++j) {
    norms_[j] = static_cast<float>(squared[j]);
    longest_ = std::max(longest_, std::sqrt(squared[j]));
    all_finite &= std::isfinite(squared[j]);
  }
  usable_ = all_finite && within_reach(longest_);
}

/// What is compared is wrong by at most: for each of m products and their sums, (m + 2) units of |row| |center| (Higham 2002, 3.1,
/// by Cauchy and Schwarz), twice; 4 units of what is compared; and what is too small for single precision. Rounding in double
/// precision is within the share of a hundredth, which holds for so many entries.
constexpr std::int64_t most_entries = 1 << 16;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr SingleCenters::Nearest not_found{SingleCenters::undecided, infinity, -infinity};

template <class Index>
void SingleCenters::nearest(const Execution& run, const Rows<Index>& rows, std::span<const std::int32_t> numbers, Nearest* found) const {
  if (!usable_) {
    std::fill_n(found, numbers.size(), not_found);
    return;
  }
  // Tile by tile, so that the part of the centers that is read stays in the cache.
  std::vector<Smallest> smallest(numbers.size());
  for (std::int64_t center = 0; center < k_; center += tile) {
    if (run.stopped()) return;
    const Compare<Index> compare = compare_of<Index>(run.simd(), width_at(center));
    const float* const cells = cells_.data() + center * p_;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const std::int64_t begin = rows.indptr[numbers[i]];
      compare({rows.indices + begin, rows.values + begin, rows.indptr[numbers[i] + 1] - begin}, cells, norms_.data() + center,
              static_cast<std::int32_t>(center), smallest[i]);
    }
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::int64_t length = rows.indptr[numbers[i] + 1] - rows.indptr[numbers[i]];
    const double norm = std::sqrt(rows.norms[numbers[i]]);
    const double product = norm * longest_, squared = longest_ * longest_;
    const double relative = 2 * static_cast<double>(length + 4) * product + 4 * (squared + 2 * product);
    const double vanished = static_cast<double>(length + 1) * 0x1p-120 * (1 + norm + longest_);
    const double bound = 1.01 * unit * relative + vanished;
    const double nearest = static_cast<double>(smallest[i].best) + bound, others = static_cast<double>(smallest[i].second) - bound;
    const bool decided = (within_reach(norm) || length == 0) && length <= most_entries && others > nearest;
    found[i] = decided ? Nearest{smallest[i].label, nearest, others} : not_found;
  }
}

template void SingleCenters::nearest(const Execution&, const Rows<std::uint16_t>&, std::span<const std::int32_t>, Nearest*) const;
template void SingleCenters::nearest(const Execution&, const Rows<std::uint32_t>&, std::span<const std::int32_t>, Nearest*) const;

}  // namespace corpuscle
