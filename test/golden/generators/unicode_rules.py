"""Python's own `str.lower`, `\\w` and final sigma: 300 tricky strings, and every code point by SHA-256."""

import random
import re
import unicodedata
from hashlib import sha256

from sklearn.feature_extraction.text import strip_accents_ascii, strip_accents_unicode

from . import golden

about = (
    "Python's str.lower and re.findall(r'(?u)\\b\\w\\w+\\b', lower). The hashes go over the code points assigned in the "
    "Unicode version of this Python (`assigned`: gap, length, gap, length, ... from U+0000, no surrogates), so that a "
    "later version can be held against them. Each hashes lines of ASCII joined by a line feed: `words` the decimal word "
    "code points; `lower` 'code point:lower case' for each that changes, the lower case as code points joined by a space; "
    "`finalSigma` the code points c, first those for which c+U+03A3 ends in a final sigma, then those for which "
    "'a'+c+U+03A3 does, then those for which 'a'+U+03A3+c holds one; without those in `changed`, whose general category, "
    "and with it their part in the rule, has become another since. `spaces` hashes the decimal code points of white space "
    "(str.isspace), `accents` and `accentsToAscii` lines as `lower` of what scikit-learn's strip_accents_unicode and "
    "strip_accents_ascii change."
)

# Unicode 14 to 16: U+1171E (Ahom medial ra) went from Mn to Mc and is case-ignorable no more.
changed = [0x1171E]

by_hand = [
    "", " ", "a", "ab", "a b", "_", "__", "_a", "a_b", "A_B C", "don't", "e-mail", "3.14", "x2", "2x 22", "\0", "ab\0cd",
    "ΑΣ", "ΑΣ'Β", "ΑΣ-Β", "ΑΣΒ", "Σ", "ΣΣ", "Σ Σ", "ΑΣ Σ", "ΑΣ.", "ΑΣ.Β", "ΑΣ:Β", "ΑΣ·Β", "ΑΣ\u0301", "ΑΣ\u0301Β",
    "Α\u0301Σ", "ΑΣ\u00adΒ", "ΑΣ\u200dΒ", "ΑΣ\u200b", "ΑΣʰ", "ʰΣ", "ªΣ", "ⅷΣ", "ⓐΣ", "ΟΔΥΣΣΕΥΣ ΟΔΥΣΣΕΥΣ", "aΣ b", "日Σ", "Σ日", "1Σ",
    "_Σ", "🙂Σ", "𐐀Σ", "𐐀Σ𐐀", "𝐀Σ", "Σ𝐀", "ΑΣ\U000e0101", "ΑΣ\U000e0101Β", "ΑΣ''''''''''''Β", "ΑΣ............", "Ͽͅ Σͅ", "ΆΣ",
    "İ", "İstanbul", "DİYARBAKIR", "ISPARTA ısı", "İİİİ", "i\u0307", "ß", "Straße", "STRAẞE", "ẞ", "ﬁ ﬀ ﬃx", "Ǆ", "ǅ", "ǆ Ǆungla",
    "Ⱥ", "Ⱦ", "ȺȾ test", "Ω Å K", "ΩÅK", "Ω", "À É Î Õ Ü", "ÀÉÎÕÜ", "A\u0300E\u0301", "naïve café", "NAÏVE CAFÉ",
    "Ångström", "Łódź", "Ørsted", "Þór Ægir", "ŒUVRE", "Ÿ", "Ĳssel", "ŉ", "ǰ", "Ŀ", "ǈ ǋ ǲ",
    "Съешь Ещё ЭТИХ мягких", "ЁЖ", "ЂЃЄЇ", "Ꙁ ꙁ", "\u0483А", "Ӏ ӏ", "Ҁ҂", "ԱԲԳ աբգ", "և", "ᲐᲑᲒ აბგ", "Ⴀ ⴀ", "ᏸ Ꭰ ꭰ", "Ა",
    "हिन्दी में पाठ", "नमस्ते दुनिया", "कि", "தமிழ் மொழி", "বাংলা ভাষা", "ไทย ภาษาไทย", "ລາວ", "မြန်မာ", "ខ្មែរ", "བོད་ཡིག", "සිංහල",
    "日本語のテキスト", "漢字 かな カナ", "日", "ﾊﾝｶｸ", "ＡＢＣ ａｂｃ １２３", "〇一二", "㊀㊁", "한국어 문장", "ᄀᄀ", "ㄅㄆ", "々〆", "ー",
    "العربية نص", "مُحَمَّد", "١٢٣ ۴۵۶", "ـــ", "عـ", "שלום עולם", "שָׁלוֹם", "ܫܠܡܐ", "ދިވެހި", "ߒߞߏ", "አማርኛ", "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    "0٠०๐", "½ ¼x", "x² y₃", "Ⅷ ⅷ ⅷⅷ", "①②", "⒈", "𝟘𝟙", "𑁦𑁧", "፩፪", "༳༴", "𐄇𐄈", "五六", "ↀↁ", "Ↄ",
    "🙂", "🙂🙂", "a🙂b", "ab🙂cd", "👩‍👩‍👧", "🇩🇪", "1️⃣", "❤️ab", "™", "©ab", "№5", "ℵ0", "°C", "µm", "µ Μ",
    "𐐀𐐁", "𐐨𐐩", "𐐀", "𞤀𞤁", "𑢠𑢡", "𖹀𖹁", "𐲀𐲁", "𐒰𐒱", "𝐀𝐁", "𝕬𝖇", "𠀀𠀁", "𠀀", "🄰🄱", "𐀀𐀁", "𒀀𒀁",
    "‿ab", "a‿b", "a⁀b", "﹍﹎", "＿ab", "＿＿", "a\u0301b", "\u0301ab", "ab\u0301", "a\u20ddb", "\u0903ab", "a\u0903b",
    "a\u200cb", "a\u200db", "a\u00adb", "a\u2060b", "\ufeffab", "ab\u00a0cd", "ab\u2028cd", "ab\u3000cd", "ab\u0085cd", "a\x1fb",
    "__proto__", "constructor", "toString hasOwnProperty", "\ue000\ue001", "ab\ue000cd", "\ufffdab", "\U0010fffdab", "ﷺ", "ꟸ ꟹ", "ˠ ˤˤ",
    "<br />Great<BR/>film", "U.S.A.", "Rock'n'Roll", "l'été", "C++ C#", "a@b.de", "http://Example.org/Path", "x" * 40, "AbC" * 30,
]

