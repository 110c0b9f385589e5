// The sums of the rows of each cluster, term by term, without any rounding but that of the result: so rows can leave one and join another,
// and the sums are the same as if all had been added anew.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "csr.hpp"
#include "huge_pages.hpp"

namespace corpuscle {

/// Each value of a term is split in two, high + low: multiples of a unit, and the rest, both of so few bits that sums of them are exact
/// (Demmel, Nguyen 2013, with two bins). What comes out is the sum of the values rounded to the nearest double; its error is exact, too, and
/// kept for frequent terms. Two parts hold all bits where a term of m entries has its largest value below 2^103 / m^2 times the lowest bit that
/// is set in any; whose bits lie farther apart, such as those of 100,000 normally distributed doubles, are added in order of rows.
class MovingSums {
 public:
  /// Rows, the same as columns, and the weights of rows, or none where each weighs 1. Full rows have their values in `full` and the indices
  /// of one of them in `rows`, and no columns.
  template <class Index>
  struct Source {
    CsrView<Index, double> rows;
    const Columns* columns;
    std::span<const double> weights;
    const FullRows* full = nullptr;

    double weighted(double value, std::int64_t row) const { return weights.empty() ? value : value * weights[row]; }
    std::int64_t entries_of(std::int64_t term) const { return full != nullptr ? rows.rows : columns->indptr[term + 1] - columns->indptr[term]; }
    /// The first term of a range: ranges hold about the same number of entries.
    std::int64_t first_of(std::int64_t range, std::int64_t ranges) const {
      return full != nullptr ? rows.columns * range / ranges : columns->first_of(range, ranges);
    }
    /// The entries of a row from one term to below another.
    RowEntries<Index> entries(std::int64_t row, std::int64_t first, std::int64_t end, std::vector<double>& buffer) const {
      if (full != nullptr) return {rows.indices.data() + first, full->part(row, first, end, buffer), end - first};
      const Index* const indices = rows.indices.data();
      const Index* const begin = std::lower_bound(indices + rows.indptr[row], indices + rows.indptr[row + 1], first, is_before<Index>);
      const Index* const stop = std::lower_bound(begin, indices + rows.indptr[row + 1], end, is_before<Index>);
      return {begin, rows.values.data() + (begin - indices), stop - begin};
    }
  };

  /// Other rows are to be summed.
  void reset() {
    of_terms_.clear();
    forget();
  }
  /// Makes room for `stride` sums a term.
  void resize(std::int64_t terms, std::int64_t stride);
  /// Sums the rows of each label.
  template <class Index>
  void sum(Execution& run, const Source<Index>& source, std::span<const std::int32_t> labels);
  /// The sums of a term. Who changes them, forgets them after.
  double* of(std::int64_t term) { return sums_.data() + term * stride_; }
  const double* of(std::int64_t term) const { return sums_.data() + term * stride_; }
  void forget() { labels_.clear(); }

 private:
  struct Term {
    double split;        // v + split - split is the high part of v; 0 where values are added in order
    std::int64_t place;  // of the errors of its sums, or -1 where they are not kept
  };
  struct Moved {
    std::int32_t row, from, to;
  };
  template <class Index>
  void find_splits(Execution& run, const Source<Index>& source);
  template <class Index>
  void note_full_sizes(Execution& run, const Source<Index>& source, std::span<double> lowest, std::span<double> largest);
  template <class Index>
  void place_errors(const Source<Index>& source);
  template <class Index>
  void add(Execution& run, const Source<Index>& source, std::span<const std::int32_t> labels, const std::vector<char>& stale);
  template <class Index>
  void add_full(Execution& run, const Source<Index>& source, std::span<const std::int32_t> labels, const std::vector<char>& stale);
  template <class Index>
  void add_full_in_order(Execution& run, const Source<Index>& source, std::span<const std::int32_t> labels, std::int64_t first, std::int64_t end,
                         const std::vector<char>& stale);
  template <class Index>
  void add_full_exactly(Execution& run, const Source<Index>& source, std::span<const std::int32_t> labels, std::int64_t first, std::int64_t end,
                        const std::vector<char>& stale);
  template <class Index>
  void move_rows(Execution& run, const Source<Index>& source, std::span<const Moved> moved, std::vector<char>& stale);
  void move_entry(std::int64_t term, double value, std::int32_t from, std::int32_t to);

  std::int64_t terms_ = 0, stride_ = 0;
  std::vector<Term> of_terms_;
  bool placed_ = false;               // whether places are those of this stride
  LargeVector<double> sums_;          // terms x stride
  LargeVector<double> errors_;        // stride for each term that has a place: sum + error is exact
  std::vector<std::int32_t> labels_;  // by which the rows have been summed; none where that is not known
};

}  // namespace corpuscle
