#include "../kernels/word_edges.hpp"

#include "support.hpp"

namespace corpuscle::test {
namespace {

/// The slow formula: the bits one after the other.
std::vector<std::uint32_t> slowly(const std::vector<std::uint64_t>& words, std::size_t first, std::size_t blocks, bool& before) {
  std::vector<std::uint32_t> edges;
  for (std::size_t i = first * 64; i < (first + blocks) * 64; ++i) {
    const bool bit = (words[i / 64] >> i % 64 & 1) != 0;
    if (bit != before) edges.push_back(static_cast<std::uint32_t>(i));
    before = bit;
  }
  return edges;
}

TEST(WordEdges, AreThoseOfTheSlowFormulaOnEveryLevelAndGoOnWhereTheLastPieceEnded) {
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> words{0, ~std::uint64_t{0}, ~std::uint64_t{0}, 1, std::uint64_t{1} << 63, 0, 0x5555555555555555, 0xaaaaaaaaaaaaaaaa};
  for (int i = 0; i < 200; ++i) words.push_back(random() & (i % 2 == 0 ? random() : random() | random()));
  for (const Simd level : simd_levels()) {
    LargeVector<std::uint32_t> edges;
    std::vector<std::uint32_t> expected;
    std::uint64_t carry = 0;
    bool before = false;
    for (std::size_t first = 0, blocks = 1; first < words.size(); first += blocks, blocks = first % 3 + 1) {
      const std::size_t piece = std::min(blocks, words.size() - first);
      append_edges(level, words.data(), first, piece, carry, edges);
      for (const std::uint32_t edge : slowly(words, first, piece, before)) expected.push_back(edge);
    }
    EXPECT_EQ(std::vector<std::uint32_t>(edges.begin(), edges.end()), expected) << name_of(level);
    EXPECT_EQ(carry, static_cast<std::uint64_t>(before));
  }
}

}  // namespace
}  // namespace corpuscle::test
