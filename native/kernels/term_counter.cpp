#include "term_counter.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <utility>

#include "column_tally.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t chunk_bytes = 1 << 16;  // of text in a chunk of documents, at least
constexpr std::size_t fewest_slots = 1 << 12;  // of a table of terms: few, for documents may be few and short
constexpr std::int32_t dropped = -1;           // column of a term that is left out

/// Cuts documents into chunks of at least `chunk_bytes`, where document d ends at `end_of(d)`; returns the first document of each,
/// and the end.
template <class EndOf>
std::vector<std::int64_t> cut(std::int64_t documents, const EndOf& end_of) {
  std::vector<std::int64_t> first{0};
  std::int64_t begin = 0;
  for (std::int64_t d = 0; d < documents; ++d) {
    if (end_of(d) - begin < chunk_bytes) continue;
    first.push_back(d + 1);
    begin = end_of(d);
  }
  if (first.back() != documents) first.push_back(documents);
  return first;
}

/// A table of terms, whose ids are their numbers.
std::unique_ptr<TermTable> table_of(TextView terms) {
  auto table = std::make_unique<TermTable>(std::max<std::size_t>(64, std::bit_ceil(2 * static_cast<std::size_t>(terms.count()))));
  for (std::int64_t i = 0; i < terms.count(); ++i) table->preset(terms[i], static_cast<std::uint32_t>(i));
  return table;
}

/// Calls use(id) for each id that has a column. Nobody foresees which: so they are listed first, one that has none written over.
template <class Use>
void for_each_kept(std::span<const std::uint32_t> ids, const std::int32_t* column_of, const Use& use) {
  std::array<std::uint32_t, 512> kept;
  while (!ids.empty()) {
    const std::size_t piece = std::min(ids.size(), kept.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < piece; ++i) {
      kept[count] = ids[i];
      count += column_of[ids[i]] != dropped;
    }
    for (std::size_t i = 0; i < count; ++i) use(kept[i]);
    ids = ids.subspan(piece);
  }
}

}  // namespace

TermCounter::TermCounter(const Analysis& analysis, TextView stop_words, std::optional<TextView> vocabulary, bool keeps_places)
    : analysis_(analysis), fixed_(vocabulary.has_value()), keeps_places_(keeps_places) {
  if (stop_words.count() > 0) stop_words_ = table_of(stop_words);
  if (!fixed_) return;
  given_ = {{vocabulary->bytes.begin(), vocabulary->bytes.end()}, {vocabulary->offsets.begin(), vocabulary->offsets.end()}};
  terms_ = vocabulary->count();
}

void TermCounter::open_shards(std::int64_t count) {
  if (fixed_ && vocabulary_ == nullptr) {
    vocabulary_ = table_of(given_.view());
    given_ = {};
  }
  while (shards_.size() < static_cast<std::size_t>(count)) {
    const TermTable* const stop_words = keeps_places_ ? nullptr : stop_words_.get();
    Analysis analysis = analysis_;
    if (links_words()) analysis.min_n = analysis.max_n = 1;
    shards_.push_back(std::make_unique<Shard>(TermTable(fewest_slots, vocabulary_.get()), GramTable(links_words() ? fewest_slots : 1),
                                              Analyzer(analysis, stop_words)));
  }
}

/// Tells the job's budget by how much a shard has grown.
void TermCounter::charge(Execution& run, Shard& shard) {
  constexpr double worth_telling = 1 << 16;
  const double ids = static_cast<double>(shard.ids.capacity() + shard.words.capacity() + shard.runs.capacity());
  const double held = shard.table.bytes() + shard.grams.bytes() + 4 * ids;
  if (held < shard.charged + worth_telling) return;
  run.take(held - shard.charged);
  shard.charged = held;
}

/// Appends the ids of the terms of the document at hand.
template <bool KeepsPlaces>
void TermCounter::look_up(Execution& run, Shard& shard) const {
  constexpr std::size_t ahead = 16;
  ++shard.documents;
  while (shard.analyzer.next()) {
    const std::span<const Token> terms = shard.analyzer.terms();
    const char* const text = shard.analyzer.text();
    std::size_t count = shard.ids.size();
    shard.ids.resize(count + terms.size());
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (i + ahead < terms.size()) shard.table.prefetch(terms[i + ahead]);
      const bool stopped = KeepsPlaces && stop_words_ != nullptr && stop_words_->contains(terms[i], text);
      const std::uint32_t id = stopped ? TermTable::ignored : shard.table.find(terms[i], text, shard.documents);
      shard.ids[count] = id;
      count += KeepsPlaces || id != TermTable::ignored;  // one that is not kept is written over
    }
    shard.ids.resize(count);
    charge(run, shard);
    if (run.stopped()) return;
  }
}

