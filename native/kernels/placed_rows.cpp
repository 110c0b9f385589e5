#include "placed_rows.hpp"

#include "fresh_pages.hpp"

namespace corpuscle {
namespace {

// Pages are asked for some time before they are written: what the system has just filled with zeros is in the caches, and slows down
// stores that go past them.
constexpr std::int64_t step = 1 << 22, margin = 1 << 20;  // entries

}  // namespace

PlacedRows::PlacedRows(std::int64_t entries, std::int64_t chunks, int threads)
    : room_(entries), starts_(static_cast<std::size_t>(chunks) + 1), lengths_(static_cast<std::size_t>(chunks), -1),
      waiting_(static_cast<std::size_t>(threads)) {
  const std::size_t bytes = static_cast<std::size_t>(entries) * sizeof(std::int32_t);
  if (bytes < ReservedPages::large_bytes) return;
  indices_ = ReservedPages(bytes);
  if (indices_.data() != nullptr) values_ = ReservedPages(bytes);
}

/// Returns how many chunks have a place: all before the first that has not been counted.
std::int64_t PlacedRows::note(std::int64_t chunk, std::int64_t entries) {
  std::int64_t placed, first_page, end_page;
  {
    const std::lock_guard lock(mutex_);
    lengths_[chunk] = entries;
    for (; placed_ < static_cast<std::int64_t>(lengths_.size()) && lengths_[placed_] >= 0; ++placed_) {
      starts_[placed_ + 1] = starts_[placed_] + lengths_[placed_];
    }
    placed = placed_;
    first_page = end_page = asked_;
    if (starts_[placed] + margin > asked_) end_page = asked_ = std::min(room_, std::max(starts_[placed], asked_) + step);
  }
  ask_for_pages(first_page, end_page);
  return placed;
}

void PlacedRows::ask_for_pages(std::int64_t first, std::int64_t end) const {
  const std::size_t bytes = static_cast<std::size_t>(end - first) * sizeof(std::int32_t);
  populate(indices() + first, bytes);
  populate(values() + first, bytes);
}

void PlacedRows::move_to(std::span<std::int32_t> indices, std::span<std::int32_t> values) {
  indices_.move_to(indices.data(), indices.size_bytes());
  values_.move_to(values.data(), values.size_bytes());
}

}  // namespace corpuscle
