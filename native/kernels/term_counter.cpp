#include "term_counter.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <numeric>
#include <string_view>
#include <utility>

namespace corpuscle {
namespace {

constexpr std::size_t piece_blocks = 64;          // of a document are tokenized at a time, to stay in the first cache
constexpr std::int64_t chunk_bytes = 1 << 16;     // of text in a chunk of documents, at least
constexpr std::int32_t dropped = -1;              // column of a term that was pruned

/// Appends where runs of set bits begin and end in so many blocks; `carry` is the bit before them, and then their last one.
void append_edges(const std::uint64_t* words, std::size_t first_block, std::size_t blocks, std::uint64_t& carry,
                  std::vector<std::uint32_t>& edges) {
  std::size_t count = edges.size();
  edges.resize(count + blocks * MarkedText::block);
  for (std::size_t b = first_block; b < first_block + blocks; ++b) {
    const auto begin = static_cast<std::uint32_t>(b * MarkedText::block);
    for (std::uint64_t changes = words[b] ^ (words[b] << 1 | carry); changes != 0; changes &= changes - 1) {
      edges[count++] = begin + static_cast<std::uint32_t>(std::countr_zero(changes));
    }
    carry = words[b] >> 63;
  }
  edges.resize(count);
}

/// Whether a word is one character: bytes say so in ASCII, beyond it the first of them.
bool is_single(const char* word, std::uint32_t length) {
  if (length == 1) return true;
  const auto lead = static_cast<unsigned char>(*word);
  if (lead < 0x80 || length > 4) return false;
  return length == (lead < 0xe0 ? 2u : lead < 0xf0 ? 3u : 4u);
}

/// Cuts documents into chunks of at least `chunk_bytes`; returns the first document of each, and the end.
std::vector<std::int64_t> cut(const TextView& documents) {
  std::vector<std::int64_t> first{0};
  for (std::int64_t d = 0; d < documents.count(); ++d) {
    if (documents.offsets[d + 1] - documents.offsets[first.back()] >= chunk_bytes) first.push_back(d + 1);
  }
  if (first.back() != documents.count()) first.push_back(documents.count());
  return first;
}

}  // namespace

TermCounter::TermCounter(bool lowercase, TextView stop_words, std::optional<TextView> vocabulary)
    : lowercase_(lowercase), fixed_(vocabulary.has_value()) {
  const auto copy = [](const TextView& text) {
    return Text{{text.bytes.begin(), text.bytes.end()}, {text.offsets.begin(), text.offsets.end()}};
  };
  stop_words_ = copy(stop_words);
  if (fixed_) vocabulary_ = copy(*vocabulary);
}

/// Tokenizes the marked document, and looks its words up, into the shard's ids.
void TermCounter::tokenize(Shard& shard) const {
  auto& [table, marked, edges, tokens, ids, documents] = shard;
  const char* const text = marked.text.data();
  ++documents;
  const std::size_t blocks = marked.blocks() + 1;  // the zero behind them ends the last word
  std::uint64_t carry = 0;
  edges.clear();
  for (std::size_t first = 0; first < blocks; first += piece_blocks) {
    append_edges(marked.words.data(), first, std::min(piece_blocks, blocks - first), carry, edges);
    if (tokens.size() < edges.size() / 2) tokens.resize(edges.size() / 2);
    std::size_t count = 0;
    for (std::size_t e = 0; e + 1 < edges.size(); e += 2) {
      const std::uint32_t length = edges[e + 1] - edges[e];
      tokens[count] = token_of(text, edges[e], length);
      count += marked.ascii ? length > 1 : !is_single(text + edges[e], length);  // one that is not kept is written over
    }
    if (edges.size() % 2 == 1) edges.front() = edges.back();  // of a word that the next piece ends
    edges.resize(edges.size() % 2);
    constexpr std::size_t ahead = 16;
    for (std::size_t i = 0; i < count; ++i) {
      if (i + ahead < count) table.prefetch(tokens[i + ahead]);
      const std::uint32_t id = table.find(tokens[i], text, documents, fixed_);
      if (id != TermTable::ignored) ids.push_back(id);
    }
  }
}

void TermCounter::add(Execution& run, TextView documents) {
  double held = 3.0 * static_cast<double>(documents.bytes.size());  // at most an id of 4 bytes for every 2 bytes of text
  for (const auto& shard : shards_) held += shard->table.bytes();
  for (const Chunk& chunk : chunks_) held += 4.0 * static_cast<double>(chunk.ids.size());
  run.take(held);
  whole_ = false;

  while (shards_.size() < static_cast<std::size_t>(run.threads())) {
    auto shard = std::make_unique<Shard>();
    const auto preset = [&](const TextView& terms, auto&& id_of) {
      for (std::int64_t i = 0; i < terms.count(); ++i) {
        if (!terms[i].empty()) shard->table.preset(terms[i], id_of(i));
      }
    };
    preset(stop_words_.view(), [](std::int64_t) { return TermTable::ignored; });
    if (fixed_) preset(vocabulary_.view(), [](std::int64_t i) { return static_cast<std::uint32_t>(i); });
    shards_.push_back(std::move(shard));
  }
  const std::vector<std::int64_t> first = cut(documents);
  const auto cuts = static_cast<std::int64_t>(first.size()) - 1;
  const std::size_t before = chunks_.size();
  chunks_.resize(before + static_cast<std::size_t>(cuts));
  std::atomic<std::int64_t> invalid{documents.count()};
  parallel_chunks(run, cuts, [&](std::int64_t cut, int thread) {
    Shard& shard = *shards_[thread];
    Chunk& chunk = chunks_[before + static_cast<std::size_t>(cut)];
    const std::int64_t probes = shard.table.probes();
    chunk = {documents_ + first[cut], static_cast<std::size_t>(thread), {}, {}};
    shard.ids.clear();
    chunk.lengths.reserve(static_cast<std::size_t>(first[cut + 1] - first[cut]));
    for (std::int64_t d = first[cut]; d < first[cut + 1]; ++d) {
      if (!mark_words(run.simd(), documents[d], lowercase_, shard.marked)) return lower_to(invalid, d);
      const std::size_t before = shard.ids.size();
      tokenize(shard);
      chunk.lengths.push_back(static_cast<std::uint32_t>(shard.ids.size() - before));
    }
    chunk.ids = shard.ids;
    run.count(Work::probes, shard.table.probes() - probes);
  });
  if (invalid < documents.count()) throw InvalidText{documents_ + invalid};
  documents_ += documents.count();
  whole_ = true;
}

/// A term of all shards together.
struct TermCounter::Merged {
  std::string_view term;
  std::uint64_t prefix;  // big-endian, so that numbers compare as bytes do
  std::int64_t df = 0;
  std::int64_t count = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> owners;  // (shard, id in it)

