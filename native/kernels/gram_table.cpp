#include "gram_table.hpp"

namespace corpuscle {

std::uint32_t GramTable::learn(std::uint32_t before, std::uint32_t word, std::uint32_t document, TermTable& words) {
  if ((used_ + std::uint64_t{1}) * 5 > slots_.size() * 3) {  // at 60 %
    Slots old(slots_.size() * 2, free_slot);
    old.swap(slots_);
    mask_ = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (!slot.is_free()) insert(slot);
    }
  }
  const std::uint32_t id = words.take_id();
  insert({before, word, id, document});
  ++used_;
  parts_.resize(id, {TermTable::ignored, 0});
  parts_.push_back({before, word});
  df_.resize(id, 0);
  df_.push_back(1);
  return id;
}

void GramTable::insert(const Slot& slot) {
  std::size_t at = place_of(slot.before, slot.word);
  while (!slots_[at].is_free()) at = (at + 1) & mask_;
  slots_[at] = slot;
}

}  // namespace corpuscle
