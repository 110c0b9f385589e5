// Numbers out of a fuzzer's bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace corpuscle::fuzz {

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::uint8_t byte() { return size_ == 0 ? 0 : (--size_, *data_++); }
  std::size_t left() const { return size_; }
  /// A small number, now and then a monstrous one.
  std::int64_t number() {
    const std::uint8_t b = byte();
    if (b == 255) return INT64_MAX;
    if (b == 254) return INT64_MIN;
    if (b == 253) return std::int64_t{1} << 31;
    return static_cast<std::int8_t>(b);
  }
  const char* text() const { return reinterpret_cast<const char*>(data_); }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

}  // namespace corpuscle::fuzz
