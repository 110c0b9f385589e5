// Document co-occurrence C = B'B of the presence matrix B: C[i][j] counts the rows that hold both i and j; C[i][i] is
// the document frequency. Term by term (Gustavson 1978) on the upper triangle, with whole-number counts.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "csr.hpp"
#include "pair_rows.hpp"

namespace corpuscle {

/// An array that grows by reallocation, which the system does for large blocks without copying.
template <class T>
class Buffer {
 public:
  /// Room for `count` more items, which are counted as written.
  T* grow(std::size_t count);
  std::size_t size() const { return size_; }
  const T* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(T* data) const { std::free(data); }
  };
  std::unique_ptr<T, Free> data_;
  std::size_t size_ = 0, capacity_ = 0;
};

class Cooccurrence {
 public:
  /// Copies the presence of a checked matrix; values of zero are absent. Without `diagonal`, C[i][i] is left out.
  template <class Value>
  Cooccurrence(Execution& run, const CsrView<std::int32_t, Value>& rows, bool full, bool diagonal);

  /// Counts all pairs into sparse rows; returns how many entries the result has.
  std::int64_t count(Execution& run);

  /// Writes the sparse result of `count`: indptr (columns + 1), indices and values, sorted within rows.
  template <class Pointer>
  void write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices, std::span<std::int32_t> values);

  /// Counts all pairs into a dense row-major columns x columns matrix that holds zeros.
  void write_dense(Execution& run, std::span<std::int32_t> out) const;

 private:
  struct Chunk {
    std::int64_t first_term = 0, end_term = 0;
    std::vector<std::int64_t> lengths;
    Buffer<std::int32_t> indices, values;
  };

  template <class Use>
  void for_each_row(Execution& run, std::int64_t n_chunks, const Use& use) const;
  std::int64_t chunk_count() const;
  std::int64_t first_term_of(std::int64_t chunk, std::int64_t chunks) const;

  PairRows rows_;
  std::int64_t columns_;
  bool full_, diagonal_;
  std::vector<Chunk> chunks_;
  std::vector<std::int64_t> below_;  // full: entries of each row that lie below the diagonal
};

}  // namespace corpuscle
