// A hash of arrays' bytes, eight at a time, to tell whether two results are the same bits.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

#include "../kernels/term_table.hpp"

namespace corpuscle::bench {

class Digest {
 public:
  template <class T>
  void add(std::span<const T> array) {
    const std::span<const std::byte> bytes = std::as_bytes(array);
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
      value_ = mix(value_ ^ word, 0x9e3779b97f4a7c15);
    }
    value_ = mix(value_ ^ bytes.size(), 0xd1b54a32d192ed03);
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325;
};

}  // namespace corpuscle::bench
