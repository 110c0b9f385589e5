// A hash table of terms whose slots fit half a cache line: one line fetched tells a token's id and counts its document.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "bytes.hpp"

namespace corpuscle {

/// A token of a document: where it stands, and its hash.
struct Token {
  std::uint64_t hash;
  std::uint64_t prefix;  // the first eight bytes, zero-padded
  std::uint32_t start;
  std::uint32_t length;
};

/// The first eight bytes of a token, with zeros beyond its end; eight bytes must be readable.
inline std::uint64_t prefix_of(const char* bytes, std::uint32_t length) {
  const std::uint64_t word = load8(bytes);
  if constexpr (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
    return length >= 8 ? word : word & ((std::uint64_t{1} << (8 * length)) - 1);
  } else {
    return length >= 8 ? word : word & ~(~std::uint64_t{0} >> (8 * length));
  }
}

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Hash of a token by folded multiplication; it never decides an order that a caller can see.
inline std::uint64_t hash_of(const char* bytes, std::uint32_t length, std::uint64_t prefix) {
  constexpr std::uint64_t k0 = 0x9e3779b97f4a7c15, k1 = 0xd1b54a32d192ed03;
  std::uint64_t hash = mix(prefix ^ k0, length ^ k1);
  for (std::uint32_t at = 8; at < length; at += 8) {
    const std::uint32_t rest = length - at;
    hash = mix(prefix_of(bytes + at, rest) ^ hash, k1 ^ at);
  }
  return hash;
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
    std::uint32_t length;         // 0: the slot is free
  };
  static_assert(sizeof(Slot) == 32);

  TermTable();

  /// Adds a term with an id of the caller's choice; a term that is there already keeps its id.
  void preset(std::span<const char> term, std::uint32_t id);

  void prefetch(const Token& token) const { __builtin_prefetch(&slots_[token.hash & mask_]); }

  /// The id of a token, counting it for `document`; a new term gets the next id, or `ignored` where `fixed`.
  std::uint32_t find(const Token& token, const char* text, std::uint32_t document, bool fixed) {
    const auto hash = static_cast<std::uint32_t>(token.hash >> 32);
    for (std::uint64_t at = token.hash & mask_;; at = (at + 1) & mask_) {
      ++probes_;
      Slot& slot = slots_[at];
      if (slot.prefix == token.prefix && slot.hash == hash && slot.length == token.length &&
          (token.length <= 8 || std::memcmp(term(slot), text + token.start, token.length) == 0)) {
        slot.df += slot.last_document != document;
        slot.last_document = document;
        return slot.id;
      }
      if (slot.length == 0) return fixed ? ignored : learn(token, text, document);
    }
  }

  /// How many ids were given out by `find`.
  std::uint32_t size() const { return next_id_; }
  /// How many slots all calls of `find` have looked at.
  std::int64_t probes() const { return probes_; }
  std::span<const Slot> slots() const { return slots_; }
  const char* term(const Slot& slot) const { return arena_.data() + slot.offset; }
  double bytes() const { return 32.0 * static_cast<double>(slots_.size()) + static_cast<double>(arena_.capacity()); }

 private:
  std::uint32_t learn(const Token& token, const char* text, std::uint32_t document);
  Slot& insert(const Token& token, const char* text, std::uint32_t id);
  void grow();

  std::vector<Slot> slots_;
  std::vector<char> arena_;  // the terms, each followed by at least eight readable bytes
  std::uint64_t mask_;
  std::uint32_t used_ = 0;
  std::uint32_t next_id_ = 0;
  std::int64_t probes_ = 0;
};

}  // namespace corpuscle
