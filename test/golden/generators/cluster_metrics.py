"""Scores of clusterings, and of one clustering against another.

A golden must not hang on rounding: a value is written only where scikit-learn's agrees with the definition, computed here
from the differences of dense rows, and every metric must be written for most matrices.
"""

import numpy as np
from scipy.spatial.distance import cdist
from sklearn import metrics

from . import golden
from .kmeans import matrices as sources

about = (
    "`clusterings`: scikit-learn's silhouette_samples and silhouette_score (for each metric where they are stable), "
    "davies_bouldin_score and calinski_harabasz_score of the CSR matrix named, to 1e-12 of the scale of "
    "the value. `samples`: the rows that RandomState(seed).permutation(n) puts first. `cases`: two labelings and what "
    "scikit-learn says of them, labels_true first, to 1e-12."
)

distances = {
    "cosine": lambda X: cosine(X),
    "sqeuclidean": lambda X: cdist(X, X, "sqeuclidean"),
    "euclidean": lambda X: cdist(X, X, "euclidean"),
}


def cosine(X):
    lengths = np.sqrt((X**2).sum(axis=1, keepdims=True))
    unit = np.divide(X, lengths, out=np.zeros_like(X), where=lengths > 0)
    D = 1 - unit @ unit.T
    np.fill_diagonal(D, 0)
    return D


def silhouettes(D, labels):
    """By the definition."""
    out = np.zeros(len(labels))
    for i, own in enumerate(labels):
        mates = (labels == own) & (np.arange(len(labels)) != i)
        if not mates.any():
            continue
        a = D[i, mates].mean()
        b = min(D[i, labels == other].mean() for other in set(labels) - {own})
        out[i] = (b - a) / max(a, b) if max(a, b) > 0 else 0
    return out


def centers_of(X, labels):
    return {j: X[labels == j].mean(axis=0) for j in sorted(set(labels))}


def davies_bouldin(X, labels):
    centers = centers_of(X, labels)
    spread = {j: np.linalg.norm(X[labels == j] - c, axis=1).mean() for j, c in centers.items()}
    if max(spread.values()) <= 1e-8:
        return 0
    return np.mean([max((spread[i] + spread[j]) / np.linalg.norm(centers[i] - centers[j]) for j in centers if j != i) for i in centers])


def calinski_harabasz(X, labels):
    centers = centers_of(X, labels)
    within = sum(((X[labels == j] - c) ** 2).sum() for j, c in centers.items())
    between = sum((labels == j).sum() * ((c - X.mean(axis=0)) ** 2).sum() for j, c in centers.items())
    return 1 if within == 0 else between * (len(X) - len(centers)) / (within * (len(centers) - 1))


def labels_for(name, n):
    """Even, skewed with lone rows, and with numbers that are missing."""
    random = np.random.RandomState(n)
    even = np.arange(n) % min(3, n - 1)
    yield even
    if n >= 16:
        skewed = np.minimum(random.geometric(0.4, n) - 1, 6)
        skewed[n // 2] = 7
        yield skewed
        yield random.randint(0, 5, n) * 3 + 2


def clustering(name, labels):
    X, dense = sources[name], sources[name].toarray()
    found = {}
    for metric, distance in distances.items():
        source = dense if metric == "sqeuclidean" else X
        theirs = metrics.silhouette_samples(source, labels, metric=metric)
        if np.abs(theirs - silhouettes(distance(dense), labels)).max() < 1e-13:
            found[metric] = {"samples": theirs, "score": metrics.silhouette_score(source, labels, metric=metric)}
    case = {"matrix": name, "labels": labels, "silhouettes": found}
    for key, theirs, slow in (
        ("daviesBouldin", metrics.davies_bouldin_score, davies_bouldin),
        ("calinskiHarabasz", metrics.calinski_harabasz_score, calinski_harabasz),
    ):
        value = theirs(dense, labels)
        if abs(value - slow(dense, labels)) <= 1e-13 * max(1, abs(value)):
            case[key] = value
    return case


def comparisons():
    random = np.random.RandomState(7)
    yield "no items", [], []
    yield "one item", [3], [8]
    yield "the same", [0, 0, 1, 1, 2], [0, 0, 1, 1, 2]
    yield "the same, renamed", [0, 0, 1, 1, 2], [5, 5, 0, 0, 3]
    yield "one class, one cluster", [1, 1, 1, 1], [0, 0, 0, 0]
    yield "one class, all apart", [1, 1, 1, 1], [0, 1, 2, 3]
    yield "all apart, one cluster", [0, 1, 2, 3], [1, 1, 1, 1]
    yield "independent", [0, 0, 1, 1], [0, 1, 0, 1]
    yield "worse than chance", [0, 0, 0, 0, 1, 1, 1, 1], [0, 1, 2, 3, 0, 1, 2, 3]
    yield "strings", ["a", "b", "a", "c", "b", "a"], ["x", "x", "y", "y", "x", "é"]
    yield "homogeneous", [0, 0, 0, 1, 1, 1], [0, 0, 1, 2, 2, 2]
    yield "complete", [0, 0, 1, 1, 2, 2], [0, 0, 1, 1, 1, 1]
    yield "neither", [0, 0, 0, 1, 1, 1], [0, 1, 0, 1, 2, 2]
    yield "negative numbers", [-1, 0, -1, 4, 4, 0], [2, 2, -7, -7, 2, 2]
    for k, other, n in ((2, 2, 40), (4, 9, 60), (30, 3, 90), (50, 50, 60)):
        yield f"random, {k} x {other}", random.randint(0, k, n), random.randint(0, other, n)
    a = random.randint(0, 5, 120)
    yield "mostly the same", a, np.where(random.random_sample(120) < 0.15, random.randint(0, 6, 120), a)


def comparison(title, a, b):
    nmi = {average: metrics.normalized_mutual_info_score(a, b, average_method=average) for average in ("min", "geometric", "arithmetic", "max")}
    return {
        "name": title,
        "a": a,
        "b": b,
        "adjustedRand": metrics.adjusted_rand_score(a, b),
        "normalizedMutualInfo": nmi,
        "homogeneity": metrics.homogeneity_score(a, b),
        "completeness": metrics.completeness_score(a, b),
        "vMeasure": {str(beta): metrics.v_measure_score(a, b, beta=beta) for beta in (0.25, 1, 2)},
    }


def write(name):
    names = [matrix for matrix in sources if sources[matrix].shape[0] > 2 and matrix != "text, 300 x 30"]
    clusterings = [clustering(matrix, labels) for matrix in names for labels in labels_for(matrix, sources[matrix].shape[0])]
    for metric in distances:
        written = sum(metric in case["silhouettes"] for case in clusterings)
        assert written > 0.6 * len(clusterings), f"{metric} is stable in {written} of {len(clusterings)} cases"
    for key in ("daviesBouldin", "calinskiHarabasz"):
        assert sum(key in case for case in clusterings) > 0.8 * len(clusterings), key
    samples = [{"seed": seed, "n": 200, "rows": np.random.RandomState(seed).permutation(200)[:20]} for seed in (0, 42)]
    cases = [comparison(*case) for case in comparisons()]
    matrices = {key: {"nRows": sources[key].shape[0], "nColumns": sources[key].shape[1], **golden.csr_fields(sources[key])} for key in names}
    golden.write(name, about, cases, matrices=matrices, clusterings=clusterings, samples=samples)
