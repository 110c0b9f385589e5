#include "word_masks.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "bytes.hpp"
#include "parallel.hpp"
#include "unicode.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace corpuscle {
namespace {

constexpr std::size_t block = MarkedText::block;

/// Reads whole blocks, writes their ASCII letters in lower case if `lower`, and marks ASCII letters, digits and '_'. Returns whether
/// a byte was not ASCII. `text` and `out` may be the same.
using Classify = bool (*)(const char* text, std::size_t blocks, bool lower, char* out, std::uint64_t* words);

#if defined(__x86_64__)

bool classify_sse2(const char* text, std::size_t blocks, bool lower, char* out, std::uint64_t* words) {
  const auto all = [](int byte) { return _mm_set1_epi8(static_cast<char>(byte)); };
  const auto below = [&](__m128i x, int first, int count) {
    const __m128i from = _mm_sub_epi8(x, all(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(from, all(count - 1)), from);
  };
  int high = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    std::uint64_t word = 0;
    for (std::size_t at = 0; at < block; at += 16) {
      __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + b * block + at));
      high |= _mm_movemask_epi8(x);
      const __m128i capital = _mm_and_si128(below(x, 'A', 26), all(0x20));
      const __m128i small = _mm_or_si128(x, capital);
      const __m128i found =
          _mm_or_si128(_mm_or_si128(below(small, 'a', 26), below(x, '0', 10)), _mm_cmpeq_epi8(x, all('_')));
      word |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(found))) << at;
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + b * block + at), lower ? small : x);
    }
    words[b] = word;
  }
  return high != 0;
}

__attribute__((target("avx2"))) bool classify_avx2(const char* text, std::size_t blocks, bool lower, char* out,
                                                   std::uint64_t* words) {
  const __m256i capital_a = _mm256_set1_epi8('A'), small_a = _mm256_set1_epi8('a'), zero = _mm256_set1_epi8('0');
  const __m256i letters = _mm256_set1_epi8(25), digits = _mm256_set1_epi8(9), line = _mm256_set1_epi8('_');
  const __m256i shift = _mm256_set1_epi8(lower ? 0x20 : 0), bit = _mm256_set1_epi8(0x20);
  __m256i high = _mm256_setzero_si256();
  for (std::size_t b = 0; b < blocks; ++b) {
    std::uint64_t word = 0;
    for (std::size_t at = 0; at < block; at += 32) {
      const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + b * block + at));
      high = _mm256_or_si256(high, x);
      const __m256i from_capital = _mm256_sub_epi8(x, capital_a);
      const __m256i capital = _mm256_cmpeq_epi8(_mm256_min_epu8(from_capital, letters), from_capital);
      const __m256i from_small = _mm256_sub_epi8(_mm256_or_si256(x, bit), small_a);
      const __m256i letter = _mm256_cmpeq_epi8(_mm256_min_epu8(from_small, letters), from_small);
      const __m256i from_zero = _mm256_sub_epi8(x, zero);
      const __m256i digit = _mm256_cmpeq_epi8(_mm256_min_epu8(from_zero, digits), from_zero);
      const __m256i found = _mm256_or_si256(_mm256_or_si256(letter, digit), _mm256_cmpeq_epi8(x, line));
      word |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(found))) << at;
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + b * block + at),
                          _mm256_or_si256(x, _mm256_and_si256(capital, shift)));
    }
    words[b] = word;
  }
  return _mm256_movemask_epi8(high) != 0;
}

__attribute__((target("avx512bw"))) bool classify_avx512(const char* text, std::size_t blocks, bool lower, char* out,
                                                         std::uint64_t* words) {
  const __m512i capital_a = _mm512_set1_epi8('A'), small_a = _mm512_set1_epi8('a'), zero = _mm512_set1_epi8('0');
  const __m512i letters = _mm512_set1_epi8(26), digits = _mm512_set1_epi8(10), line = _mm512_set1_epi8('_');
  const __m512i bit = _mm512_set1_epi8(0x20);
  __mmask64 high = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    const __m512i x = _mm512_loadu_si512(text + b * block);
    high |= _mm512_movepi8_mask(x);
    const __mmask64 capital = lower ? _mm512_cmplt_epu8_mask(_mm512_sub_epi8(x, capital_a), letters) : 0;
    words[b] = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(_mm512_or_si512(x, bit), small_a), letters) |
               _mm512_cmplt_epu8_mask(_mm512_sub_epi8(x, zero), digits) | _mm512_cmpeq_epi8_mask(x, line);
    _mm512_storeu_si512(out + b * block, _mm512_mask_add_epi8(x, capital, x, bit));
  }
  return high != 0;
}

