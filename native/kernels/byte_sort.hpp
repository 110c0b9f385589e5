// Sorting by whole numbers, byte by byte.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>

#include "huge_pages.hpp"

namespace corpuscle {

/// Sorts items by their keys, unsigned numbers: by each byte from the last to the first, those left out that all keys share. Items of the
/// same key may change places where there are few.
template <class Item, class KeyOf>
void sort_by_bytes(std::span<Item> items, const KeyOf& key_of) {
  using Key = decltype(key_of(items[0]));
  constexpr std::size_t few = 64;  // of which bytes are not worth counting
  if (items.size() < few) return std::sort(items.begin(), items.end(), [&](const Item& a, const Item& b) { return key_of(a) < key_of(b); });
  Key some = 0, all = static_cast<Key>(~Key{0});
  for (const Item& item : items) some |= key_of(item), all &= key_of(item);
  LargeVector<Item> other(items.size());
  std::span<Item> from = items, to = other;
  for (std::size_t shift = 0; shift < 8 * sizeof(Key); shift += 8) {
    if (((some ^ all) >> shift & 255) == 0) continue;
    const auto byte_of = [&](const Item& item) { return static_cast<std::size_t>(key_of(item) >> shift & 255); };
    std::array<std::uint32_t, 257> place{};
    for (const Item& item : from) ++place[byte_of(item) + 1];
    std::partial_sum(place.begin(), place.end(), place.begin());
    for (const Item& item : from) to[place[byte_of(item)]++] = item;
    std::swap(from, to);
  }
  if (from.data() != items.data()) std::copy(from.begin(), from.end(), items.begin());
}

}  // namespace corpuscle
