// Text to term counts in two passes: documents become streams of term ids once, whose terms are then pruned, sorted and
// counted. Words are those of Python's `\w\w+`: two or more letters, digits or underscores.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "parallel.hpp"
#include "term_table.hpp"
#include "word_masks.hpp"

namespace corpuscle {

/// n strings of UTF-8: string i is [offsets[i], offsets[i + 1]) of bytes. Owns nothing.
struct TextView {
  std::span<const char> bytes;
  std::span<const std::int64_t> offsets;

  std::int64_t count() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  std::span<const char> operator[](std::int64_t i) const {
    return bytes.subspan(static_cast<std::size_t>(offsets[i]), static_cast<std::size_t>(offsets[i + 1] - offsets[i]));
  }
};

/// Thrown for a document whose bytes are not UTF-8; the number counts from 0 over all documents added.
struct InvalidText {
  std::int64_t document;
};

/// Which terms stay: those with a document frequency in [min_df, max_df]; of these the `max_features` with the highest
/// count in all documents (ties: the term that sorts first), or all where it is negative.
struct Pruning {
  double min_df;
  double max_df;
  std::int64_t max_features;
};

/// The counts, cut into chunks of documents as they were computed; `write` lays them out as one matrix.
class TermCounts {
 public:
  std::int64_t rows = 0;
  std::int64_t nnz = 0;
  std::int64_t distinct_terms = 0;            // before pruning
  std::vector<char> vocabulary_bytes;         // the kept terms in order of their bytes, one after the other
  std::vector<std::int64_t> vocabulary_offsets;  // number of kept terms + 1

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
  /// `stop_words` are left out. With a `vocabulary` only its terms are counted, term i in column i, but for stop words.
  TermCounter(bool lowercase, TextView stop_words, std::optional<TextView> vocabulary);

  /// Tokenizes more documents; the text is not kept.
  void add(Execution& run, TextView documents);

  /// False after an `add` that failed: what was added before cannot be finished any more.
  bool whole() const { return whole_; }

  /// Prunes (not with a fixed vocabulary), sorts and counts. `binary` writes 1 for each count.
  TermCounts finish(Execution& run, const Pruning& pruning, bool binary);

 private:
  /// What one thread owns: its own table, so that no two threads ever write to the same line.
  struct Shard {
    TermTable table;
    MarkedText marked;                // the document at hand
    std::vector<std::uint32_t> edges; // where words of it begin and end, in turns
    std::vector<Token> tokens;
    std::vector<std::uint32_t> ids;   // of the tokens kept of the chunk at hand
    std::uint32_t documents = 0;      // how many this shard has read
  };
  /// Consecutive documents that one shard has read.
  struct Chunk {
    std::int64_t first_document;
    std::size_t shard;
    std::vector<std::uint32_t> ids;      // of the tokens kept, document after document
    std::vector<std::uint32_t> lengths;  // tokens kept of each document
  };
  struct Merged;

  void tokenize(Shard& shard) const;
  std::vector<std::vector<std::int32_t>> merge(Execution& run, const Pruning& pruning, bool binary,
                                               TermCounts& counts) const;
  void count(Execution& run, const std::vector<std::vector<std::int32_t>>& columns, bool binary,
             TermCounts& counts) const;

  bool lowercase_;
  bool fixed_;
  struct Text {
    std::vector<char> bytes;
    std::vector<std::int64_t> offsets;
    TextView view() const { return {bytes, offsets}; }
  };
  Text stop_words_, vocabulary_;  // copies; the latter empty where it is learnt
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<Chunk> chunks_;
  std::int64_t documents_ = 0;
  bool whole_ = true;
};

}  // namespace corpuscle
