// A hash table of terms whose slots fit half a cache line: one line fetched tells the id of a token of up to 16 bytes and counts its
// document.
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

/// The hash of `length` bytes, by folded multiplications; it never decides an order that a caller can see. Where there are no more than
/// 16 bytes, prefix and tail hold them all.
inline std::uint32_t hash_of(std::uint64_t prefix, std::uint64_t tail, const char* bytes, std::uint32_t length) {
  constexpr std::uint64_t k0 = 0x9e3779b97f4a7c15, k1 = 0xd1b54a32d192ed03;
  std::uint64_t hash = mix(prefix ^ k0, tail ^ k1 ^ length);
  for (std::uint32_t at = 8; at + 8 < length; at += 8) hash = mix(load8(bytes + at) ^ hash, k1 ^ at);
  return static_cast<std::uint32_t>(hash >> 32);
}

/// The token of `length` (from 1) bytes at text + start, behind which eight bytes must be readable.
inline Token token_of_some(const char* text, std::uint32_t start, std::uint32_t length) {
  const char* const bytes = text + start;
  const std::uint32_t head = std::min(length, 8u);
  const std::uint64_t prefix = first_bytes(load8(bytes), head);
  const std::uint64_t tail = first_bytes(load8(bytes + length - head), head);
  return {prefix, tail, start, length, hash_of(prefix, tail, bytes, length)};
}

/// The same for any length.
inline Token token_of(const char* text, std::uint32_t start, std::uint32_t length) {
  return length == 0 ? Token{0, 0, start, 0, hash_of(0, 0, text, 0)} : token_of_some(text, start, length);
}

class TermTable {
 public:
  static constexpr std::uint32_t ignored = 0xffffffff;  // the id of a stop word, or of no term of a fixed vocabulary

  static constexpr std::uint32_t no_term = 0xffffffff;  // the length of what no slot holds: an empty term is a term

  struct alignas(32) Slot {  // so that none lies on two cache lines
    std::uint64_t prefix, tail;   // as those of a token: all bytes of most terms
    std::uint32_t id;
    std::uint32_t last_document;  // the last one that held the term, counted from 1
    std::uint32_t df;
    std::uint32_t length = no_term;

    bool is_free() const { return length == no_term; }
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
  const char* term(const Slot& slot) const { return arena_.data() + offsets_[static_cast<std::size_t>(&slot - slots_.data())]; }
  double bytes() const { return 36.0 * static_cast<double>(slots_.size()) + static_cast<double>(arena_.capacity()); }

 private:
  bool holds(const Slot& slot, const Token& token, const char* text) const {
    const std::uint64_t differences = (slot.prefix ^ token.prefix) | (slot.tail ^ token.tail) | (slot.length ^ token.length);
    return differences == 0 && (token.length <= 16 || std::memcmp(term(slot) + 8, text + token.start + 8, token.length - 16) == 0);
  }
  std::size_t free_place(std::uint32_t hash) const {
    std::uint32_t at = hash & mask_;
    while (!slots_[at].is_free()) at = (at + 1) & mask_;
    return at;
  }
  static OverLimit too_many();
  std::uint32_t learn(const Token& token, const char* text, std::uint32_t document);
  std::uint32_t look_up(const Token& token, const char* text);
  bool is_full() const { return (used_ + std::uint64_t{1}) * 5 > slots_.size() * 3; }  // at 60 %
  Slot& insert(const Token& token, const char* text, std::uint32_t id);
  void grow();

  using Slots = std::vector<Slot, HugePages<Slot>>;
  using Offsets = std::vector<std::uint32_t, HugePages<std::uint32_t>>;

  const TermTable* vocabulary_;
  Slots slots_;
  Offsets offsets_;          // of the term of each slot in the arena
  std::vector<char> arena_;  // the terms, each followed by at least eight readable bytes
  std::uint32_t mask_;
  std::uint32_t used_ = 0;
  std::uint32_t next_id_ = 0;
  std::int64_t probes_ = 0;
};

}  // namespace corpuscle
