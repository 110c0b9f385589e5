// Sparse matrices: a view in compressed sparse row form, its checks, and its column copy.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "huge_pages.hpp"
#include "parallel.hpp"

namespace corpuscle {

/// Thrown when foreign arrays do not form a matrix; `what` is a sentence.
struct InvalidMatrix {
  std::string what;
};

/// A matrix of rows: the entries of row r are [indptr[r], indptr[r + 1]) of indices and values. Owns nothing.
template <class Index, class Value>
struct CsrView {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::span<const std::int64_t> indptr;
  std::span<const Index> indices;
  std::span<const Value> values;

  std::int64_t nnz() const { return std::ssize(values); }
};

/// Checks foreign arrays: indptr starts at 0, never falls and ends at nnz; column numbers ascend strictly in a row and
/// lie in [0, columns). Throws InvalidMatrix.
template <class Value>
void check_csr(Execution& run, const CsrView<std::int32_t, Value>& matrix) {
  const auto refuse = [](const std::string& what) { throw InvalidMatrix{"The matrix is not valid: " + what}; };
  const auto n = static_cast<std::int64_t>(matrix.indptr.size()) - 1;
  if (n != matrix.rows || n < 0) refuse("indptr must hold one number more than there are rows.");
  if (matrix.indptr[0] != 0) refuse("indptr must start at 0.");
  for (std::int64_t row = 0; row < n; ++row) {
    if (matrix.indptr[row + 1] < matrix.indptr[row]) refuse("indptr falls after row " + std::to_string(row) + ".");
  }
  if (matrix.indptr[n] != matrix.nnz() || matrix.values.size() != matrix.indices.size()) {
    refuse("indptr must end at the number of indices and of values.");
  }
  const Blocks blocks{n, 4096};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
      std::int64_t previous = -1;
      for (std::int64_t q = matrix.indptr[row]; q < matrix.indptr[row + 1]; ++q) {
        const std::int64_t column = matrix.indices[q];
        if (column <= previous || column >= matrix.columns) {
          refuse("the indices of row " + std::to_string(row) + " must ascend strictly from 0 to " +
                 std::to_string(matrix.columns - 1) + ".");
        }
        previous = column;
      }
    }
  });
}

/// The same of rows that have a value for each column, without indices.
template <class Value>
void check_full(const CsrView<std::int32_t, Value>& matrix) {
  const std::int64_t n = matrix.rows;
  bool holds = static_cast<std::int64_t>(matrix.indptr.size()) == n + 1 && static_cast<std::int64_t>(matrix.values.size()) == n * matrix.columns;
  for (std::int64_t row = 0; holds && row <= n; ++row) holds = matrix.indptr[row] == row * matrix.columns;
  if (!holds) throw InvalidMatrix{"The matrix is not valid: each row must have a value for each column."};
}

/// Rows that have a value for each column, in single or double precision. Owns nothing.
struct FullRows {
  std::int64_t columns = 0;
  std::variant<std::span<const double>, std::span<const float>> values;

  /// The values of some rows, one row after the other; written to `buffer` where they are in single precision.
  const double* some(std::int64_t first, std::int64_t count, std::vector<double>& buffer) const { return run(first * columns, count * columns, buffer); }
  /// Those of a row from one column to below another.
  const double* part(std::int64_t row, std::int64_t first, std::int64_t end, std::vector<double>& buffer) const {
    return run(row * columns + first, end - first, buffer);
  }

 private:
  const double* run(std::int64_t begin, std::int64_t length, std::vector<double>& buffer) const {
    if (const auto* doubles = std::get_if<0>(&values)) return doubles->data() + begin;
    const float* const from = std::get<1>(values).data() + begin;
    if (std::ssize(buffer) < length) buffer.resize(static_cast<std::size_t>(length));
    double* const out = buffer.data();
    for (std::int64_t i = 0; i < length; ++i) out[i] = static_cast<double>(from[i]);
    return out;
  }
};

/// The entries of a row, or some of them.
template <class Index>
struct RowEntries {
  const Index* indices;
  const double* values;
  std::int64_t length;
};

/// The column copy of a matrix (compressed sparse columns): the entries of column c are [indptr[c], indptr[c + 1]) of
/// rows and values, in order of rows.
struct Columns {
  std::vector<std::int64_t> indptr;
  LargeVector<std::int32_t> rows;
  LargeVector<double> values;

  /// The first column of a range: ranges hold about the same number of entries.
  std::int64_t first_of(std::int64_t range, std::int64_t ranges) const {
    const std::int64_t columns = std::ssize(indptr) - 1;
    if (range == ranges) return columns;
    return std::lower_bound(indptr.begin(), indptr.begin() + columns, indptr.back() * range / ranges) - indptr.begin();
  }
};

/// Whether the index of an entry comes before a column.
template <class Index>
bool is_before(Index index, std::int64_t column) {
  return static_cast<std::int64_t>(index) < column;
}

/// Calls use(row, place) for each entry in the columns from `first` to below `end`, row after row.
template <class Index, class Use>
void each_entry(const Execution& run, const CsrView<Index, double>& matrix, std::int64_t first, std::int64_t end, const Use& use) {
  for (std::int64_t row = 0; row < matrix.rows && first < end; ++row) {
    if (row % 4096 == 0 && run.stopped()) return;
    const auto begin = matrix.indices.begin(), row_end = begin + matrix.indptr[row + 1];
    auto at = std::lower_bound(begin + matrix.indptr[row], row_end, first, is_before<Index>);
    for (; at != row_end && is_before(*at, end); ++at) use(row, at - begin);
  }
}

/// Counted and filled by ranges of columns, which one thread owns: as few as there are threads, for in each of them all rows are looked at; but
/// of many columns so many that the ends of those in a range may stay in the cache.
template <class Index>
Columns columns_of(Execution& run, const CsrView<Index, double>& matrix) {
  constexpr std::int64_t most_columns = 1 << 15;
  Columns columns;
  std::vector<std::int64_t>& indptr = columns.indptr;
  indptr.assign(static_cast<std::size_t>(matrix.columns) + 1, 0);
  columns.rows.resize(matrix.indices.size());
  columns.values.resize(matrix.indices.size());
  const std::int64_t threads = run.threads(), ranges = std::max(threads, (matrix.columns + most_columns - 1) / most_columns);
  parallel_chunks(run, threads, [&](std::int64_t range, int) {
    const std::int64_t first = matrix.columns * range / threads, end = matrix.columns * (range + 1) / threads;
    each_entry(run, matrix, first, end, [&](std::int64_t, std::int64_t q) { ++indptr[static_cast<std::size_t>(matrix.indices[q]) + 1]; });
  });
  for (std::int64_t c = 0; c < matrix.columns; ++c) indptr[c + 1] += indptr[c];
  std::vector<std::int64_t> next(indptr.begin(), indptr.end() - 1);
  parallel_chunks(run, ranges, [&](std::int64_t range, int) {
    const std::int64_t first = columns.first_of(range, ranges), end = columns.first_of(range + 1, ranges);
    each_entry(run, matrix, first, end, [&](std::int64_t row, std::int64_t q) {
      const std::int64_t place = next[static_cast<std::size_t>(matrix.indices[q])]++;
      columns.rows[place] = static_cast<std::int32_t>(row);
      columns.values[place] = matrix.values[q];
    });
  });
  return columns;
}

}  // namespace corpuscle
