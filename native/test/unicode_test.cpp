#include "../kernels/unicode.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

using namespace corpuscle;
using namespace std::string_literals;

namespace {

std::string lower(std::string_view text) {
    std::vector<char> out{'o', 'l', 'd'};
    lowercase(text, out);
    return {out.begin(), out.end()};
}

char32_t first(std::string_view text) {
    const char* p = text.data();
    const char32_t c = decode(p, text.data() + text.size());
    EXPECT_EQ(p, text.data() + text.size()) << "one code point has been read";
    return c;
}

// A malformed sequence must be found at every distance from the eight-byte steps.
void expect_invalid(std::string_view bytes) {
    for (std::size_t before = 0; before < 18; ++before) {
        for (std::size_t after : {0u, 1u, 7u, 8u, 9u}) {
            const std::string text = std::string(before, 'a') + std::string(bytes) + std::string(after, 'b');
            EXPECT_FALSE(valid_utf8(text)) << testing::PrintToString(bytes) << " after " << before;
        }
    }
}

}  // namespace

TEST(IsWord, LettersNumbersAndUnderscoreAlone) {
    for (const char32_t c : U"azAZ09_éßЖא日한𐐀𠀀½²Ⅷ٣①ªµ"s) EXPECT_TRUE(is_word(c)) << std::hex << std::uint32_t{c};
    for (const char32_t c : U" -'.\0\x7f\u0301\u093e\u094d\u203f\ufe4f\u200d\U0001f642\u20ac\ufffd"s) {
        EXPECT_FALSE(is_word(c)) << std::hex << std::uint32_t{c};
    }
    EXPECT_TRUE(is_word(U'\uff21'));   // full-width A
    EXPECT_FALSE(is_word(U'\uff3f'));  // full-width underscore: a connector, but not '_'
}

TEST(IsWord, NothingBeyondTheTable) {
    for (const char32_t c : {0xd800u, 0xdfffu, 0xe01f0u, 0xe0200u, 0x10ffffu, 0x110000u, 0xffffffffu}) EXPECT_FALSE(is_word(c));
}

TEST(Decode, FirstAndLastOfEachLength) {
    EXPECT_EQ(first("\0"s), 0u);
    EXPECT_EQ(first("\x7f"), 0x7fu);
    EXPECT_EQ(first("\xc2\x80"), 0x80u);
    EXPECT_EQ(first("\xdf\xbf"), 0x7ffu);
    EXPECT_EQ(first("\xe0\xa0\x80"), 0x800u);
    EXPECT_EQ(first("\xef\xbf\xbf"), 0xffffu);
    EXPECT_EQ(first("\xf0\x90\x80\x80"), 0x10000u);
    EXPECT_EQ(first("\xf4\x8f\xbf\xbf"), 0x10ffffu);
}

TEST(ValidUtf8, TakesWhatIsWellFormed) {
    for (const auto& text : {""s, "a"s, "\0"s, "12345678"s, "123456789é"s, "é日🙂"s, "\xed\x9f\xbf\xee\x80\x80"s, "\xf4\x8f\xbf\xbf"s}) {
        EXPECT_TRUE(valid_utf8(text)) << text;
    }
}

TEST(ValidUtf8, RefusesWhatIsNot) {
    expect_invalid("\x80");              // a continuation alone
    expect_invalid("\xc0\x80");          // overlong
    expect_invalid("\xc1\xbf");
    expect_invalid("\xe0\x9f\xbf");
    expect_invalid("\xf0\x8f\xbf\xbf");
    expect_invalid("\xed\xa0\x80");      // surrogates
    expect_invalid("\xed\xbf\xbf");
    expect_invalid("\xf4\x90\x80\x80");  // above U+10FFFF
    expect_invalid("\xf5\x80\x80\x80");
    expect_invalid("\xff");
    expect_invalid("\xc3");              // cut off
    expect_invalid("\xe6\x97");
    expect_invalid("\xf0\x9f\x99");
    expect_invalid("\xc3\xc3\xa9");      // a lead where a continuation belongs
}

TEST(IsAscii, FindsOneByteAnywhere) {
    EXPECT_TRUE(is_ascii(""s));
    EXPECT_TRUE(is_ascii(std::string(100, '\x7f')));
    for (std::size_t length = 1; length < 40; ++length) {
        for (std::size_t place = 0; place < length; ++place) {
            std::string text(length, 'a');
            text[place] = '\x80';
            EXPECT_FALSE(is_ascii(text)) << place << " of " << length;
        }
    }
}

