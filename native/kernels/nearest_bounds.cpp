#include "nearest_bounds.hpp"

#include <algorithm>
#include <cmath>

namespace corpuscle {
namespace {

constexpr double of_centers = 1e-6;  // what rounding takes of squares of norms, whose terms are fewer than 2^31, is below 2^-22
constexpr double above_rounding = 1 + 1e-9;

}  // namespace

void NearestBounds::reset(std::int64_t rows, std::int64_t centers) {
  bounds_.resize(static_cast<std::size_t>(rows));
  moved_.assign(static_cast<std::size_t>(centers), 0.0);
  moves_.resize(static_cast<std::size_t>(centers));
  known_ = given_up_ = false;
}

void NearestBounds::begin(std::span<const double> norms) {
  const auto farthest = std::max_element(moved_.begin(), moved_.end()) - moved_.begin();
  double second = 0;
  for (std::ptrdiff_t j = 0; j < std::ssize(moved_); ++j) {
    if (j != farthest) second = std::max(second, moved_[j]);
  }
  for (std::ptrdiff_t j = 0; j < std::ssize(moved_); ++j) {
    moves_[j] = {moved_[j] * above_rounding, (j == farthest ? second : moved_[farthest]) * above_rounding};
  }
  std::fill(moved_.begin(), moved_.end(), 0.0);
  rounding_of_centers_ = of_centers * *std::max_element(norms.begin(), norms.end());
  usable_ = known_ && !given_up_;
  known_ = false;
}

void NearestBounds::set(std::int64_t row, double norm, double nearest, double others) {
  bounds_[row] = {std::sqrt(std::max(0.0, norm + nearest)) * above_rounding, std::sqrt(std::max(0.0, norm + others)) / above_rounding};
}

}  // namespace corpuscle
