#include "packed_rows.hpp"

#include <algorithm>
#include <utility>

#include "fresh_pages.hpp"
#include "take_counts.hpp"

namespace corpuscle {
namespace {

constexpr std::size_t smallest_block = 1 << 16, largest_block = 1 << 22;

std::size_t aligned(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

}  // namespace

std::byte* PackedRows::Store::room(Execution& run, std::size_t bytes) {
  used_ = aligned(used_);  // as blocks are, too
  if (blocks_.empty() || blocks_.back().size() - used_ < bytes) {
    const std::size_t usual = blocks_.empty() ? smallest_block : std::min(largest_block, 2 * blocks_.back().size());
    const std::size_t size = std::max(aligned(bytes), usual);
    run.take(static_cast<double>(size));
    blocks_.emplace_back(size);
    if (size == largest_block) populate(blocks_.back().data(), size);  // a larger one is for a row that may fill a part of it
    used_ = 0;
  }
  return blocks_.back().data() + used_;
}

void PackedRows::Store::clear() {
  if (blocks_.size() > 1) blocks_.erase(blocks_.begin(), blocks_.end() - 1);
  used_ = 0;
}

template <class Id, class Count>
void PackedRows::take_as(Execution& run, int thread, Row& row, std::size_t first, std::size_t most, std::vector<Count>& counts,
                         PairCounts& sums) {
  Store& store = stores_[thread];
  const std::size_t room = aligned((most + taken_slack) * sizeof(Id));
  std::byte* const memory = store.room(run, room + (most + taken_slack) * sizeof(Count));
  auto* const ids = reinterpret_cast<Id*>(memory);
  auto* const taken = reinterpret_cast<Count*>(memory + room);
  std::size_t length = 0;
  if (sums.sparse) {
    for (const std::uint32_t id : sums.met) {
      ids[length] = static_cast<Id>(id);
      taken[length] = std::exchange(counts[id], Count{0});
      length += taken[length] != 0;
    }
  } else {
    const auto columns = static_cast<std::size_t>(columns_);
    length = take_counts(run.simd(), counts.data() + first, first, columns - first, Count{1}, ids, taken);
    counts[columns] = 0;
  }
  const std::size_t ids_bytes = aligned(length * sizeof(Id));
  std::copy_n(reinterpret_cast<std::byte*>(taken), length * sizeof(Count), memory + ids_bytes);
  store.use(ids_bytes + length * sizeof(Count));
  row = {memory, memory + ids_bytes, static_cast<std::int32_t>(length), sizeof(Count)};
}

void PackedRows::take(Execution& run, int thread, std::int64_t row, std::size_t first, std::size_t most, PairCounts& counts) {
  counts.visit([&](auto& cells) {
    if (short_ids()) {
      take_as<std::uint16_t>(run, thread, rows_[row], first, most, cells, counts);
    } else {
      take_as<std::uint32_t>(run, thread, rows_[row], first, most, cells, counts);
    }
  });
}

void PackedRows::take(Execution& run, int thread, std::int64_t row, std::span<const std::int32_t> ids, std::span<const double> weights) {
  const std::size_t room = aligned(ids.size() * (short_ids() ? 2 : 4));
  std::byte* const memory = stores_[thread].room(run, room + weights.size_bytes());
  if (short_ids()) {
    std::copy(ids.begin(), ids.end(), reinterpret_cast<std::uint16_t*>(memory));
  } else {
    std::copy(ids.begin(), ids.end(), reinterpret_cast<std::uint32_t*>(memory));
  }
  std::copy(weights.begin(), weights.end(), reinterpret_cast<double*>(memory + room));
  stores_[thread].use(room + weights.size_bytes());
  rows_[row] = {memory, memory + room, static_cast<std::int32_t>(ids.size()), sizeof(double)};
}

}  // namespace corpuscle
