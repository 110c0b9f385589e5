#include "term_table.hpp"

#include <algorithm>

namespace corpuscle {

namespace {

constexpr std::size_t most_cached = 1 << 14;  // slots of a cache, or twice those of its vocabulary where these are more

}  // namespace

TermTable::TermTable(std::size_t slots, const TermTable* vocabulary)
    : vocabulary_(vocabulary), slots_(slots, Slot{}), arena_(8), mask_(static_cast<std::uint32_t>(slots - 1)) {}

void TermTable::preset(std::span<const char> term, std::uint32_t id) {
  std::vector<char> padded(term.begin(), term.end());
  padded.resize(term.size() + 8);
  const auto length = static_cast<std::uint32_t>(term.size());
  const Token token = token_of(padded.data(), 0, length);
  if (!contains(token, padded.data())) insert(token, padded.data(), id);
}

OverLimit TermTable::too_many() {
  return {"The distinct terms of these documents are too many, or have more than 2^32 bytes; add fewer documents at a time."};
}

std::uint32_t TermTable::learn(const Token& token, const char* text, std::uint32_t document) {
  Slot& added = insert(token, text, next_id_);
  added.last_document = document;
  added.df = 1;
  return next_id_++;
}

std::uint32_t TermTable::look_up(const Token& token, const char* text) {
  const std::uint32_t id = vocabulary_->id_of(token, text);
  const bool has_room = !is_full() || slots_.size() < std::max(most_cached, 2 * vocabulary_->slots_.size());
  if (has_room) insert(token, text, id);  // also one that is no term: then nearly all tokens are found here
  return id;
}

TermTable::Slot& TermTable::insert(const Token& token, const char* text, std::uint32_t id) {
  if (is_full()) grow();
  ++used_;
  std::uint32_t at = token.hash & mask_;
  while (!slots_[at].is_free()) at = (at + 1) & mask_;
  const std::size_t offset = arena_.size() - 8;
  if (offset + token.length > 0xffffffff || next_id_ == ignored) throw too_many();
  arena_.resize(offset);
  arena_.insert(arena_.end(), text + token.start, text + token.start + token.length);
  arena_.resize(arena_.size() + 8);
  slots_[at] = {token.prefix, token.hash, static_cast<std::uint32_t>(offset), id, 0, 0,
                token.length};
  return slots_[at];
}

/// The slots of one run go to two: in order, and without a look at the terms.
void TermTable::grow() {
  Slots old(slots_.size() * 2, Slot{});
  old.swap(slots_);
  mask_ = static_cast<std::uint32_t>(slots_.size() - 1);
  for (const Slot& slot : old) {
    if (slot.is_free()) continue;
    std::uint32_t at = slot.hash & mask_;
    while (!slots_[at].is_free()) at = (at + 1) & mask_;
    slots_[at] = slot;
  }
}

}  // namespace corpuscle
