#include "../kernels/stream_copy.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace corpuscle {
namespace {

template <class From>
void expect_copies(std::size_t result_bytes) {
  for (std::size_t length = 0; length < 70; ++length) {
    for (std::size_t offset = 0; offset < 17; ++offset) {
      std::vector<From> from(length);
      for (std::size_t i = 0; i < length; ++i) from[i] = static_cast<From>(i * 2654435761u >> 3);
      std::vector<std::int32_t> to(offset + length + 1, -7);
      stream_copy(from.data(), length, to.data() + offset, result_bytes);
      end_streams();
      for (std::size_t i = 0; i < length; ++i) ASSERT_EQ(to[offset + i], static_cast<std::int32_t>(from[i])) << length << ' ' << offset;
      for (std::size_t i = 0; i < offset; ++i) ASSERT_EQ(to[i], -7);
      ASSERT_EQ(to.back(), -7);
    }
  }
}

TEST(StreamCopy, WidensNumbersOfAnyLengthAtAnyPlaceAndWritesNoOthers) {
  for (const std::size_t result_bytes : {std::size_t{1}, cached_bytes}) {
    expect_copies<std::uint8_t>(result_bytes);
    expect_copies<std::uint16_t>(result_bytes);
    expect_copies<std::uint32_t>(result_bytes);
  }
}

template <class From>
void expect_quotients(std::size_t result_bytes) {
  for (std::size_t length = 0; length < 40; ++length) {
    for (std::size_t offset = 0; offset < 9; ++offset) {
      std::vector<From> from(length);
      for (std::size_t i = 0; i < length; ++i) from[i] = static_cast<From>(i * 2654435761u);
      std::vector<double> to(offset + length + 1, -7);
      stream_quotients(from.data(), length, 60, to.data() + offset, result_bytes);
      end_streams();
      for (std::size_t i = 0; i < length; ++i) ASSERT_EQ(to[offset + i], static_cast<double>(from[i]) / 60) << length << ' ' << offset;
      for (std::size_t i = 0; i < offset; ++i) ASSERT_EQ(to[i], -7);
      ASSERT_EQ(to.back(), -7);
    }
  }
}

TEST(StreamQuotients, DividesNumbersOfAnyLengthAtAnyPlaceAndWritesNoOthers) {
  for (const std::size_t result_bytes : {std::size_t{1}, cached_bytes}) {
    expect_quotients<std::uint8_t>(result_bytes);
    expect_quotients<std::uint16_t>(result_bytes);
    expect_quotients<std::uint32_t>(result_bytes);
  }
}

}  // namespace
}  // namespace corpuscle
