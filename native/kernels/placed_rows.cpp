#include "placed_rows.hpp"

#include "fresh_pages.hpp"

namespace corpuscle {
namespace {

// Pages are asked for some time before they are written: what the system has just filled with zeros is in the caches, and slows down
// stores that go past them.
constexpr std::int64_t step = 1 << 22, margin = 1 << 20;  // entries

}  // namespace

template <class Value>
PlacedRows<Value>::PlacedRows(std::int64_t entries, std::int64_t chunks, int threads)
    : room_(entries), starts_(static_cast<std::size_t>(chunks) + 1), lengths_(static_cast<std::size_t>(chunks), -1),
      waiting_(static_cast<std::size_t>(threads)) {
  const auto room = static_cast<std::size_t>(entries);
  if (room * sizeof(std::int32_t) < ReservedPages::large_bytes) return;
  indices_ = ReservedPages(room * sizeof(std::int32_t));
  if (indices_.data() != nullptr) values_ = ReservedPages(room * sizeof(Value));
}

/// Returns how many chunks have a place: all before the first that has not been counted.
template <class Value>
std::int64_t PlacedRows<Value>::note(std::int64_t chunk, std::int64_t entries) {
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

template <class Value>
void PlacedRows<Value>::ask_for_pages(std::int64_t first, std::int64_t end) const {
  const auto entries = static_cast<std::size_t>(end - first);
  populate(indices() + first, entries * sizeof(std::int32_t));
  populate(values() + first, entries * sizeof(Value));
}

template <class Value>
void PlacedRows<Value>::move_to(std::span<std::int32_t> indices, std::span<Value> values) {
  indices_.move_to(indices.data(), indices.size_bytes());
  values_.move_to(values.data(), values.size_bytes());
}

template class PlacedRows<std::int32_t>;
template class PlacedRows<double>;

}  // namespace corpuscle
