// N-grams of words and of characters.
#include <map>

#include "term_counts.hpp"

namespace corpuscle::test {
namespace {

TEST(TermGrams, AreOfTheWordsThatAreNoStopWords) {
  EXPECT_EQ(analyzed({{}, Unit::word, 1, 2}, {"The cat, the hat."}, {"the"}),
            (std::vector<std::string>{"cat:1 cat hat:1 hat:1 "}));
  EXPECT_EQ(analyzed({{}, Unit::word, 2, 3}, {"a bb cc dd", "bb"}), (std::vector<std::string>{"bb cc:1 bb cc dd:1 cc dd:1 ", ""}));
}

TEST(TermGrams, AreTheirDefinitionAndNumberedInOrderOfTheirBytes) {
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

TEST(TermGrams, GoAcrossThePiecesOfALongDocument) {
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

TEST(TermGrams, AreOfCharactersWithWhiteSpaceFolded) {
  EXPECT_EQ(analyzed({{}, Unit::character, 2, 2}, {"a \n\xc3\x89" "b\t"}),
            (std::vector<std::string>{" \xc3\xa9:1 a :1 b\t:1 \xc3\xa9" "b:1 "}));
  EXPECT_EQ(analyzed({{}, Unit::character, 1, 5}, {"ab", ""}), (std::vector<std::string>{"a:1 ab:1 b:1 ", ""}));
}

TEST(TermGrams, AreOfWordsWithASpaceOnEitherSide) {
  EXPECT_EQ(analyzed({{}, Unit::character_in_word, 3, 4}, {"\u00a0Hi  oha\n"}),
            (std::vector<std::string>{" hi:1  hi :1  oh:1  oha:1 ha :1 hi :1 oha:1 oha :1 "}));
  EXPECT_EQ(analyzed({{}, Unit::character_in_word, 5, 9}, {"hi \xe6\x97\xa5"}),
            (std::vector<std::string>{" hi :1  \xe6\x97\xa5 :1 "}));
}

TEST(TermGrams, AreAllThatALongDocumentHas) {
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

}  // namespace
}  // namespace corpuscle::test
