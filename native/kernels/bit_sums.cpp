#include "bit_sums.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <type_traits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace corpuscle {
namespace {

constexpr std::size_t ahead = 16;  // rows between the one prefetched and the one added

/// What a register of 16, 32 or 64 bytes holds.
struct Register16 {
  using Bits [[gnu::vector_size(16)]] = std::uint64_t;
  using Numbers [[gnu::vector_size(16)]] = std::uint32_t;
};
struct Register32 {
  using Bits [[gnu::vector_size(32)]] = std::uint64_t;
  using Numbers [[gnu::vector_size(32)]] = std::uint32_t;
};
struct Register64 {
  using Bits [[gnu::vector_size(64)]] = std::uint64_t;
};

/// Sums of the bits that a register holds; `planes[p]` has those that weigh 2^p.
template <class Register>
struct Planes {
  using Bits = typename Register::Bits;
  Bits planes[32];
  int count;
};

/// Adds bits to those of a sum; what they carry weighs twice as much (a carry-save adder).
template <class Bits>
[[gnu::always_inline]] inline void add(Bits& sum, const Bits& a, const Bits& b, Bits& carry) {
  const Bits odd = sum ^ a;
  carry = (sum & a) | (odd & b);
  sum = odd ^ b;
}

/// Adds up the part of the rows that begins with word `first`, eight rows at a time. What they carry beyond the planes of ones, twos and
/// fours weighs eight, and waits for a second one to be added with; what these two carry weighs sixteen, and so on: as many wait as the
/// number of groups has bits that are set.
template <class Register>
[[gnu::always_inline]] inline void add_rows(const BitRow* rows, std::span<const std::uint32_t> places, std::size_t first,
                                            Planes<Register>& sums) {
  using Bits = typename Register::Bits;
  static constexpr BitRow none{};
  const auto load = [&](std::size_t p, Bits& bits) __attribute__((always_inline)) {
    std::memcpy(&bits, &(p < places.size() ? rows[places[p]] : none).words[first], sizeof bits);
  };
  Bits waiting[29];
  Bits ones{}, twos{}, fours{};
  Bits* const eights = &sums.planes[3];
  const std::size_t groups = (places.size() + 7) / 8;
  const int weights = std::bit_width(groups);
  std::fill_n(eights, weights, Bits{});
  for (std::size_t group = 0; group < groups; ++group) {
    const std::size_t p = 8 * group;
    for (std::size_t next = p + ahead; next < p + ahead + 8 && next < places.size(); ++next) __builtin_prefetch(&rows[places[next]]);
    Bits a, b, two, other_two, four, other_four, carry;
    load(p, a), load(p + 1, b), add(ones, a, b, two);
    load(p + 2, a), load(p + 3, b), add(ones, a, b, other_two);
    add(twos, two, other_two, four);
    load(p + 4, a), load(p + 5, b), add(ones, a, b, two);
    load(p + 6, a), load(p + 7, b), add(ones, a, b, other_two);
    add(twos, two, other_two, other_four);
    add(fours, four, other_four, carry);
    int weight = 0;
    for (std::size_t left = group; (left & 1) != 0; left >>= 1, ++weight) add(eights[weight], waiting[weight], Bits{carry}, carry);
    waiting[weight] = carry;
  }
  Bits carry{};
  for (int weight = 0; weight < weights; ++weight) {
    add(eights[weight], (groups >> weight & 1) != 0 ? waiting[weight] : Bits{}, Bits{carry}, carry);
  }
  sums.planes[0] = ones;
  sums.planes[1] = twos;
  sums.planes[2] = fours;
  sums.count = 3 + weights;
}

/// Writes the sums as numbers, as many at a time as a register holds.
template <class Register, class Count>
[[gnu::always_inline]] inline void write(const Planes<Register>& sums, Count* out) {
  using Numbers = typename Register::Numbers;
  constexpr std::size_t lanes = sizeof(Numbers) / sizeof(std::uint32_t);
  Numbers bit;
  for (std::size_t lane = 0; lane < lanes; ++lane) bit[lane] = 1u << lane;
  for (std::size_t first = 0; first < 8 * sizeof(Numbers); first += lanes) {
    Numbers total{};
    for (int plane = 0; plane < sums.count; ++plane) {
      const auto bits = static_cast<std::uint32_t>(sums.planes[plane][first / 64] >> first % 64);
      total += ((bits & bit) == bit) & (Numbers{} + (1u << plane));
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) out[first + lane] = static_cast<Count>(total[lane]);
  }
}

template <class Register, class Count>
[[gnu::always_inline]] inline void sum(const BitRow* rows, std::span<const std::uint32_t> places, Count* out) {
  Planes<Register> sums;
  for (std::size_t word = 0; word < BitRow{}.words.size(); word += sizeof(typename Register::Bits) / sizeof(std::uint64_t)) {
    add_rows(rows, places, word, sums);
    write(sums, out + 64 * word);
  }
}

#if defined(__x86_64__)

#define CORPUSCLE_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

/// Adds a number where a bit is set: to 64 of one byte, 32 of two or 16 of four.
CORPUSCLE_AVX512 inline __m512i add_where(std::uint64_t bits, __m512i totals, std::uint8_t number) {
  return _mm512_mask_add_epi8(totals, bits, totals, _mm512_set1_epi8(static_cast<char>(number)));
}
CORPUSCLE_AVX512 inline __m512i add_where(std::uint32_t bits, __m512i totals, std::uint16_t number) {
  return _mm512_mask_add_epi16(totals, bits, totals, _mm512_set1_epi16(static_cast<short>(number)));
}
CORPUSCLE_AVX512 inline __m512i add_where(std::uint16_t bits, __m512i totals, std::uint32_t number) {
  return _mm512_mask_add_epi32(totals, bits, totals, _mm512_set1_epi32(static_cast<int>(number)));
}

template <class Count, class Mask>
CORPUSCLE_AVX512 void sum_avx512(const BitRow* rows, std::span<const std::uint32_t> places, Count* out) {
  Planes<Register64> sums;
  add_rows(rows, places, 0, sums);
  for (std::size_t first = 0; first < BitRow::size; first += 8 * sizeof(Mask)) {
    __m512i totals = _mm512_setzero_si512();
    for (int plane = 0; plane < sums.count; ++plane) {
      Mask bits;
      std::memcpy(&bits, reinterpret_cast<const std::byte*>(&sums.planes[plane]) + first / 8, sizeof bits);
      totals = add_where(bits, totals, static_cast<Count>(Count{1} << plane));
    }
    _mm512_storeu_si512(out + first, totals);
  }
}

template <class Count>
__attribute__((target("avx2"))) void sum_avx2(const BitRow* rows, std::span<const std::uint32_t> places, Count* out) {
  sum<Register32>(rows, places, out);
}

#endif

/// Mirrors 64 rows of 64 bits along their diagonal: halves, quarters and so on change places (Warren, "Hacker's Delight", 7-3).
void transpose(std::array<std::uint64_t, 64>& rows) {
  std::uint64_t low = 0x00000000ffffffff;
  for (std::size_t half = 32; half != 0; half /= 2, low ^= low << half) {
    for (std::size_t r = 0; r < 64; r = (r + half + 1) & ~half) {
      const std::uint64_t change = (rows[r] >> half ^ rows[r + half]) & low;
      rows[r] ^= change << half;
      rows[r + half] ^= change;
    }
  }
}

}  // namespace

