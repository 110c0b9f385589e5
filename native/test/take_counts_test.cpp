#include "../kernels/take_counts.hpp"

#include "support.hpp"

namespace corpuscle::test {
namespace {

template <class Types>
class TakeCounts : public testing::Test {};

template <class Count, class Id>
struct Types {
  using count = Count;
  using id = Id;
};
using AllTypes = testing::Types<Types<std::uint8_t, std::uint16_t>, Types<std::uint16_t, std::uint16_t>, Types<std::uint32_t, std::uint16_t>,
                                Types<std::uint8_t, std::uint32_t>, Types<std::uint16_t, std::uint32_t>, Types<std::uint32_t, std::uint32_t>>;
TYPED_TEST_SUITE(TakeCounts, AllTypes);

TYPED_TEST(TakeCounts, FindsThoseThatReachTheBarAndLeavesZeros) {
  using Count = typename TypeParam::count;
  using Id = typename TypeParam::id;
  constexpr Count highest = static_cast<Count>(-1);
  std::mt19937 random(5);
  for (std::size_t length = 0; length < 150; ++length) {
    for (const unsigned zeros : {0u, 50u, 95u, 100u}) {
      for (const Count least : {Count{1}, Count{2}, static_cast<Count>(highest / 2 + 1), highest}) {
        std::vector<Count> row(length + 3, 0);  // starts at any place of a vector, and what is behind it stays
        const std::size_t start = length % 3;
        for (std::size_t i = 0; i < length; ++i) {
          if (random() % 100 < zeros) continue;
          const Count few[]{1, 2, 3, static_cast<Count>(highest / 2), static_cast<Count>(highest / 2 + 1), highest};
          row[start + i] = few[random() % 6];
        }
        row[start + length] = 7;
        std::vector<Id> wanted_ids;
        std::vector<Count> wanted;
        for (std::size_t i = 0; i < length; ++i) {
          if (row[start + i] < least) continue;
          wanted_ids.push_back(static_cast<Id>(1000 + i));
          wanted.push_back(row[start + i]);
        }
        for (const Simd simd : simd_levels()) {
          std::vector<Count> counts = row, taken(wanted.size() + taken_slack);
          std::vector<Id> ids(wanted.size() + taken_slack);
          ASSERT_EQ(take_counts(simd, counts.data() + start, 1000, length, least, ids.data(), taken.data()), wanted.size());
          ids.resize(wanted.size());
          taken.resize(wanted.size());
          EXPECT_EQ(ids, wanted_ids);
          EXPECT_EQ(taken, wanted);
          std::vector<Count> left(row.size(), 0);
          left[start + length] = 7;
          EXPECT_EQ(counts, left);
        }
      }
    }
  }
}

}  // namespace
}  // namespace corpuscle::test
