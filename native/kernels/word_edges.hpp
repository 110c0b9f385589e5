// Where words begin and end, out of the bits of word_masks.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "huge_pages.hpp"
#include "simd.hpp"

namespace corpuscle {

/// Appends where runs of set bits begin and end in so many blocks of 64; `carry` is the bit before them, and then their last one.
void append_edges(Simd level, const std::uint64_t* words, std::size_t first_block, std::size_t blocks, std::uint64_t& carry,
                  LargeVector<std::uint32_t>& edges);

}  // namespace corpuscle