  bool operator<(const Merged& other) const {
    return prefix != other.prefix ? prefix < other.prefix : term < other.term;
  }
};

/// Adds up the shards' tables by parts of the hash range, prunes and sorts; returns the column of each id of each shard.
std::vector<std::vector<std::int32_t>> TermCounter::merge(Execution& run, const Pruning& pruning, bool binary,
                                                          TermCounts& counts) const {
  const auto shards = shards_.size();
  std::vector<std::vector<std::int32_t>> columns(shards);
  std::vector<std::vector<std::int64_t>> totals(shards);
  parallel_chunks(run, static_cast<std::int64_t>(shards), [&](std::int64_t s, int) {
    columns[s].assign(shards_[s]->table.size(), dropped);
    if (pruning.max_features < 0 || binary) return;
    totals[s].assign(shards_[s]->table.size(), 0);
    for (const Chunk& chunk : chunks_) {
      if (chunk.shard != static_cast<std::size_t>(s)) continue;
      for (const std::uint32_t id : chunk.ids) ++totals[s][id];
    }
  });

  // The entries of each shard, by parts of the hash range: every part is merged by itself.
  constexpr std::size_t parts = 64;
  struct Entry {
    const TermTable::Slot* slot;
    std::uint32_t shard;
    std::string_view term;
  };
  std::vector<std::array<std::vector<Entry>, parts>> partitions(shards);
  parallel_chunks(run, static_cast<std::int64_t>(shards), [&](std::int64_t s, int) {
    const TermTable& table = shards_[s]->table;
    for (const auto& slot : table.slots()) {
      if (slot.length == 0 || slot.id == TermTable::ignored) continue;
      partitions[s][slot.hash >> 26].push_back({&slot, static_cast<std::uint32_t>(s), {table.term(slot), slot.length}});
    }
  });

  std::vector<std::vector<Merged>> merged(parts);
  std::vector<std::int64_t> distinct(parts, 0);
  parallel_chunks(run, parts, [&](std::int64_t part, int) {
    std::vector<Entry> entries;
    for (const auto& own : partitions) entries.insert(entries.end(), own[part].begin(), own[part].end());
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return a.slot->hash != b.slot->hash ? a.slot->hash < b.slot->hash : a.term < b.term;
    });
    for (std::size_t begin = 0, end; begin < entries.size(); begin = end) {
      Merged term{entries[begin].term, entries[begin].slot->prefix, 0, 0, {}};
      if constexpr (std::endian::native == std::endian::little) term.prefix = __builtin_bswap64(term.prefix);
      for (end = begin; end < entries.size() && entries[end].term == entries[begin].term; ++end) {
        const Entry& entry = entries[end];
        term.df += entry.slot->df;
        if (!totals[entry.shard].empty()) term.count += totals[entry.shard][entry.slot->id];
        term.owners.emplace_back(entry.shard, entry.slot->id);
      }
      ++distinct[part];
      const auto df = static_cast<double>(term.df);
      if (binary) term.count = term.df;
      if (df >= pruning.min_df && df <= pruning.max_df) merged[part].push_back(std::move(term));
    }
  });
  counts.distinct_terms = std::accumulate(distinct.begin(), distinct.end(), std::int64_t{0});

  run.check_stopped();
  std::vector<const Merged*> kept;
  for (const auto& part : merged) {
    for (const auto& term : part) kept.push_back(&term);
  }
  std::sort(kept.begin(), kept.end(), [](const Merged* a, const Merged* b) { return *a < *b; });
  if (pruning.max_features >= 0 && static_cast<std::int64_t>(kept.size()) > pruning.max_features) {
    std::stable_sort(kept.begin(), kept.end(), [](const Merged* a, const Merged* b) { return a->count > b->count; });
    kept.resize(static_cast<std::size_t>(pruning.max_features));
    std::sort(kept.begin(), kept.end(), [](const Merged* a, const Merged* b) { return *a < *b; });
  }
  run.check_stopped();
  counts.vocabulary_offsets.assign(1, 0);
  for (std::size_t column = 0; column < kept.size(); ++column) {
    counts.vocabulary_bytes.insert(counts.vocabulary_bytes.end(), kept[column]->term.begin(), kept[column]->term.end());
    counts.vocabulary_offsets.push_back(static_cast<std::int64_t>(counts.vocabulary_bytes.size()));
    for (const auto& [shard, id] : kept[column]->owners) columns[shard][id] = static_cast<std::int32_t>(column);
  }
  return columns;
}