void BitColumns::set(std::span<const BitRow> rows, std::int64_t first, std::int64_t end) {
  for (std::int64_t start = first; start < end; start += 64) {
    for (std::size_t word = 0; word < BitRow{}.words.size(); ++word) {
      std::array<std::uint64_t, 64> block{};
      for (std::int64_t r = start; r < std::min(end, start + 64); ++r) block[r - start] = rows[r].words[word];
      transpose(block);
      for (std::size_t bit = 0; bit < 64; ++bit) bits_[(64 * word + bit) * words_ + static_cast<std::size_t>(start / 64)] = block[bit];
    }
  }
}

template <class Count>
void sum_bits([[maybe_unused]] Simd simd, const BitRow* rows, std::span<const std::uint32_t> places, Count* sums) {
#if defined(__x86_64__)
  using Mask = std::conditional_t<sizeof(Count) == 1, std::uint64_t, std::conditional_t<sizeof(Count) == 2, std::uint32_t, std::uint16_t>>;
  if (simd == Simd::avx512) return sum_avx512<Count, Mask>(rows, places, sums);
  if (simd == Simd::avx2) return sum_avx2(rows, places, sums);
#endif
  sum<Register16>(rows, places, sums);
}

template void sum_bits(Simd, const BitRow*, std::span<const std::uint32_t>, std::uint8_t*);
template void sum_bits(Simd, const BitRow*, std::span<const std::uint32_t>, std::uint16_t*);
template void sum_bits(Simd, const BitRow*, std::span<const std::uint32_t>, std::uint32_t*);

}  // namespace corpuscle
