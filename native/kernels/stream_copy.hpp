// Copies of whole numbers, and their quotients, into large results, past the caches.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace corpuscle {

/// A result of which so much may still be in the caches when it is read.
inline constexpr std::size_t cached_bytes = std::size_t{1} << 25;

#if defined(__x86_64__)

/// Eight whole numbers of 1, 2 or 4 bytes, each widened to 4.
template <class From>
void stream_eight(const From* from, __m128i* to) {
  const auto* const source = reinterpret_cast<const __m128i*>(from);
  __m128i low = sizeof(From) == 1 ? _mm_loadl_epi64(source) : _mm_loadu_si128(source), high;
  const __m128i zero = _mm_setzero_si128();
  if constexpr (sizeof(From) == 1) low = _mm_unpacklo_epi8(low, zero);
  if constexpr (sizeof(From) == 4) {
    high = _mm_loadu_si128(source + 1);
  } else {
    high = _mm_unpackhi_epi16(low, zero);
    low = _mm_unpacklo_epi16(low, zero);
  }
  _mm_stream_si128(to, low);
  _mm_stream_si128(to + 1, high);
}

/// Copies unsigned whole numbers into a result of so many bytes. Where that is larger than the caches, past them: a line that is stored
/// whole need not be fetched from memory first. Another thread may read them after `end_streams`.
template <class From>
void stream_copy(const From* from, std::size_t length, std::int32_t* to, std::size_t result_bytes) {
  if (result_bytes < cached_bytes) {
    std::copy_n(from, length, to);
    return;
  }
  constexpr std::size_t line = 64 / sizeof(*to);
  std::size_t i = std::min(length, (0 - reinterpret_cast<std::uintptr_t>(to) / sizeof(*to)) % line);
  std::copy_n(from, i, to);
  for (; i + line <= length; i += line) {
    for (std::size_t half = 0; half < line; half += 8) stream_eight(from + i + half, reinterpret_cast<__m128i*>(to + i + half));
  }
  std::copy(from + i, from + length, to + i);
}

/// The same for what unsigned whole numbers are, divided by a number.
template <class From>
void stream_quotients(const From* from, std::size_t length, double divisor, double* to, std::size_t result_bytes) {
  const auto divide = [divisor](From number) { return static_cast<double>(number) / divisor; };
  if (result_bytes < cached_bytes) {
    std::transform(from, from + length, to, divide);
    return;
  }
  constexpr std::size_t line = 64 / sizeof(*to);
  std::size_t i = std::min(length, (0 - reinterpret_cast<std::uintptr_t>(to) / sizeof(*to)) % line);
  std::transform(from, from + i, to, divide);
  for (; i + line <= length; i += line) {
    for (std::size_t pair = i; pair < i + line; pair += 2) _mm_stream_pd(to + pair, _mm_set_pd(divide(from[pair + 1]), divide(from[pair])));
  }
  std::transform(from + i, from + length, to + i, divide);
}

inline void end_streams() { _mm_sfence(); }

#else

template <class From>
void stream_copy(const From* from, std::size_t length, std::int32_t* to, std::size_t) {
  std::copy_n(from, length, to);
}

template <class From>
void stream_quotients(const From* from, std::size_t length, double divisor, double* to, std::size_t) {
  std::transform(from, from + length, to, [divisor](From number) { return static_cast<double>(number) / divisor; });
}

inline void end_streams() {}

#endif

}  // namespace corpuscle
