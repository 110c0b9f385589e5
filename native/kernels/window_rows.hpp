// Token streams laid out to weigh the words around each term (the context windows of Pennington, Socher, Manning 2014): for each
// term, where in the streams it stands.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "huge_pages.hpp"
#include "pair_counts.hpp"
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
  PairCounts sums;
  std::vector<std::uint32_t> pairs;  // for each term those at each distance, where there are terms whose sums are not counted
  std::vector<std::uint8_t> flags;   // of each group of terms, whether one of them was met
  std::vector<std::byte> counts;     // of the row
  std::vector<std::int32_t> terms;   // the row
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

  /// Whether what becomes of a term's pairs are sums of whole numbers below 2^32, to be divided by `divisor`.
  bool has_sums(std::int64_t term) const { return weighing_ == Weighing::whole && largest_sum(term) <= 0xffffffff; }
  double divisor() const { return divisor_; }
  /// The most cells of a term, from `first` on.
  std::size_t most_cells(std::int64_t term, std::int64_t first) const { return static_cast<std::size_t>(std::min(terms_ - first, updates_of(term))); }

  /// For each thread one.
  std::vector<WindowScratch> scratch(Execution& run) const;
  /// Adds up the sums of a term that has them with those from `first` on. The caller sets them back: those of `met` where `sparse`, else
  /// all. Cut short where the run is stopped.
  void add_sums(const Execution& run, std::int64_t term, std::int64_t first, PairCounts& sums) const;
  /// The cells of a term with those from `first` on; they stand in `scratch` until the next call. Cut short where the run is stopped.
  WindowRow row(const Execution& run, std::int64_t term, std::int64_t first, WindowScratch& scratch) const;

 private:
  /// Documents that one thread lays out: where it begins in `ids_`, and where in `places_` with each term, whose places it counts before.
  struct Part {
    std::int64_t first, end;
    std::vector<std::uint32_t> next;
    std::int64_t start = 0, filled = 0;  // documents that have words
  };

  /// Of a word that is no term: that of gaps.
  std::size_t cell_of(std::int32_t id) const { return std::min(static_cast<std::size_t>(static_cast<std::uint32_t>(id)), static_cast<std::size_t>(terms_)); }
  std::vector<Part> parts_of(Execution& run, const TokenView& streams) const;
  void reserve(Execution& run, const TokenView& streams, bool skips_gaps, std::vector<Part>& parts);
  template <class Id>
  void lay_out(const Execution& run, const TokenView& streams, bool skips_gaps, Part& part, LargeVector<Id>& ids);
  template <class Visit>
  void for_each_partner(const Execution& run, std::int64_t term, const Visit& visit) const;
  std::int64_t updates_of(std::int64_t term) const { return updates_before(term + 1) - updates_before(term); }
  /// With fewer updates than one in so many of all terms it is quicker to note and sort the partners met than to look for them.
  static constexpr std::int64_t rare = 256;
  bool is_rare(std::int64_t term) const { return updates_of(term) * rare < terms_; }
  std::int64_t largest_sum(std::int64_t term) const { return (places_begin_[term + 1] - places_begin_[term]) * weight_of_place_; }
  WindowRow row_of_sums(const Execution& run, std::int64_t term, std::int64_t first, WindowScratch& scratch) const;
  WindowRow row_of_pairs(const Execution& run, std::int64_t term, std::int64_t first, WindowScratch& scratch) const;
  double weight_of(const std::uint32_t* pairs) const;

  std::int64_t terms_, window_;
  Weighing weighing_;
  std::vector<double> numbers_;
  double divisor_;
  Side side_;
  std::int64_t weight_of_place_ = 0;               // whole: the weights around one place
  std::uint64_t common_ = 1;                       // fractions: the least common multiple of the denominators
  std::vector<std::uint64_t> parts_;               // fractions: common_ / denominator
  std::int64_t updates_of_place_;
  std::variant<LargeVector<std::uint16_t>, LargeVector<std::uint32_t>> ids_;  // 16 bits where they suffice
  std::vector<std::int64_t> places_begin_;         // terms + 1
  LargeVector<std::uint32_t> places_;              // of each term in ids_
};

}  // namespace corpuscle
