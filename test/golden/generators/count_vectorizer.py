"""CountVectorizer: what a term is, in which order terms stand, and which of them pruning keeps."""

import random
from warnings import catch_warnings, simplefilter

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from . import golden

about = (
    "scikit-learn's CountVectorizer.fit_transform with options named as ours: a number of at least 1 is a count, a number "
    "below 1 a share, '10%' a share. Where `transform` is given, `transformed` is its matrix after the fit. A string may be "
    "{repeat, times}. `vocabulary` is in column order. maxFeatures never cuts between equal totals, where scikit-learn's "
    "choice hangs on an unstable sort. `tokenPattern` is the source and the flags of a RegExp. An error is one of: empty vocabulary, after pruning, max_df < min_df."
)

errors = {
    "empty vocabulary": "empty vocabulary",
    "After pruning": "after pruning",
    "max_df corresponds": "max_df < min_df",
}

book = [
    "This is the first document.",
    "This document is the second document.",
    "And this is the third one.",
    "Is this the first document?",
]

scripts = [
    "ΟΔΥΣΣΕΥΣ και ΑΣ'Β αλλά ΑΣ-Β",
    "İstanbul ISPARTA Straße STRASSE ẞß Ǆungla ǆungla ǅungla",
    "Съешь Ещё этих мягких французских булок, ЁЖ ёж",
    "हिन्दी में पाठ और नमस्ते",
    "日本語のテキスト 漢字 日 본문 한국어",
    "العربية نص ١٢٣ ۴۵۶ مُحَمَّد",
    "🙂🙂 ab🙂cd 👩‍👩‍👧 𝐀𝐁 𠀀𠀁",
    "nai\u0308ve naïve cafe\u0301 café A\u0300B",
    "𐐀𐐁𐐂 𐐨𐐩𐐪 𐐀 𞤀𞤁",
    "__ _a a_b __proto__ constructor toString 0x1F x² Ⅷⅷ ½½ ①①",
]

accents = [
    "àáâãäåçèéêë ÀÉÎÕÜ ìíîïñòóôõöùúûüý Łódź Ørsted",
    "إلى أعلى آخر ﷺ ﻻ",
    "e\u0301te\u0301 nai\u0308ve a\u0323\u0302b",
    "ﬁ ﬃx Ⅷⅷ x²y ½½ ①② ＡＢ ㍿ ㌀",
    "한국어 각갂 ガギ ǅungla ŉa ſt",
    "Ἀθῆναι Αἰγαῖον ΆΣ Ώ İstanbul",
]

# In UTF-16 order the first of each pair stands behind the second.
orders = ["ＡＢ 𐐀𐐁 ﬁﬁ 𠀀𠀁 \ue000ab 日本", "zz 𝐀𝐁 豈豈 ab ééé"]


def pattern(source):
    return {"tokenPattern": {"source": source, "flags": ""}}


def repeat(text, times):
    return {"repeat": text, "times": times}


def spelled(text):
    return text["repeat"] * text["times"] if isinstance(text, dict) else text


def shortened(term):
    return repeat(term[0], len(term)) if len(term) > 1000 and len(set(term)) == 1 else term


def documents_with(n, frequencies):
    """n documents; the term `df7` stands in seven of them."""
    return [" ".join(f"df{d}" for d in frequencies if i < d) for i in range(n)]


def zipf_documents(seed, n, words, length):
    dice = random.Random(seed)
    weights = [1 / (1 + i) for i in range(len(words))]
    return [" ".join(dice.choices(words, weights, k=dice.randrange(length))) for _ in range(n)]


