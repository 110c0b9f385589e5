#include "analyzer.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "parallel.hpp"
#include "unicode.hpp"
#include "word_edges.hpp"

namespace corpuscle {
namespace {

constexpr std::size_t piece_blocks = 64;    // of a document are looked through at a time, to stay in the first cache
constexpr std::size_t gram_words = 256;     // start n-grams at a time
constexpr std::size_t window_batch = 4096;  // runs of characters are found at a time
constexpr std::size_t copied = 16;          // bytes of a word are copied at a time; so many are readable behind a text

/// The bytes of the character that begins with this one.
std::uint32_t width(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/// Whether a word is one character: bytes say so in ASCII, beyond it the first of them.
bool is_single(const char* word, std::uint32_t length) {
  return length == 1 || (static_cast<unsigned char>(*word) >= 0x80 && length == width(*word));
}

}  // namespace

bool Analyzer::read(Simd level, std::span<const char> document) {
  if (!mark_words(level, document, analysis_.normalization, marked_)) return false;
  level_ = level;
  block_ = word_ = 0;
  carry_ = 0;
  edges_.clear();
  reads_joined_ = false;
  if (analysis_.unit == Unit::word && !analysis_.joins_words()) return true;
  begin_joined();
  if (analysis_.unit == Unit::word) {
    while (next_words()) {
      for (const Token& token : terms()) join<true>(marked_.text.data() + token.start, token.length);
    }
  } else if (analysis_.unit == Unit::character) {
    fold_space();
  } else {
    join_unspaced();
  }
  end_joined();
  return true;
}

void Analyzer::read(const TextView& tokens, std::int64_t begin, std::int64_t end) {
  begin_joined();
  std::vector<char> padded;
  for (std::int64_t i = begin; i < end; ++i) {
    const std::span<const char> token = tokens[i];
    if (stop_words_ != nullptr) {
      padded.assign(token.begin(), token.end());
      padded.resize(token.size() + copied);
      if (stop_words_->contains(token_of(padded.data(), 0, static_cast<std::uint32_t>(token.size())), padded.data())) continue;
    }
    join<false>(token.data(), token.size());
  }
  end_joined();
}

bool Analyzer::next() {
  switch (analysis_.unit) {
    case Unit::word: return analysis_.joins_words() ? next_grams() : next_words();
    case Unit::token: return next_grams();
    default: return next_windows();
  }
}

/// The words of the next blocks.
bool Analyzer::next_words() {
  const std::size_t blocks = marked_.blocks() + 1;  // the zero behind them ends the last word
  count_ = 0;
  if (block_ >= blocks) return false;
  const char* const text = marked_.text.data();
  const std::size_t piece = std::min(piece_blocks, blocks - block_);
  append_edges(level_, marked_.words.data(), block_, piece, carry_, edges_);
  block_ += piece;
  make_room(edges_.size() / 2 + 1);
  std::size_t count = 0;
  for (std::size_t e = 0; e + 1 < edges_.size(); e += 2) {
    const std::uint32_t length = edges_[e + 1] - edges_[e];
    terms_[count] = token_of_some(text, edges_[e], length);
    count += marked_.ascii ? length > 1 : !is_single(text + edges_[e], length);  // one that is not kept is written over
  }
  if (edges_.size() % 2 == 1) edges_.front() = edges_.back();  // of a word that the next piece ends
  edges_.resize(edges_.size() % 2);
  if (stop_words_ == nullptr) {
    count_ = count;
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      if (!stop_words_->contains(terms_[i], text)) keep(terms_[i]);
    }
  }
  return true;
}

void Analyzer::begin_joined() {
  word_ = joined_size_ = 0;
  starts_.clear();
  window_ = {};
  joined_.resize(std::max(joined_.size(), marked_.size + 2 + copied));
}

void Analyzer::end_joined() {
  starts_.push_back(static_cast<std::uint32_t>(joined_size_));
  reads_joined_ = true;
}

/// Adds a word and a space. `Padded`: sixteen bytes are readable behind the word.
template <bool Padded>
void Analyzer::join(const char* word, std::size_t length) {
  const std::size_t begin = joined_size_, end = begin + length + 1;
  if (end > 0xffffff00) throw OverLimit{"A document with its words side by side has 2^32 bytes or more."};
  if (joined_.size() < end + copied) joined_.resize(2 * (end + copied));
  starts_.push_back(static_cast<std::uint32_t>(begin));
  char* const out = joined_.data() + begin;
  if constexpr (Padded) {
    for (std::size_t at = 0; at < length; at += copied) std::memcpy(out + at, word + at, copied);
  } else if (length > 0) {
    std::memcpy(out, word, length);
  }
  out[length] = ' ';
  joined_size_ = end;
}

/// The n-grams that start from the next words.
bool Analyzer::next_grams() {
  const std::size_t words = starts_.size() - 1;
  count_ = 0;
  if (word_ >= words) return false;
  const std::size_t end = std::min(words, word_ + gram_words);
  make_room((end - word_) * (analysis_.max_n - analysis_.min_n + 1));
  for (; word_ < end; ++word_) {
    for (std::size_t n = analysis_.min_n; n <= analysis_.max_n && word_ + n <= words; ++n) {
      keep(token_of(joined_.data(), starts_[word_], starts_[word_ + n] - 1 - starts_[word_]));
    }
  }
  return true;
}

/// Adds characters, for which there is room.
void Analyzer::put(const char* begin, const char* end) {
  std::memcpy(joined_.data() + joined_size_, begin, static_cast<std::size_t>(end - begin));
  joined_size_ += static_cast<std::size_t>(end - begin);
}

/// Joins the text with each run of two or more characters of white space as one space.
void Analyzer::fold_space() {
  const char* const text = marked_.text.data();
  const char* const end = text + marked_.size;
  starts_.push_back(0);
  for (const char* at = text; at != end;) {
    const char* const start = at;
    const bool space = is_space(decode(at, end));
    const char* const first_end = at;
    const char* next = at;
    for (; space && next != end && is_space(decode(next, end)); at = next) {}
    if (at == first_end) put(start, at);
    else joined_[joined_size_++] = ' ';
  }
}

/// Joins the runs without white space, with a space before, between and behind them.
void Analyzer::join_unspaced() {
  const char* const text = marked_.text.data();
  const char* const end = text + marked_.size;
  joined_[joined_size_++] = ' ';
  for (const char* at = text; at != end;) {
    const char* const start = at;
    if (is_space(decode(at, end))) continue;
    const char* next = at;
    for (; next != end && !is_space(decode(next, end)); at = next) {}
    starts_.push_back(static_cast<std::uint32_t>(joined_size_) - 1);
    put(start, at);
    joined_[joined_size_++] = ' ';
  }
  if (starts_.empty()) joined_size_ = 0;
}

/// Puts the window over the first n characters of a span. Returns false where there is no such window.
bool Analyzer::place(std::uint32_t span_begin, std::uint32_t span_end) {
  window_.begin = window_.end = span_begin;
  for (std::uint32_t i = 0; i < window_.n; ++i) {
    if (window_.end == span_end) return analysis_.unit == Unit::character_in_word;  // a short word is taken whole
    window_.end += width(joined_[window_.end]);
  }
  return true;
}

/// Some more runs of n characters of the text, or of its words with the spaces around them.
bool Analyzer::next_windows() {
  const bool in_words = analysis_.unit == Unit::character_in_word;
  const std::size_t spans = starts_.size() - 1;
  count_ = 0;
  make_room(window_batch);
  while (window_.span < spans) {
    const std::uint32_t begin = starts_[window_.span];
    const bool last = window_.span + 1 == spans;
    const std::uint32_t end = starts_[window_.span + 1] + (in_words && !last ? 1 : 0);
    if (!window_.placed) {
      window_.n = window_.n == 0 ? analysis_.min_n : window_.n + 1;
      window_.placed = window_.n <= analysis_.max_n && place(begin, end);
      if (!window_.placed) {
        window_ = {window_.span + 1};
        continue;
      }
    }
    const bool whole = window_.begin == begin && window_.end == end;
    while (count_ < window_batch && window_.placed) {
      keep(token_of(joined_.data(), window_.begin, window_.end - window_.begin));
      window_.placed = window_.end != end;
      if (!window_.placed) break;
      window_.begin += width(joined_[window_.begin]);
      window_.end += width(joined_[window_.end]);
    }
    if (whole && in_words) window_ = {window_.span + 1};  // longer runs would be the same word again
    if (count_ == window_batch) return true;
  }
  return count_ > 0;
}

}  // namespace corpuscle
