#include "word_edges.hpp"

#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "word_masks.hpp"

namespace corpuscle {
namespace {

constexpr std::uint32_t block = MarkedText::block;

/// Writes the edges of blocks to `out`, which has room for 64 a block; returns how many there are.
using Find = std::size_t (*)(const std::uint64_t* words, std::size_t first_block, std::size_t blocks, std::uint64_t& carry, std::uint32_t* out);

/// The bits of a block that differ from the one before.
std::uint64_t changes_of(std::uint64_t word, std::uint64_t& carry) {
  const std::uint64_t changes = word ^ (word << 1 | carry);
  carry = word >> 63;
  return changes;
}

std::size_t find_portable(const std::uint64_t* words, std::size_t first_block, std::size_t blocks, std::uint64_t& carry, std::uint32_t* out) {
  std::size_t count = 0;
  for (std::size_t b = first_block; b < first_block + blocks; ++b) {
    const auto begin = static_cast<std::uint32_t>(b) * block;
    for (std::uint64_t changes = changes_of(words[b], carry); changes != 0; changes &= changes - 1) {
      out[count++] = begin + static_cast<std::uint32_t>(std::countr_zero(changes));
    }
  }
  return count;
}

#if defined(__x86_64__)

/// The places of a block's bits are squeezed together as bytes and widened, sixteen at a time.
__attribute__((target("avx512bw,avx512vbmi2,popcnt"))) std::size_t find_avx512(const std::uint64_t* words, std::size_t first_block,
                                                                              std::size_t blocks, std::uint64_t& carry, std::uint32_t* out) {
  alignas(64) static constexpr struct Places {
    std::uint8_t at[block];
    constexpr Places() : at() {
      for (std::uint32_t i = 0; i < block; ++i) at[i] = static_cast<std::uint8_t>(i);
    }
  } places;
  const __m512i all = _mm512_load_si512(&places);
  std::size_t count = 0;
  for (std::size_t b = first_block; b < first_block + blocks; ++b) {
    const std::uint64_t changes = changes_of(words[b], carry);
    const auto found = static_cast<std::uint32_t>(std::popcount(changes));
    const __m512i begin = _mm512_set1_epi32(static_cast<int>(static_cast<std::uint32_t>(b) * block));
    alignas(64) std::uint8_t squeezed[block];
    _mm512_store_si512(squeezed, _mm512_maskz_compress_epi8(changes, all));
    for (std::uint32_t at = 0; at < found; at += 16) {
      const __m512i wide = _mm512_maskz_cvtepu8_epi32(0xffff, _mm_load_si128(reinterpret_cast<const __m128i*>(squeezed + at)));
      _mm512_storeu_si512(out + count + at, _mm512_add_epi32(wide, begin));
    }
    count += found;
  }
  return count;
}

Find find_for(Simd level) { return level == Simd::avx512 ? find_avx512 : find_portable; }

#else

Find find_for(Simd) { return find_portable; }

#endif

}  // namespace

void append_edges(Simd level, const std::uint64_t* words, std::size_t first_block, std::size_t blocks, std::uint64_t& carry,
                  LargeVector<std::uint32_t>& edges) {
  const std::size_t before = edges.size();
  edges.resize(before + blocks * block);
  edges.resize(before + find_for(level)(words, first_block, blocks, carry, edges.data() + before));
}

}  // namespace corpuscle