pools = {
    "sigma": ["Σ"] * 6 + list("aBÄ1_'.:- ·日") + ["\u0301", "ʰ", "ͅ", "𐐀", "𐐨", "\u00ad", "ⓐ", "ª", "\U000e0101", "Ⱥ", "İ", "🙂"],
    "letters": list("aZ_9éÀßǄⅧжЖيक한日İẞȺ𐐀𐐨𝐀𠀀½²٣") + list(" -'."),
    "marks": list("abÄक日 ") + ["\u0301", "\u0307", "\u093f", "\u094d", "\u20dd", "\u200d", "\ufe0f", "\u0e31", "\u0651", "𝅥"],
}


def random_strings():
    dice = random.Random(16)
    for pool in pools.values():
        for _ in range(30):
            yield "".join(dice.choice(pool) for _ in range(dice.randrange(2, 25)))


def is_assigned(c):
    return unicodedata.category(chr(c)) not in ("Cn", "Cs")


def assigned_ranges(code_points):
    ranges, end = [], 0
    for c in code_points:
        if ranges and c == end:
            ranges[-1] += 1
        else:
            ranges += [c - end, 1]
        end = c + 1
    return ranges


def hashed(lines):
    return sha256("\n".join(map(str, lines)).encode("ascii")).hexdigest()


def line_of(c, change):
    return f"{c}:{' '.join(str(ord(part)) for part in change(chr(c)))}"


def hashed_changes(code_points, change):
    lines = [line_of(c, change) for c in code_points if change(chr(c)) != chr(c)]
    return {"count": len(lines), "sha256": hashed(lines)}


def sigma_lines(code_points):
    contexts = [lambda c: chr(c) + "Σ", lambda c: "a" + chr(c) + "Σ", lambda c: "aΣ" + chr(c)]
    return [c for context in contexts for c in code_points if "ς" in context(c).lower() and c not in (ord("ς"), *changed)]


def write(name):
    code_points = [c for c in range(0x110000) if is_assigned(c)]
    words = [c for c in code_points if re.fullmatch(r"\w", chr(c))]
    cases = []
    for text in [*by_hand, *random_strings()]:
        assert all(is_assigned(ord(character)) for character in text), ascii(text)
        lower = text.lower()
        cases.append({"text": text, "lower": lower, "tokens": re.findall(r"(?u)\b\w\w+\b", lower)})
    hashes = {
        "words": {"count": len(words), "sha256": hashed(words)},
        "lower": hashed_changes(code_points, str.lower),
        "finalSigma": {"count": len(sigma_lines(code_points)), "sha256": hashed(sigma_lines(code_points))},
    }
    spaces = [c for c in code_points if chr(c).isspace()]
    hashes["spaces"] = {"count": len(spaces), "sha256": hashed(spaces)}
    hashes["accents"] = hashed_changes(code_points, strip_accents_unicode)
    hashes["accentsToAscii"] = hashed_changes(code_points, strip_accents_ascii)
    golden.write(name, about, cases, assigned=[assigned_ranges(code_points)], changed=changed, hashes=hashes)
