// A hash table of terms whose slots fit half a cache line: one line fetched tells a token's id and counts its document.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "bytes.hpp"
#include "huge_pages.hpp"
#include "parallel.hpp"

namespace corpuscle {

/// A token of a document: where it stands, what is compared first, and its hash.
struct Token {
  std::uint64_t prefix;  // the first eight bytes, or all of them and zeros
  std::uint64_t tail;    // the last eight bytes; as the prefix where there are no more
  std::uint32_t start;
  std::uint32_t length;
  std::uint32_t hash;
};

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// The first bytes of a word that holds `count` (1 to 8) of them, with zeros beyond. Without branches: nobody foresees a length.
inline std::uint64_t first_bytes(std::uint64_t word, std::uint32_t count) {
  const std::uint32_t rest = 64 - 8 * count;
  if constexpr (std::endian::native == std::endian::little) return word << rest >> rest;
  return word >> rest << rest;
}

/// The token of `length` (from 1) bytes at text + start, behind which eight bytes must be readable. The hash, by folded
/// multiplications, never decides an order that a caller can see.
inline Token token_of_some(const char* text, std::uint32_t start, std::uint32_t length) {
  constexpr std::uint64_t k0 = 0x9e3779b97f4a7c15, k1 = 0xd1b54a32d192ed03;
  const char* const bytes = text + start;
  const std::uint32_t head = std::min(length, 8u);
  const std::uint64_t prefix = first_bytes(load8(bytes), head);
  const std::uint64_t tail = first_bytes(load8(bytes + length - head), head);
  std::uint64_t hash = mix(prefix ^ k0, tail ^ k1 ^ length);
  for (std::uint32_t at = 8; at + 8 < length; at += 8) hash = mix(load8(bytes + at) ^ hash, k1 ^ at);
  return {prefix, tail, start, length, static_cast<std::uint32_t>(hash >> 32)};
}

/// The same for any length.
inline Token token_of(const char* text, std::uint32_t start, std::uint32_t length) {
  constexpr std::uint32_t hash_of_nothing = ~std::uint32_t{0};  // not zero, which says that a slot is free
  return length == 0 ? Token{0, 0, start, 0, hash_of_nothing} : token_of_some(text, start, length);
}

class TermTable {
 public:
  static constexpr std::uint32_t ignored = 0xffffffff;  // the id of a stop word, or of no term of a fixed vocabulary

  struct alignas(32) Slot {  // so that none lies on two cache lines
    std::uint64_t prefix;
    std::uint32_t hash;           // upper half
    std::uint32_t offset;         // of the term in the arena
    std::uint32_t id;
    std::uint32_t last_document;  // the last one that held the term, counted from 1
    std::uint32_t df;
    std::uint32_t length;

    bool is_free() const { return (length | hash) == 0; }
  };
  static_assert(sizeof(Slot) == 32);

  /// `slots` is how many there are at first, a power of two. With a `vocabulary`, which must outlive it, the table learns nothing: it is
  /// a cache of what that says of the tokens met, in which the most frequent ones come first.
  explicit TermTable(std::size_t slots, const TermTable* vocabulary = nullptr);

  /// Adds a term with an id of the caller's choice; a term that is there already keeps its id.
  void preset(std::span<const char> term, std::uint32_t id);

  /// The id of a term, or `ignored` where it is not there.
  std::uint32_t id_of(const Token& token, const char* text) const {
    for (std::uint32_t at = token.hash & mask_;; at = (at + 1) & mask_) {
      if (holds(slots_[at], token, text)) return slots_[at].id;
      if (slots_[at].is_free()) return ignored;
    }
  }
  bool contains(const Token& token, const char* text) const { return id_of(token, text) != ignored; }

  void prefetch(const Token& token) const { __builtin_prefetch(&slots_[token.hash & mask_]); }

  /// The id of a token, counting it for `document`. A new term gets the next id, or where there is a vocabulary its id there, or
  /// `ignored`.
  std::uint32_t find(const Token& token, const char* text, std::uint32_t document) {
    for (std::uint32_t at = token.hash & mask_;; at = (at + 1) & mask_) {
      ++probes_;
      Slot& slot = slots_[at];
      if (holds(slot, token, text)) {
        slot.df += slot.last_document != document;
        slot.last_document = document;
        return slot.id;
      }
      if (slot.is_free()) return vocabulary_ == nullptr ? learn(token, text, document) : look_up(token, text);
    }
  }

  /// The next id, for what is no term of the table.
  std::uint32_t take_id() {
    if (next_id_ == ignored) throw too_many();
    return next_id_++;
  }

  /// How many ids were given out.
  std::uint32_t size() const { return next_id_; }
  /// How many slots all calls of `find` have looked at.
  std::int64_t probes() const { return probes_; }
  std::span<const Slot> slots() const { return slots_; }
  const char* term(const Slot& slot) const { return arena_.data() + slot.offset; }
  double bytes() const { return 32.0 * static_cast<double>(slots_.size()) + static_cast<double>(arena_.capacity()); }

 private:
  bool holds(const Slot& slot, const Token& token, const char* text) const {
    return slot.prefix == token.prefix && slot.hash == token.hash &&
           slot.length == token.length && (token.length <= 8 || has_rest(slot, token, text));
  }
  /// Whether a term of more than eight bytes goes on as a token of its length does.
  bool has_rest(const Slot& slot, const Token& token, const char* text) const {
    const char* const own = term(slot);
    return load8(own + token.length - 8) == token.tail &&
           (token.length <= 16 || std::memcmp(own + 8, text + token.start + 8, token.length - 16) == 0);
  }
  static OverLimit too_many();
  std::uint32_t learn(const Token& token, const char* text, std::uint32_t document);
  std::uint32_t look_up(const Token& token, const char* text);
  bool is_full() const { return (used_ + std::uint64_t{1}) * 5 > slots_.size() * 3; }  // at 60 %
  Slot& insert(const Token& token, const char* text, std::uint32_t id);
  void grow();

  using Slots = std::vector<Slot, HugePages<Slot>>;

  const TermTable* vocabulary_;
  Slots slots_;
  std::vector<char> arena_;  // the terms, each followed by at least eight readable bytes
  std::uint32_t mask_;
  std::uint32_t used_ = 0;
  std::uint32_t next_id_ = 0;
  std::int64_t probes_ = 0;
};

}  // namespace corpuscle
