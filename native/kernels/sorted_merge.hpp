// What several threads have collected, in order, with what is the same side by side.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "huge_pages.hpp"
#include "parallel.hpp"

namespace corpuscle {

/// Sorts the items of several tables on all threads. A `Source` has
///   Entry                    what is sorted, by `sort`; is_same(entry) tells of items of different tables that they are one
///   tables(), size(table)    how many tables, and how many items each has
///   parts(count)             cuts the order into so many parts: a function that tells the part of item i of table t, from 0
///   entry(t, i)
///   sort(entries)
template <class Source>
class SortedMerge {
 public:
  using Entry = typename Source::Entry;

  SortedMerge(Execution& run, const Source& source) {
    collect(run, source);
    parallel_chunks(run, static_cast<std::int64_t>(parts), [&](std::int64_t p, int) {
      const std::span<Entry> own = part(p);
      Source::sort(own);
      for (std::size_t i = 0; i < own.size(); ++i) first_number_[p + 1] += i == 0 || !own[i].is_same(own[i - 1]);
    });
    for (std::size_t p = 0; p < parts; ++p) first_number_[p + 1] += first_number_[p];
  }

  /// How many different items there are.
  std::int64_t count() const { return first_number_[parts]; }

  /// Calls use(number, entry, is_first) for all entries, in order of the numbers of different items; those of one number by one thread,
  /// the first of them first.
  template <class Use>
  void for_each(Execution& run, const Use& use) const {
    parallel_chunks(run, static_cast<std::int64_t>(parts), [&](std::int64_t p, int) {
      const std::span<const Entry> own = part(p);
      std::int64_t number = first_number_[p] - 1;
      for (std::size_t i = 0; i < own.size(); ++i) {
        const bool is_first = i == 0 || !own[i].is_same(own[i - 1]);
        number += is_first;
        use(number, own[i], is_first);
      }
    });
  }

 private:
  static constexpr std::size_t parts = 256;  // of the order, each sorted by itself; a power of two, numbered by bytes

  /// Lays the entries of all tables out part after part.
  void collect(Execution& run, const Source& source) {
    const auto part_of = source.parts(parts);
    const auto tables = static_cast<std::int64_t>(source.tables());
    std::vector<LargeVector<std::uint8_t>> part_of_item(source.tables());
    std::vector<std::array<std::size_t, parts>> places(source.tables());
    parallel_chunks(run, tables, [&](std::int64_t t, int) {
      part_of_item[t].resize(source.size(t));
      places[t].fill(0);
      for (std::size_t i = 0; i < source.size(t); ++i) {
        ++places[t][part_of_item[t][i] = part_of(t, i)];
      }
    });
    std::size_t place = 0;
    for (std::size_t p = 0; p < parts; ++p) {
      for (auto& own : places) place += std::exchange(own[p], place);
      begin_[p + 1] = place;
    }
    entries_.resize(place);
    parallel_chunks(run, tables, [&](std::int64_t t, int) {
      for (std::size_t i = 0; i < source.size(t); ++i) {
        entries_[places[t][part_of_item[t][i]]++] = source.entry(t, i);
      }
    });
  }

  std::span<Entry> part(std::int64_t p) { return std::span(entries_).subspan(begin_[p], begin_[p + 1] - begin_[p]); }
  std::span<const Entry> part(std::int64_t p) const { return std::span(entries_).subspan(begin_[p], begin_[p + 1] - begin_[p]); }

  LargeVector<Entry> entries_;
  std::array<std::size_t, parts + 1> begin_{};
  std::array<std::int64_t, parts + 1> first_number_{};
};

}  // namespace corpuscle
