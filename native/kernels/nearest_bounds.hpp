// How near the center of a row is at most, and how far all others are at least, while centers move (Hamerly 2010).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace corpuscle {

/// Bounds of the distances of rows to centers. A center that moves by d is nearer to a row, or farther from it, by no more than d: as long
/// as the bounds stay apart, a row keeps its nearest center, and need not be compared with any.
class NearestBounds {
 public:
  /// No bounds of so many rows and centers are known.
  void reset(std::int64_t rows, std::int64_t centers);
  /// The squared norms by which rows are compared are not those of the centers: no bounds are known any more, until `reset`.
  void give_up() { given_up_ = true; }

  /// A center has moved by this distance.
  void move(std::int64_t center, double distance) { moved_[center] += distance; }

  /// To be called before rows are asked for, with the squared norms of the centers as they are now.
  void begin(std::span<const double> norms);
  /// Whether a row is certain to keep its center; `norm` is its squared norm.
  bool keeps(std::int64_t row, std::int32_t center, double norm) {
    if (!usable_) return false;
    Bounds& bounds = bounds_[row];
    bounds.own += moves_[center].own;
    bounds.others -= moves_[center].others;
    const double needed = rounding_of_rows * norm + rounding_of_centers_;
    return bounds.others > bounds.own && (bounds.others - bounds.own) * (bounds.others + bounds.own) > needed;
  }
  /// What |center|^2 - 2 row.center is at most for the nearest center, and at least for all others.
  void set(std::int64_t row, double norm, double nearest, double others);
  /// All rows have been asked for, and those that do not keep their center set. If the run was stopped, no bounds are known.
  void end() { known_ = !given_up_; }

 private:
  struct Bounds {
    double own, others;
  };
  // Rounding in double precision takes smaller shares of the squares compared: with rows of 2^16 entries at most, 2^-36.
  static constexpr double rounding_of_rows = 1e-9;

  std::vector<Bounds> bounds_;  // of rows
  std::vector<double> moved_;   // by centers since `begin`
  std::vector<Bounds> moves_;   // by each center, and by any other
  double rounding_of_centers_ = 0;
  bool known_ = false, usable_ = false, given_up_ = false;
};

}  // namespace corpuscle