/// Second pass: counts the columns of each document in an array; a bitmap of the columns met gives them in order.
void TermCounter::count(Execution& run, const std::vector<std::vector<std::int32_t>>& columns, bool binary,
                        TermCounts& counts) const {
  const std::size_t words = static_cast<std::size_t>(counts.vocabulary_offsets.size() - 1) / 64 + 1;
  struct Scratch {
    std::vector<std::int32_t> counts;
    std::vector<std::int32_t> indices, values;  // of the chunk at hand
    std::vector<std::uint64_t> met, summary;  // a bit a column; a bit for each word of `met` that is not zero
  };
  std::vector<Scratch> scratch(static_cast<std::size_t>(run.threads()));
  for (Scratch& own : scratch) {
    own.counts.assign(words * 64, 0);
    own.met.assign(words, 0);
    own.summary.assign(words / 64 + 1, 0);
  }
  counts.chunks_.resize(chunks_.size());
  parallel_chunks(run, static_cast<std::int64_t>(chunks_.size()), [&](std::int64_t c, int thread) {
    const Chunk& chunk = chunks_[c];
    TermCounts::Chunk& out = counts.chunks_[c];
    auto& [tally, indices, values, met, summary] = scratch[thread];
    if (indices.size() < chunk.ids.size()) indices.resize(chunk.ids.size()), values.resize(chunk.ids.size());
    std::size_t entries = 0;
    const std::vector<std::int32_t>& column_of = columns[chunk.shard];
    const std::uint32_t* id = chunk.ids.data();
    out.first_row = chunk.first_document;
    for (const std::uint32_t length : chunk.lengths) {
      for (const std::uint32_t* const end = id + length; id != end; ++id) {
        const std::int32_t column = column_of[*id];
        if (column == dropped) continue;
        const auto at = static_cast<std::size_t>(column);
        ++tally[at];
        met[at >> 6] |= std::uint64_t{1} << (at & 63);
        summary[at >> 12] |= std::uint64_t{1} << ((at >> 6) & 63);
      }
      const std::size_t before = entries;
      for (std::size_t s = 0; s < summary.size(); ++s) {
        for (std::uint64_t some = std::exchange(summary[s], 0); some != 0; some &= some - 1) {
          const std::size_t word = s * 64 + static_cast<std::size_t>(std::countr_zero(some));
          for (std::uint64_t bits = std::exchange(met[word], 0); bits != 0; bits &= bits - 1) {
            const std::size_t column = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
            indices[entries] = static_cast<std::int32_t>(column);
            values[entries++] = binary ? 1 : tally[column];
            tally[column] = 0;
          }
        }
      }
      out.lengths.push_back(static_cast<std::int32_t>(entries - before));
    }
    run.take(8.0 * static_cast<double>(entries));
    const auto end = static_cast<std::ptrdiff_t>(entries);
    out.indices.assign(indices.begin(), indices.begin() + end);
    out.values.assign(values.begin(), values.begin() + end);
  });
  for (TermCounts::Chunk& chunk : counts.chunks_) {
    chunk.first_entry = counts.nnz;
    counts.nnz += static_cast<std::int64_t>(chunk.indices.size());
  }
  counts.rows = documents_;
}

