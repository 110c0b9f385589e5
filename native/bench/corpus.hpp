// Documents to run the kernels on: made up, the same for the same number, or the lines of a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../kernels/term_counter.hpp"

namespace corpuscle::bench {

struct Corpus {
  std::vector<char> bytes;
  std::vector<std::int64_t> offsets{0};

  TextView view() const { return {bytes, offsets}; }
};

/// Texts of 30 to 429 words, whose frequencies fall as (rank + 10)^-1.25 (Mandelbrot 1953); each has one of 20 topics with
/// words of its own. Drawn with exact arithmetic and square roots, so that every machine makes the same bytes.
Corpus synthetic_corpus(std::int64_t documents);

/// The first lines of a file, a document each; throws std::runtime_error where it cannot be read or has no line.
Corpus corpus_of_lines(const std::string& file, std::int64_t most_documents);

}  // namespace corpuscle::bench
