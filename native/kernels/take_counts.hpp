// Taking counts out of a row of which most are zero.
#pragma once

#include <cstddef>
#include <cstdint>

#include "simd.hpp"

namespace corpuscle {

/// Cells that `take_counts` may write behind those that it takes.
inline constexpr std::size_t taken_slack = 64;

/// Moves the cells of a row that are at least `least`, which is not zero, to `taken` and their places, counted from `first`, to `ids`; sets
/// the row to zero. Returns how many they are. Both need room for them and `taken_slack` more.
template <class Count, class Id>
std::size_t take_counts(Simd simd, Count* counts, std::size_t first, std::size_t length, Count least, Id* ids, Count* taken);

}  // namespace corpuscle
