// Document co-occurrence C = B'B of the presence matrix B: C[i][j] counts the rows that hold both i and j; C[i][i] is
// the document frequency. Term by term (Gustavson 1978) with whole-number counts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "csr.hpp"
#include "pair_rows.hpp"
#include "sparse_rows.hpp"

namespace corpuscle {

class Cooccurrence {
 public:
  /// Copies the presence of a checked matrix; values of zero are absent. The result has the rows C[i] of `terms`; without
  /// `diagonal`, C[i][i] is left out.
  template <class Value>
  Cooccurrence(Execution& run, const CsrView<std::int32_t, Value>& rows, bool full, bool diagonal, Terms terms);

  /// Counts all pairs into sparse rows; returns how many entries the result has.
  std::int64_t count(Execution& run);

  /// Whether `write` moves pages into the arrays for indices and values: these must be malloc's then, and need no pages before.
  bool moves_pages() const { return result_->moves_pages(); }

  /// Writes the sparse result of `count`: indptr (terms + 1), indices and values, sorted within rows.
  template <class Pointer>
  void write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices, std::span<std::int32_t> values);

  /// Counts all pairs into a dense row-major terms x columns matrix that holds zeros.
  void write_dense(Execution& run, std::span<std::int32_t> out);

 private:
  template <class Use, class Finish>
  void for_each_row(Execution& run, const Use& use, const Finish& finish);
  std::int64_t most_entries() const;
  std::int64_t term_count() const { return terms_.end - terms_.first; }

  PairRows rows_;
  Terms terms_;
  std::int64_t columns_;
  bool diagonal_;
  RowChunks chunks_;
  std::optional<SparseRows<std::int32_t>> result_;
};

}  // namespace corpuscle
