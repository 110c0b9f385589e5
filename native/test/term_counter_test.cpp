#include "../kernels/term_counter.hpp"

#include <algorithm>
#include <string>

#include "support.hpp"

namespace corpuscle::test {
namespace {

constexpr Pruning everything{0, 1e9, -1};

/// Strings as one block.
struct Text {
  std::vector<char> bytes;
  std::vector<std::int64_t> offsets{0};
  Text(std::initializer_list<std::string> strings) {
    for (const std::string& text : strings) add(text);
  }
  void add(const std::string& text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  TextView view() const { return {bytes, offsets}; }
};

/// The counts as "term:count" for each document.
std::vector<std::string> rows_of(Execution& run, const TermCounts& counts) {
  std::vector<std::int32_t> indptr(static_cast<std::size_t>(counts.rows) + 1), indices(static_cast<std::size_t>(counts.nnz)), values(indices);
  counts.write<std::int32_t>(run, indptr, indices, values);
  std::vector<std::string> rows(static_cast<std::size_t>(counts.rows));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::int32_t q = indptr[row]; q < indptr[row + 1]; ++q) {
      const char* const bytes = counts.vocabulary_bytes.data();
      const auto& offsets = counts.vocabulary_offsets;
      rows[row] += std::string(bytes + offsets[indices[q]], bytes + offsets[indices[q] + 1]) + ":" + std::to_string(values[q]) + " ";
    }
  }
  return rows;
}

TEST(TermCounter, CountsWordsOfTwoOrMoreLettersInLowerCase) {
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    TermCounter counter(true, Text{}.view(), std::nullopt);
    const Text text{"Two words, two WORDS; a b c", "", "x_1 __ 42 \xc3\x9c" "ber"};
    counter.add(run, text.view());
    EXPECT_EQ(rows_of(run, counter.finish(run, everything, false)),
              (std::vector<std::string>{"two:2 words:2 ", "", "42:1 __:1 x_1:1 \xc3\xbc" "ber:1 "}));
  }
}

TEST(TermCounter, TellsWordsApartThatDifferInAnyOneByte) {
  Text text{};
  std::size_t distinct = 0;
  for (std::size_t length = 2; length <= 40; ++length) {
    std::string words;
    for (std::size_t at = 0; at <= length; ++at, ++distinct) {
      std::string word(length, 'a');
      if (at < length) word[at] = 'b';
      words += word + ' ';
    }
    text.add(words + words);
  }
  for (const Simd level : simd_levels()) {
    Execution run = on(3, 1e9, level);
    TermCounter counter(true, Text{}.view(), std::nullopt);
    counter.add(run, text.view());
    counter.add(run, text.view());
    const TermCounts counts = counter.finish(run, everything, false);
    EXPECT_EQ(counts.distinct_terms, static_cast<std::int64_t>(distinct));
    for (const std::string& row : rows_of(run, counts)) EXPECT_EQ(row.find(":1 "), std::string::npos) << row;
  }
}

