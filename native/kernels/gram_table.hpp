// A hash table of runs of words: each is known by the run without its last word, and by that word.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "huge_pages.hpp"
#include "term_table.hpp"

namespace corpuscle {

/// The runs of two or more words of one thread. Runs and words have their ids from one counter, that of the table of words, so that a
/// run is also known by its id where a longer one begins with it.
class GramTable {
 public:
  /// `slots` is how many there are at first, a power of two.
  explicit GramTable(std::size_t slots) : slots_(slots, free_slot), mask_(slots - 1) {}

  void prefetch(std::uint32_t before, std::uint32_t word) const { __builtin_prefetch(&slots_[place_of(before, word)]); }

  /// The id of a run, counting it for `document`; a new one gets the next id of `words`.
  std::uint32_t find(std::uint32_t before, std::uint32_t word, std::uint32_t document, TermTable& words) {
    for (std::size_t at = place_of(before, word);; at = (at + 1) & mask_) {
      ++probes_;
      Slot& slot = slots_[at];
      if (slot.is_free()) return learn(before, word, document, words);
      if (slot.before != before || slot.word != word) continue;
      df_[slot.id] += slot.last_document != document;  // apart from the slot, so that four of these fit a cache line
      slot.last_document = document;
      return slot.id;
    }
  }

  /// How many slots all calls of `find` have looked at.
  std::int64_t probes() const { return probes_; }
  /// How many ids there are up to that of the last run; those of words among them stand for no run.
  std::uint32_t ids() const { return static_cast<std::uint32_t>(df_.size()); }
  bool is_run(std::uint32_t id) const { return id < ids() && parts_[id].before != TermTable::ignored; }
  /// The run without its last word, which has a smaller id, and the last word.
  std::uint32_t before(std::uint32_t id) const { return parts_[id].before; }
  std::uint32_t word(std::uint32_t id) const { return parts_[id].word; }
  /// In how many documents the run is.
  std::uint32_t document_frequency(std::uint32_t id) const { return df_[id]; }
  double bytes() const { return 16.0 * static_cast<double>(slots_.size()) + 12.0 * static_cast<double>(df_.capacity()); }

 private:
  struct Slot {
    std::uint32_t before, word;  // ids of what the run is made of
    std::uint32_t id;
    std::uint32_t last_document;  // the last one that held the run, counted from 1

    bool is_free() const { return id == TermTable::ignored; }
  };
  static constexpr Slot free_slot{0, 0, TermTable::ignored, 0};
  using Slots = LargeVector<Slot>;

  std::size_t place_of(std::uint32_t before, std::uint32_t word) const {
    constexpr std::uint64_t k0 = 0x9e3779b97f4a7c15, k1 = 0xd1b54a32d192ed03;
    return static_cast<std::size_t>(mix((std::uint64_t{before} << 32 | word) ^ k0, k1)) & mask_;
  }
  std::uint32_t learn(std::uint32_t before, std::uint32_t word, std::uint32_t document, TermTable& words);
  void insert(const Slot& slot);

  Slots slots_;
  std::size_t mask_;
  std::uint32_t used_ = 0;
  std::int64_t probes_ = 0;
  struct Parts {
    std::uint32_t before, word;
  };
  LargeVector<Parts> parts_;  // by id
  LargeVector<std::uint32_t> df_;
};

}  // namespace corpuscle
