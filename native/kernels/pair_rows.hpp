// The rows of a presence matrix, laid out to count pairs term by term (Gustavson 1978): for each term, the rows that hold it.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "csr.hpp"

namespace corpuscle {

/// How much of a row a term is paired with.
enum class Reach { from_term, whole_row };

/// The counts of one term with others, and which are not zero, where they are few.
struct PairCounts {
  std::vector<std::int32_t> counts;  // of each term, and of the padding's
  std::vector<std::uint32_t> met;    // sorted, where `sparse`
  bool sparse = false;

  explicit PairCounts(std::int64_t columns) : counts(static_cast<std::size_t>(columns) + 1, 0) {}
};

class PairRows {
 public:
  /// Copies the presence of a checked matrix; values of zero are absent.
  template <class Value>
  PairRows(Execution& run, const CsrView<std::int32_t, Value>& rows, Reach reach);

  std::int64_t columns() const { return columns_; }
  /// The first term that a term is paired with.
  std::int64_t first_partner(std::int64_t term) const { return reach_ == Reach::from_term ? term : 0; }
  /// Updates that counting the terms before this one takes.
  std::int64_t work_before(std::int64_t term) const { return work_[term]; }

  /// Counts the pairs of a term into counts that are zero. The caller sets them back: those of `met` where `sparse`, else all, with
  /// the padding's.
  void count(std::int64_t term, PairCounts& sums) const;

 private:
  /// The part of a row that a term is paired with: `length` ids from `start`, in groups of `group`.
  struct Posting {
    std::uint32_t start;
    std::uint32_t length;
  };

  template <class Id>
  void add_rows(std::int64_t term, const std::vector<Id>& ids, PairCounts& sums) const;

  std::int64_t columns_;
  Reach reach_;
  std::variant<std::vector<std::uint16_t>, std::vector<std::uint32_t>> ids_;  // 16 bits where they suffice
  std::vector<std::int64_t> postings_begin_;                                  // columns + 1
  std::vector<Posting> postings_;
  std::vector<std::int64_t> work_;  // columns + 1
};

}  // namespace corpuscle
