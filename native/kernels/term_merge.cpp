#include "term_merge.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace corpuscle {
namespace {

constexpr std::size_t parts = 256;          // of the order of terms, each sorted by itself; a power of two, numbered by bytes
constexpr std::size_t samples_per_part = 16;

/// A term of one table, with what its order hangs on in most cases: numbers that compare as bytes do, zeros behind short terms.
struct Entry {
  std::uint64_t first, second;  // bytes 0 to 7 and 8 to 15
  const char* term;
  std::uint32_t length, id, table, df;

  bool operator<(const Entry& other) const {
    if (first != other.first) return first < other.first;
    if (second != other.second) return second < other.second;
    const std::uint32_t common = std::min(length, other.length);
    const int order = common > 16 ? std::memcmp(term + 16, other.term + 16, common - 16) : 0;
    return order != 0 ? order < 0 : length < other.length;
  }
  bool is_same_term(const Entry& other) const {
    return length == other.length && first == other.first && second == other.second &&
           (length <= 16 || std::memcmp(term + 16, other.term + 16, length - 16) == 0);
  }
};

std::uint64_t comparable(std::uint64_t bytes) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(bytes) : bytes;
}

Entry entry_of(const TermTable& table, const TermTable::Slot& slot, std::uint32_t number) {
  const char* const term = table.term(slot);
  const std::uint64_t second = slot.length > 8 ? first_bytes(load8(term + 8), std::min(slot.length - 8, 8u)) : 0;
  return {comparable(slot.prefix), comparable(second), term, slot.length, slot.id, number, slot.df};
}

/// The order of terms cut into parts of about equal size, by the first bytes of a sample of them.
class Cuts {
 public:
  explicit Cuts(std::span<const TermTable* const> tables) {
    std::vector<std::uint64_t> sample;
    for (const TermTable* const table : tables) {
      const std::size_t step = std::max<std::size_t>(1, table->slots().size() / (4 * parts * samples_per_part));
      for (std::size_t i = 0; i < table->slots().size(); i += step) {
        if (!table->slots()[i].is_free()) sample.push_back(comparable(table->slots()[i].prefix));
      }
    }
    std::sort(sample.begin(), sample.end());
    for (std::size_t p = 1; p < parts && !sample.empty(); ++p) first_[p - 1] = sample[p * sample.size() / parts];
  }
  /// By halves and without a branch: nobody foresees where a term lies.
  std::uint8_t part_of(const TermTable::Slot& slot) const {
    const std::uint64_t first = comparable(slot.prefix);
    std::size_t part = 0;
    for (std::size_t half = parts / 2; half > 0; half /= 2) part += half * static_cast<std::size_t>(first_[part + half - 1] <= first);
    return static_cast<std::uint8_t>(part);
  }

 private:
  std::array<std::uint64_t, parts - 1> first_{};  // bytes of each part but the first
};

/// The entries of all tables, part after part.
struct Parts {
  std::unique_ptr<Entry[]> entries;  // not cleared first
  std::array<std::size_t, parts + 1> begin{};

  Parts(Execution& run, std::span<const TermTable* const> tables) {
    const Cuts cuts(tables);
    const auto count = static_cast<std::int64_t>(tables.size());
    std::vector<std::vector<std::uint8_t>> part_of(tables.size());  // of each slot
    std::vector<std::array<std::size_t, parts>> places(tables.size());
    parallel_chunks(run, count, [&](std::int64_t t, int) {
      const std::span<const TermTable::Slot> slots = tables[t]->slots();
      part_of[t].resize(slots.size());
      places[t].fill(0);
      for (std::size_t i = 0; i < slots.size(); ++i) {
        if (!slots[i].is_free()) ++places[t][part_of[t][i] = cuts.part_of(slots[i])];
      }
    });
    std::size_t place = 0;
    for (std::size_t p = 0; p < parts; ++p) {
      for (auto& own : places) place += std::exchange(own[p], place);
      begin[p + 1] = place;
    }
    entries.reset(new Entry[place]);
    parallel_chunks(run, count, [&](std::int64_t t, int) {
      const std::span<const TermTable::Slot> slots = tables[t]->slots();
      constexpr std::size_t ahead = 32;  // terms lie in no order of the slots
      for (std::size_t i = 0; i < slots.size(); ++i) {
        if (i + ahead < slots.size()) __builtin_prefetch(tables[t]->term(slots[i + ahead]) + 8);
        if (slots[i].is_free()) continue;
        entries[places[t][part_of[t][i]]++] = entry_of(*tables[t], slots[i], static_cast<std::uint32_t>(t));
      }
    });
  }
  std::span<Entry> operator[](std::size_t part) const {
    return {entries.get() + begin[part], begin[part + 1] - begin[part]};
  }
};

}  // namespace

TermStatistics merge_terms(Execution& run, std::span<const TermTable* const> tables,
                           std::vector<std::vector<std::uint32_t>>& numbers) {
  double entries = 0, bytes = 0, slots = 0;
  for (const TermTable* const table : tables) {
    entries += table->size();
    bytes += table->bytes();
    slots += static_cast<double>(table->slots().size());
  }
  run.take(bytes + slots + (sizeof(Entry) + 4 + 8 + 4) * entries);

  const Parts all_parts(run, tables);
  numbers.resize(tables.size());
  for (std::size_t t = 0; t < tables.size(); ++t) numbers[t].assign(tables[t]->size(), 0);
  std::array<std::int64_t, parts + 1> first_number{}, first_byte{};
  parallel_chunks(run, static_cast<std::int64_t>(parts), [&](std::int64_t p, int) {
    const std::span<Entry> own = all_parts[p];
    std::sort(own.begin(), own.end());
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (i > 0 && own[i].is_same_term(own[i - 1])) continue;
      ++first_number[p + 1];
      first_byte[p + 1] += own[i].length;
    }
  });
  for (std::size_t p = 0; p < parts; ++p) {
    first_number[p + 1] += first_number[p];
    first_byte[p + 1] += first_byte[p];
  }

  TermStatistics all;
  all.bytes.resize(static_cast<std::size_t>(first_byte[parts]));
  all.offsets.assign(static_cast<std::size_t>(first_number[parts]) + 1, 0);
  all.document_frequency.assign(static_cast<std::size_t>(first_number[parts]), 0);
  parallel_chunks(run, static_cast<std::int64_t>(parts), [&](std::int64_t p, int) {
    std::int64_t number = first_number[p] - 1, end = first_byte[p];
    const std::span<const Entry> own = all_parts[p];
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (i == 0 || !own[i].is_same_term(own[i - 1])) {
        std::copy_n(own[i].term, own[i].length, all.bytes.begin() + end);  // no memcpy: of the empty term alone there are no bytes
        end += own[i].length;
        all.offsets[++number + 1] = end;
      }
      all.document_frequency[number] += static_cast<std::int32_t>(own[i].df);
      numbers[own[i].table][own[i].id] = static_cast<std::uint32_t>(number);
    }
  });
  return all;
}

}  // namespace corpuscle
