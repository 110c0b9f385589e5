"""200,000 random documents over all of Unicode through CountVectorizer, by hash."""

import math
from hashlib import sha256

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from . import golden, unicode_rules

about = (
    "200,000 documents, drawn with the xorshift32 of test/support.ts from `seed`: up to 11 parts, each an ASCII character, "
    "one of `specials`, one of `words`, or a code point that unicode.json says is assigned, without its `changed`. A case "
    "has the options of scikit-learn's CountVectorizer, named as ours, and SHA-256 of its terms, each ended by a zero, and "
    "of its arrays as little-endian 32-bit integers."
)

seed = 20_241_124
specials = [*map(ord, "ΣΣΣσςΑΒß_'.-· \t\n\0\x1f"), 0x130, 0x131, 0x301, 0x307, 0x345, 0xAD, 0x200B, 0x200D, 0x2028, 0x3000, 0xA0,
            0x1E9E, 0x1C5, 0x23A, 0x23E, 0x10400, 0x10428, 0x1E900, 0x1F600, 0xE000, 0xFFFD, 0xFEFF, 0x10FFFD, 0xFF21, 0xE0101]
words = ["__proto__", "constructor", " toString ", "ΟΔΥΣΣΕΥΣ", "İstanbul", "naïve", "हिन्दी", "日本", " the ", "ﬁ"]


def dice(seed):
    state = seed | 1
    while True:
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        yield state / 2**32


def documents():
    known = [c for c in range(0x110000) if unicode_rules.is_assigned(c) and c not in unicode_rules.changed]
    draws = dice(seed)

    def below(n):
        return math.floor(next(draws) * n)

    def part():
        kind = next(draws)
        if kind < 0.35:
            return chr(32 + below(95))
        if kind < 0.6:
            return chr(specials[below(len(specials))])
        if kind < 0.65:
            return words[below(len(words))]
        return chr(known[below(len(known))])

    return ["".join(part() for _ in range(below(12))) for _ in range(200_000)]


def cases():
    yield "words", {}, {}
    yield "n-grams without accents", {"ngramRange": [1, 2], "stripAccents": "unicode"}, {"ngram_range": (1, 2), "strip_accents": "unicode"}
    yield "characters", {"analyzer": "char", "ngramRange": [1, 2]}, {"analyzer": "char", "ngram_range": (1, 2)}
    yield (
        "characters of words, case kept, in ASCII",
        {"analyzer": "charWb", "ngramRange": [3, 4], "lowercase": False, "stripAccents": "ascii"},
        {"analyzer": "char_wb", "ngram_range": (3, 4), "lowercase": False, "strip_accents": "ascii"},
    )


def write(name):
    texts = documents()
    results = []
    for title, options, theirs in cases():
        vectorizer = CountVectorizer(**theirs)
        counts = vectorizer.fit_transform(texts)
        counts.sort_indices()
        terms = "".join(f"{term}\0" for term in vectorizer.get_feature_names_out())
        arrays = {key: getattr(counts, attribute) for key, attribute in [("indptr", "indptr"), ("indices", "indices"), ("values", "data")]}
        hashes = {key: sha256(array.astype("<i4").tobytes()).hexdigest() for key, array in arrays.items()}
        sizes = {"columns": counts.shape[1], "nnz": counts.nnz}
        results.append({"name": title, "options": options, **sizes, "terms": sha256(terms.encode()).hexdigest(), **hashes})
    golden.write(name, about, results, seed=[seed], specials=[specials], words=[words])
