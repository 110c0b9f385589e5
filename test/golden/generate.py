"""Writes the goldens beside this file: what scikit-learn, NumPy and Python itself answer on small, nasty inputs.

    python3.11 -m venv .venv && . .venv/bin/activate
    pip install -r test/golden/requirements.txt
    python test/golden/generate.py              # all, or: generate.py kmeans unicode

Deterministic: fixed seeds, one thread. Integers, labels and strings are the same on every machine; sums of doubles are
NumPy's and may differ in the last digits on a CPU with another vector width.
"""

import sys

from threadpoolctl import threadpool_limits

from generators import (
    bisecting,
    cluster_metrics,
    cooccurrence,
    count_vectorizer,
    fuzz,
    hashing_vectorizer,
    kmeans,
    mini_batch,
    random_state,
    tfidf,
    unicode_rules,
)

generators = {
    "count-vectorizer": count_vectorizer.write,
    "hashing-vectorizer": hashing_vectorizer.write,
    "fuzz": fuzz.write,
    "tfidf": tfidf.write,
    "kmeans": kmeans.write,
    "cluster-metrics": cluster_metrics.write,
    "mini-batch": mini_batch.write,
    "random": random_state.write,
    "bisecting": bisecting.write,
    "cooccurrence": cooccurrence.write,
    "unicode": unicode_rules.write,
}

if __name__ == "__main__":
    with threadpool_limits(limits=1):
        for name in sys.argv[1:] or generators:
            generators[name](name)
