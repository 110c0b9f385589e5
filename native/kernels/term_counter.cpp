#include "term_counter.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <numeric>
#include <string_view>
#include <utility>

#include "unicode.hpp"

namespace corpuscle {
namespace {

constexpr std::size_t padding = 16;               // readable bytes behind a text, for the eight-byte loads of TermTable
constexpr std::int64_t chunk_bytes = 1 << 16;     // of text in a chunk of documents, at least
constexpr std::int32_t dropped = -1;              // column of a term that was pruned

constexpr std::array<bool, 128> ascii_word = [] {
  std::array<bool, 128> word{};
  for (char c = '0'; c <= '9'; ++c) word[static_cast<std::size_t>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) word[static_cast<std::size_t>(c)] = word[static_cast<std::size_t>(c | 0x20)] = true;
  word['_'] = true;
  return word;
}();

void add_token(std::vector<Token>& tokens, const char* text, std::size_t start, std::size_t end) {
  const auto length = static_cast<std::uint32_t>(end - start);
  const std::uint64_t prefix = prefix_of(text + start, length);
  tokens.push_back({hash_of(text + start, length, prefix), prefix, static_cast<std::uint32_t>(start), length});
}

void ascii_tokens(const char* text, std::size_t size, std::vector<Token>& tokens) {
  const auto word = [&](std::size_t at) { return ascii_word[static_cast<unsigned char>(text[at])]; };
  for (std::size_t at = 0; at < size;) {
    while (at < size && !word(at)) ++at;
    const std::size_t start = at;
    while (at < size && word(at)) ++at;
    if (at - start >= 2) add_token(tokens, text, start, at);
  }
}

void unicode_tokens(const char* text, std::size_t size, std::vector<Token>& tokens) {
  const char* const end = text + size;
  const char* start = nullptr;
  std::size_t letters = 0;
  for (const char* at = text; at < end;) {
    const char* const here = at;
    if (is_word(decode(at, end))) {
      if (letters++ == 0) start = here;
    } else {
      if (letters >= 2) add_token(tokens, text, static_cast<std::size_t>(start - text), static_cast<std::size_t>(here - text));
      letters = 0;
    }
  }
  if (letters >= 2) add_token(tokens, text, static_cast<std::size_t>(start - text), size);
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

/// Lower-cases and tokenizes one document into the shard's id stream; returns how many tokens it kept.
std::uint32_t TermCounter::tokenize(Shard& shard, std::span<const char> document) const {
  const bool ascii = is_ascii(document);
  auto& text = shard.text;
  if (lowercase_ && !ascii) {
    text.clear();
    corpuscle::lowercase(document, text);
  } else {
    text.assign(document.begin(), document.end());
    if (lowercase_) {
      for (char& c : text) c = static_cast<char>(c + (static_cast<unsigned char>(c - 'A') < 26 ? 0x20 : 0));
    }
  }
  const std::size_t size = text.size();
  text.resize(size + padding);
  shard.tokens.clear();
  if (ascii) {
    ascii_tokens(text.data(), size, shard.tokens);
  } else {
    unicode_tokens(text.data(), size, shard.tokens);
  }
  ++shard.documents;
  std::uint32_t kept = 0;
  constexpr std::size_t ahead = 8;
  for (std::size_t i = 0; i < shard.tokens.size(); ++i) {
    if (i + ahead < shard.tokens.size()) shard.table.prefetch(shard.tokens[i + ahead]);
    const std::uint32_t id = shard.table.find(shard.tokens[i], text.data(), shard.documents, fixed_);
    if (id == TermTable::ignored) continue;
    shard.ids.push_back(id);
    ++kept;
  }
  return kept;
}

void TermCounter::add(Execution& run, TextView documents) {
  double held = 3.0 * static_cast<double>(documents.bytes.size());  // at most an id of 4 bytes for every 2 bytes of text
  for (const auto& shard : shards_) held += shard->table.bytes() + 4.0 * static_cast<double>(shard->ids.capacity());
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
    chunk = {documents_ + first[cut], static_cast<std::size_t>(thread), shard.ids.size(), {}};
    chunk.lengths.reserve(static_cast<std::size_t>(first[cut + 1] - first[cut]));
    for (std::int64_t d = first[cut]; d < first[cut + 1]; ++d) {
      if (!valid_utf8(documents[d])) return lower_to(invalid, d);
      chunk.lengths.push_back(tokenize(shard, documents[d]));
    }
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
    for (const std::uint32_t id : shards_[s]->ids) ++totals[s][id];
  });

  constexpr std::int64_t parts = 64;
  std::vector<std::vector<Merged>> merged(parts);
  std::vector<std::int64_t> distinct(parts, 0);
  parallel_chunks(run, parts, [&](std::int64_t part, int) {
    struct Entry {
      const TermTable::Slot* slot;
      std::uint32_t shard;
      std::string_view term;
    };
    std::vector<Entry> entries;
    for (std::uint32_t s = 0; s < shards; ++s) {
      for (const auto& slot : shards_[s]->table.slots()) {
        if (slot.length == 0 || slot.id == TermTable::ignored || slot.hash >> 26 != part) continue;
        entries.push_back({&slot, s, {shards_[s]->table.term(slot), slot.length}});
      }
    }
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
    auto& [tally, met, summary] = scratch[thread];
    const std::vector<std::int32_t>& column_of = columns[chunk.shard];
    const std::uint32_t* id = shards_[chunk.shard]->ids.data() + chunk.first_id;
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
      const std::size_t before = out.indices.size();
      for (std::size_t s = 0; s < summary.size(); ++s) {
        for (std::uint64_t some = std::exchange(summary[s], 0); some != 0; some &= some - 1) {
          const std::size_t word = s * 64 + static_cast<std::size_t>(std::countr_zero(some));
          for (std::uint64_t bits = std::exchange(met[word], 0); bits != 0; bits &= bits - 1) {
            const std::size_t column = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
            out.indices.push_back(static_cast<std::int32_t>(column));
            out.values.push_back(binary ? 1 : tally[column]);
            tally[column] = 0;
          }
        }
      }
      out.lengths.push_back(static_cast<std::int32_t>(out.indices.size() - before));
    }
    run.take(8.0 * static_cast<double>(out.indices.size()));
  });
  for (TermCounts::Chunk& chunk : counts.chunks_) {
    chunk.first_entry = counts.nnz;
    counts.nnz += static_cast<std::int64_t>(chunk.indices.size());
  }
  counts.rows = documents_;
}

TermCounts TermCounter::finish(Execution& run, const Pruning& pruning, bool binary) {
  double held = 0;  // of each distinct term: its place in the merge, and its column
  for (const auto& shard : shards_) held += static_cast<double>(sizeof(Merged) + 32) * static_cast<double>(shard->table.size());
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
