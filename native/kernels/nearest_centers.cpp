#include "nearest_centers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace corpuscle {
namespace {

constexpr std::int64_t lanes = 8;         // centers that are added at once
constexpr std::int64_t line_floats = 16;  // of a cache line
constexpr std::int64_t most_vectors = SingleCenters::tile / lanes;  // their sums stay in registers
constexpr std::int64_t ahead = 16;        // entries between the one whose centers are prefetched and the one added

/// The smallest and second smallest of some values, and where the smallest is.
struct Nearest {
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

/// Offers norm - 2 row.center of the 8 * vectors centers from `first` on.
template <class Index>
using Tile = void (*)(const Index* indices, const float* values, std::int64_t length, const float* centers, std::int64_t stride,
                      const float* norms, std::int32_t first, Nearest& nearest);

#if defined(__x86_64__)

/// The smallest lane, in all lanes.
__attribute__((target("avx2,fma"))) inline __m256 smallest(__m256 x) {
  x = _mm256_min_ps(x, _mm256_permute2f128_ps(x, x, 1));
  x = _mm256_min_ps(x, _mm256_shuffle_ps(x, x, _MM_SHUFFLE(1, 0, 3, 2)));
  return _mm256_min_ps(x, _mm256_shuffle_ps(x, x, _MM_SHUFFLE(2, 3, 0, 1)));
}

/// Few vectors are added by several chains, for an addition waits for the one before it.
template <class Index, int vectors>
__attribute__((target("avx2,fma"))) void tile_avx2(const Index* indices, const float* values, std::int64_t length,
                                                   const float* centers, std::int64_t stride, const float* norms,
                                                   std::int32_t first, Nearest& nearest) {
  constexpr int chains = vectors == 1 ? 4 : vectors == 2 ? 4 : vectors <= 4 ? 2 : 1;
  __m256 sums[chains][vectors];
#pragma GCC unroll 8
  for (int c = 0; c < chains; ++c) {
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) sums[c][v] = _mm256_setzero_ps();
  }
  std::int64_t q = 0;
  for (; q + chains <= length; q += chains) {
#pragma GCC unroll 8
    for (int c = 0; c < chains; ++c) {
      const char* const soon = reinterpret_cast<const char*>(centers + static_cast<std::int64_t>(indices[q + c + ahead]) * stride);
      for (int line = 0; line < (vectors + 1) / 2; ++line) _mm_prefetch(soon + 64 * line, _MM_HINT_T0);
      const float* const center = centers + static_cast<std::int64_t>(indices[q + c]) * stride;
      const __m256 value = _mm256_broadcast_ss(values + q + c);
#pragma GCC unroll 8
      for (int v = 0; v < vectors; ++v) sums[c][v] = _mm256_fmadd_ps(value, _mm256_load_ps(center + lanes * v), sums[c][v]);
    }
  }
  for (; q < length; ++q) {
    const float* const center = centers + static_cast<std::int64_t>(indices[q]) * stride;
    const __m256 value = _mm256_broadcast_ss(values + q);
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) sums[0][v] = _mm256_fmadd_ps(value, _mm256_load_ps(center + lanes * v), sums[0][v]);
  }
  __m256 best = _mm256_set1_ps(std::numeric_limits<float>::infinity()), second = best;
  __m256i label = _mm256_setzero_si256();
#pragma GCC unroll 8
  for (int v = 0; v < vectors; ++v) {
    __m256 sum = sums[0][v];
#pragma GCC unroll 8
    for (int c = 1; c < chains; ++c) sum = _mm256_add_ps(sum, sums[c][v]);
    const __m256 distance = _mm256_fnmadd_ps(_mm256_set1_ps(2), sum, _mm256_load_ps(norms + lanes * v));
    const __m256 nearer = _mm256_cmp_ps(distance, best, _CMP_LT_OQ);
    second = _mm256_min_ps(second, _mm256_max_ps(best, distance));
    best = _mm256_min_ps(best, distance);
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
  const __m256 infinity = _mm256_set1_ps(std::numeric_limits<float>::infinity());
  const __m256 rest = _mm256_blendv_ps(best, infinity, _mm256_castsi256_ps(others));
  nearest.offer(_mm256_cvtss_f32(least), first + labels[lane] * static_cast<std::int32_t>(lanes) + lane);
  nearest.second = std::min(nearest.second, _mm256_cvtss_f32(smallest(_mm256_min_ps(second, rest))));
}

#endif

/// Without instructions of a processor, for the compiler to vectorize.
template <class Index, int vectors>
void tile_portable(const Index* indices, const float* values, std::int64_t length, const float* centers, std::int64_t stride,
                   const float* norms, std::int32_t first, Nearest& nearest) {
  constexpr std::int64_t width = lanes * vectors;
  float sums[width] = {};
  for (std::int64_t q = 0; q < length; ++q) {
    const float* const center = centers + static_cast<std::int64_t>(indices[q]) * stride;
    const float value = values[q];
    for (std::int64_t j = 0; j < width; ++j) sums[j] += value * center[j];
  }
  for (std::int64_t j = 0; j < width; ++j) nearest.offer(norms[j] - 2 * sums[j], first + static_cast<std::int32_t>(j));
}

template <class Index, int vectors>
Tile<Index> tile_of(Simd simd) {
#if defined(__x86_64__)
  if (simd != Simd::baseline) return tile_avx2<Index, vectors>;
#endif
  static_cast<void>(simd);
  return tile_portable<Index, vectors>;
}

template <class Index>
Tile<Index> tile_of(Simd simd, std::int64_t vectors) {
  switch (vectors) {
    case 1: return tile_of<Index, 1>(simd);
    case 2: return tile_of<Index, 2>(simd);
    case 3: return tile_of<Index, 3>(simd);
    case 4: return tile_of<Index, 4>(simd);
    case 5: return tile_of<Index, 5>(simd);
    case 6: return tile_of<Index, 6>(simd);
    case 7: return tile_of<Index, 7>(simd);
    default: return tile_of<Index, 8>(simd);
  }
}

constexpr double unit = 0x1p-24;  // of rounding in single precision
/// Norms for which no sum of products overflows, and what vanishes in single precision is below the bound's constant.
constexpr double smallest_norm = 0x1p-40, largest_norm = 0x1p40;

bool within_reach(double norm) { return norm >= smallest_norm && norm <= largest_norm; }

}  // namespace

