#include "reserved_pages.hpp"

#include "fresh_pages.hpp"
#include "huge_pages.hpp"

#if defined(__linux__)

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>

namespace corpuscle {
namespace {

constexpr std::size_t huge_page = HugePages<std::byte>::page;
constexpr int fixed_noreplace = 0x100000;  // MAP_FIXED_NOREPLACE, which older headers lack

/// Where in its first page a large array begins that malloc has given: behind what malloc notes about it. Pages can be moved only to an
/// array that begins where theirs does. None where malloc lets it vary, as jemalloc does.
std::optional<std::size_t> begin_in_page() {
  static const std::optional<std::size_t> begin = [] {
    std::array<void*, 4> arrays;
    std::array<std::size_t, 4> begins;
    for (std::size_t i = 0; i < arrays.size(); ++i) {
      arrays[i] = std::malloc(2 * ReservedPages::large_bytes + i * page_bytes());
      begins[i] = reinterpret_cast<std::uintptr_t>(arrays[i]) % page_bytes();
    }
    std::for_each(arrays.begin(), arrays.end(), std::free);
    const bool alike = std::count(begins.begin(), begins.end(), begins[0]) == static_cast<std::ptrdiff_t>(begins.size());
    return alike && arrays[0] != nullptr ? std::optional(begins[0]) : std::nullopt;
  }();
  return begin;
}

/// Gives whole pages the address of others, whose memory the system takes back. Returns whether it did; if not, those others are as before.
bool move_pages(std::byte* from, std::byte* to, std::size_t bytes) {
  if (mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) != MAP_FAILED) return true;
  // It may have failed after it had taken `to` away: then that gets empty pages, as it had.
  void* const there = mmap(to, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | fixed_noreplace, -1, 0);
  if (there == MAP_FAILED && errno != EEXIST) throw std::bad_alloc{};
  return false;
}

}  // namespace

ReservedPages::ReservedPages(std::size_t bytes) {
  if (!begin_in_page()) return;
  const std::size_t all = bytes + page_bytes() + huge_page;
  void* const begin = mmap(nullptr, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (begin == MAP_FAILED) return;
  auto* const first = reinterpret_cast<std::byte*>(rounded_up(reinterpret_cast<std::uintptr_t>(begin), huge_page));
  mapping_ = {begin, all, first + *begin_in_page()};
  advise_huge_pages(mapping_.data, bytes);
}

ReservedPages::~ReservedPages() {
  if (mapping_.begin != nullptr) munmap(mapping_.begin, mapping_.bytes);
}

void ReservedPages::move_to(void* to, std::size_t bytes) {
  auto* const target = static_cast<std::byte*>(to);
  const auto address = reinterpret_cast<std::uintptr_t>(to);
  const std::size_t head = rounded_up(address, page_bytes()) - address;
  const bool alike = (address - reinterpret_cast<std::uintptr_t>(data())) % page_bytes() == 0;
  if (bytes >= large_bytes && alike) {
    const std::size_t whole = (bytes - head) / page_bytes() * page_bytes();
    std::byte* const first = data() + head;
    std::byte* const rest = first + whole;
    std::memcpy(target, data(), head);
    std::memcpy(target + head + whole, rest, bytes - head - whole);
    if (move_pages(first, target + head, whole)) {
      auto* const begin = static_cast<std::byte*>(mapping_.begin);
      munmap(begin, static_cast<std::size_t>(first - begin));  // what has moved away may be another's by now
      mapping_ = {rest, mapping_.bytes - static_cast<std::size_t>(rest - begin), nullptr};
    } else {
      std::memcpy(target + head, first, whole);
    }
  } else {
    populate(target, bytes);
    std::memcpy(target, data(), bytes);
  }
  *this = ReservedPages();
}

}  // namespace corpuscle

#else

namespace corpuscle {

ReservedPages::ReservedPages(std::size_t) {}
ReservedPages::~ReservedPages() = default;
void ReservedPages::move_to(void*, std::size_t) {}

}  // namespace corpuscle

#endif
