// Sparse rows between counting and writing, when it is not known yet where the result will have them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "huge_pages.hpp"
#include "pair_counts.hpp"
#include "parallel.hpp"

namespace corpuscle {

/// Rows in as few bytes as hold them: ids of 2 or 4, counts of 1, 2 or 4, or weights of 8. Most counts take 3 instead of the result's 8.
class PackedRows {
 public:
  PackedRows(std::int64_t rows, std::int64_t columns, int threads)
      : columns_(columns), rows_(static_cast<std::size_t>(rows)), stores_(static_cast<std::size_t>(threads)) {}

  /// Takes a row of at most `most` counts, those from column `first` on, out of `counts`, which is zero afterwards.
  void take(Execution& run, int thread, std::int64_t row, std::size_t first, std::size_t most, PairCounts& counts);

  /// Takes a row of weights.
  void take(Execution& run, int thread, std::int64_t row, std::span<const std::int32_t> ids, std::span<const double> weights);

  /// Forgets the rows that a thread has taken, but not their lengths.
  void clear(int thread) { stores_[thread].clear(); }

  std::int64_t length(std::int64_t row) const { return rows_[row].length; }

  /// Calls use(ids, numbers) with pointers to the entries of a row, counts or weights.
  template <class Use>
  void visit(std::int64_t row, const Use& use) const {
    const Row& at = rows_[row];
    const auto with_ids = [&](const auto* ids) {
      switch (at.value_bytes) {
        case 1: return use(ids, reinterpret_cast<const std::uint8_t*>(at.values));
        case 2: return use(ids, reinterpret_cast<const std::uint16_t*>(at.values));
        case 4: return use(ids, reinterpret_cast<const std::uint32_t*>(at.values));
        default: return use(ids, reinterpret_cast<const double*>(at.values));
      }
    };
    if (short_ids()) {
      with_ids(reinterpret_cast<const std::uint16_t*>(at.ids));
    } else {
      with_ids(reinterpret_cast<const std::uint32_t*>(at.ids));
    }
  }

 private:
  struct Row {
    const std::byte* ids = nullptr;
    const std::byte* values = nullptr;
    std::int32_t length = 0, value_bytes = 1;
  };

  /// Memory that grows a block at a time.
  class Store {
   public:
    /// Room for so many bytes, aligned for any value; `use` says how many of them have been written.
    std::byte* room(Execution& run, std::size_t bytes);
    void use(std::size_t bytes) { used_ += bytes; }
    /// Makes room again, in the last block.
    void clear();

   private:
    std::vector<LargeVector<std::byte>> blocks_;
    std::size_t used_ = 0;  // of the last block
  };

  bool short_ids() const { return columns_ <= 65536; }
  template <class Id, class Count>
  void take_as(Execution& run, int thread, Row& row, std::size_t first, std::size_t most, std::vector<Count>& counts, PairCounts& sums);

  std::int64_t columns_;
  std::vector<Row> rows_;
  std::vector<Store> stores_;  // one a thread
};

}  // namespace corpuscle
