#include "../kernels/nearest_bounds.hpp"

#include <cmath>
#include <limits>

#include "support.hpp"

namespace corpuscle::test {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const std::vector<double> norms{1, 4, 9};  // squared, of three centers

/// One row at the origin, with the first center at distance 1 and the second at 2.
NearestBounds one_row() {
  NearestBounds bounds;
  bounds.reset(1, 3);
  bounds.begin(norms);
  EXPECT_FALSE(bounds.keeps(0, 0, 0));
  bounds.set(0, 0, 1, 4);
  bounds.end();
  return bounds;
}

bool keeps(NearestBounds& bounds) {
  bounds.begin(norms);
  const bool kept = bounds.keeps(0, 0, 0);
  bounds.end();
  return kept;
}

TEST(NearestBounds, KeepARowAsLongAsCentersHaveNotMovedTooFar) {
  NearestBounds bounds = one_row();
  EXPECT_TRUE(keeps(bounds));
  bounds.move(0, 0.25);
  bounds.move(1, 0.25);
  bounds.move(2, 0.25);
  bounds.move(2, 0.25);  // of the others, the one that has moved farthest: 1.25 and 1.5 are left
  EXPECT_TRUE(keeps(bounds));
  EXPECT_TRUE(keeps(bounds));  // what has moved before is forgotten
  bounds.move(0, 0.125);
  EXPECT_TRUE(keeps(bounds));
  bounds.move(0, 0.125);
  EXPECT_FALSE(keeps(bounds));
}

TEST(NearestBounds, DoNotTakeItsOwnMoveForThatOfAnother) {
  NearestBounds bounds = one_row();
  bounds.move(0, 0.75);  // 1.75 and 2: both bounds would meet at 1.25
  EXPECT_TRUE(keeps(bounds));
}

TEST(NearestBounds, DoNotDecideWhatRoundingMayDecide) {
  NearestBounds bounds;
  bounds.reset(1, 3);
  bounds.begin(norms);
  bounds.set(0, 0, 1, 1 + 1e-6);
  bounds.end();
  EXPECT_FALSE(keeps(bounds));
}

TEST(NearestBounds, AreUnknownUntilAllRowsHaveBeenSeen) {
  NearestBounds bounds = one_row();
  bounds.begin(norms);  // and stopped
  EXPECT_FALSE(keeps(bounds));
}

TEST(NearestBounds, KeepNoRowThatWasNotFoundOrWhoseCenterIsNoNumber) {
  NearestBounds bounds = one_row();
  bounds.move(0, std::nan(""));
  EXPECT_FALSE(keeps(bounds));
  bounds.begin(norms);
  bounds.set(0, 0, infinity, -infinity);
  bounds.end();
  EXPECT_FALSE(keeps(bounds));
}

TEST(NearestBounds, AreGivenUpUntilTheyAreReset) {
  NearestBounds bounds = one_row();
  bounds.give_up();
  EXPECT_FALSE(keeps(bounds));
  EXPECT_FALSE(keeps(bounds));
  bounds.reset(1, 3);
  bounds.begin(norms);
  bounds.set(0, 0, 1, 4);
  bounds.end();
  EXPECT_TRUE(keeps(bounds));
}

}  // namespace
}  // namespace corpuscle::test
