// Quotients of numbers that no 64 bits hold.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace corpuscle {

using Wide = unsigned __int128;

inline int bits_of(Wide number) {
  const auto upper = static_cast<std::uint64_t>(number >> 64), lower = static_cast<std::uint64_t>(number);
  return static_cast<int>(upper != 0 ? 64 + std::bit_width(upper) : std::bit_width(lower));
}

/// A quotient rounded once, to the nearest, on a tie to even: its first 55 bits or more, of which the last says whether there are others.
inline double quotient(Wide numerator, std::uint64_t denominator) {
  const int shift = std::max(0, 55 + bits_of(denominator) - bits_of(numerator));
  const Wide shifted = numerator << shift;
  const auto whole = static_cast<std::uint64_t>(shifted / denominator);
  return std::ldexp(static_cast<double>(whole | (shifted % denominator != 0)), -shift);
}

}  // namespace corpuscle
