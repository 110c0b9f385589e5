// The counts of one term with all others, between counting them and taking them out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace corpuscle {

/// Counts, or sums of whole numbers, in as few bytes as hold the largest that they can become: most terms' fit the nearest cache. All
/// are zero between two terms.
class PairCounts {
 public:
  explicit PairCounts(std::int64_t columns)
      : bytes_(static_cast<std::size_t>(columns) + 1), halves_(bytes_.size()), words_(bytes_.size()) {}

  /// To be called while all are zero: none will be larger than `most`, which is below 2^32.
  void hold_up_to(std::int64_t most) { most_ = most; }

  /// Calls use(counts) with the vector that holds them: one of each term, and one of the padding.
  template <class Use>
  decltype(auto) visit(const Use& use) {
    if (most_ <= 0xff) return use(bytes_);
    if (most_ <= 0xffff) return use(halves_);
    return use(words_);
  }

  std::vector<std::uint32_t> met;  // the terms whose counts are not zero, sorted, where `sparse`
  bool sparse = false;

 private:
  std::int64_t most_ = 0;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint16_t> halves_;
  std::vector<std::uint32_t> words_;
};

}  // namespace corpuscle
