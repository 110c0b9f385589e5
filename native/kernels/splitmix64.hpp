// Random numbers by their place in the sequence, which need no state (Steele, Lea, Flood 2014).
#pragma once

#include <cstdint>

namespace corpuscle {

constexpr std::uint64_t splitmix64(std::uint64_t place) {
  std::uint64_t z = (place + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// The upper bits of a random number as one in [0, limit), for a limit below 2^32.
constexpr std::uint64_t below(std::uint64_t limit, std::uint64_t random) { return ((random >> 32) * limit) >> 32; }

}  // namespace corpuscle
