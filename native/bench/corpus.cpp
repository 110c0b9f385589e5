#include "corpus.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>

#include "../kernels/splitmix64.hpp"

namespace corpuscle::bench {
namespace {

constexpr std::uint64_t vocabulary = 60'000, common_words = 2'000, topics = 20;

/// Ranks drawn by their frequency: upper bounds of the ranks' shares of [0, 2^32).
class Frequencies {
 public:
  explicit Frequencies(std::uint64_t ranks) {
    double total = 0;
    for (std::uint64_t rank = 0; rank < ranks; ++rank) total += weight(rank);
    double sum = 0;
    for (std::uint64_t rank = 0; rank < ranks; ++rank) {
      sum += weight(rank);
      bounds_.push_back(static_cast<std::uint64_t>(sum / total * 4294967296.0));
    }
    bounds_.back() = std::uint64_t{1} << 32;
  }
  std::uint64_t rank(std::uint64_t random) const {
    return static_cast<std::uint64_t>(std::upper_bound(bounds_.begin(), bounds_.end(), random >> 32) - bounds_.begin());
  }

 private:
  static double weight(std::uint64_t rank) {
    const double place = static_cast<double>(rank) + 10;
    return 1.0 / (place * std::sqrt(std::sqrt(place)));
  }
  std::vector<std::uint64_t> bounds_;
};

/// Word i in syllables of two letters, one for the first hundred words, two for the next ten thousand.
void spell(std::uint64_t word, std::vector<char>& out) {
  for (++word; word > 0; word = (word - 1) / 100) {
    out.push_back("bcdfghjklmnpqrstvwxz"[(word - 1) % 20]);
    out.push_back("aeiou"[(word - 1) / 20 % 5]);
  }
}

}  // namespace

Corpus synthetic_corpus(std::int64_t documents) {
  const Frequencies all(vocabulary), of_topic((vocabulary - common_words) / topics);
  Corpus corpus;
  std::uint64_t place = 0;
  const auto random = [&place] { return splitmix64(place++); };
  for (std::int64_t d = 0; d < documents; ++d) {
    const std::uint64_t topic = below(topics, random()), words = 30 + below(400, random());
    for (std::uint64_t i = 0; i < words; ++i) {
      const bool topical = below(100, random()) < 15, last = below(12, random()) == 0;
      const std::uint64_t word = topical ? common_words + of_topic.rank(random()) * topics + topic : all.rank(random());
      const std::size_t start = corpus.bytes.size();
      spell(word, corpus.bytes);
      if (i == 0) corpus.bytes[start] = static_cast<char>(corpus.bytes[start] - 0x20);
      if (last) corpus.bytes.push_back('.');
      corpus.bytes.push_back(' ');
    }
    if (d % 10 == 0) corpus.bytes.insert(corpus.bytes.end(), {'\xc3', '\x89', 't', '\xc3', '\xa9'});  // Été: not ASCII
    corpus.offsets.push_back(static_cast<std::int64_t>(corpus.bytes.size()));
  }
  return corpus;
}

Corpus corpus_of_lines(const std::string& file, std::int64_t most_documents) {
  std::ifstream lines(file);
  Corpus corpus;
  for (std::string line; corpus.view().count() < most_documents && std::getline(lines, line);) {
    corpus.bytes.insert(corpus.bytes.end(), line.begin(), line.end());
    corpus.offsets.push_back(static_cast<std::int64_t>(corpus.bytes.size()));
  }
  if (corpus.view().count() == 0) throw std::runtime_error(file + " cannot be read, or has no line.");
  return corpus;
}

}  // namespace corpuscle::bench
