// Documents to terms: words, characters, or tokens that came cut; without stop words, and runs of n of what is left.
// An n-gram is a slice of a text in which the words stand side by side, so that every table of terms holds it as it holds words; those
// of a few words that are learnt are known by the ids of these (gram_table.hpp).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "term_table.hpp"
#include "text_view.hpp"
#include "word_masks.hpp"

namespace corpuscle {

enum class Unit {
  word,       ///< two or more letters, digits or underscores, Python's `\w\w+`
  character,  ///< every character; two or more of white space are one space
  character_in_word,  ///< those of each run without white space, with a space on either side
  token,      ///< as they come
};

struct Analysis {
  Normalization normalization;
  Unit unit = Unit::word;
  std::uint32_t min_n = 1, max_n = 1;  ///< terms are n units in a row, for all n from the first to the second

  bool joins_words() const { return (unit == Unit::word && max_n > 1) || unit == Unit::token; }
};

/// Reads one document after the other; what it finds stands until it is asked for more. A thread has one of its own.
class Analyzer {
 public:
  /// `stop_words` holds words that are left out before runs are formed, or is null; it must outlive the analyzer.
  Analyzer(const Analysis& analysis, const TermTable* stop_words) : analysis_(analysis), stop_words_(stop_words) {}

  /// Takes a document of UTF-8; returns false where it is not valid.
  bool read(Simd level, std::span<const char> document);
  /// Takes the tokens [begin, end) as a document.
  void read(const TextView& tokens, std::int64_t begin, std::int64_t end);

  /// Finds some more terms of the document; false: there are no more. Single words and tokens come in their order, others in no order
  /// that matters.
  bool next();
  /// The terms found, in `text()`.
  std::span<const Token> terms() const { return {terms_.data(), count_}; }
  const char* text() const { return reads_joined_ ? joined_.data() : marked_.text.data(); }

 private:
  bool next_words();
  bool next_grams();
  bool next_windows();
  void keep(const Token& token) { terms_[count_++] = token; }
  void make_room(std::size_t terms) {
    if (terms_.size() < terms) terms_.resize(terms);
  }
  void begin_joined();
  void end_joined();
  template <bool Padded>
  void join(const char* word, std::size_t length);
  void put(const char* begin, const char* end);
  void fold_space();
  void join_unspaced();

  /// Where a run of characters stands that is slid over a span of the text.
  struct Window {
    std::size_t span = 0;
    std::uint32_t n = 0, begin = 0, end = 0;
    bool placed = false;
  };
  bool place(std::uint32_t span_begin, std::uint32_t span_end);

  Analysis analysis_;
  const TermTable* stop_words_;

  Simd level_ = Simd::baseline;
  MarkedText marked_;                 // the document
  std::size_t block_ = 0;             // of it that words are looked for next
  std::uint64_t carry_ = 0;           // the last bit of the block before
  LargeVector<std::uint32_t> edges_;  // where words of it begin and end, in turns

  std::vector<char> joined_;           // words with a space behind each, or characters with white space folded
  std::size_t joined_size_ = 0;        // of it, behind which there is room
  std::vector<std::uint32_t> starts_;  // where each word begins in `joined_`, and the end
  std::size_t word_ = 0;               // the first that n-grams start from next
  Window window_;
  bool reads_joined_ = false;

  std::vector<Token> terms_;
  std::size_t count_ = 0;  // of `terms_`
};

}  // namespace corpuscle
