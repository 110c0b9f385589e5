// Text to term counts in two passes: documents become streams of term ids once; then their terms are numbered, and those that the
// caller keeps are counted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "analyzer.hpp"
#include "parallel.hpp"
#include "term_merge.hpp"
#include "term_table.hpp"
#include "text_view.hpp"

namespace corpuscle {

/// Thrown for a document whose bytes are not UTF-8; the number counts from 0 over all documents added.
struct InvalidText {
  std::int64_t document;
};

/// What to count.
struct Counting {
  std::span<const std::int32_t> columns;  // of each term by its number, or -1: it is left out
  std::int64_t n_columns;
  std::span<const std::int32_t> signs;    // what an occurrence of each term adds, or empty: 1
  bool binary;                            // 1 for each count
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

 private:
  friend class TermCounter;
  struct Chunk {
    std::int64_t first_row = 0;
    std::int64_t first_entry = 0;
    std::vector<std::int32_t> lengths, indices, values;
  };
  std::vector<Chunk> chunks_;
};

class TermCounter {
 public:
  /// `stop_words` are left out. With a `vocabulary` only its terms are counted, and term i is number i.
  TermCounter(const Analysis& analysis, TextView stop_words, std::optional<TextView> vocabulary);

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
  /// How many terms have numbers.
  std::int64_t terms() const { return terms_; }
  /// Counts all documents added. `counting.columns` has one column for each term.
  TermCounts count(Execution& run, const Counting& counting) const;

 private:
  /// What one thread owns: its own table, so that no two threads ever write to the same line.
  struct Shard {
    explicit Shard(const Analysis& analysis, const TermTable* stop_words) : analyzer(analysis, stop_words) {}
    TermTable table;
    Analyzer analyzer;
    std::vector<std::uint32_t> ids;  // of the terms met of the chunk at hand
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

  void open_shards(int threads);
  void look_up(Execution& run, Shard& shard) const;
  static void charge(Execution& run, Shard& shard);
  void take_held(Execution& run, double more) const;
  template <class Read>
  void add_chunks(Execution& run, const std::vector<std::int64_t>& first, const Read& read);
  std::vector<std::vector<std::int32_t>> columns_of_ids(const Counting& counting, bool signs) const;
  template <bool Signed>
  void count_chunks(Execution& run, const Counting& counting, TermCounts& counts) const;

  Analysis analysis_;
  bool fixed_;
  struct Text {
    std::vector<char> bytes;
    std::vector<std::int64_t> offsets;
    TextView view() const { return {bytes, offsets}; }
  };
  Text vocabulary_;  // a copy; empty where it is learnt
  std::unique_ptr<TermTable> stop_words_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<Chunk> chunks_;
  std::int64_t documents_ = 0;
  bool whole_ = true;
  std::vector<std::vector<std::uint32_t>> numbers_;  // of the ids of each shard, where the vocabulary is learnt
  std::int64_t terms_ = 0;
};

}  // namespace corpuscle
