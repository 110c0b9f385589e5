// Counting by the hash of terms.
#include <algorithm>
#include <cstring>
#include <functional>

#include "byte_sort.hpp"
#include "murmur3.hpp"
#include "term_counter.hpp"

namespace corpuscle {
namespace {

/// The absolute value modulo `features`; as scikit-learn, without the overflow of the one number that has no absolute value.
std::int32_t feature_of(std::int32_t hash, std::int64_t features) {
  if (hash == INT32_MIN) return static_cast<std::int32_t>((0x7fffffff - (features - 1)) % features);
  return static_cast<std::int32_t>(std::abs(hash) % features);
}

/// Calls use(id, text, length) for each run of words.
template <class Use>
void for_each_run(const TermTable& table, const GramTable& grams, const Use& use) {
  std::vector<const TermTable::Slot*> word_of(table.size());
  for (const TermTable::Slot& slot : table.slots()) {
    if (!slot.is_free()) word_of[slot.id] = &slot;
  }
  std::vector<char> text;
  const std::function<void(std::uint32_t)> append = [&](std::uint32_t id) {
    if (grams.is_run(id)) append(grams.before(id)), text.push_back(' ');
    const TermTable::Slot& word = *word_of[grams.is_run(id) ? grams.word(id) : id];
    text.insert(text.end(), table.term(word), table.term(word) + word.length);
  };
  for (std::uint32_t id = 0; id < grams.ids(); ++id) {
    if (!grams.is_run(id)) continue;
    text.clear();
    append(id);
    use(id, text.data(), text.size());
  }
}

}  // namespace

/// Puts the rank of each column among those that occur in its place, so that a wide matrix needs no wide row of counters; returns the
/// columns that occur.
LargeVector<std::int32_t> TermCounter::rank_columns(OfIds& columns) {
  struct Place {
    std::uint32_t column, shard, id;
  };
  LargeVector<Place> places;
  for (std::size_t s = 0; s < columns.size(); ++s) {
    for (std::size_t id = 0; id < columns[s].size(); ++id) {
      places.push_back({static_cast<std::uint32_t>(columns[s][id]), static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(id)});
    }
  }
  sort_by_bytes(std::span(places), [](const Place& place) { return place.column; });
  LargeVector<std::int32_t> occurring;
  for (const auto& [column, shard, id] : places) {
    if (occurring.empty() || occurring.back() != static_cast<std::int32_t>(column)) occurring.push_back(static_cast<std::int32_t>(column));
    columns[shard][id] = static_cast<std::int32_t>(occurring.size()) - 1;
  }
  return occurring;
}

TermCounts TermCounter::count_hashed(Execution& run, const Hashing& hashing) const {
  double ids = 0;
  for (const auto& shard : shards_) ids += shard->table.size();
  run.take(40 * ids);
  Places places{OfIds(shards_.size()), 0, OfIds(hashing.alternate_sign ? shards_.size() : 0), hashing.binary};
  parallel_chunks(run, static_cast<std::int64_t>(shards_.size()), [&](std::int64_t s, int) {
    const TermTable& table = shards_[s]->table;
    places.columns[s].assign(table.size(), 0);  // ids that are no terms are not met
    if (hashing.alternate_sign) places.signs[s].assign(table.size(), 0);
    const auto put = [&](std::uint32_t id, const char* term, std::size_t length) {
      const std::int32_t hash = murmur3(term, length, 0);
      places.columns[s][id] = feature_of(hash, hashing.features);
      if (hashing.alternate_sign) places.signs[s][id] = hash >= 0 ? 1 : -1;
    };
    for (const TermTable::Slot& slot : table.slots()) {
      if (!slot.is_free()) put(slot.id, table.term(slot), slot.length);
    }
    if (links_words()) for_each_run(table, shards_[s]->grams, put);
  });
  LargeVector<std::int32_t> features = rank_columns(places.columns);
  places.n_columns = static_cast<std::int64_t>(features.size());
  TermCounts counts = count_places(run, places);
  counts.features_ = std::move(features);
  return counts;
}

}  // namespace corpuscle
