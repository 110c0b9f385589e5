#include "../kernels/stream_copy.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace corpuscle {
namespace {

/// Writes numbers of any length at any place with write(from, length, to), and looks for them and for what stands beside them.
template <class From, class To, class Write, class Wanted>
void expect_written(const Write& write, const Wanted& wanted) {
  for (std::size_t length = 0; length < 70; ++length) {
    for (std::size_t offset = 0; offset < 17; ++offset) {
      std::vector<From> from(length);
      for (std::size_t i = 0; i < length; ++i) from[i] = static_cast<From>(i * 2654435761u >> 3);
      std::vector<To> to(offset + length + 1, -7);
      write(from.data(), length, to.data() + offset);
      end_streams();
      for (std::size_t i = 0; i < length; ++i) ASSERT_EQ(to[offset + i], wanted(from[i])) << length << ' ' << offset;
      for (std::size_t i = 0; i < offset; ++i) ASSERT_EQ(to[i], -7);
      ASSERT_EQ(to.back(), -7);
    }
  }
}

template <class From>
class StreamCopy : public testing::Test {};
using Numbers = testing::Types<std::uint8_t, std::uint16_t, std::uint32_t>;
TYPED_TEST_SUITE(StreamCopy, Numbers);

TYPED_TEST(StreamCopy, WidensNumbersOfAnyLengthAtAnyPlaceAndWritesNoOthers) {
  for (const std::size_t result_bytes : {std::size_t{1}, cached_bytes}) {
    expect_written<TypeParam, std::int32_t>(
        [&](const TypeParam* from, std::size_t length, std::int32_t* to) { stream_copy(from, length, to, result_bytes); },
        [](TypeParam number) { return static_cast<std::int32_t>(number); });
  }
}

TYPED_TEST(StreamCopy, DividesNumbersOfAnyLengthAtAnyPlaceAndWritesNoOthers) {
  for (const std::size_t result_bytes : {std::size_t{1}, cached_bytes}) {
    expect_written<TypeParam, double>(
        [&](const TypeParam* from, std::size_t length, double* to) { stream_quotients(from, length, 60, to, result_bytes); },
        [](TypeParam number) { return static_cast<double>(number) / 60; });
  }
}

}  // namespace
}  // namespace corpuscle
