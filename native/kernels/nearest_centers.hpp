// The nearest center of each row in single precision, with how much nearer it is than the second: where that is more than the
// rounding may be, the label is what double precision finds, at a fraction of its cost.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "huge_pages.hpp"
#include "parallel.hpp"

namespace corpuscle {

/// Centers in single precision, by tiles of 64 of them: a tile holds its centers' cells of a term side by side, term after term,
/// so that what is read for one tile is one run of memory. With the cells of all of 500 centers side by side, the lines of a tile
/// shared an eighth of the sets of the second-level cache, and labelling took 1.7 times as long.
class SingleCenters {
 public:
  /// Makes room for k centers of p terms; `set` and `set_norms` fill it.
  void resize(std::int64_t p, std::int64_t k);
  /// Takes the cells of a term in `count` centers from `first` on.
  void set(std::int64_t term, std::int64_t first, std::int64_t count, const double* cells) {
    for (const std::int64_t end = first + count; first < end;) {
      const std::int64_t in_tile = first % tile, size = std::min(tile - in_tile, end - first);
      std::copy_n(cells, size, cells_.data() + (first - in_tile) * p_ + term * width_at(first - in_tile) + in_tile);
      cells += size;
      first += size;
    }
    if (first == k_ && k_ % tile != 0) {
      const std::int64_t in_tile = k_ % tile;
      std::fill_n(cells_.data() + (k_ - in_tile) * p_ + term * last_width_ + in_tile, last_width_ - in_tile, 0.0f);
    }
  }
  /// Takes the k squared norms, when all cells are set.
  void set_norms(std::span<const double> squared);

  /// Rows of entries in single precision: row r has the entries from indptr[r] to indptr[r + 1].
  template <class Index>
  struct Rows {
    const std::int64_t* indptr;
    const Index* indices;  // the last row's are followed by `padding` valid ones
    const float* values;
    const double* norms;  // squared
  };
  static constexpr std::int64_t padding = 32;
  static constexpr std::int64_t tile = 64;  // centers that are compared at once
  static constexpr std::int64_t undecided = -1;

  /// A center, what |center|^2 - 2 row.center is for it at most, and what it is for all others at least.
  struct Nearest {
    std::int32_t label;
    double nearest, others;
  };

  /// Finds for each of some rows the center of the smallest |center|^2 - 2 row.center that double precision finds as well, or
  /// `undecided`; nothing of use where the run was stopped.
  template <class Index>
  void nearest(const Execution& run, const Rows<Index>& rows, std::span<const std::int32_t> numbers, Nearest* found) const;

 private:
  /// Cells of a term in the tile from a center on.
  std::int64_t width_at(std::int64_t center) const { return center + tile <= k_ ? tile : last_width_; }

  std::int64_t p_ = 0, k_ = 0;
  std::int64_t last_width_ = tile;
  LargeVector<float> cells_;  // of each tile p x its width
  LargeVector<float> norms_;  // squared; infinite beyond k
  double longest_ = 0;        // norm of the longest center
  bool usable_ = false;       // whether all norms lie where single precision neither overflows nor vanishes
};

}  // namespace corpuscle