/// Puts in the place of the words from `first` on, which are the document at hand, the ids of its runs of words: each is found by the run
/// without its last word, and that word.
void TermCounter::look_up_runs(Execution& run, Shard& shard, std::size_t first) const {
  constexpr std::size_t ahead = 16, piece = 4096;
  std::vector<std::uint32_t>&words = shard.words, &runs = shard.runs;
  words.assign(shard.ids.begin() + static_cast<std::ptrdiff_t>(first), shard.ids.end());
  runs = words;
  if (analysis_.min_n > 1) shard.ids.resize(first);
  for (std::size_t n = 2; n <= analysis_.max_n && n <= words.size(); ++n) {
    const std::size_t count = words.size() - n + 1;
    for (std::size_t begin = 0; begin < count; begin += piece) {
      for (std::size_t i = begin; i < std::min(count, begin + piece); ++i) {
        if (i + ahead < count) shard.grams.prefetch(runs[i + ahead], words[i + ahead + n - 1]);
        runs[i] = shard.grams.find(runs[i], words[i + n - 1], shard.documents, shard.table);
      }
      charge(run, shard);
      if (run.stopped()) return;
    }
    if (n >= analysis_.min_n) shard.ids.insert(shard.ids.end(), runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(count));
  }
}

/// Tells the budget of a new job what is held already, and what else there will be.
void TermCounter::take_held(Execution& run, double more) const {
  for (const auto& shard : shards_) more += shard->charged;
  for (const Chunk& chunk : chunks_) more += 4.0 * static_cast<double>(chunk.ids.size());
  run.take(more);
}

/// Analyzes documents by chunks; read(analyzer, d) gives one to the analyzer, and returns whether it is text.
template <class Read>
void TermCounter::add_chunks(Execution& run, const std::vector<std::int64_t>& first, const Read& read) {
  whole_ = false;
  numbers_.clear();
  const auto cuts = static_cast<std::int64_t>(first.size()) - 1;
  open_shards(std::clamp<std::int64_t>(cuts, 1, run.threads()));
  if (vocabulary_ != nullptr) run.take(vocabulary_->bytes());
  for (const auto& shard : shards_) charge(run, *shard);
  const std::int64_t documents = first.back();
  const std::size_t before = chunks_.size();
  chunks_.resize(before + static_cast<std::size_t>(cuts));
  std::atomic<std::int64_t> invalid{documents}, done{0};
  parallel_chunks(run, cuts, [&](std::int64_t cut, int thread) {
    Shard& shard = *shards_[thread];
    Chunk& chunk = chunks_[before + static_cast<std::size_t>(cut)];
    const auto probes_so_far = [&] { return shard.table.probes() + shard.grams.probes(); };
    const std::int64_t probes = probes_so_far();
    chunk = {documents_ + first[cut], static_cast<std::size_t>(thread), {}, {}};
    shard.ids.clear();
    chunk.lengths.reserve(static_cast<std::size_t>(first[cut + 1] - first[cut]));
    for (std::int64_t d = first[cut]; d < first[cut + 1]; ++d) {
      if (!read(shard.analyzer, d)) return lower_to(invalid, d);
      const std::size_t ids = shard.ids.size();
      if (keeps_places_) {
        look_up<true>(run, shard);
      } else {
        look_up<false>(run, shard);
        if (links_words()) look_up_runs(run, shard, ids);
      }
      chunk.lengths.push_back(static_cast<std::uint32_t>(shard.ids.size() - ids));
    }
    run.take(4.0 * static_cast<double>(shard.ids.size()));
    chunk.ids = shard.ids;
    run.count(Work::probes, probes_so_far() - probes);
    run.report(done += first[cut + 1] - first[cut], documents);
  });
  if (invalid < documents) throw InvalidText{documents_ + invalid};
  documents_ += documents;
  whole_ = true;
}

void TermCounter::add(Execution& run, TextView documents) {
  take_held(run, static_cast<double>(documents.bytes.size()));
  const auto first = cut(documents.count(), [&](std::int64_t d) { return documents.offsets[d + 1]; });
  add_chunks(run, first, [&](Analyzer& analyzer, std::int64_t d) { return analyzer.read(run.simd(), documents[d]); });
}

void TermCounter::add_tokens(Execution& run, TextView tokens, std::span<const std::int32_t> lengths) {
  take_held(run, static_cast<double>(tokens.bytes.size() + 8 * lengths.size()));
  std::vector<std::int64_t> ends;
  for (const std::int32_t length : lengths) ends.push_back((ends.empty() ? 0 : ends.back()) + length);
  const auto begin_of = [&](std::int64_t d) { return d == 0 ? 0 : ends[d - 1]; };
  const auto documents = static_cast<std::int64_t>(lengths.size());
  const auto first = cut(documents, [&](std::int64_t d) { return tokens.offsets[ends[d]] + ends[d]; });
  add_chunks(run, first, [&](Analyzer& analyzer, std::int64_t d) {
    analyzer.read(tokens, begin_of(d), ends[d]);
    return true;
  });
}

