#include "term_merge.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "sorted_merge.hpp"

namespace corpuscle {
namespace {

std::uint64_t comparable(std::uint64_t bytes) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(bytes) : bytes;
}

/// The terms of tables, by their bytes.
struct Terms {
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
    bool is_same(const Entry& other) const {
      return length == other.length && first == other.first && second == other.second &&
             (length <= 16 || std::memcmp(term + 16, other.term + 16, length - 16) == 0);
    }
  };

  std::span<const TermTable* const> all;
  std::vector<LargeVector<std::uint32_t>> taken;  // slots of each table

  Terms(Execution& run, std::span<const TermTable* const> tables) : all(tables), taken(tables.size()) {
    parallel_chunks(run, static_cast<std::int64_t>(tables.size()), [&](std::int64_t t, int) {
      const std::span<const TermTable::Slot> slots = all[t]->slots();
      taken[t].resize(slots.size());
      std::size_t count = 0;
      for (std::size_t i = 0; i < slots.size(); ++i) {
        taken[t][count] = static_cast<std::uint32_t>(i);
        count += !slots[i].is_free();  // one that is free is written over
      }
      taken[t].resize(count);
    });
  }

  std::size_t tables() const { return all.size(); }
  std::size_t size(std::size_t t) const { return taken[t].size(); }
  const TermTable::Slot& slot(std::size_t t, std::size_t i) const { return all[t]->slots()[taken[t][i]]; }
  Entry entry(std::size_t t, std::size_t i) const {
    constexpr std::size_t ahead = 16;  // terms lie in no order of the slots
    const TermTable& table = *all[t];
    if (i + ahead < size(t)) __builtin_prefetch(table.term(slot(t, i + ahead)) + 8);
    const TermTable::Slot& slot = this->slot(t, i);
    const char* const term = table.term(slot);
    const std::uint64_t second = slot.length > 8 ? first_bytes(load8(term + 8), std::min(slot.length - 8, 8u)) : 0;
    return {comparable(slot.prefix), comparable(second), term, slot.length, slot.id, static_cast<std::uint32_t>(t), slot.df};
  }

  /// By the first bytes of a sample; found by halves and without a branch: nobody foresees where a term lies.
  auto parts(std::size_t count) const {
    constexpr std::size_t samples_per_part = 4;
    std::vector<std::uint64_t> sample;
    for (std::size_t t = 0; t < tables(); ++t) {
      const std::size_t step = std::max<std::size_t>(1, size(t) / (count * samples_per_part));
      for (std::size_t i = 0; i < size(t); i += step) sample.push_back(comparable(slot(t, i).prefix));
    }
    std::sort(sample.begin(), sample.end());
    std::vector<std::uint64_t> first(count - 1);  // bytes of each part but the first
    for (std::size_t p = 1; p < count && !sample.empty(); ++p) first[p - 1] = sample[p * sample.size() / count];
    return [this, first = std::move(first)](std::size_t t, std::size_t i) {
      const std::uint64_t bytes = comparable(slot(t, i).prefix);
      std::size_t part = 0;
      for (std::size_t half = (first.size() + 1) / 2; half > 0; half /= 2) {
        part += half * static_cast<std::size_t>(first[part + half - 1] <= bytes);
      }
      return static_cast<std::uint8_t>(part);
    };
  }
  static void sort(std::span<Entry> entries) { std::sort(entries.begin(), entries.end()); }
};

}  // namespace

TermStatistics merge_terms(Execution& run, std::span<const TermTable* const> tables, TermNumbers& numbers) {
  double entries = 0, bytes = 0, slots = 0;
  for (const TermTable* const table : tables) {
    entries += table->size();
    bytes += table->bytes();
    slots += static_cast<double>(table->slots().size());
  }
  run.take(bytes + 4 * slots + (sizeof(Terms::Entry) + 4 + 8 + 4) * entries);

  const SortedMerge merged(run, Terms(run, tables));
  const auto count = static_cast<std::size_t>(merged.count());
  numbers.resize(tables.size());
  for (std::size_t t = 0; t < tables.size(); ++t) numbers[t].assign(tables[t]->size(), TermTable::ignored);
  TermStatistics all;
  all.offsets.assign(count + 1, 0);
  all.document_frequency.assign(count, 0);
  merged.for_each(run, [&](std::int64_t number, const Terms::Entry& entry, bool is_first) {
    if (is_first) all.offsets[number + 1] = entry.length;
    all.document_frequency[number] += static_cast<std::int32_t>(entry.df);
    numbers[entry.table][entry.id] = static_cast<std::uint32_t>(number);
  });
  std::partial_sum(all.offsets.begin(), all.offsets.end(), all.offsets.begin());
  all.bytes.resize(static_cast<std::size_t>(all.offsets.back()));
  merged.for_each(run, [&](std::int64_t number, const Terms::Entry& entry, bool is_first) {
    if (is_first) std::copy_n(entry.term, entry.length, all.bytes.begin() + all.offsets[number]);  // no memcpy: of the empty term alone there are no bytes
  });
  return all;
}

}  // namespace corpuscle
