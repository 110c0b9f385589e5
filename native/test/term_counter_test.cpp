#include "../kernels/term_counter.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include "support.hpp"

namespace corpuscle::test {
namespace {

/// Strings as one block.
struct Text {
  std::vector<char> bytes;
  std::vector<std::int64_t> offsets{0};
  Text() = default;
  Text(std::initializer_list<std::string> strings) {
    for (const std::string& text : strings) add(text);
  }
  void add(const std::string& text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  TextView view() const { return {bytes, offsets}; }
};

/// The terms as strings.
std::vector<std::string> strings_of(const TermStatistics& terms) {
  std::vector<std::string> strings;
  for (std::size_t i = 0; i + 1 < terms.offsets.size(); ++i) {
    strings.emplace_back(terms.bytes.data() + terms.offsets[i], terms.bytes.data() + terms.offsets[i + 1]);
  }
  return strings;
}

/// The counts as "term:count" for each document; column i has name i.
std::vector<std::string> rows_of(Execution& run, const TermCounts& counts, const std::vector<std::string>& names) {
  std::vector<std::int32_t> indptr(static_cast<std::size_t>(counts.rows) + 1), indices(static_cast<std::size_t>(counts.nnz)), values(indices);
  counts.write<std::int32_t>(run, indptr, indices, values);
  std::vector<std::string> rows(static_cast<std::size_t>(counts.rows));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::int32_t q = indptr[row]; q < indptr[row + 1]; ++q) {
      rows[row] += names[static_cast<std::size_t>(indices[q])] + ":" + std::to_string(values[q]) + " ";
    }
  }
  return rows;
}

/// The counts of all terms.
std::vector<std::string> all_rows(Execution& run, TermCounter& counter) {
  const std::vector<std::string> names = strings_of(counter.statistics(run, false));
  std::vector<std::int32_t> columns(names.size());
  std::iota(columns.begin(), columns.end(), 0);
  return rows_of(run, counter.count(run, {columns, static_cast<std::int64_t>(names.size()), false}), names);
}

/// The counts of some documents, analyzed so.
std::vector<std::string> analyzed(const Analysis& analysis, const Text& documents, const Text& stop_words = {}, int threads = 2) {
  Execution run = on(threads);
  TermCounter counter(analysis, stop_words.view(), std::nullopt);
  counter.add(run, documents.view());
  return all_rows(run, counter);
}

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

TEST(TermCounter, FormsNGramsOfTheWordsThatAreNoStopWords) {
  EXPECT_EQ(analyzed({{}, Unit::word, 1, 2}, {"The cat, the hat."}, {"the"}),
            (std::vector<std::string>{"cat:1 cat hat:1 hat:1 "}));
  EXPECT_EQ(analyzed({{}, Unit::word, 2, 3}, {"a bb cc dd", "bb"}), (std::vector<std::string>{"bb cc:1 bb cc dd:1 cc dd:1 ", ""}));
}

TEST(TermCounter, FormsNGramsByTheirDefinitionAndNumbersThemInOrderOfTheirBytes) {
  // Words that begin alike, so that the space behind one decides the order.
  const std::vector<std::string> vocabulary{"ab", "ab0", "ab_", "abc", "ab\xc3\xa9", "a0", "_a", "0b", "abcdefgh", "abcdefghi", "stop", "zz"};
  std::mt19937 random(11);
  std::vector<std::vector<std::string>> documents(700);
  Text text{};
  for (auto& words : documents) {
    for (unsigned i = random() % 50; i > 0; --i) words.push_back(vocabulary[random() % (1 + random() % vocabulary.size())]);
    std::string document;
    for (const std::string& word : words) document += word + (word == "zz" ? "! x " : " ");
    text.add(document);
    std::erase(words, "stop");
  }
  const std::pair<std::uint32_t, std::uint32_t> lengths[] = {{1, 2}, {2, 2}, {1, 3}, {2, 4}, {4, 4}, {1, 5}};  // the last by their bytes
  for (const auto& [min_n, max_n] : lengths) {
    std::map<std::string, double> totals, frequency;
    std::vector<std::map<std::string, int>> counted;
    for (const auto& words : documents) {
      auto& own = counted.emplace_back();
      for (std::size_t first = 0; first < words.size(); ++first) {
        std::string run;
        for (std::size_t n = 1; n <= max_n && first + n <= words.size(); ++n) {
          run += (n == 1 ? "" : " ") + words[first + n - 1];
          if (n >= min_n) ++own[run];
        }
      }
      for (const auto& [term, count] : own) totals[term] += count, ++frequency[term];
    }
    for (const int threads : thread_counts) {
      Execution run = on(threads);
      TermCounter counter({{}, Unit::word, min_n, max_n}, Text{"stop"}.view(), std::nullopt);
      counter.add(run, text.view());
      counter.add(run, text.view());  // ids go on where they were
      const TermStatistics terms = counter.statistics(run, true);
      const std::vector<std::string> names = strings_of(terms);
      ASSERT_EQ(names.size(), totals.size());
      std::size_t i = 0;
      for (const auto& [term, total] : totals) {
        ASSERT_EQ(names[i], term);
        EXPECT_EQ(terms.document_frequency[i], 2 * frequency[term]);
        EXPECT_EQ(terms.totals[i++], 2 * total);
      }
      const std::vector<std::string> rows = all_rows(run, counter);
      for (std::size_t d = 0; d < documents.size(); ++d) {
        std::string row;
        for (const auto& [term, count] : counted[d]) row += term + ":" + std::to_string(count) + " ";
        ASSERT_EQ(rows[d], row);
        ASSERT_EQ(rows[d + documents.size()], row);
      }
    }
  }
}

TEST(TermCounter, FormsNGramsAcrossThePiecesOfALongDocument) {
  std::string document, last;
  std::size_t words = 0;
  for (; document.size() < 20 * 64 * 64; ++words) document += "word" + std::to_string(words) + " ";
  for (const std::uint32_t n : {3, 7}) {
    Execution run = on(1);
    TermCounter counter({{}, Unit::word, n, n}, Text{}.view(), std::nullopt);
    counter.add(run, Text{document}.view());
    EXPECT_EQ(counter.statistics(run, false).document_frequency.size(), words - n + 1);
  }
}

TEST(TermCounter, TakesCharactersWithWhiteSpaceFolded) {
  EXPECT_EQ(analyzed({{}, Unit::character, 2, 2}, {"a \n\xc3\x89" "b\t"}),
            (std::vector<std::string>{" \xc3\xa9:1 a :1 b\t:1 \xc3\xa9" "b:1 "}));
  EXPECT_EQ(analyzed({{}, Unit::character, 1, 5}, {"ab", ""}), (std::vector<std::string>{"a:1 ab:1 b:1 ", ""}));
}

TEST(TermCounter, TakesCharactersOfWordsWithASpaceOnEitherSide) {
  EXPECT_EQ(analyzed({{}, Unit::character_in_word, 3, 4}, {"\u00a0Hi  oha\n"}),
            (std::vector<std::string>{" hi:1  hi :1  oh:1  oha:1 ha :1 hi :1 oha:1 oha :1 "}));
  EXPECT_EQ(analyzed({{}, Unit::character_in_word, 5, 9}, {"hi \xe6\x97\xa5"}),
            (std::vector<std::string>{" hi :1  \xe6\x97\xa5 :1 "}));
}

TEST(TermCounter, FindsAllCharactersOfALongDocument) {
  for (const Unit unit : {Unit::character, Unit::character_in_word}) {
    Execution run = on(1);
    TermCounter counter({{}, unit, 1, 2}, Text{}.view(), std::nullopt);
    counter.add(run, Text{std::string(10'000, 'x')}.view());
    const TermStatistics terms = counter.statistics(run, true);
    const bool padded = unit == Unit::character_in_word;
    EXPECT_EQ(strings_of(terms), padded ? (std::vector<std::string>{" ", " x", "x", "x ", "xx"}) : (std::vector<std::string>{"x", "xx"}));
    EXPECT_EQ(terms.totals, padded ? (LargeVector<double>{2, 1, 10'000, 1, 9'999}) : (LargeVector<double>{10'000, 9'999}));
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
