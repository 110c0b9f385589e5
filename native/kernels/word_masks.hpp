// Text in blocks of 64 bytes, a bit a byte: which bytes are of a word. The bits of a block fit one number, so that the ends of
// words are found by shifts (the masks of simdjson: Langdale, Lemire 2019).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "simd.hpp"
#include "unicode.hpp"

namespace corpuscle {

/// What happens to a text before terms are looked for.
struct Normalization {
  bool lowercase = true;
  Accents accents = Accents::keep;
};

/// A text in lower case, or as it is, with its words marked.
struct MarkedText {
  static constexpr std::size_t block = 64;
  static constexpr std::size_t padding = 16;  // readable bytes behind the text

  std::vector<char> text;            // whole blocks, and the padding; bytes behind `size` are zero
  std::size_t size = 0;              // of the text in bytes
  std::vector<std::uint64_t> words;  // a number a block, and a zero behind them: bit i is byte i
  bool ascii = true;
  std::vector<char> lower, stripped;  // a text beyond ASCII on its way

  std::size_t blocks() const { return (size + block - 1) / block; }
};

/// Normalizes a document of UTF-8 and marks its words. Returns false where it is not valid UTF-8; what
/// `marked` holds is then not defined.
bool mark_words(Simd level, std::span<const char> document, Normalization normalization, MarkedText& marked);

}  // namespace corpuscle
