#include "../kernels/bit_sums.hpp"

#include <limits>
#include <numeric>

#include "support.hpp"

namespace corpuscle::test {
namespace {

std::vector<BitRow> random_rows(std::size_t rows, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<BitRow> all(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    for (auto& word : all[r].words) word = r % 5 == 0 ? ~std::uint64_t{0} : random() & (r % 2 == 0 ? random() : ~std::uint64_t{0});
  }
  return all;
}

bool has(const BitRow& row, std::int64_t bit) { return (row.words[bit / 64] >> (bit % 64) & 1) != 0; }

template <class Count>
void expect_definition(std::span<const std::size_t> lengths) {
  const std::vector<BitRow> rows = random_rows(1000, 3);
  std::mt19937 random(4);
  for (const std::size_t length : lengths) {
    std::vector<std::uint32_t> places(length);
    for (auto& place : places) place = random() % rows.size();
    std::vector<Count> wanted(BitRow::size, 0);
    for (const std::uint32_t place : places) {
      for (std::int64_t bit = 0; bit < BitRow::size; ++bit) wanted[bit] += has(rows[place], bit);
    }
    for (const Simd simd : simd_levels()) {
      std::vector<Count> sums(BitRow::size, 77);
      sum_bits(simd, rows.data(), places, sums.data());
      EXPECT_EQ(sums, wanted) << length << " rows, " << name_of(simd);
    }
  }
}

TEST(BitSums, AreTheirDefinitionForAnyNumberOfRows) {
  std::vector<std::size_t> lengths(140);
  std::iota(lengths.begin(), lengths.end(), 0);
  expect_definition<std::uint16_t>(lengths);
  lengths.push_back(255);
  expect_definition<std::uint8_t>(lengths);
  expect_definition<std::uint32_t>(std::vector<std::size_t>{0, 9, 1000, 4096, 70'001});
}

TEST(BitSums, HoldAsManyRowsAsTheirBytesDo) {
  const BitRow all{{~0ull, ~0ull, ~0ull, ~0ull, ~0ull, ~0ull, ~0ull, ~0ull}};
  for (const Simd simd : simd_levels()) {
    std::vector<std::uint8_t> bytes(BitRow::size);
    sum_bits(simd, &all, std::vector<std::uint32_t>(255, 0), bytes.data());
    EXPECT_EQ(bytes, std::vector<std::uint8_t>(BitRow::size, 255));
    std::vector<std::uint16_t> halves(BitRow::size);
    sum_bits(simd, &all, std::vector<std::uint32_t>(65'535, 0), halves.data());
    EXPECT_EQ(halves, std::vector<std::uint16_t>(BitRow::size, 65'535));
  }
}

TEST(BitColumns, AreTheRowsOfEachBitInOrder) {
  for (const std::int64_t n : {0, 1, 63, 64, 65, 300}) {
    const std::vector<BitRow> rows = random_rows(static_cast<std::size_t>(n), 5);
    BitColumns columns(n);
    columns.set(rows, std::min<std::int64_t>(n, 128), n);
    columns.set(rows, 0, std::min<std::int64_t>(n, 128));
    for (std::int64_t bit = 0; bit < BitRow::size; ++bit) {
      std::vector<std::int64_t> found, wanted;
      columns.for_each(bit, [&](std::int64_t row) { found.push_back(row); });
      for (std::int64_t row = 0; row < n; ++row) {
        if (has(rows[row], bit)) wanted.push_back(row);
      }
      EXPECT_EQ(found, wanted);
    }
  }
}

TEST(BitColumns, BitsCanBeLookedAtFromAnyOnOn) {
  const std::vector<BitRow> rows = random_rows(3, 6);
  for (std::int64_t first = 0; first < BitRow::size; ++first) {
    std::vector<std::int64_t> found, wanted;
    for_each_bit(rows[1].words, first, [&](std::int64_t bit) { found.push_back(bit); });
    for (std::int64_t bit = first; bit < BitRow::size; ++bit) {
      if (has(rows[1], bit)) wanted.push_back(bit);
    }
    EXPECT_EQ(found, wanted);
  }
}

}  // namespace
}  // namespace corpuscle::test