def words(n):
    syllables = ["ka", "Lo", "mé", "нИ", "ßu", "日本", "𐐀𐐁"]
    return [syllables[i % 7] + syllables[i // 7 % 7] + str(i) for i in range(n)]


def inputs():
    zipf = zipf_documents(1, 60, words(150), 30)

    yield "the four documents of the manual", book, {}
    yield "case is kept", book, {"lowercase": False}
    yield "binary", book, {"binary": True}
    yield "english stop words", [*book, "She CANNOT help becoming a system of the computer"], {"stopWords": "english"}
    yield "own stop words", book, {"stopWords": ["is", "the", "This"]}
    yield "own stop words match case", book, {"stopWords": ["is", "the", "This"], "lowercase": False}
    yield "stop words of one document leave it empty", ["the one", "two three"], {"stopWords": ["the", "one"]}
    yield "scripts", scripts, {}
    yield "scripts, case kept", scripts, {"lowercase": False}
    yield "order of code points, not of UTF-16 units", orders, {}
    yield "order of code points, case kept", orders, {"lowercase": False}
    yield "one character is no term", ["a b c dd e", "é ée 日 日本 𐐀 𐐀𐐀"], {}
    yield "empty documents keep their rows", ["", "aa", "   \t\n", "aa bb", "!?", ""], {}
    yield "NUL and control characters separate", ["ab\0cd\x1fef\x7fgh", "ab cd\u0085ij\u2028kl"], {}
    yield "names of Object.prototype", ["__proto__ constructor __proto__", "toString valueOf hasOwnProperty"], {}
    yield "a term of 70,000 letters", [repeat("X", 70000), "xx", repeat("x", 70000)], {}
    yield "a term of 70,000 letters beyond ASCII", [repeat("Ж", 70000), "ЖЖ xx"], {}
    yield "a term 70,000 times", [repeat("ab ", 70000), "ab cd"], {}
    yield "zipf", zipf, {}
    yield "zipf, pruned", zipf, {"minDf": 3, "maxDf": 0.3}
    yield "minDf and maxDf as counts, inclusive", documents_with(9, [1, 2, 5, 6, 7, 9]), {"minDf": 2, "maxDf": 6}
    yield "a count of 1 is not a share of 1", documents_with(5, [1, 2, 5]), {"maxDf": 1}
    yield "all documents as a share", documents_with(5, [1, 2, 5]), {"minDf": "100%"}
    yield "a share of 0", documents_with(5, [1, 2, 5]), {"minDf": 0}
    for n in [9, 10, 11, 19, 20, 21, 30]:
        yield f"a tenth of {n}", documents_with(n, [1, 2, 3, 4]), {"maxDf": 0.1 if n != 20 else "10%"}
    yield "0.3 * 10 is 3", documents_with(10, [2, 3, 4]), {"minDf": 0.3}
    yield "0.29 * 100 is below 29: from above", documents_with(100, [28, 29, 30]), {"maxDf": 0.29}
    yield "0.29 * 100 is below 29: from below", documents_with(100, [28, 29, 30]), {"minDf": 0.29}
    yield "0.07 * 100 is above 7: from above", documents_with(100, [6, 7, 8]), {"maxDf": "7%"}
    yield "0.07 * 100 is above 7: from below", documents_with(100, [6, 7, 8]), {"minDf": "7%"}
    yield "maxFeatures", ["aa aa aa bb bb cc", "bb dd aa", "ee bb aa cc"], {"maxFeatures": 3}
    yield "maxFeatures counts presence when binary", ["aa aa aa aa aa bb", "bb cc", "bb cc"], {"maxFeatures": 2, "binary": True}
    yield "maxFeatures after pruning", ["aa bb cc", "aa bb", "aa bb dd dd dd", "aa"], {"maxFeatures": 2, "maxDf": 3}
    yield "maxFeatures above the number of terms", book, {"maxFeatures": 1000}
    yield "maxFeatures on zipf", zipf, {"maxFeatures": 9, "minDf": 2}
    yield "vocabulary", book, {"vocabulary": ["document", "and", "zebra", "first"]}
    yield "vocabulary with capitals never matches", book, {"vocabulary": ["This", "this"]}
    yield "vocabulary without documents' terms", ["xx", ""], {"vocabulary": ["aa", "bb"]}
    yield "vocabulary is not pruned", book, {"vocabulary": ["document", "third"], "maxDf": 1, "minDf": 1}
    yield "vocabulary, binary, stop words", book, {"vocabulary": ["is", "document"], "binary": True, "stopWords": ["is"]}
    for first, last in [(1, 2), (2, 2), (1, 3), (3, 5), (9, 9)]:
        yield f"n-grams {first} to {last}", [*book, "word", "", "two words"], {"ngramRange": [first, last]}
    yield "n-grams of scripts", scripts, {"ngramRange": [1, 2]}
    yield "n-grams, case kept", book, {"ngramRange": [2, 2], "lowercase": False}
    yield "n-grams of what the stop words leave", book, {"ngramRange": [1, 2], "stopWords": ["is", "the"]}
    yield "a stop word with a space stops no n-gram", book, {"ngramRange": [1, 2], "stopWords": ["this is"]}
    yield "n-grams, pruned", zipf, {"ngramRange": [1, 2], "minDf": 2, "maxDf": 0.5}
    yield "n-grams, binary", ["aa bb aa bb", "bb aa"], {"ngramRange": [2, 2], "binary": True}
    yield "n-grams, maxFeatures", ["aa bb cc aa bb", "bb cc aa bb"], {"ngramRange": [2, 3], "maxFeatures": 1}
    yield "n-grams of a vocabulary", book, {"ngramRange": [1, 2], "vocabulary": ["is the", "document", "the  second", " is", "third one"]}
    yield "bigrams of a vocabulary of words", book, {"ngramRange": [2, 2], "vocabulary": ["document", "this is"]}
    yield "vocabulary as a map", book, {"vocabulary": {"document": 2, "and": 0, "first": 1}}
    spaced = ["This \n\tis a test", " a  b\t\tc ", "a\u00a0\u2003b \x1c\x1dc", "\n", "x", "", "日本 語\u3000の"]
    for analyzer in ["char", "charWb"]:
        for first, last in [(1, 1), (1, 2), (3, 6), (5, 5)]:
            yield f"{analyzer} {first} to {last}", [*book[:2], *spaced], {"analyzer": analyzer, "ngramRange": [first, last]}
        yield f"{analyzer} of scripts", scripts, {"analyzer": analyzer, "ngramRange": [2, 3]}
        yield f"{analyzer}, case kept, pruned", book, {"analyzer": analyzer, "ngramRange": [2, 3], "lowercase": False, "minDf": 2}
        yield f"{analyzer} without accents", [*accents, *scripts], {"analyzer": analyzer, "ngramRange": [2, 2], "stripAccents": "unicode"}
        yield f"{analyzer}, maxFeatures", ["aaaaaaa", "aab", "b"], {"analyzer": analyzer, "ngramRange": [1, 2], "maxFeatures": 1}
    for strip in ["unicode", "ascii"]:
        yield f"accents stripped: {strip}", [*accents, *scripts], {"stripAccents": strip}
        yield f"accents stripped, case kept: {strip}", [*accents, *scripts], {"stripAccents": strip, "lowercase": False}
    yield "stop words meet words without accents", ["été ete le"], {"stripAccents": "unicode", "stopWords": ["été", "le"]}
    yield "a pattern for one letter", book, pattern(r"\b\w+\b")
    yield "a pattern that is no word", ["a-b c-d a-b", "x.y-z"], pattern(r"\w-\w")
    yield "a pattern with a group", ["key=a key=b", "other=a key=c"], pattern(r"key=(\w)")
    yield "a pattern that matches nothing at all", ["ab c", "", "d!"], pattern(r"\w*")
    yield "a pattern with spaces in its tokens", ["a b, b c, a b", "b c"], {**pattern(r"\w \w"), "ngramRange": [1, 2]}
    yield "a pattern and n-grams", ["ab, cd! ab cd", "cd"], {**pattern(r"\w+|[!,]"), "ngramRange": [1, 2], "stopWords": [","]}
    yield "a pattern sees lower case without accents", ["Élan VITAL"], {**pattern(r"[a-z]{2,}"), "stripAccents": "ascii"}
    yield "no term at all", ["a b", "!"], {}
    yield "no document", [], {}
    yield "stop words alone", ["the and", "The"], {"stopWords": "english"}
    yield "nothing is frequent enough", ["aa", "bb"], {"minDf": 2}
    yield "nothing is rare enough", ["aa", "aa"], {"maxDf": 0.5}
    yield "limits cross", ["aa bb", "aa"], {"minDf": 2, "maxDf": 1}
    yield "limits cross as share and count", ["aa bb", "aa"], {"minDf": 2, "maxDf": 0.9}


transforms = {
    "the four documents of the manual": ["a second FIRST unseen document document", "", "unseen"],
    "scripts": ["ΟΔΥΣΣΕΥΣ οδυσσευσ Οδυσσεύς", "istanbul stanbul"],
    "n-grams 1 to 2": ["this document is this", "word", "a two words"],
    "charWb 3 to 6": ["This is", "", "documents"],
    "char 3 to 6": ["This  is", "", "documents"],
    "accents stripped: ascii": ["Elan été Łódź odz"],
    "a pattern and n-grams": ["ab cd, ab", "!"],
    "zipf, pruned": zipf_documents(2, 5, words(200), 40),
    "binary": ["is is is"],
}


def limit(value):
    if isinstance(value, str):
        return float(value.removesuffix("%")) / 100
    return int(value) if value >= 1 else float(value)


def vectorizer_of(options):
    read = {
        "minDf": limit,
        "maxDf": limit,
        "ngramRange": tuple,
        "tokenPattern": lambda pattern: pattern["source"],
        "analyzer": lambda name: {"charWb": "char_wb"}.get(name, name),
    }
    names = {
        "stopWords": "stop_words",
        "minDf": "min_df",
        "maxDf": "max_df",
        "maxFeatures": "max_features",
        "ngramRange": "ngram_range",
        "tokenPattern": "token_pattern",
        "stripAccents": "strip_accents",
    }
    return CountVectorizer(**{names.get(key, key): read.get(key, lambda x: x)(value) for key, value in options.items()})


def check_cut(documents, options):
    """maxFeatures must not cut between terms of equal totals."""
    wider = vectorizer_of({key: value for key, value in options.items() if key != "maxFeatures"})
    totals = np.sort(np.asarray(wider.fit_transform(documents).sum(axis=0)).ravel())[::-1]
    limit = options["maxFeatures"]
    assert limit >= len(totals) or totals[limit - 1] > totals[limit], (options, totals)


def answer(documents, options, more):
    vectorizer = vectorizer_of(options)
    try:
        counts = vectorizer.fit_transform(documents)
    except ValueError as error:
        return {"error": next(ours for theirs, ours in errors.items() if theirs in str(error))}
    if "maxFeatures" in options:
        check_cut(documents, options)
    terms = [shortened(term) for term in vectorizer.get_feature_names_out()]
    result = {"vocabulary": terms, **golden.csr_fields(counts)}
    if more:
        result["transformed"] = golden.csr_fields(vectorizer.transform(more))
    return result


def write(name):
    cases = []
    for title, documents, options in inputs():
        more = transforms.get(title)
        with catch_warnings():
            simplefilter("ignore")  # of vocabularies with capitals, of stop words that the tokenizer would cut
            result = answer([spelled(document) for document in documents], options, more)
        asked = {"name": title, "documents": documents, "options": options}
        cases.append({**asked, **({"transform": more} if more else {}), **result})
    golden.write(name, about, cases)
