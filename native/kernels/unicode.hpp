// What a tokenizer asks of Unicode: UTF-8, word characters and lower case as Python's `\w` and `str.lower` have them.
// The plain backend holds the same rules over the same table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../generated/unicode_table.hpp"

namespace corpuscle {

// Strict: no surrogates, no overlong forms, nothing above U+10FFFF, nothing cut off.
bool valid_utf8(std::span<const char> bytes);

bool is_ascii(std::span<const char> bytes);

// The code point at p, in valid UTF-8; p moves behind it.
inline char32_t decode(const char*& p, const char* end) {
    const auto next = [&]() -> char32_t { return p != end ? static_cast<unsigned char>(*p++) & 0x3fu : 0u; };
    const char32_t lead = static_cast<unsigned char>(*p++);
    if (lead < 0x80) return lead;
    char32_t c = next();
    if (lead < 0xe0) return (lead & 0x1fu) << 6 | c;
    c = c << 6 | next();
    if (lead < 0xf0) return (lead & 0x0fu) << 12 | c;
    c = c << 6 | next();
    return (lead & 0x07u) << 18 | c;
}

// Sum of unicode_table::word, cased and case_ignorable; 0 for anything that is no code point.
inline std::uint8_t properties_of(char32_t c) {
    using namespace unicode_table;
    if (c >= property_limit) return 0;
    constexpr char32_t mask = (1u << property_bits) - 1;
    return property_blocks[(std::size_t{property_index[c >> property_bits]} << property_bits) | (c & mask)];
}

// A letter (L*), a number (Nd, Nl, No) or '_'; marks are no word characters.
inline bool is_word(char32_t c) { return (properties_of(c) & unicode_table::word) != 0; }

// White space, as Python's `\s` and `str.split` have it.
inline bool is_space(char32_t c) { return (properties_of(c) & unicode_table::space) != 0; }

// How many bytes the lower case of so many bytes of UTF-8 can take.
constexpr std::size_t lowercase_bound(std::size_t bytes) { return bytes + bytes / 2; }

// Writes the lower case of a whole document of valid UTF-8 and returns the end of what it wrote. `out` has room for
// lowercase_bound(utf8.size()) bytes. A document, not a token: whether a sigma is final shows in what surrounds it.
char* lowercase(std::span<const char> utf8, char* out);

// The same, replacing the content of a vector.
void lowercase(std::span<const char> utf8, std::vector<char>& out);

// What stripping the accents of a text keeps: all characters, or ASCII alone.
enum class Accents { keep, strip, strip_to_ascii };

// Appends to `out` what the compatibility decomposition (NFKD) of valid UTF-8 leaves without characters of a combining class, and
// of that, where it is asked for, what is ASCII.
void strip_accents(std::span<const char> utf8, bool ascii_alone, std::vector<char>& out);

}  // namespace corpuscle