void SingleCenters::resize(std::int64_t p, std::int64_t k) {
  k_ = k;
  stride_ = (k + line_floats - 1) / line_floats * line_floats;
  cells_.assign(static_cast<std::size_t>(p * stride_), 0.0f);
  norms_.resize(static_cast<std::size_t>(stride_));
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

template <class Index>
void SingleCenters::nearest(const Execution& run, const Rows<Index>& rows, std::int64_t first, std::int64_t count,
                            std::int32_t* labels) const {
  if (!usable_) {
    std::fill_n(labels, count, static_cast<std::int32_t>(undecided));
    return;
  }
  // Tile by tile, so that the part of the centers that is read stays in the cache.
  const std::int64_t vectors = (k_ + lanes - 1) / lanes;
  std::vector<Nearest> found(static_cast<std::size_t>(count));
  for (std::int64_t vector = 0; vector < vectors; vector += most_vectors) {
    if (run.stopped()) return;
    const Tile<Index> tile = tile_of<Index>(run.simd(), std::min(most_vectors, vectors - vector));
    const std::int64_t center = vector * lanes;
    for (std::int64_t row = first; row < first + count; ++row) {
      const std::int64_t begin = rows.indptr[row];
      tile(rows.indices + begin, rows.values + begin, rows.indptr[row + 1] - begin, cells_.data() + center, stride_,
           norms_.data() + center, static_cast<std::int32_t>(center), found[row - first]);
    }
  }
  for (std::int64_t row = first; row < first + count; ++row) {
    const Nearest& nearest = found[row - first];
    const std::int64_t length = rows.indptr[row + 1] - rows.indptr[row];
    const double norm = std::sqrt(rows.norms[row]);
    const double product = norm * longest_, squared = longest_ * longest_;
    const double relative = 2 * static_cast<double>(length + 4) * product + 4 * (squared + 2 * product);
    const double vanished = static_cast<double>(length + 1) * 0x1p-120 * (1 + norm + longest_);
    const double bound = 1.01 * unit * relative + vanished;
    const double gap = static_cast<double>(nearest.second) - static_cast<double>(nearest.best);
    const bool decided = (within_reach(norm) || length == 0) && length <= most_entries && gap > 2 * bound;
    labels[row - first] = decided ? nearest.label : static_cast<std::int32_t>(undecided);
  }
}

template void SingleCenters::nearest(const Execution&, const Rows<std::uint16_t>&, std::int64_t, std::int64_t, std::int32_t*) const;
template void SingleCenters::nearest(const Execution&, const Rows<std::uint32_t>&, std::int64_t, std::int64_t, std::int32_t*) const;

}  // namespace corpuscle