TermCounts TermCounter::finish(Execution& run, const Pruning& pruning, bool binary) {
  double held = 0;  // of each distinct term: its place in the merge, and its column
  for (const auto& shard : shards_) held += static_cast<double>(sizeof(Merged) + 64) * static_cast<double>(shard->table.size());
  run.take(held);
  TermCounts counts;
  if (fixed_) {
    std::vector<std::int32_t> identity(vocabulary_.offsets.size() - 1);
    counts.vocabulary_offsets.assign(identity.size() + 1, 0);
    std::iota(identity.begin(), identity.end(), 0);
    count(run, std::vector(shards_.size(), identity), binary, counts);
  } else {
    count(run, merge(run, pruning, binary, counts), binary, counts);
  }
  return counts;
}

template <class Pointer>
void TermCounts::write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices,
                       std::span<std::int32_t> values) const {
  indptr[0] = 0;
  parallel_chunks(run, static_cast<std::int64_t>(chunks_.size()), [&](std::int64_t c, int) {
    const Chunk& chunk = chunks_[c];
    std::int64_t entry = chunk.first_entry;
    for (std::size_t i = 0; i < chunk.lengths.size(); ++i) {
      entry += chunk.lengths[i];
      indptr[static_cast<std::size_t>(chunk.first_row) + i + 1] = static_cast<Pointer>(entry);
    }
    std::copy(chunk.indices.begin(), chunk.indices.end(), indices.begin() + chunk.first_entry);
    std::copy(chunk.values.begin(), chunk.values.end(), values.begin() + chunk.first_entry);
  });
}

template void TermCounts::write(Execution&, std::span<std::int32_t>, std::span<std::int32_t>, std::span<std::int32_t>) const;
template void TermCounts::write(Execution&, std::span<double>, std::span<std::int32_t>, std::span<std::int32_t>) const;

}  // namespace corpuscle
