#include "../kernels/word_masks.hpp"

#include <string>

#include "../kernels/unicode.hpp"
#include "support.hpp"

namespace corpuscle::test {
namespace {

/// The slow formula: a text in lower case, and '1' for each of its bytes that is of a word.
struct Expected {
  std::string text, words;
};

Expected slowly(const std::string& document, bool lower) {
  std::vector<char> bytes(document.begin(), document.end());
  if (lower) lowercase(document, bytes);
  Expected expected{{bytes.begin(), bytes.end()}, {}};
  const char* const end = expected.text.data() + expected.text.size();
  for (const char* at = expected.text.data(); at != end;) {
    const char* const start = at;
    const char mark = is_word(decode(at, end)) ? '1' : '0';
    expected.words.append(static_cast<std::size_t>(at - start), mark);
  }
  return expected;
}

void expect_marked(const std::string& document, MarkedText& marked) {
  for (const Simd level : simd_levels()) {
    for (const bool lower : {true, false}) {
      const Expected expected = slowly(document, lower);
      ASSERT_TRUE(mark_words(level, document, {lower, Accents::keep}, marked));
      ASSERT_EQ(std::string(marked.text.data(), marked.size), expected.text) << name_of(level);
      std::string words;
      for (std::size_t i = 0; i < marked.size; ++i) words += '0' + static_cast<char>(marked.words[i / 64] >> i % 64 & 1);
      ASSERT_EQ(words, expected.words) << name_of(level) << ": " << document;
      for (std::size_t i = marked.size; i < 64 * marked.blocks(); ++i) ASSERT_EQ(marked.words[i / 64] >> i % 64 & 1, 0u);
      ASSERT_EQ(marked.words[marked.blocks()], 0u);
    }
  }
}

TEST(WordMasks, AreThoseOfTheSlowFormulaForEveryByteOfAscii) {
  std::string all;
  for (int byte = 0; byte < 128; ++byte) all += static_cast<char>(byte);
  MarkedText marked;
  expect_marked(all, marked);
  EXPECT_TRUE(marked.ascii);
}

TEST(WordMasks, HoldAtEveryLengthAroundABlock) {
  MarkedText marked;
  for (std::size_t length = 0; length <= 200; ++length) {
    std::string word(length, 'W'), words;
    expect_marked(word, marked);
    while (words.size() < length) words += words.size() % 5 == 4 ? ' ' : 'x';
    expect_marked(words, marked);
  }
}

TEST(WordMasks, HoldForRandomTextsOfManyScripts) {
  const std::string pieces[] = {"a", "Z", "0", "_", " ", "-", "\n", std::string(1, '\0'), "\x7f", "é", "É", "ß", "ΑΣ", "ας", "İ",
                                "Ⱥ", "ि", "क", "中", "。", "\u0301", "\u00a0", "𝒜", "😀", "ﬁ", "٣", "Ⅷ"};
  std::mt19937 random(7);
  MarkedText marked;
  for (int round = 0; round < 2000; ++round) {
    const bool ascii = round % 4 == 0;
    std::string document;
    for (std::size_t n = random() % 150; n > 0; --n) document += pieces[random() % (ascii ? 9 : std::size(pieces))];
    expect_marked(document, marked);
  }
}

TEST(WordMasks, AreRefusedForWhatIsNoUtf8) {
  MarkedText marked;
  for (const Simd level : simd_levels()) {
    for (const std::string bad : {"\x80", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"}) {
      const std::string far = std::string(70, 'a') + bad + std::string(70, 'b');
      EXPECT_FALSE(mark_words(level, far, {}, marked)) << name_of(level);
      EXPECT_FALSE(mark_words(level, bad, {false, Accents::keep}, marked)) << name_of(level);
    }
  }
}

TEST(Simd, LevelsHaveNamesThatAreFoundAgain) {
  EXPECT_EQ(simd_levels().front(), Simd::baseline);
  for (const Simd level : simd_levels()) EXPECT_EQ(simd_named(name_of(level)), level);
  EXPECT_EQ(simd_named("avx9"), std::nullopt);
}

}  // namespace
}  // namespace corpuscle::test