TEST(TermCounter, CutsNoWordWhereALongDocumentIsTakenInPieces) {
  std::string document;
  while (document.size() < 3 * 64 * 64) document += std::string(1 + document.size() % 90, 'w') + (document.size() % 2 ? " " : "\xc3\xa9 ");
  Execution run = on(1);
  Text text{document, std::string(20'000, 'x'), std::string(4096, 'y') + " " + std::string(4095, 'z')};
  TermCounter counter(true, Text{}.view(), std::nullopt);
  counter.add(run, text.view());
  const TermCounts counts = counter.finish(run, everything, false);
  const std::string all(counts.vocabulary_bytes.begin(), counts.vocabulary_bytes.end());
  const auto has = [&](const std::string& term) {
    const auto at = all.find(term);
    return at != std::string::npos && std::count(counts.vocabulary_offsets.begin(), counts.vocabulary_offsets.end(), at) == 1;
  };
  EXPECT_TRUE(has(std::string(20'000, 'x')));
  EXPECT_TRUE(has(std::string(4096, 'y')));
  EXPECT_TRUE(has(std::string(4095, 'z')));
  std::int64_t expected = 0;
  for (std::size_t at = 0, end; (end = document.find(' ', at)) != std::string::npos; at = end + 1) expected += end - at >= 2;
  std::int64_t counted = 0;
  std::vector<std::int32_t> indptr(4), indices(static_cast<std::size_t>(counts.nnz)), values(indices);
  counts.write<std::int32_t>(run, indptr, indices, values);
  for (std::int32_t q = 0; q < indptr[1]; ++q) counted += values[static_cast<std::size_t>(q)];
  EXPECT_EQ(counted, expected);
}

TEST(TermCounter, PrunesByDocumentsAndRanksByCounts) {
  Execution run = on(2);
  TermCounter counter(true, Text{"stop"}.view(), std::nullopt);
  const Text text{"aa bb bb stop", "aa cc cc cc", "aa bb cc dd"};
  counter.add(run, text.view());
  EXPECT_EQ(rows_of(run, counter.finish(run, {2, 2, -1}, false)), (std::vector<std::string>{"bb:2 ", "cc:3 ", "bb:1 cc:1 "}));
  EXPECT_EQ(rows_of(run, counter.finish(run, {1, 3, 1}, false)), (std::vector<std::string>{"", "cc:3 ", "cc:1 "}));
  EXPECT_EQ(rows_of(run, counter.finish(run, {1, 3, 2}, true)), (std::vector<std::string>{"aa:1 bb:1 ", "aa:1 ", "aa:1 bb:1 "}));
  const TermCounts counts = counter.finish(run, {9, 9, -1}, false);
  EXPECT_EQ(counts.distinct_terms, 4);
  EXPECT_EQ(counts.vocabulary_offsets.size(), 1u);
}

TEST(TermCounter, CountsAGivenVocabularyAloneInItsOrder) {
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    const Text vocabulary{"zz", "aa", "stop"};
    TermCounter counter(true, Text{"stop"}.view(), vocabulary.view());
    const Text text{"aa zz zz other stop"};
    counter.add(run, text.view());
    const TermCounts counts = counter.finish(run, everything, false);
    std::vector<std::int32_t> indptr(2), indices(2), values(2);
    ASSERT_EQ(counts.nnz, 2);
    counts.write<std::int32_t>(run, indptr, indices, values);
    EXPECT_EQ(indices, (std::vector<std::int32_t>{0, 1}));
    EXPECT_EQ(values, (std::vector<std::int32_t>{2, 1}));
  }
}

TEST(TermCounter, GivesTheSameForAnySplitIntoBatchesAndThreads) {
  std::mt19937 random(5);
  std::vector<std::string> documents;
  for (int d = 0; d < 3000; ++d) {
    std::string document;
    for (unsigned i = random() % 60; i > 0; --i) document += "term" + std::to_string(random() % (1 + random() % 900)) + (i % 5 ? " " : "_\xc3\xa9 ");
    documents.push_back(document);
  }
  const auto count = [&](int threads, std::size_t batch) {
    TermCounter counter(true, Text{}.view(), std::nullopt);
    for (std::size_t first = 0; first < documents.size(); first += batch) {
      Text text{};
      for (std::size_t d = first; d < std::min(documents.size(), first + batch); ++d) text.add(documents[d]);
      Execution run = on(threads);
      counter.add(run, text.view());
    }
    Execution run = on(threads);
    return rows_of(run, counter.finish(run, {3, 2000, 500}, false));
  };
  const auto wanted = count(1, documents.size());
  for (const int threads : thread_counts) {
    for (const std::size_t batch : {7, 1000, 3000}) EXPECT_EQ(count(threads, batch), wanted);
  }
}

TEST(TermCounter, NamesTheFirstDocumentThatIsNoText) {
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    TermCounter counter(true, Text{}.view(), std::nullopt);
    counter.add(run, Text{"fine", "fine"}.view());
    try {
      counter.add(run, Text{"fine", "\xff", "\xc3"}.view());
      FAIL() << "invalid text was taken";
    } catch (const InvalidText& invalid) {
      EXPECT_EQ(invalid.document, 3);
    }
  }
}

}  // namespace
}  // namespace corpuscle::test
