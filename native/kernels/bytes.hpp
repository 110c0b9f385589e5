// Eight bytes of a text as one number.
#pragma once

#include <cstdint>
#include <cstring>

namespace corpuscle {

/// Eight bytes must be readable.
inline std::uint64_t load8(const char* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

/// The high bit of each byte: set where it is no ASCII.
inline constexpr std::uint64_t high_bits = 0x8080808080808080u;

}  // namespace corpuscle
