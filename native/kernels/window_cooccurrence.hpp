// Windowed co-occurrence: how close terms stand together, summed up over all places, in every output.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sparse_rows.hpp"
#include "window_rows.hpp"

namespace corpuscle {

/// Partners of terms, those with the greatest weights first: those of terms[r] are [offsets[r], offsets[r + 1]).
struct TopWindowPairs {
  std::vector<std::int32_t> offsets, partners;
  std::vector<double> weights;
};

class WindowCooccurrence {
 public:
  /// Copies and checks the streams. `upper` leaves out the cells (i, j) with j < i.
  WindowCooccurrence(Execution& run, const TokenView& streams, const Windowing& windowing, bool upper);

  /// Weighs all pairs into sparse rows; returns how many entries the result has.
  std::int64_t count(Execution& run);

  /// Whether `write` moves pages into the arrays for indices and values: these must be malloc's then, and need no pages before.
  bool moves_pages() const { return result_->moves_pages(); }

  /// Writes the sparse result of `count`: indptr (terms + 1), indices and values, sorted within rows.
  template <class Pointer>
  void write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices, std::span<double> values);

  /// Weighs all pairs into a dense row-major terms x terms matrix that holds zeros.
  void write_dense(Execution& run, std::span<double> out) const;

  /// The `k` partners of each of `terms` with the greatest weights, itself left out; ties: the one that sorts first.
  TopWindowPairs top(Execution& run, std::span<const std::int32_t> terms, std::int64_t k) const;

 private:
  template <class Use, class Finish>
  void for_each_term(Execution& run, const Use& use, const Finish& finish) const;
  std::int64_t first_partner(std::int64_t term) const { return upper_ ? term : 0; }

  WindowRows rows_;
  bool upper_;
  RowChunks chunks_;
  std::optional<SparseRows<double>> result_;
};

}  // namespace corpuscle
