// Token streams laid out to weigh the words around each term (the context windows of Pennington, Socher, Manning 2014): for each
// term, where in the streams it stands.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "huge_pages.hpp"
#include "parallel.hpp"
#include "token_view.hpp"

namespace corpuscle {

inline constexpr std::int64_t widest_window = 1000;
inline constexpr std::int64_t largest_denominator = 42;  // of `fractions`: the least common multiple of 1 to 42 has 58 bits

/// On which side of a word its partners stand.
enum class Side { both, left, right };

/// What becomes of the words at each distance.
enum class Weighing {
  whole,      ///< a cell is the sum of whole numbers, one for each pair by its distance, divided once
  fractions,  ///< a cell is the sum of 1 / number for each pair, exact, and rounded once
  each,       ///< a cell is pairs at distance 1 x the first number + pairs at distance 2 x the second + ..., in this order
};

struct Windowing {
  Weighing weighing = Weighing::whole;
  std::span<const double> numbers;  // of each distance from 1; as many as the window is wide, up to widest_window
  double divisor = 1;               // `whole`
  Side side = Side::both;
  bool skips_gaps = false;  // words that are no terms are taken out first; else they keep their places
};

/// The cells of a row that are not zero, in order of their terms.
struct WindowRow {
  std::span<const std::int32_t> terms;
  std::span<const double> weights;
};

/// What a thread counts in: zeros between rows.
struct WindowScratch {
  std::vector<std::uint32_t> narrow;     // sums of each term; or for each term the pairs at each distance
  std::vector<std::uint64_t> wide;       // sums that 32 bits may not hold
  std::vector<std::uint8_t> flags;       // of each group of terms, whether one of them was met
  std::vector<std::uint32_t> met;        // the terms met, where they are very few
  std::vector<std::int32_t> terms;       // the row
  std::vector<double> weights;
};

class WindowRows {
 public:
  /// Copies and checks foreign arrays: offsets must ascend from 0 to the number of ids, which must be below 2^31. Throws InvalidMatrix.
  WindowRows(Execution& run, const TokenView& streams, const Windowing& windowing);

  std::int64_t terms() const { return terms_; }
  /// What the rows before this one take: updates, and the look through all sums for those that are not zero.
  std::int64_t work_before(std::int64_t term) const;
  std::int64_t updates_before(std::int64_t term) const { return places_begin_[static_cast<std::size_t>(term)] * updates_of_place_; }

  /// For each thread one.
  WindowScratch scratch() const;
  /// The cells of a term with those from `first` on; they stand in `scratch` until the next call. Cut short where the run is stopped.
  WindowRow row(const Execution& run, std::int64_t term, std::int64_t first, WindowScratch& scratch) const;

 private:
  template <class Visit>
  void for_each_partner(const Execution& run, std::int64_t term, const Visit& visit) const;
  /// With fewer updates than a 4096th of all terms it is quicker to sort the partners met than to look for them.
  static constexpr std::int64_t rare = 4096;
  std::int64_t updates_of(std::int64_t term) const;
  bool is_rare(std::int64_t term) const { return updates_of(term) * rare < terms_; }
  void note_partners(const Execution& run, std::int64_t term, WindowScratch& scratch) const;
  template <class Sum>
  WindowRow row_of_sums(const Execution& run, std::int64_t term, std::int64_t first, std::vector<Sum>& sums, WindowScratch& scratch) const;
  WindowRow row_of_pairs(const Execution& run, std::int64_t term, std::int64_t first, WindowScratch& scratch) const;
  double weight_of(const std::uint32_t* pairs) const;

  std::int64_t terms_, window_;
  Weighing weighing_;
  std::vector<double> numbers_;
  double divisor_;
  Side side_;
  std::uint64_t weight_of_place_ = 0;              // whole: the weights around one place
  std::uint64_t common_ = 1;                       // fractions: the least common multiple of the denominators
  std::vector<std::uint64_t> parts_;               // fractions: common_ / denominator
  std::int64_t updates_of_place_;
  template <class Id>
  using Ids = std::vector<Id, HugePages<Id>>;
  std::variant<Ids<std::uint16_t>, Ids<std::uint32_t>> ids_;  // 16 bits where they suffice
  std::vector<std::int64_t> places_begin_;         // terms + 1
  std::vector<std::uint32_t> places_;              // of each term in ids_
};

}  // namespace corpuscle
