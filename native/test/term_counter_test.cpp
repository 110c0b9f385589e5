#include <algorithm>
#include <numeric>
#include <string>

#include "term_counts.hpp"

namespace corpuscle::test {
namespace {

TEST(TermCounter, CountsWordsOfTwoOrMoreLettersInLowerCase) {
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    TermCounter counter({}, Text{}.view(), std::nullopt);
    const Text text{"Two words, two WORDS; a b c", "", "x_1 __ 42 \xc3\x9c" "ber"};
    counter.add(run, text.view());
    EXPECT_EQ(all_rows(run, counter),
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
    TermCounter counter({}, Text{}.view(), std::nullopt);
    counter.add(run, text.view());
    counter.add(run, text.view());
    const auto rows = all_rows(run, counter);
    EXPECT_EQ(counter.terms(), static_cast<std::int64_t>(distinct));
    for (const std::string& row : rows) EXPECT_EQ(row.find(":1 "), std::string::npos) << row;
  }
}

TEST(TermCounter, CutsNoWordWhereALongDocumentIsTakenInPieces) {
  std::string document;
  while (document.size() < 3 * 64 * 64) document += std::string(1 + document.size() % 90, 'w') + (document.size() % 2 ? " " : "\xc3\xa9 ");
  Execution run = on(1);
  Text text{document, std::string(20'000, 'x'), std::string(4096, 'y') + " " + std::string(4095, 'z')};
  TermCounter counter({}, Text{}.view(), std::nullopt);
  counter.add(run, text.view());
  const std::vector<std::string> terms = strings_of(counter.statistics(run, false));
  const auto has = [&](const std::string& term) { return std::count(terms.begin(), terms.end(), term) == 1; };
  EXPECT_TRUE(has(std::string(20'000, 'x')));
  EXPECT_TRUE(has(std::string(4096, 'y')));
  EXPECT_TRUE(has(std::string(4095, 'z')));
  std::int64_t expected = 0;
  for (std::size_t at = 0, end; (end = document.find(' ', at)) != std::string::npos; at = end + 1) expected += end - at >= 2;
  std::int64_t counted = 0;
  std::vector<std::int32_t> columns(terms.size());
  std::iota(columns.begin(), columns.end(), 0);
  const TermCounts counts = counter.count(run, {columns, static_cast<std::int64_t>(terms.size()), false});
  std::vector<std::int32_t> indptr(4), indices(static_cast<std::size_t>(counts.nnz)), values(indices);
  counts.write<std::int32_t>(run, indptr, indices, values);
  for (std::int32_t q = 0; q < indptr[1]; ++q) counted += values[static_cast<std::size_t>(q)];
  EXPECT_EQ(counted, expected);
}

TEST(TermCounter, NumbersAllTermsInOrderAndCountsTheColumnsAskedFor) {
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    TermCounter counter({}, Text{"stop"}.view(), std::nullopt);
    const Text text{"aa bb bb stop", "aa cc cc cc", "aa bb cc dd"};
    counter.add(run, text.view());
    const TermStatistics terms = counter.statistics(run, true);
    EXPECT_EQ(strings_of(terms), (std::vector<std::string>{"aa", "bb", "cc", "dd"}));
    EXPECT_EQ(terms.document_frequency, (LargeVector<std::int32_t>{3, 2, 2, 1}));
    EXPECT_EQ(terms.totals, (LargeVector<double>{3, 3, 4, 1}));
    const std::vector<std::int32_t> columns{1, -1, 0, 1};
    const std::vector<std::string> names{"cc", "aa+dd"};
    EXPECT_EQ(rows_of(run, counter.count(run, {columns, 2, false}), names),
              (std::vector<std::string>{"aa+dd:1 ", "cc:3 aa+dd:1 ", "cc:1 aa+dd:2 "}));
    EXPECT_EQ(rows_of(run, counter.count(run, {columns, 2, true}), names),
              (std::vector<std::string>{"aa+dd:1 ", "cc:1 aa+dd:1 ", "cc:1 aa+dd:1 "}));
  }
}

TEST(TermCounter, WritesPointersOf64BitsWhereThereAreMoreEntriesThan32BitsCount) {
  Execution run = on(2);
  TermCounter counter({}, Text{}.view(), std::nullopt);
  counter.add(run, Text{"aa bb", "", "bb"}.view());
  counter.statistics(run, false);
  const std::vector<std::int32_t> columns{0, 1};
  const TermCounts counts = counter.count(run, {columns, 2, false});
  std::vector<double> indptr(4);
  std::vector<std::int32_t> indices(3), values(3);
  counts.write<double>(run, indptr, indices, values);
  EXPECT_EQ(indptr, (std::vector<double>{0, 2, 2, 3}));
  EXPECT_EQ(indices, (std::vector<std::int32_t>{0, 1, 1}));
}

TEST(TermCounter, SortsTermsByBytesWhateverTheyShare) {
  std::vector<std::string> wanted;
  for (const char* const end : {"", "a", "b", "bb"}) {
    for (const std::size_t length : {2, 7, 8, 9, 15, 16, 17, 40}) wanted.push_back(std::string(length, 'a') + end);
  }
  Text text{};
  for (const std::string& term : wanted) text.add(term + " " + term.substr(0, 2));
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    TermCounter counter({}, Text{}.view(), std::nullopt);
    for (int i = 0; i < threads; ++i) counter.add(run, text.view());
    EXPECT_EQ(strings_of(counter.statistics(run, false)), wanted);
  }
}

TEST(TermCounter, StripsAccentsAfterLowerCase) {
  const Text text{"\xc3\x89t\xc3\xa9 na\xc3\xafve \xea\xb0\x80 \xd0\x96\xd0\x96"};
  EXPECT_EQ(analyzed({{true, Accents::strip}, Unit::word, 1, 1}, text),
            (std::vector<std::string>{"ete:1 naive:1 \xd0\xb6\xd0\xb6:1 \xe1\x84\x80\xe1\x85\xa1:1 "}));
  EXPECT_EQ(analyzed({{true, Accents::strip_to_ascii}, Unit::word, 1, 1}, text), (std::vector<std::string>{"ete:1 naive:1 "}));
}

TEST(TermCounter, TakesTokensAsTheyCome) {
  const std::vector<std::int32_t> lengths{3, 0, 2};
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    TermCounter counter({{}, Unit::token, 1, 2}, Text{"drop"}.view(), std::nullopt);
    counter.add_tokens(run, Text{"A b", "", "drop", "A b", "A b"}.view(), lengths);
    EXPECT_EQ(all_rows(run, counter), (std::vector<std::string>{":1 A b:1 A b :1 ", "", "A b:2 A b A b:1 "}));
  }
}

TEST(TermCounter, CountsAGivenVocabularyAloneInItsOrder) {
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    const Text vocabulary{"zz", "aa", "stop"};
    TermCounter counter({}, Text{"stop"}.view(), vocabulary.view());
    const Text text{"aa zz zz other stop"};
    counter.add(run, text.view());
    const std::vector<std::int32_t> columns{0, 1, 2};
    const TermCounts counts = counter.count(run, {columns, 3, false});
    std::vector<std::int32_t> indptr(2), indices(2), values(2);
    ASSERT_EQ(counts.nnz, 2);
    counts.write<std::int32_t>(run, indptr, indices, values);
    EXPECT_EQ(indices, (std::vector<std::int32_t>{0, 1}));
    EXPECT_EQ(values, (std::vector<std::int32_t>{2, 1}));
  }
}

TEST(TermCounter, CountsAGivenVocabularyAmongMoreWordsThanItsCacheHolds) {
  constexpr int words = 30000;
  Text text, vocabulary;
  for (const char* const first : {"", "x"}) {  // the first half fills the cache, without the terms of the other
    std::string document;
    for (int i = 0; i < words; ++i) document += first + std::to_string(10000 + i) + " ";
    text.add(document);
  }
  vocabulary.add("10007");
  for (int i = 0; i < 100; ++i) vocabulary.add("x" + std::to_string(10000 + i * 300));
  for (const int threads : {1, 2}) {
    Execution run = on(threads);
    TermCounter counter({}, {}, vocabulary.view());
    counter.add(run, text.view());
    std::vector<std::int32_t> columns(101);
    std::iota(columns.begin(), columns.end(), 0);
    const TermCounts counts = counter.count(run, {columns, 101, false});
    EXPECT_EQ(counts.rows, 2);
    EXPECT_EQ(counts.nnz, 101);
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
    TermCounter counter({}, Text{}.view(), std::nullopt);
    for (std::size_t first = 0; first < documents.size(); first += batch) {
      Text text{};
      for (std::size_t d = first; d < std::min(documents.size(), first + batch); ++d) text.add(documents[d]);
      Execution run = on(threads);
      counter.add(run, text.view());
    }
    Execution run = on(threads);
    return all_rows(run, counter);
  };
  const auto wanted = count(1, documents.size());
  for (const int threads : thread_counts) {
    for (const std::size_t batch : {7, 1000, 3000}) EXPECT_EQ(count(threads, batch), wanted);
  }
}

TEST(TermCounter, GivesTheWordsOfDocumentsInTheirOrderAndAPlaceToThoseThatAreNoTerms) {
  const Text text{"bb aa stop aa x cc", "", "stop", "dd bb"}, stop_words{"stop"}, vocabulary{"cc", "aa"};
  const std::vector<double> ends{0, 5, 5, 6, 8};
  const auto tokens = [&](TermCounter& counter, Execution& run, const std::vector<std::int32_t>& columns) {
    std::vector<double> offsets(static_cast<std::size_t>(counter.documents()) + 1);
    std::vector<std::int32_t> ids(static_cast<std::size_t>(counter.tokens()));
    counter.write_tokens(run, columns, offsets, ids);
    EXPECT_EQ(offsets, ends);
    return ids;
  };
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    TermCounter learning({}, stop_words.view(), std::nullopt, true);
    learning.add(run, text.view());
    const TermStatistics terms = learning.statistics(run, true);
    EXPECT_EQ(strings_of(terms), (std::vector<std::string>{"aa", "bb", "cc", "dd"}));
    EXPECT_EQ(terms.totals, (LargeVector<double>{2, 2, 1, 1}));
    EXPECT_EQ(tokens(learning, run, {0, 1, -1, 2}), (std::vector<std::int32_t>{1, 0, -1, 0, -1, -1, 2, 1}));
    TermCounter given({}, stop_words.view(), vocabulary.view(), true);
    given.add(run, text.view());
    EXPECT_EQ(tokens(given, run, {0, 1}), (std::vector<std::int32_t>{-1, 1, -1, 1, 0, -1, -1, -1}));
  }
}

TEST(TermCounter, CountsTheEmptyTokenWhereThereIsNoOther) {
  const std::vector<std::int32_t> lengths{2};
  Execution run = on(1);
  TermCounter counter({{}, Unit::token, 1, 1}, Text{}.view(), std::nullopt);
  counter.add_tokens(run, Text{"", ""}.view(), lengths);
  const TermStatistics terms = counter.statistics(run, true);
  EXPECT_EQ(strings_of(terms), (std::vector<std::string>{""}));
  EXPECT_EQ(terms.totals, (LargeVector<double>{2}));
}

TEST(TermCounter, AddsUpTheDocumentFrequenciesOfAllThreads) {
  Text text{};
  for (int d = 0; d < 4000; ++d) text.add("every every other" + std::to_string(d % 2) + std::string(200, ' '));
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    TermCounter counter({}, Text{}.view(), std::nullopt);
    counter.add(run, text.view());
    counter.add(run, text.view());
    EXPECT_EQ(counter.statistics(run, false).document_frequency, (LargeVector<std::int32_t>{8000, 4000, 4000}));
  }
}

TEST(TermCounter, NamesTheFirstDocumentThatIsNoText) {
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    TermCounter counter({}, Text{}.view(), std::nullopt);
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
