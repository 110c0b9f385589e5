// Strings as one block of UTF-8.
#pragma once

#include <cstdint>
#include <span>

namespace corpuscle {

/// n strings of UTF-8: string i is [offsets[i], offsets[i + 1]) of bytes. Owns nothing.
struct TextView {
  std::span<const char> bytes;
  std::span<const std::int64_t> offsets;

  std::int64_t count() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  std::span<const char> operator[](std::int64_t i) const {
    return bytes.subspan(static_cast<std::size_t>(offsets[i]), static_cast<std::size_t>(offsets[i + 1] - offsets[i]));
  }
};

}  // namespace corpuscle
