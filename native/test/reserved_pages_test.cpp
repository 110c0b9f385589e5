#include "../kernels/reserved_pages.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#if defined(__linux__)
#include <sys/resource.h>

namespace corpuscle {
namespace {

using Memory = std::unique_ptr<std::byte, decltype(&std::free)>;

std::uint32_t pattern(std::size_t i) { return static_cast<std::uint32_t>(i * 2654435761u); }

/// Reserves more than it fills, moves that to memory of another kind, and looks whether it has arrived.
void expect_moves(std::size_t bytes, std::byte* to) {
  const std::size_t numbers = bytes / 4;
  ReservedPages pages(bytes + 12'345'678);
  ASSERT_NE(pages.data(), nullptr);
  auto* const written = reinterpret_cast<std::uint32_t*>(pages.data());
  for (std::size_t i = 0; i < numbers + 5'000; ++i) written[i] = pattern(i);
  pages.move_to(to, bytes);
  EXPECT_EQ(pages.data(), nullptr);
  const auto* const moved = reinterpret_cast<std::uint32_t*>(to);
  for (std::size_t i = 0; i < numbers; ++i) ASSERT_EQ(moved[i], pattern(i)) << i << " of " << numbers;
  std::memset(to, 1, bytes);  // it belongs to its owner
}

constexpr std::size_t large = ReservedPages::large_bytes;

TEST(ReservedPages, AreMovedWithWhatIsInThem) {
  for (const std::size_t bytes : {large, large + 4'076, large + 4'080, large + 4'084, 2 * large + 3'000'000}) {
    for (int again = 0; again < 2; ++again) {
      const Memory to(static_cast<std::byte*>(std::calloc(1, bytes)), &std::free);
      expect_moves(bytes, to.get());
    }
  }
}

TEST(ReservedPages, AreCopiedWhereTheyCannotBeMoved) {
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{4}, std::size_t{5'000}, large - 4}) {  // not large
    const Memory to(static_cast<std::byte*>(std::calloc(1, bytes + 1)), &std::free);
    expect_moves(bytes, to.get());
  }
  const Memory aligned(static_cast<std::byte*>(std::aligned_alloc(4096, large + 4096)), &std::free);
  for (const std::size_t begin : {0, 4, 2'048}) {  // they begin at another place of a page
    expect_moves(large, aligned.get() + begin);
  }
}

TEST(ReservedPages, AreNoneWhereTheSystemHasNoAddressesToSpare) {
  rlimit before{};
  getrlimit(RLIMIT_AS, &before);
  const rlimit tight{std::size_t{1} << 26, before.rlim_max};
  setrlimit(RLIMIT_AS, &tight);
  const ReservedPages pages(std::size_t{1} << 30);
  setrlimit(RLIMIT_AS, &before);
  EXPECT_EQ(pages.data(), nullptr);
}

}  // namespace
}  // namespace corpuscle

#endif
