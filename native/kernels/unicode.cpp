#include "unicode.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "bytes.hpp"

namespace corpuscle {

namespace {

constexpr char32_t capital_sigma = 0x03a3;
constexpr char32_t final_sigma = 0x03c2;
constexpr char32_t capital_i_with_dot = 0x0130;
constexpr char32_t combining_dot_above = 0x0307;

// Eight bytes in one word; the same operations hold for either byte order.
constexpr std::uint64_t each_byte = 0x0101010101010101u;

// Adds 0x20 to each byte from 'A' to 'Z' of eight ASCII bytes: the sums carry into bit 7, which ASCII leaves free.
constexpr std::uint64_t lowercase_ascii(std::uint64_t word) {
    const std::uint64_t from_a = word + (0x80 - 'A') * each_byte;
    const std::uint64_t above_z = word + (0x7f - 'Z') * each_byte;
    return word + ((from_a & ~above_z & high_bits) >> 2);
}

char32_t simple_lowercase(char32_t c) {
    using namespace unicode_table;
    if (c >= shift_limit) return c;
    constexpr char32_t mask = (1u << shift_bits) - 1;
    const auto number = shift_blocks[(std::size_t{shift_index[c >> shift_bits]} << shift_bits) | (c & mask)];
    return c + static_cast<char32_t>(shifts[number]);
}

char* encode(char32_t c, char* out) {
    const auto put = [&](char32_t byte) { *out++ = static_cast<char>(static_cast<unsigned char>(byte)); };
    const auto put_rest = [&](int shift) { put(0x80u | (c >> shift & 0x3fu)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xc0u | c >> 6);
        put_rest(0);
    } else if (c < 0x10000) {
        put(0xe0u | c >> 12);
        put_rest(6);
        put_rest(0);
    } else {
        put(0xf0u | c >> 18);
        put_rest(12);
        put_rest(6);
        put_rest(0);
    }
    return out;
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0u) == 0x80u; }

// The properties of the first code point that is not case-ignorable, before or after a place; 0 at the end of the text.
std::uint8_t cased_before(const char* begin, const char* p) {
    while (p != begin) {
        const char* const end = p;
        do --p;
        while (p != begin && is_continuation(*p));
        const char* start = p;
        const std::uint8_t properties = properties_of(decode(start, end));
        if (!(properties & unicode_table::case_ignorable)) return properties & unicode_table::cased;
    }
    return 0;
}

std::uint8_t cased_after(const char* p, const char* end) {
    while (p != end) {
        const std::uint8_t properties = properties_of(decode(p, end));
        if (!(properties & unicode_table::case_ignorable)) return properties & unicode_table::cased;
    }
    return 0;
}

// Length of the sequence at p if it is well formed (table 3-7 of the Unicode Standard), else 0.
std::size_t sequence_length(const char* p, const char* end) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(p[i]); };
    const auto in = [&](std::size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
    const auto left = static_cast<std::size_t>(end - p);
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead < 0xc2) return 0;
    if (lead < 0xe0) return left >= 2 && in(1, 0x80, 0xbf) ? 2 : 0;
    if (lead < 0xf0) {
        const unsigned low = lead == 0xe0 ? 0xa0 : 0x80;   // overlong below
        const unsigned high = lead == 0xed ? 0x9f : 0xbf;  // surrogates above
        return left >= 3 && in(1, low, high) && in(2, 0x80, 0xbf) ? 3 : 0;
    }
    if (lead < 0xf5) {
        const unsigned low = lead == 0xf0 ? 0x90 : 0x80;   // overlong below
        const unsigned high = lead == 0xf4 ? 0x8f : 0xbf;  // U+110000 above
        return left >= 4 && in(1, low, high) && in(2, 0x80, 0xbf) && in(3, 0x80, 0xbf) ? 4 : 0;
    }
    return 0;
}

}  // namespace

bool is_ascii(std::span<const char> bytes) {
    const char* p = bytes.data();
    const char* const end = p + bytes.size();
    for (; end - p >= 8; p += 8) {
        if (load8(p) & high_bits) return false;
    }
    for (; p != end; ++p) {
        if (static_cast<unsigned char>(*p) >= 0x80) return false;
    }
    return true;
}

bool valid_utf8(std::span<const char> bytes) {
    const char* p = bytes.data();
    const char* const end = p + bytes.size();
    while (p != end) {
        if (end - p >= 8 && !(load8(p) & high_bits)) {
            p += 8;
            continue;
        }
        const std::size_t length = sequence_length(p, end);
        if (length == 0) return false;
        p += length;
    }
    return true;
}

char* lowercase(std::span<const char> utf8, char* out) {
    const char* const begin = utf8.data();
    const char* const end = begin + utf8.size();
    for (const char* p = begin; p != end;) {
        if (end - p >= 8) {
            const std::uint64_t word = load8(p);
            if (!(word & high_bits)) {
                const std::uint64_t lower = lowercase_ascii(word);
                std::memcpy(out, &lower, sizeof lower);
                p += 8;
                out += 8;
                continue;
            }
        }
        const char* const start = p;
        const char32_t c = decode(p, end);
        if (c == capital_sigma && cased_before(begin, start) && !cased_after(p, end)) {
            out = encode(final_sigma, out);
        } else {
            out = encode(simple_lowercase(c), out);
            if (c == capital_i_with_dot) out = encode(combining_dot_above, out);
        }
    }
    return out;
}

void lowercase(std::span<const char> utf8, std::vector<char>& out) {
    out.resize(is_ascii(utf8) ? utf8.size() : lowercase_bound(utf8.size()));
    out.resize(static_cast<std::size_t>(lowercase(utf8, out.data()) - out.data()));
}

namespace {

// Calls put(c) for what is left of a character without its accents.
template <class Put>
void put_accentless(char32_t c, const Put& put) {
    using namespace unicode_table;
    constexpr char32_t hangul = 0xac00, syllables = 11172, per_lead = 588, per_vowel = 28;
    if (properties_of(c) & accented) {
        const auto place = std::lower_bound(std::begin(accented_points), std::end(accented_points), c) - std::begin(accented_points);
        const char* at = reinterpret_cast<const char*>(accentless) + accentless_begin[place];
        const char* const end = reinterpret_cast<const char*>(accentless) + accentless_begin[place + 1];
        while (at != end) put(decode(at, end));
    } else if (c - hangul < syllables) {  // the Unicode Standard, section 3.12
        const char32_t syllable = c - hangul, tail = syllable % per_vowel;
        put(0x1100 + syllable / per_lead);
        put(0x1161 + syllable % per_lead / per_vowel);
        if (tail != 0) put(0x11a7 + tail);
    } else {
        put(c);
    }
}

}  // namespace

void strip_accents(std::span<const char> utf8, bool ascii_alone, std::vector<char>& out) {
    const char* const end = utf8.data() + utf8.size();
    for (const char* at = utf8.data(); at != end;) {
        put_accentless(decode(at, end), [&](char32_t c) {
            if (ascii_alone && c >= 0x80) return;
            char bytes[4];
            out.insert(out.end(), bytes, encode(c, bytes));
        });
    }
}

}  // namespace corpuscle