TermStatistics TermCounter::statistics(Execution& run, bool with_totals) {
  std::vector<const TermTable*> tables;
  std::vector<const GramTable*> grams;
  for (const auto& shard : shards_) tables.push_back(&shard->table), grams.push_back(&shard->grams);
  TermStatistics all = links_words() ? merge_grams(run, tables, grams, analysis_.min_n, analysis_.max_n, numbers_) : merge_terms(run, tables, numbers_);
  terms_ = static_cast<std::int64_t>(all.document_frequency.size());
  if (!with_totals) return all;
  std::vector<std::vector<double>> own(shards_.size());  // whole numbers, so that their order does not matter
  parallel_chunks(run, static_cast<std::int64_t>(shards_.size()), [&](std::int64_t s, int) {
    own[s].assign(numbers_[s].size(), 0);
    for (const Chunk& chunk : chunks_) {
      if (chunk.shard != static_cast<std::size_t>(s)) continue;
      for (const std::uint32_t id : chunk.ids) {
        if (id != TermTable::ignored) ++own[s][id];
      }
    }
  });
  all.totals.assign(static_cast<std::size_t>(terms_), 0);
  for (std::size_t s = 0; s < own.size(); ++s) {
    for (std::size_t id = 0; id < own[s].size(); ++id) {
      if (numbers_[s][id] != TermTable::ignored) all.totals[numbers_[s][id]] += own[s][id];
    }
  }
  return all;
}

/// The number of each id's term, out of one for each term.
TermCounter::OfIds TermCounter::of_ids(std::span<const std::int32_t> of_terms) const {
  if (fixed_) return OfIds(shards_.size(), LargeVector<std::int32_t>(of_terms.begin(), of_terms.end()));
  OfIds own(shards_.size());
  for (std::size_t s = 0; s < own.size(); ++s) {
    own[s].resize(numbers_[s].size());
    std::transform(numbers_[s].begin(), numbers_[s].end(), own[s].begin(), [&](std::uint32_t number) {
      return number == TermTable::ignored ? dropped : of_terms[number];
    });
  }
  return own;
}

template <bool Signed>
void TermCounter::count_chunks(Execution& run, const Places& places, TermCounts& counts) const {
  struct Scratch {
    ColumnTally tally;
    std::vector<std::int32_t> indices, values;  // of the chunk at hand
  };
  std::vector<Scratch> scratch(static_cast<std::size_t>(run.threads()), {ColumnTally(places.n_columns), {}, {}});
  parallel_chunks(run, static_cast<std::int64_t>(chunks_.size()), [&](std::int64_t c, int thread) {
    const Chunk& chunk = chunks_[c];
    TermCounts::Chunk& out = counts.chunks_[c];
    Scratch& own = scratch[thread];
    if (own.indices.size() < chunk.ids.size()) own.indices.resize(chunk.ids.size()), own.values.resize(chunk.ids.size());
    std::size_t entries = 0;
    const std::int32_t* const column_of = places.columns[chunk.shard].data();
    [[maybe_unused]] const std::int32_t* const sign_of = Signed ? places.signs[chunk.shard].data() : nullptr;
    std::span<const std::uint32_t> rest = chunk.ids;
    out.first_row = chunk.first_document;
    for (const std::uint32_t length : chunk.lengths) {
      if constexpr (Signed) {
        for (const std::uint32_t id : rest.first(length)) own.tally.add(column_of[id], sign_of[id]);  // every hash has a column
      } else {
        for_each_kept(rest.first(length), column_of, [&](std::uint32_t id) { own.tally.add(column_of[id], 1); });
      }
      rest = rest.subspan(length);
      const std::size_t before = entries;
      own.tally.take([&](std::int32_t column, std::int32_t count) {
        own.indices[entries] = column;
        own.values[entries++] = places.binary ? 1 : count;
      });
      out.lengths.push_back(static_cast<std::int32_t>(entries - before));
    }
    run.take(8.0 * static_cast<double>(entries));
    const auto end = static_cast<std::ptrdiff_t>(entries);
    out.indices.assign(own.indices.begin(), own.indices.begin() + end);
    out.values.assign(own.values.begin(), own.values.begin() + end);
  });
}

TermCounts TermCounter::count(Execution& run, const Counting& counting) const {
  return count_places(run, {of_ids(counting.columns), counting.n_columns, {}, counting.binary});
}

