// Columns of bits added up: in how many of some rows each bit is set (positional population count; Klarqvist, Mula and Lemire,
// "Efficient Computation of Positional Population Counts Using SIMD Instructions", 2019).
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "simd.hpp"

namespace corpuscle {

/// A row of bits: one line of the cache.
struct alignas(64) BitRow {
  static constexpr std::int64_t size = 512;
  std::array<std::uint64_t, size / 64> words;
};

/// Calls use(bit) for each bit from `first` on that is set.
template <class Use>
void for_each_bit(std::span<const std::uint64_t> words, std::int64_t first, Use&& use) {
  std::uint64_t keep = ~std::uint64_t{0} << (first % 64);
  for (std::size_t at = static_cast<std::size_t>(first) / 64; at < words.size(); ++at) {
    for (std::uint64_t word = words[at] & std::exchange(keep, ~std::uint64_t{0}); word != 0; word &= word - 1) {
      use(static_cast<std::int64_t>(at * 64) + std::countr_zero(word));
    }
  }
}

/// The columns of rows of bits: for each bit, the rows that have it.
class BitColumns {
 public:
  BitColumns() = default;
  explicit BitColumns(std::int64_t rows)
      : words_((static_cast<std::size_t>(rows) + 63) / 64), bits_(static_cast<std::size_t>(BitRow::size) * words_) {}

  /// Sets the bits of the rows from `first`, a multiple of 64, up to `end`, which is one too or the last.
  void set(std::span<const BitRow> rows, std::int64_t first, std::int64_t end);

  /// Calls use(row) for each row that has a bit, in order.
  template <class Use>
  void for_each(std::int64_t bit, Use&& use) const {
    for_each_bit(std::span(bits_).subspan(static_cast<std::size_t>(bit) * words_, words_), 0, use);
  }

 private:
  std::size_t words_ = 0;  // of a column
  std::vector<std::uint64_t> bits_;
};

/// sums[b] becomes the number of the rows at `places` whose bit b is set. A Count, of 1, 2 or 4 bytes, must hold the number of places.
template <class Count>
void sum_bits(Simd simd, const BitRow* rows, std::span<const std::uint32_t> places, Count* sums);

}  // namespace corpuscle
