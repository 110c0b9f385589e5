// Counts by column, one row after the other.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace corpuscle {

/// A counter a column, and two bitmaps of the columns met, which give them in order without sorting and clear what was used alone.
class ColumnTally {
 public:
  explicit ColumnTally(std::int64_t columns)
      : counts_(words(columns) * 64), met_(words(columns)), groups_(words(columns) / 64 + 1) {}

  /// The memory of one, in bytes.
  static double bytes(std::int64_t columns) { return (4 + 1 / 7.0) * static_cast<double>(columns); }

  void add(std::int32_t column, std::int32_t amount) {
    const auto at = static_cast<std::size_t>(column);
    counts_[at] += amount;
    met_[at >> 6] |= std::uint64_t{1} << (at & 63);
    groups_[at >> 12] |= std::uint64_t{1} << ((at >> 6) & 63);
  }

  /// Calls use(column, count) for each column met, in order, and begins a new row.
  template <class Use>
  void take(const Use& use) {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (std::uint64_t group = std::exchange(groups_[g], 0); group != 0; group &= group - 1) {
        const std::size_t word = g * 64 + static_cast<std::size_t>(std::countr_zero(group));
        for (std::uint64_t bits = std::exchange(met_[word], 0); bits != 0; bits &= bits - 1) {
          const std::size_t at = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
          use(static_cast<std::int32_t>(at), std::exchange(counts_[at], 0));
        }
      }
    }
  }

 private:
  static std::size_t words(std::int64_t columns) { return static_cast<std::size_t>(columns) / 64 + 1; }

  std::vector<std::int32_t> counts_;
  std::vector<std::uint64_t> met_;     // a bit a column
  std::vector<std::uint64_t> groups_;  // a bit for each word of `met_` that is not zero
};

}  // namespace corpuscle
