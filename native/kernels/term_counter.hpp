// Text to term counts in two passes: documents become streams of term ids once; then their terms are numbered, and those that the
// caller keeps are counted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "analyzer.hpp"
#include "gram_merge.hpp"
#include "parallel.hpp"
#include "term_merge.hpp"
#include "term_table.hpp"
#include "text_view.hpp"
#include "tfidf.hpp"

namespace corpuscle {

/// Thrown for a document whose bytes are not UTF-8; the number counts from 0 over all documents added.
struct InvalidText {
  std::int64_t document;
};

/// What to count.
struct Counting {
  std::span<const std::int32_t> columns;  // of each term by its number, or -1: it is left out
  std::int64_t n_columns;
  bool binary;                            // 1 for each count
};

/// Counts by the hash of terms (Weinberger et al. 2009): a term's column is its MurmurHash3 of 32 bits, absolute, modulo `features`.
struct Hashing {
  std::int64_t features;
  bool alternate_sign;  // an occurrence of a term whose hash is negative adds -1
  bool binary;          // 1 for each count
};

/// The counts, cut into chunks of documents as they were computed; `write` lays them out as one matrix.
class TermCounts {
 public:
  std::int64_t rows = 0;
  std::int64_t nnz = 0;

  /// Writes indptr (rows + 1), indices and values (nnz).
  template <class Pointer>
  void write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices,
             std::span<std::int32_t> values) const;
  /// The same with rows scaled to norm 1; a row of zeros stays as it is.
  template <class Pointer>
  void write_scaled(Execution& run, Norm norm, std::span<Pointer> indptr, std::span<std::int32_t> indices,
                    std::span<double> values) const;

 private:
  friend class TermCounter;
  template <class Pointer>
  void write_places(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices) const;
  struct Chunk {
    std::int64_t first_row = 0;
    std::int64_t first_entry = 0;
    std::vector<std::int32_t> lengths, indices, values;
  };
  std::vector<Chunk> chunks_;
  LargeVector<std::int32_t> features_;  // the column that each index stands for, or none: itself
};

class TermCounter {
 public:
  /// `stop_words` are left out. With a `vocabulary` only its terms are counted, and term i is number i. `keeps_places` notes also where
  /// a stop word, or a word that is not in the vocabulary, stands: for `write_tokens`, in the place of `count`. Terms are then single
  /// words or tokens.
  TermCounter(const Analysis& analysis, TextView stop_words, std::optional<TextView> vocabulary, bool keeps_places = false);

  /// Analyzes more documents; the text is not kept.
  void add(Execution& run, TextView documents);
  /// The same for documents that were cut into tokens: `lengths[d]` of them are document d.
  void add_tokens(Execution& run, TextView tokens, std::span<const std::int32_t> lengths);

  /// False after an `add` that failed: what was added before cannot be counted any more.
  bool whole() const { return whole_; }

  /// The terms of all documents added; their order numbers them. Not for a given vocabulary.
  TermStatistics statistics(Execution& run, bool with_totals);

  /// Whether terms have numbers: always with a given vocabulary, else from `statistics` to the next `add`.
  bool numbered() const { return fixed_ || numbers_.size() == shards_.size(); }
  bool fixed() const { return fixed_; }
  bool keeps_places() const { return keeps_places_; }
  /// How many terms have numbers.
  std::int64_t terms() const { return terms_; }
  /// Counts all documents added. `counting.columns` has one column for each term.
  TermCounts count(Execution& run, const Counting& counting) const;

  /// The same by the hash of terms, for which they need no numbers. Not for a given vocabulary.
  TermCounts count_hashed(Execution& run, const Hashing& hashing) const;

  std::int64_t documents() const { return documents_; }
  /// How many words, with those that are no terms, the documents have.
  std::int64_t tokens() const;
  /// Writes the words of all documents in their order, for each the column of its term or -1: those of document d go to
  /// [offsets[d], offsets[d + 1]) of ids.
  void write_tokens(Execution& run, std::span<const std::int32_t> columns, std::span<double> offsets, std::span<std::int32_t> ids) const;

 private:
  /// What one thread owns: its own table, so that no two threads ever write to the same line.
  struct Shard {
    Shard(TermTable table, GramTable grams, Analyzer analyzer)
        : table(std::move(table)), grams(std::move(grams)), analyzer(std::move(analyzer)) {}
    TermTable table;
    GramTable grams;  // runs of the words in `table`, where terms are such
    Analyzer analyzer;
    std::vector<std::uint32_t> ids;  // of the terms met of the chunk at hand
    std::vector<std::uint32_t> words, runs;  // ids of the words of the document at hand, and of the runs that start with each
    std::uint32_t documents = 0;     // how many this shard has read
    double charged = 0;              // bytes of the table and the ids that the job's budget knows of
  };
  /// Consecutive documents that one shard has read.
  struct Chunk {
    std::int64_t first_document;
    std::size_t shard;
    std::vector<std::uint32_t> ids;      // of the terms met, document after document
    std::vector<std::uint32_t> lengths;  // terms met of each document
  };

  /// Whether terms are runs of words that are known by the ids of their words. All shorter runs take ids, too, so that long ones are known
  /// by their bytes, as tokens are, which may hold spaces, and what is given.
  bool links_words() const { return !fixed_ && analysis_.unit == Unit::word && analysis_.max_n > 1 && analysis_.max_n <= most_linked; }
  static constexpr std::uint32_t most_linked = 4;
  void open_shards(std::int64_t count);
  template <bool KeepsPlaces>
  void look_up(Execution& run, Shard& shard) const;
  void look_up_runs(Execution& run, Shard& shard, std::size_t first) const;
  static void charge(Execution& run, Shard& shard);
  void take_held(Execution& run, double more) const;
  template <class Read>
  void add_chunks(Execution& run, const std::vector<std::int64_t>& first, const Read& read);
  /// A number for each id of each shard.
  using OfIds = std::vector<LargeVector<std::int32_t>>;
  OfIds of_ids(std::span<const std::int32_t> of_terms) const;
  /// Which column an id counts in, and what it adds.
  struct Places {
    OfIds columns;
    std::int64_t n_columns;
    OfIds signs;  // or none: 1
    bool binary;
  };
  static LargeVector<std::int32_t> rank_columns(OfIds& columns);
  TermCounts count_places(Execution& run, const Places& places) const;
  template <bool Signed>
  void count_chunks(Execution& run, const Places& places, TermCounts& counts) const;

  Analysis analysis_;
  bool fixed_, keeps_places_;
  struct Text {
    std::vector<char> bytes;
    std::vector<std::int64_t> offsets;
    TextView view() const { return {bytes, offsets}; }
  };
  Text given_;  // the vocabulary, copied; empty where it is learnt
  std::unique_ptr<TermTable> vocabulary_;  // the same as a table, from the first `add` on
  std::unique_ptr<TermTable> stop_words_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<Chunk> chunks_;
  std::int64_t documents_ = 0;
  bool whole_ = true;
  TermNumbers numbers_;  // of the ids of each shard, where the vocabulary is learnt
  std::int64_t terms_ = 0;
};

}  // namespace corpuscle
