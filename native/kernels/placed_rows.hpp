// Sparse rows that are written to their place in the result while others are still counted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "parallel.hpp"
#include "reserved_pages.hpp"

namespace corpuscle {

/// The rows come in chunks, which threads count in about their order. A chunk has its place once all before it have been counted; then
/// whoever counted it writes it, while it is in the caches.
template <class Value>
class PlacedRows {
 public:
  /// Room for so many entries. Takes none where it would not pay, or where the system has none to reserve.
  PlacedRows(std::int64_t entries, std::int64_t chunks, int threads);

  bool reserved() const { return values_.data() != nullptr; }

  /// Says how many entries a chunk has, which `thread` has counted, and calls write(chunk, indices, values), where it goes, for those of
  /// the thread's chunks that have a place now. Returns whether it has written all of them.
  template <class Write>
  bool place(Execution& run, int thread, std::int64_t chunk, std::int64_t entries, const Write& write) {
    run.take(static_cast<double>(entry_bytes) * static_cast<double>(entries));
    std::vector<std::int64_t>& waiting = waiting_[thread];
    waiting.push_back(chunk);
    const std::int64_t placed = note(chunk, entries);
    const auto first = std::find_if(waiting.begin(), waiting.end(), [&](std::int64_t own) { return own >= placed; });
    std::for_each(waiting.begin(), first, [&](std::int64_t own) { write_to_place(own, write); });
    waiting.erase(waiting.begin(), first);
    return waiting.empty();
  }

  /// Writes the chunks that are left when all have been counted.
  template <class Write>
  void place_rest(Execution& run, const Write& write) {
    parallel_chunks(run, static_cast<std::int64_t>(waiting_.size()), [&](std::int64_t thread, int) {
      for (const std::int64_t chunk : waiting_[thread]) write_to_place(chunk, write);
    });
  }

  /// Moves the result into memory that malloc or calloc has given.
  void move_to(std::span<std::int32_t> indices, std::span<Value> values);

 private:
  static constexpr std::size_t entry_bytes = sizeof(std::int32_t) + sizeof(Value);

  std::int64_t note(std::int64_t chunk, std::int64_t entries);
  void ask_for_pages(std::int64_t first, std::int64_t end) const;
  std::int32_t* indices() const { return reinterpret_cast<std::int32_t*>(indices_.data()); }
  Value* values() const { return reinterpret_cast<Value*>(values_.data()); }
  template <class Write>
  void write_to_place(std::int64_t chunk, const Write& write) const {
    write(chunk, indices() + starts_[chunk], values() + starts_[chunk]);
  }

  std::int64_t room_ = 0;  // entries
  ReservedPages indices_, values_;
  std::vector<std::int64_t> starts_;                // of the chunks that have a place, and of the next
  std::vector<std::int64_t> lengths_;               // of chunks; -1: not counted yet
  std::vector<std::vector<std::int64_t>> waiting_;  // chunks that each thread has counted and not written
  std::mutex mutex_;
  std::int64_t placed_ = 0;  // chunks
  std::int64_t asked_ = 0;   // entries whose pages have been asked for
};

}  // namespace corpuscle
