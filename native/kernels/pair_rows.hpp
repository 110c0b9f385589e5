// The rows of a presence matrix, laid out to count pairs term by term (Gustavson 1978): for each term, the rows that hold it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "bit_sums.hpp"
#include "csr.hpp"
#include "frequent_terms.hpp"
#include "huge_pages.hpp"
#include "pair_counts.hpp"

namespace corpuscle {

/// How much of a row a term is paired with.
enum class Reach { from_term, whole_row };

/// The terms from `first` up to `end`, whose pairs are asked for.
struct Terms {
  std::int64_t first, end;
};

/// Whether the most frequent terms of a row are bits; `always` and `never` are for tests, `never` is for some of the terms, too.
enum class Bits { where_they_pay, always, never };

class PairRows {
 public:
  /// Copies the presence of a checked matrix; values of zero are absent. Other terms than those asked for have no pairs. A term is counted
  /// in the cell of its own id or, with whole rows, in that which `cells` says, for each term and for the padding.
  template <class Value>
  PairRows(Execution& run, const CsrView<std::int32_t, Value>& rows, Reach reach, Terms terms, Bits bits, std::span<const std::uint32_t> cells = {});

  /// Counts what `count` takes from a table, if there is any. Must be called before it, when the matrix need no longer be held.
  void prepare(Execution& run);

  std::int64_t columns() const { return columns_; }
  /// Whether the most frequent terms are bits.
  bool has_bits() const { return !frequent_.none(); }
  /// The first term that a term is paired with.
  std::int64_t first_partner(std::int64_t term) const { return reach_ == Reach::from_term ? term : 0; }
  /// Updates that counting the terms before this one takes.
  std::int64_t work_before(std::int64_t term) const { return work_[term]; }
  /// The most partners that a term can have.
  std::size_t most_partners(std::int64_t term) const {
    return static_cast<std::size_t>(std::min(columns_ - first_partner(term), work_[term + 1] - work_[term]));
  }

  /// Counts the pairs of a term into counts that are zero. The caller sets them back: those of `met` where `sparse`, else all, with
  /// the padding's.
  void count(std::int64_t term, PairCounts& sums) const;

 private:
  /// The part of a row that a term is paired with: `length` ids from `start`, in groups of `group`.
  struct Posting {
    std::uint32_t start;
    std::uint32_t length;
  };
  /// Where each row ends, in how many rows each term is, and how many updates all pairs take.
  struct Layout {
    std::vector<std::uint32_t> ends, frequency;
    std::int64_t updates = 0;
  };

  template <class Value, class Id>
  void fill(Execution& run, const CsrView<std::int32_t, Value>& rows, Terms terms, Bits bits, LargeVector<Id>& ids);
  template <class Value, class Id>
  Layout lay_out(Execution& run, const CsrView<std::int32_t, Value>& rows, LargeVector<Id>& ids);
  template <class Value, class Id>
  void move_to_bits(Execution& run, const CsrView<std::int32_t, Value>& rows, LargeVector<Id>& ids, std::span<std::uint32_t> ends);
  void place_postings(std::span<const std::uint32_t> frequency);
  template <class Value, class Id>
  void fill_postings(Execution& run, const CsrView<std::int32_t, Value>& rows, Terms terms, const LargeVector<Id>& ids,
                     std::span<const std::uint32_t> ends);
  void note_rows(Execution& run);
  void count_with_frequent(Execution& run);
  template <class Id>
  void rename(Execution& run, LargeVector<Id>& ids) const;

  std::span<const std::uint32_t> rows_of(std::int64_t term) const {
    return std::span(posting_rows_).subspan(postings_begin_[term], postings_end_[term] - postings_begin_[term]);
  }
  std::uint32_t cell_of(std::int64_t term) const { return cells_.empty() ? static_cast<std::uint32_t>(term) : cells_[term]; }
  /// The first bit that a term is paired with.
  std::int64_t first_bit(std::int64_t term) const { return reach_ == Reach::from_term ? frequent_.before(term) : 0; }
  template <class Id, class Count>
  void add_rows(std::int64_t term, const Id* ids, Count* counts) const;
  template <class Id, class Count>
  void add_few_rows(std::int64_t term, const Id* ids, Count* counts, std::vector<std::uint32_t>& met) const;
  template <class Count>
  void set_frequent(std::int64_t term, Count* counts) const;

  std::int64_t columns_;
  Reach reach_;
  Simd simd_;
  std::vector<std::uint32_t> cells_;                                          // none, or where each term is counted, and the padding
  std::variant<LargeVector<std::uint16_t>, LargeVector<std::uint32_t>> ids_;  // 16 bits where they suffice
  std::vector<std::int64_t> postings_begin_, postings_end_;                   // of each term
  LargeVector<Posting> postings_;                                             // of terms that are ids
  std::vector<std::int64_t> work_;                                            // columns + 1

  FrequentTerms frequent_;                     // none, or those that rows hold as bits, not as ids
  std::vector<std::uint32_t> frequent_cells_;  // in which each of them is counted
  LargeVector<BitRow> bits_;                   // of each row
  BitColumns bit_columns_;                     // the same by columns, until the rows of each bit are noted
  LargeVector<std::uint32_t> posting_rows_;    // of each term, where there are bits
  LargeVector<std::uint16_t> with_frequent_;   // for each frequent term its counts with all that are ids, in their cells
};

}  // namespace corpuscle
