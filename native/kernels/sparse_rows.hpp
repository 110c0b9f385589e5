// A sparse result that is counted row by row, on all threads.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "packed_rows.hpp"
#include "parallel.hpp"
#include "placed_rows.hpp"

namespace corpuscle {

/// Rows cut into chunks, one after the other.
class RowChunks {
 public:
  /// Of no more than so much work each, or of one row; the rows before a row take work_before(row).
  template <class WorkBefore>
  RowChunks(std::int64_t rows, std::int64_t work, const WorkBefore& work_before) {
    for (std::int64_t row = 1; row <= rows; ++row) {
      if (row == rows || work_before(row + 1) - work_before(begins_.back()) > work) begins_.push_back(row);
    }
  }

  std::int64_t count() const { return static_cast<std::int64_t>(begins_.size()) - 1; }
  std::int64_t begin(std::int64_t chunk) const { return begins_[chunk]; }
  std::int64_t end(std::int64_t chunk) const { return begins_[chunk + 1]; }

 private:
  std::vector<std::int64_t> begins_{0};
};

/// Rows of whole numbers, or of weights: counts divided by the same number. Threads take chunks of rows in about their order; a large
/// result is written while others are still counted.
template <class Value>
class SparseRows {
 public:
  /// All rows together have `most_entries` at most.
  SparseRows(const RowChunks& chunks, std::int64_t columns, std::int64_t most_entries, int threads, double divisor = 1);

  /// Where the threads put the rows.
  PackedRows& packed() { return packed_; }
  /// To be called when a thread has put there all rows of a chunk.
  void finish(Execution& run, int thread, std::int64_t chunk);
  /// To be called when all have been put there; returns how many entries the result has.
  std::int64_t finish(Execution& run);

  /// Whether `write` moves pages into the arrays for indices and values: these must be malloc's then, and need no pages before.
  bool moves_pages() const { return placed_.has_value(); }
  /// Writes the result: indptr (rows + 1), indices and values.
  template <class Pointer>
  void write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices, std::span<Value> values);

 private:
  std::int64_t rows() const { return chunks_.count() == 0 ? 0 : chunks_.end(chunks_.count() - 1); }
  std::int64_t entries(std::int64_t chunk) const;
  void write_chunk(std::int64_t chunk, std::int32_t* indices, Value* values, std::size_t result_bytes) const;
  auto write_placed() const {
    return [this](std::int64_t chunk, std::int32_t* indices, Value* values) {
      write_chunk(chunk, indices, values, ReservedPages::large_bytes);  // a result for which pages are reserved is no smaller
    };
  }

  RowChunks chunks_;
  double divisor_;
  PackedRows packed_;
  std::optional<PlacedRows<Value>> placed_;
};

}  // namespace corpuscle
