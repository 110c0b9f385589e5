// Matrices that own their arrays, and how the rows come by theirs.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include "../kernels/csr.hpp"
#include "../kernels/term_counter.hpp"
#include "../kernels/token_view.hpp"
#include "digest.hpp"

namespace corpuscle::bench {

/// Zeros fresh from the system where the array is large, as JavaScript's typed arrays are.
template <class T>
class Array {
 public:
  Array() = default;
  explicit Array(std::int64_t size)
      : data_(static_cast<T*>(std::calloc(static_cast<std::size_t>(size) + 1, sizeof(T)))), size_(size) {
    if (!data_) throw std::bad_alloc();
  }
  operator std::span<T>() const { return {data_.get(), static_cast<std::size_t>(size_)}; }
  operator std::span<const T>() const { return {data_.get(), static_cast<std::size_t>(size_)}; }
  T& operator[](std::int64_t i) const { return data_.get()[i]; }
  std::int64_t size() const { return size_; }

 private:
  struct Free {
    void operator()(T* data) const { std::free(data); }
  };
  std::unique_ptr<T, Free> data_;
  std::int64_t size_ = 0;
};

/// Rows as kernels write them, with 32-bit pointers.
template <class Value>
struct Matrix {
  Array<std::int32_t> indptr, indices;
  Array<Value> values;

  Matrix() = default;
  Matrix(std::int64_t rows, std::int64_t nnz) : indptr(rows + 1), indices(nnz), values(nnz) {}
  void digest(Digest& digest) const {
    digest.add<std::int32_t>(indptr);
    digest.add<std::int32_t>(indices);
    digest.add<Value>(values);
  }
};

/// Which terms are kept: `usual` are those in 10 documents or more (below 1,000 documents: in 1 %, or 2), and in 10 % of them at most;
/// `frequent` are those in 2 % or more, stop words too.
enum class Keep { usual, frequent };

/// The columns of the terms that are kept.
struct KeptTerms {
  std::vector<std::int32_t> columns;  // of each term, or -1
  std::int64_t count = 0;

  KeptTerms(const TermStatistics& terms, std::int64_t documents, Keep keep);
  Counting counting() const { return {columns, count, false}; }
};

/// Term counts of a corpus, ready to be a kernel's input.
struct Counts {
  std::int64_t rows, columns;
  std::vector<std::int64_t> indptr;
  Matrix<std::int32_t> matrix;

  Counts(Execution& run, TextView documents, Keep keep = Keep::usual);
  CsrView<std::int32_t, std::int32_t> view() const { return view_of<std::int32_t>(matrix.values); }
  template <class Value>
  CsrView<std::int32_t, Value> view_of(std::span<const Value> values) const {
    return {rows, columns, indptr, matrix.indices, values};
  }
};

/// A corpus as numbers of the terms that are kept, -1 for all other words.
struct Tokens {
  std::int64_t terms;
  std::vector<std::int64_t> offsets;
  Array<std::int32_t> ids;

  Tokens(Execution& run, TextView documents);
  TokenView view() const { return {terms, offsets, ids}; }
};

/// ln((1 + rows) / (1 + document frequency)) + 1 of each column.
std::vector<double> idf_of(Execution& run, const Counts& counts);

}  // namespace corpuscle::bench
