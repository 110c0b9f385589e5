// The terms that most rows hold, which can be bits of a row where the others are ids.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "simd.hpp"

namespace corpuscle {

/// The pairs of a matrix, as far as it matters for whether bits pay.
struct PairWork {
  std::span<const std::uint32_t> frequency;  // in how many rows each term is
  std::int64_t rows, updates;
  int threads;
  int value_bytes, id_bytes;  // of an entry: of the matrix, and of the rows that are laid out
};

class FrequentTerms {
 public:
  FrequentTerms() = default;

  /// As many as a row of bits holds, of those that are in the most rows; of terms in equally many rows the first are taken.
  explicit FrequentTerms(std::span<const std::uint32_t> frequency);

  /// Whether counting all pairs takes less time with them as bits, and no more memory than `workBytes` of cooccurrence.ts has for it.
  bool pay_as_bits(Simd simd, const PairWork& work) const;

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
