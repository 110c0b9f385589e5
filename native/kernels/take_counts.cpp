#include "take_counts.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace corpuscle {
namespace {

template <class Count, class Id>
std::size_t take_portable(Count* counts, std::size_t first, std::size_t length, Count least, Id* ids, Count* taken) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < length; ++i) {
    ids[found] = static_cast<Id>(first + i);
    taken[found] = counts[i];
    found += counts[i] >= least;
  }
  std::memset(counts, 0, length * sizeof(Count));
  return found;
}

#if defined(__x86_64__)

/// For each choice of eight cells, their places, as bytes from the lowest.
constexpr std::array<std::uint64_t, 256> places = [] {
  std::array<std::uint64_t, 256> table{};
  for (unsigned mask = 0; mask < 256; ++mask) {
    int at = 0;
    for (std::uint64_t place = 0; place < 8; ++place) {
      if ((mask >> place & 1) != 0) table[mask] |= place << (8 * at++);
    }
  }
  return table;
}();

/// Eight cells of a row, of 1, 2 or 4 bytes.
template <std::size_t bytes>
struct Cells;

template <>
struct Cells<1> {
  __m128i cells;
  __attribute__((target("avx2"))) explicit Cells(const void* from) : cells(_mm_loadl_epi64(static_cast<const __m128i*>(from))) {}
  __attribute__((target("avx2"))) unsigned at_least(std::uint8_t least) const {
    const __m128i bar = _mm_set1_epi8(static_cast<char>(least));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(cells, bar), cells))) & 255;
  }
  __attribute__((target("avx2"))) void store(__m128i place, void* to) const {
    _mm_storel_epi64(static_cast<__m128i*>(to), _mm_shuffle_epi8(cells, place));
  }
};

template <>
struct Cells<2> {
  __m128i cells;
  __attribute__((target("avx2"))) explicit Cells(const void* from) : cells(_mm_loadu_si128(static_cast<const __m128i*>(from))) {}
  __attribute__((target("avx2"))) unsigned at_least(std::uint16_t least) const {
    const __m128i reached = _mm_cmpeq_epi16(_mm_max_epu16(cells, _mm_set1_epi16(static_cast<short>(least))), cells);
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(reached, reached))) & 255;
  }
  __attribute__((target("avx2"))) void store(__m128i place, void* to) const {
    const __m128i low = _mm_add_epi8(place, place);
    const __m128i both = _mm_unpacklo_epi8(low, _mm_add_epi8(low, _mm_set1_epi8(1)));
    _mm_storeu_si128(static_cast<__m128i*>(to), _mm_shuffle_epi8(cells, both));
  }
};

template <>
struct Cells<4> {
  __m256i cells;
  __attribute__((target("avx2"))) explicit Cells(const void* from) : cells(_mm256_loadu_si256(static_cast<const __m256i*>(from))) {}
  __attribute__((target("avx2"))) unsigned at_least(std::uint32_t least) const {
    const __m256i reached = _mm256_cmpeq_epi32(_mm256_max_epu32(cells, _mm256_set1_epi32(static_cast<int>(least))), cells);
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(reached)));
  }
  __attribute__((target("avx2"))) void store(__m128i place, void* to) const {
    _mm256_storeu_si256(static_cast<__m256i*>(to), _mm256_permutevar8x32_epi32(cells, _mm256_cvtepu8_epi32(place)));
  }
};

/// 32 bytes of the row at a time, without a branch for what is in them: most have something.
template <class Count, class Id>
__attribute__((target("avx2"))) std::size_t take_avx2(Count* counts, std::size_t first, std::size_t length, Count least, Id* ids,
                                                      Count* taken) {
  constexpr std::size_t step = 32 / sizeof(Count);
  std::size_t found = 0, i = 0;
  for (; i + step <= length; i += step) {
    auto* const block = reinterpret_cast<__m256i*>(counts + i);
    const __m256i cells = _mm256_loadu_si256(block);
    if (_mm256_testz_si256(cells, cells) != 0) continue;
#pragma GCC unroll 4
    for (std::size_t at = i; at < i + step; at += 8) {
      const Cells<sizeof(Count)> eight(counts + at);
      const unsigned mask = eight.at_least(least);
      const __m128i place = _mm_cvtsi64_si128(static_cast<long long>(places[mask]));
      if constexpr (sizeof(Id) == 2) {
        const __m128i id = _mm_add_epi16(_mm_cvtepu8_epi16(place), _mm_set1_epi16(static_cast<short>(first + at)));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(ids + found), id);
      } else {
        const __m256i id = _mm256_add_epi32(_mm256_cvtepu8_epi32(place), _mm256_set1_epi32(static_cast<int>(first + at)));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(ids + found), id);
      }
      eight.store(place, taken + found);
      found += static_cast<std::size_t>(std::popcount(mask));
    }
    _mm256_storeu_si256(block, _mm256_setzero_si256());
  }
  return found + take_portable(counts + i, first + i, length - i, least, ids + found, taken + found);
}