TEST(Lowercase, EveryAsciiByteAtEveryPlace) {
    for (std::size_t before = 0; before < 17; ++before) {
        std::string text(before, 'x');
        std::string expected = text;
        for (int c = 0; c < 128; ++c) {
            text += static_cast<char>(c);
            expected += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
        EXPECT_EQ(lower(text), expected);
        EXPECT_EQ(lower("É" + text + "É"), "é" + expected + "é");
    }
}

TEST(Lowercase, OtherScripts) {
    EXPECT_EQ(lower(""), "");
    EXPECT_EQ(lower("ÀÉÎÕÜ STRAẞE Ǆ ǅ"), "àéîõü straße ǆ ǆ");
    EXPECT_EQ(lower("СЪЕШЬ ЕЩЁ Ա Ა Ꭰ Ⴀ"), "съешь ещё ա ა ꭰ ⴀ");
    EXPECT_EQ(lower("Ω Å K Ⓐ Ⅷ Ａ"), "ω å k ⓐ ⅷ ａ");
    EXPECT_EQ(lower("𐐀 𞤀 𑢠 𝐀"), "𐐨 𞤢 𑣀 𝐀");
    EXPECT_EQ(lower("日本語 हिन्दी 🙂"), "日本語 हिन्दी 🙂");
}

TEST(Lowercase, CodePointsThatTakeMoreBytes) {
    EXPECT_EQ(lower("İstanbul"), "i\u0307stanbul");
    EXPECT_EQ(lower("ȺȾ"), "ⱥⱦ");
    std::string capitals, small;
    for (int i = 0; i < 1000; ++i) capitals += "Ⱥİ", small += "ⱥi\u0307";
    EXPECT_EQ(lower(capitals), small);
    EXPECT_EQ(small.size(), lowercase_bound(capitals.size()));
}

TEST(Lowercase, FinalSigma) {
    EXPECT_EQ(lower("ΑΣ"), "ας");
    EXPECT_EQ(lower("ΑΣΒ"), "ασβ");
    EXPECT_EQ(lower("ΑΣ'Β ΑΣ-Β"), "ασ'β ας-β");
    EXPECT_EQ(lower("ΟΔΥΣΣΕΥΣ"), "οδυσσευς");
    EXPECT_EQ(lower("Σ"), "σ");
    EXPECT_EQ(lower(" Σ "), " σ ");
    EXPECT_EQ(lower("ΣΣ ΣΣ"), "σς σς");
    EXPECT_EQ(lower("Α\u0301Σ\u0301"), "α\u0301ς\u0301");
    EXPECT_EQ(lower("1Σ _Σ 日Σ"), "1σ _σ 日σ");
    EXPECT_EQ(lower("''Σ"), "''σ");
    EXPECT_EQ(lower("𐐀Σ 𐐀Σ𐐀"), "𐐨ς 𐐨σ𐐨");
    EXPECT_EQ(lower("ΑΣ\U000e0101Β"), "ασ\U000e0101β");
    EXPECT_EQ(lower("abcdefghΣ abcdefghΣabcdefgh"), "abcdefghς abcdefghσabcdefgh");
}

TEST(Lowercase, OfLowerCaseIsTheSameAgain) {
    // Every code point that has a lower case, in one document.
    std::string once;
    for (char32_t c = 0x80; c < 0x1ffff; ++c) {
        if (c >= 0xd800 && c < 0xe000) continue;
        std::string utf8;
        if (c < 0x800) {
            utf8 = {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))};
        } else if (c < 0x10000) {
            utf8 = {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3f)),
                    static_cast<char>(0x80 | (c & 0x3f))};
        } else {
            utf8 = {static_cast<char>(0xf0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3f)),
                    static_cast<char>(0x80 | (c >> 6 & 0x3f)), static_cast<char>(0x80 | (c & 0x3f))};
        }
        ASSERT_TRUE(valid_utf8(utf8));
        ASSERT_EQ(first(utf8), c);
        once += lower(utf8);
    }
    ASSERT_TRUE(valid_utf8(once));
    EXPECT_EQ(lower(once), once);
}
