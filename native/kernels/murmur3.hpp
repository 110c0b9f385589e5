// MurmurHash3 for 32 bits (Appleby 2011, public domain), as scikit-learn's `murmurhash3_32`.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace corpuscle {

inline std::int32_t murmur3(const char* text, std::size_t length, std::uint32_t seed) {
  const auto scrambled = [](std::uint32_t block) { return std::rotl(block * 0xcc9e2d51u, 15) * 0x1b873593u; };
  const auto byte = [text](std::size_t at) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at])); };
  std::uint32_t hash = seed;
  std::size_t at = 0;
  for (; at + 4 <= length; at += 4) {
    hash ^= scrambled(byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16 | byte(at + 3) << 24);
    hash = std::rotl(hash, 13) * 5 + 0xe6546b64u;
  }
  std::uint32_t rest = 0;
  for (std::size_t last = length; last > at; --last) rest = rest << 8 | byte(last - 1);
  if (at < length) hash ^= scrambled(rest);
  hash ^= static_cast<std::uint32_t>(length);
  hash = (hash ^ hash >> 16) * 0x85ebca6bu;
  hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
  return static_cast<std::int32_t>(hash ^ hash >> 16);
}

}  // namespace corpuscle
