// The terms that most rows hold, which can be bits of a row where the others are ids.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace corpuscle {

class FrequentTerms {
 public:
  FrequentTerms() = default;

  /// As many as a row of bits holds, of those that are in the most rows; of equals the first.
  explicit FrequentTerms(std::span<const std::uint32_t> frequency);

  /// Whether counting all pairs takes less time with them as bits, and no more memory than a call asks for anyway. `frequency` is that of
  /// all terms, `updates` those of all pairs.
  bool pay_as_bits(std::span<const std::uint32_t> frequency, std::int64_t rows, std::int64_t updates) const;

  bool none() const { return terms_.empty(); }
  std::int64_t size() const { return static_cast<std::int64_t>(terms_.size()); }
  /// Which term a bit stands for; they ascend.
  std::span<const std::uint32_t> terms() const { return terms_; }
  bool has(std::int64_t term) const { return !none() && before_[term] != before_[term + 1]; }
  /// How many of them are smaller than a term: the bit of one, the first bit of larger ones of any other.
  std::int64_t before(std::int64_t term) const { return before_[term]; }

 private:
  std::vector<std::uint32_t> terms_;
  std::vector<std::uint16_t> before_;  // of each term, and of all
};

}  // namespace corpuscle
