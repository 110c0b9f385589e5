#include "../kernels/row_products.hpp"

#include "support.hpp"

namespace corpuscle::test {
namespace {

TEST(RowProducts, AreSumsInOrderOfEntriesForAnyNumberOfCentersAtEveryLevel) {
  constexpr std::int64_t terms = 40;
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (std::int64_t stride = 8; stride <= 200; stride += 8) {
    std::vector<double> cells(static_cast<std::size_t>(terms * stride));
    for (double& cell : cells) cell = uniform(random);
    for (const std::size_t length : {0, 1, 2, 13, 30}) {
      std::vector<std::int32_t> indices(length);
      std::vector<double> values(length), wanted(static_cast<std::size_t>(stride), 0.0);
      for (std::size_t q = 0; q < length; ++q) {
        indices[q] = static_cast<std::int32_t>(q * terms / length);
        values[q] = uniform(random);
        for (std::int64_t j = 0; j < stride; ++j) wanted[j] += cells[indices[q] * stride + j] * values[q];
      }
      for (const Simd simd : simd_levels()) {
        std::vector<double> out(static_cast<std::size_t>(stride), -7);
        row_products<std::int32_t>(simd)(indices.data(), values.data(), static_cast<std::int64_t>(length), cells.data(), stride, out.data());
        EXPECT_EQ(out, wanted) << stride << " centers, " << length << " entries, " << name_of(simd);
      }
    }
  }
}

}  // namespace
}  // namespace corpuscle::test