// 64 bytes of cells or of ids at a time, with what every processor of `Simd::avx512` has.
#define CORPUSCLE_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,popcnt")))

template <std::size_t bytes>
CORPUSCLE_AVX512 inline std::uint64_t lanes_at_least(__m512i cells, std::uint32_t least) {
  if constexpr (bytes == 1) return _mm512_cmpge_epu8_mask(cells, _mm512_set1_epi8(static_cast<char>(least)));
  if constexpr (bytes == 2) return _mm512_cmpge_epu16_mask(cells, _mm512_set1_epi16(static_cast<short>(least)));
  if constexpr (bytes == 4) return _mm512_cmpge_epu32_mask(cells, _mm512_set1_epi32(static_cast<int>(least)));
}

/// Stores the lanes of the mask at the front of 64 bytes.
template <std::size_t bytes>
CORPUSCLE_AVX512 inline void store_lanes(void* to, std::uint64_t mask, __m512i lanes) {
  if constexpr (bytes == 1) _mm512_storeu_si512(to, _mm512_maskz_compress_epi8(mask, lanes));
  if constexpr (bytes == 2) _mm512_storeu_si512(to, _mm512_maskz_compress_epi16(static_cast<__mmask32>(mask), lanes));
  if constexpr (bytes == 4) _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(static_cast<__mmask16>(mask), lanes));
}

template <std::size_t bytes>
CORPUSCLE_AVX512 inline __m512i lanes_plus(__m512i lanes, std::size_t number) {
  if constexpr (bytes == 2) return _mm512_add_epi16(lanes, _mm512_set1_epi16(static_cast<short>(number)));
  if constexpr (bytes == 4) return _mm512_add_epi32(lanes, _mm512_set1_epi32(static_cast<int>(number)));
}

/// 64 bytes of the row at a time.
template <class Count, class Id>
CORPUSCLE_AVX512 std::size_t take_avx512(Count* counts, std::size_t first, std::size_t length, Count least, Id* ids, Count* taken) {
  constexpr std::size_t step = 64 / sizeof(Count), id_step = 64 / sizeof(Id);
  std::array<Id, id_step> start;
  for (std::size_t lane = 0; lane < id_step; ++lane) start[lane] = static_cast<Id>(first + lane);
  __m512i next = _mm512_loadu_si512(start.data());
  std::size_t found = 0, i = 0;
  for (; i + step <= length; i += step) {
    const __m512i cells = _mm512_loadu_si512(counts + i);
    const __m512i place = next;
    next = lanes_plus<sizeof(Id)>(next, step);
    _mm512_storeu_si512(counts + i, _mm512_setzero_si512());
    std::uint64_t mask = lanes_at_least<sizeof(Count)>(cells, least);
    if (mask == 0) continue;
    store_lanes<sizeof(Count)>(taken + found, mask, cells);
    for (std::size_t at = 0; at < step; at += id_step) {
      constexpr std::uint64_t part = (std::uint64_t{1} << std::min(step, id_step)) - 1;
      store_lanes<sizeof(Id)>(ids + found, mask & part, lanes_plus<sizeof(Id)>(place, at));
      found += static_cast<std::size_t>(std::popcount(mask & part));
      if constexpr (step > id_step) mask >>= id_step;
    }
  }
  return found + take_portable(counts + i, first + i, length - i, least, ids + found, taken + found);
}

#endif

}  // namespace

template <class Count, class Id>
std::size_t take_counts(Simd simd, Count* counts, std::size_t first, std::size_t length, Count least, Id* ids, Count* taken) {
#if defined(__x86_64__)
  if (simd == Simd::avx512) return take_avx512(counts, first, length, least, ids, taken);
  if (simd != Simd::baseline) return take_avx2(counts, first, length, least, ids, taken);
#endif
  static_cast<void>(simd);
  return take_portable(counts, first, length, least, ids, taken);
}

template std::size_t take_counts(Simd, std::uint8_t*, std::size_t, std::size_t, std::uint8_t, std::uint16_t*, std::uint8_t*);
template std::size_t take_counts(Simd, std::uint16_t*, std::size_t, std::size_t, std::uint16_t, std::uint16_t*, std::uint16_t*);
template std::size_t take_counts(Simd, std::uint32_t*, std::size_t, std::size_t, std::uint32_t, std::uint16_t*, std::uint32_t*);
template std::size_t take_counts(Simd, std::uint8_t*, std::size_t, std::size_t, std::uint8_t, std::uint32_t*, std::uint8_t*);
template std::size_t take_counts(Simd, std::uint16_t*, std::size_t, std::size_t, std::uint16_t, std::uint32_t*, std::uint16_t*);
template std::size_t take_counts(Simd, std::uint32_t*, std::size_t, std::size_t, std::uint32_t, std::uint32_t*, std::uint32_t*);

}  // namespace corpuscle