Classify classify_for(Simd level) {
  switch (level) {
    case Simd::avx512: return classify_avx512;
    case Simd::avx2: return classify_avx2;
    default: return classify_sse2;
  }
}

#else

/// Sixty-four bytes of 0 or 255 as bits.
std::uint64_t bits_of(const unsigned char* found) {
  std::uint64_t bits = 0;
#if defined(__aarch64__)
  const uint8x16_t weights = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  for (std::size_t at = 0; at < block; at += 16) {
    const uint8x16_t weighed = vandq_u8(vld1q_u8(found + at), weights);
    const std::uint64_t low = vaddv_u8(vget_low_u8(weighed)), high = vaddv_u8(vget_high_u8(weighed));
    bits |= (low | high << 8) << at;
  }
#else
  for (std::size_t at = 0; at < block; ++at) bits |= static_cast<std::uint64_t>(found[at] & 1) << at;
#endif
  return bits;
}

/// Without branches, for the compiler to vectorize.
bool classify_portable(const char* text, std::size_t blocks, bool lower, char* out, std::uint64_t* words) {
  const unsigned shift = lower ? 0x20 : 0;
  unsigned char high = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    unsigned char found[block];
    for (std::size_t at = 0; at < block; ++at) {
      const auto x = static_cast<unsigned char>(text[b * block + at]);
      high |= x;
      const auto from = [](unsigned c, char first) { return static_cast<unsigned char>(c - static_cast<unsigned char>(first)); };
      const bool word = (from(x | 0x20u, 'a') < 26) | (from(x, '0') < 10) | (x == '_');
      found[at] = static_cast<unsigned char>(-static_cast<int>(word));
      out[b * block + at] = static_cast<char>(x | (from(x, 'A') < 26 ? shift : 0u));
    }
    words[b] = bits_of(found);
  }
  return (high & 0x80) != 0;
}

Classify classify_for(Simd) { return classify_portable; }

#endif

/// Marks the words' characters beyond ASCII, all bytes of each.
void mark_beyond_ascii(MarkedText& marked) {
  const char* const text = marked.text.data();
  const char* const end = text + marked.size;
  const auto is_ascii = [](const char* at) { return static_cast<unsigned char>(*at) < 0x80; };
  for (const char* at = text; at != end;) {
    if (end - at >= 8 && (load8(at) & high_bits) == 0) {
      at += 8;
    } else if (is_ascii(at)) {
      ++at;
    } else {
      const char* here = at;
      if (!is_word(decode(at, end))) continue;
      for (; here != at; ++here) {
        const auto place = static_cast<std::size_t>(here - text);
        marked.words[place / block] |= std::uint64_t{1} << (place % block);
      }
    }
  }
}

}  // namespace

bool mark_words(Simd level, std::span<const char> document, Normalization normalization, MarkedText& marked) {
  const Classify classify = classify_for(level);
  /// Marks the ASCII of a text; returns whether there is more.
  const auto classify_all = [&](std::span<const char> from, bool lower) {
    if (from.size() > 0xffffff00) throw OverLimit{"A document without its accents has 2^32 bytes or more."};
    marked.size = from.size();
    const std::size_t padded = marked.blocks() * block + MarkedText::padding;
    if (marked.text.size() < padded) marked.text.resize(std::max(padded, 2 * marked.text.size()));
    if (marked.words.size() < marked.blocks() + 1) marked.words.resize(2 * marked.blocks() + 1);
    const std::size_t whole = from.size() / block, rest = from.size() % block;
    char* const text = marked.text.data();
    bool high = classify(from.data(), whole, lower, text, marked.words.data());
    if (rest > 0) {
      char last[block] = {};
      std::memcpy(last, from.data() + whole * block, rest);
      high |= classify(last, 1, lower, text + whole * block, marked.words.data() + whole);
    }
    marked.words[marked.blocks()] = 0;
    return high;
  };
  marked.ascii = !classify_all(document, normalization.lowercase);
  if (marked.ascii) return true;
  if (!valid_utf8(document)) return false;
  std::span<const char> text = document;
  if (normalization.lowercase) {
    lowercase(text, marked.lower);
    text = marked.lower;
  }
  if (normalization.accents != Accents::keep) {
    marked.stripped.clear();
    strip_accents(text, normalization.accents == Accents::strip_to_ascii, marked.stripped);
    text = marked.stripped;
  }
  if (text.data() != document.data()) marked.ascii = !classify_all(text, false);
  if (!marked.ascii) mark_beyond_ascii(marked);
  return true;
}

}  // namespace corpuscle
