// The nearest center of each row in whole numbers of 16 bits, with how much nearer it is than the second: where that is more than the
// rounding may be, the label is what double precision finds, at a fraction of its cost.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "coarse_distances.hpp"
#include "huge_pages.hpp"
#include "parallel.hpp"

namespace corpuscle {

/// Centers in whole numbers of 16 bits, by tiles of 64 of them, or of 16 for rows with an entry for each term: a tile holds its centers' cells of a term side by side, term after term,
/// so that what is read for one tile is one run of memory, half of which or more stays in the second-level cache.
///
/// Rows and centers are divided by a step each and rounded. Sums of products are exact, and do not leave 32 bits: they are at most the
/// product of the lengths (Cauchy, Schwarz), which the steps keep below 2^31.
class CoarseCenters {
 public:
  /// Makes room for k centers of p terms; `full` where rows have an entry for each term.
  void resize(std::int64_t p, std::int64_t k, bool full = false);
  /// Centers in double precision: `stride` cells a term, a multiple of 8.
  struct Source {
    std::int64_t stride;
    std::span<const double> factors;  // of the centers; none: all are 1
    /// The cells of some terms from `term` on, one term after the other; written to `buffer` where they do not lie so.
    std::function<const double*(std::int64_t term, std::int64_t count, std::vector<double>& buffer)> cells;
  };
  /// Takes k centers; their squared norms; and what is added to -2 row.center for their distances: the norms again, or what stands in their
  /// place. Where that is infinite a center is never the nearest.
  void set(Execution& run, const Source& centers, std::span<const double> squared, std::span<const double> offsets);
  /// Takes other norms, and what is added.
  void set_norms(std::span<const double> squared, std::span<const double> offsets);

  /// What a whole number stands for in a row, or 0 where it is not to be compared: given its norm and its largest value, absolute.
  static double step_of_row(double norm, double largest) {
    return within_reach(norm) ? std::max(norm * (scaled_center / most_product), largest / scaled_center) : 0;
  }

  /// Rows in whole numbers: row r has those from indptr[r] to indptr[r + 1].
  template <class Index>
  struct Rows {
    const std::int64_t* indptr;
    const Index* indices;        // the last row's are followed by `row_padding` valid ones; of full rows, those of one of them
    const std::int16_t* values;  // the last row's are followed by one more
    const double* steps;
    const double* norms;  // squared
  };
  static constexpr std::int64_t undecided = -1;

  /// A center, what |center|^2 (or its offset) - 2 row.center is for it at most, and what it is for all others at least.
  struct Nearest {
    std::int32_t label;
    double nearest, others;
  };

  /// Finds for each of some rows the center of the smallest |center|^2 - 2 row.center that double precision finds as well, or
  /// `undecided`; nothing of use where the run was stopped. Of the row at i, the center without[i] is left aside, where there are any.
  template <class Index>
  void nearest(const Execution& run, const Rows<Index>& rows, std::span<const std::int32_t> numbers, Nearest* found,
               std::span<const std::int32_t> without = {}) const;

  struct Candidates {
    std::vector<std::int32_t> centers;
    LargeVector<float> distances;  // of all centers
  };
  /// Finds, in order, the centers of which one is the nearest of an undecided row, but for the one that is left aside (or -1).
  template <class Index>
  void candidates(const Execution& run, const Rows<Index>& rows, std::int32_t row, std::int32_t without, Candidates& found) const;

 private:
  /// Norms for which single precision, in which sums are compared, neither overflows nor vanishes.
  static bool within_reach(double norm) { return norm >= 0x1p-40 && norm <= 0x1p40; }
  static constexpr double most_squared = 0x1p80;
  static constexpr double scaled_center = 32767;       // the length of the longest center
  static constexpr double most_product = 0x1p31 / 1.02;  // of the lengths of a row and a center, and what rounding adds for 2^16 entries

  /// Cells of a term in the tile from a center on.
  std::int64_t width_at(std::int64_t center) const { return center + tile_ <= k_ ? tile_ : last_width_; }
  template <class Index>
  void compare_one_by_one(const Execution& run, const Rows<Index>& rows, std::span<const std::int32_t> numbers, std::span<const std::int32_t> without,
                          std::span<Smallest> smallest) const;
  template <class Index>
  void compare_at_once(const Execution& run, const Rows<Index>& rows, std::span<const std::int32_t> numbers, std::span<Smallest> smallest) const;
  template <class Index>
  bool is_comparable(const Rows<Index>& rows, std::int32_t row) const;
  template <class Index>
  CoarseEntries<Index> entries(const Rows<Index>& rows, std::int32_t row) const;
  /// What a row's |center|^2 - 2 row.center is wrong by at most.
  template <class Index>
  double bound_of(const Rows<Index>& rows, std::int32_t row) const;

  std::int64_t p_ = 0, k_ = 0;
  std::int64_t tile_ = widest_tile, last_width_ = widest_tile;
  LargeVector<std::int16_t> cells_;  // of each tile p x its width, in the order of `place_of`
  LargeVector<float> offsets_;       // squared norms, or what stands in their place; infinite beyond k
  double longest_ = 0;               // norm of the longest center
  double most_offset_ = 0;           // finite, absolute
  double step_ = 0;                  // what a whole number stands for in the cells, or 0 where they do not hold any
  bool usable_ = false, full_ = false;
};

}  // namespace corpuscle
