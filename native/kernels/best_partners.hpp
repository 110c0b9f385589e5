// The k partners of a term that score best.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace corpuscle {

struct Partner {
  double score;
  std::int32_t count, term;

  /// Whether it comes first.
  bool operator<(const Partner& other) const {
    if (score != other.score) return score > other.score;
    return count != other.count ? count > other.count : term < other.term;
  }
};

/// Keeps the k best of those shown.
class BestPartners {
  static constexpr std::size_t few = 64;    // partners that are kept in order: the bar is that of all shown so far
  static constexpr std::size_t slack = 16;  // partners beyond k that are kept, where these are more, before the worst are let go

 public:
  explicit BestPartners(std::size_t k) : k_(k) {}

  void clear() {
    kept_.clear();
    worst_ = {-INFINITY, 0, 0};
  }
  void show(const Partner& partner) {
    if (kept_.size() >= k_ && !(partner < worst_)) return;
    kept_.push_back(partner);
    if (k_ <= few) {
      insert_last();
    } else if (kept_.size() == 2 * k_ + slack) {
      cut();
    }
  }
  /// What a score must reach to be among the best.
  double bar() const { return worst_.score; }
  const std::vector<Partner>& sorted() {
    if (kept_.size() > k_) cut();
    std::sort(kept_.begin(), kept_.end());
    return kept_;
  }

 private:
  /// Moves the last to its place among the others, which are in order, and lets the worst go.
  void insert_last() {
    auto at = kept_.end() - 1;
    const Partner last = *at;
    for (; at != kept_.begin() && last < *(at - 1); --at) *at = *(at - 1);
    *at = last;
    if (kept_.size() > k_) kept_.pop_back();
    if (kept_.size() >= k_) worst_ = kept_.back();
  }
  void cut() {
    std::nth_element(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(k_ - 1), kept_.end());
    kept_.resize(k_);
    worst_ = kept_[k_ - 1];
  }

  std::size_t k_;
  std::vector<Partner> kept_;
  Partner worst_{-INFINITY, 0, 0};
};

}  // namespace corpuscle
