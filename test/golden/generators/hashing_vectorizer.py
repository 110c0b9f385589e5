"""HashingVectorizer: which column a term falls into, with which sign, and what collisions leave."""

from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.utils.murmurhash import murmurhash3_32

from . import golden
from .count_vectorizer import book, scripts

about = (
    "scikit-learn's HashingVectorizer.transform with options named as ours. `hashes` are its murmurhash3_32, signed, of "
    "strings as UTF-8 with a seed. A stored zero is an entry: its terms cancelled out."
)

names = {
    "nFeatures": "n_features",
    "alternateSign": "alternate_sign",
    "ngramRange": "ngram_range",
    "stopWords": "stop_words",
    "stripAccents": "strip_accents",
}


def inputs():
    yield "defaults", book, {}
    yield "scripts", [*scripts, ""], {}
    for alternate in [True, False]:
        for norm in ["l2", "l1", None]:
            options = {"nFeatures": 7, "alternateSign": alternate, "norm": norm}
            yield f"collisions, {norm}, signs {alternate}", [*book, *scripts], options
    yield "binary", [*book, *scripts], {"nFeatures": 5, "binary": True, "norm": None}
    yield "one column", book, {"nFeatures": 1, "norm": None}
    yield "as many columns as there can be", book, {"nFeatures": 2**31 - 1, "norm": None}
    yield "n-grams", book, {"ngramRange": [1, 2], "stopWords": "english"}
    yield "characters", [*book, *scripts], {"analyzer": "char", "ngramRange": [1, 3], "nFeatures": 100}
    yield "case kept, accents stripped", scripts, {"lowercase": False, "stripAccents": "ascii", "nFeatures": 64}


def write(name):
    cases = []
    for title, documents, options in inputs():
        read = {"ngramRange": tuple}
        vectorizer = HashingVectorizer(**{names.get(key, key): read.get(key, lambda x: x)(value) for key, value in options.items()})
        counts = vectorizer.transform(documents)
        cases.append({"name": title, "documents": documents, "options": options, **golden.csr_fields(counts)})
    strings = ["", "a", "ab", "abc", "abcd", "abcde", "foo", "été", "日本語", "\U0001f642", "x" * 100]
    hashes = [[text, seed, int(murmurhash3_32(text, seed))] for text in strings for seed in [0, 42]]
    golden.write(name, about, cases, hashes=hashes)