TermCounts TermCounter::count_places(Execution& run, const Places& places) const {
  run.take(run.threads() * ColumnTally::bytes(places.n_columns));
  TermCounts counts;
  counts.chunks_.resize(chunks_.size());
  if (places.signs.empty()) {
    count_chunks<false>(run, places, counts);
  } else {
    count_chunks<true>(run, places, counts);
  }
  for (TermCounts::Chunk& chunk : counts.chunks_) {
    chunk.first_entry = counts.nnz;
    counts.nnz += static_cast<std::int64_t>(chunk.indices.size());
  }
  counts.rows = documents_;
  return counts;
}

std::int64_t TermCounter::tokens() const {
  std::int64_t total = 0;
  for (const Chunk& chunk : chunks_) total += static_cast<std::int64_t>(chunk.ids.size());
  return total;
}

void TermCounter::write_tokens(Execution& run, std::span<const std::int32_t> columns, std::span<double> offsets,
                               std::span<std::int32_t> ids) const {
  const OfIds own_columns = of_ids(columns);
  std::vector<std::int64_t> first_token{0};
  for (const Chunk& chunk : chunks_) first_token.push_back(first_token.back() + static_cast<std::int64_t>(chunk.ids.size()));
  offsets[0] = 0;
  parallel_chunks(run, static_cast<std::int64_t>(chunks_.size()), [&](std::int64_t c, int) {
    const Chunk& chunk = chunks_[c];
    const std::int32_t* const column_of = own_columns[chunk.shard].data();
    std::int64_t end = first_token[c];
    for (std::size_t d = 0; d < chunk.lengths.size(); ++d) {
      end += chunk.lengths[d];
      offsets[static_cast<std::size_t>(chunk.first_document) + d + 1] = static_cast<double>(end);
    }
    std::transform(chunk.ids.begin(), chunk.ids.end(), ids.begin() + first_token[c], [&](std::uint32_t id) {
      return id == TermTable::ignored ? dropped : column_of[id];
    });
  });
}

template <class Pointer>
void TermCounts::write_places(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices) const {
  indptr[0] = 0;
  parallel_chunks(run, static_cast<std::int64_t>(chunks_.size()), [&](std::int64_t c, int) {
    const Chunk& chunk = chunks_[c];
    std::int64_t entry = chunk.first_entry;
    for (std::size_t i = 0; i < chunk.lengths.size(); ++i) {
      entry += chunk.lengths[i];
      indptr[static_cast<std::size_t>(chunk.first_row) + i + 1] = static_cast<Pointer>(entry);
    }
    const auto out = indices.begin() + chunk.first_entry;
    if (features_.empty()) {
      std::copy(chunk.indices.begin(), chunk.indices.end(), out);
    } else {
      std::transform(chunk.indices.begin(), chunk.indices.end(), out, [&](std::int32_t index) { return features_[index]; });
    }
  });
}

template <class Pointer>
void TermCounts::write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices,
                       std::span<std::int32_t> values) const {
  write_places(run, indptr, indices);
  parallel_chunks(run, static_cast<std::int64_t>(chunks_.size()), [&](std::int64_t c, int) {
    std::copy(chunks_[c].values.begin(), chunks_[c].values.end(), values.begin() + chunks_[c].first_entry);
  });
}

/// Squares and sums of whole numbers are exact in any order.
template <class Pointer>
void TermCounts::write_scaled(Execution& run, Norm norm, std::span<Pointer> indptr, std::span<std::int32_t> indices,
                              std::span<double> values) const {
  write_places(run, indptr, indices);
  parallel_chunks(run, static_cast<std::int64_t>(chunks_.size()), [&](std::int64_t c, int) {
    const std::int32_t* count = chunks_[c].values.data();
    double* value = values.data() + chunks_[c].first_entry;
    for (const std::int32_t length : chunks_[c].lengths) {
      double total = 0;
      for (std::int32_t i = 0; i < length; ++i) {
        total += norm == Norm::l1 ? std::abs(static_cast<double>(count[i])) : static_cast<double>(count[i]) * count[i];
      }
      const double size = norm == Norm::none || total == 0 ? 1 : norm == Norm::l1 ? total : std::sqrt(total);
      for (std::int32_t i = 0; i < length; ++i) value[i] = count[i] / size;
      count += length;
      value += length;
    }
  });
}

template void TermCounts::write(Execution&, std::span<std::int32_t>, std::span<std::int32_t>, std::span<std::int32_t>) const;
template void TermCounts::write(Execution&, std::span<double>, std::span<std::int32_t>, std::span<std::int32_t>) const;
template void TermCounts::write_scaled(Execution&, Norm, std::span<std::int32_t>, std::span<std::int32_t>, std::span<double>) const;
template void TermCounts::write_scaled(Execution&, Norm, std::span<double>, std::span<std::int32_t>, std::span<double>) const;

}  // namespace corpuscle
