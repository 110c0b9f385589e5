"""SciPy: pairs of terms as a sparse product, on one thread by nature; always both triangles."""

from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.special import xlogy

from answers import dense_answer, six_digits, sparse_answer, upper_answer
from inputs import load_presence, load_presence_of_all
from task import Task, versions


def info() -> dict[str, Any]:
    return versions("scipy", "numpy")


def product(presence: sp.csr_matrix) -> sp.csc_matrix:
    return presence.T @ presence


def upper_of(pairs: sp.csc_matrix, threads: int) -> dict[str, Any]:
    return upper_answer(pairs.T)  # symmetric: its columns are its rows


def full_of(pairs: sp.csc_matrix, threads: int) -> dict[str, Any]:
    return sparse_answer(pairs.T)


def best_partners(presence: sp.csr_matrix) -> np.ndarray:
    """The ten highest log-likelihood ratios of each term with another, negative below chance; fewer are padded with 0."""
    n = presence.shape[0]
    pairs = product(presence).tocsr()
    f = pairs.diagonal().astype(np.float64)
    i = np.repeat(np.arange(pairs.shape[0]), np.diff(pairs.indptr))
    j = pairs.indices
    a = pairs.data.astype(np.float64)
    margins = xlogy(f, f) + xlogy(n - f, n - f)
    b, c, d = f[i] - a, f[j] - a, n - f[i] - f[j] + a
    ratio = 2 * (xlogy(a, a) + xlogy(b, b) + xlogy(c, c) + xlogy(d, d) - margins[i] - margins[j] + n * np.log(n))
    ratio[a * n < f[i] * f[j]] *= -1
    ratio[i == j] = -np.inf
    best = np.zeros((pairs.shape[0], 10))
    for row in range(pairs.shape[0]):
        own = ratio[pairs.indptr[row] : pairs.indptr[row + 1]]
        top = np.partition(own, -10)[-10:] if len(own) > 10 else own
        best[row, : len(top)] = np.where(np.isfinite(top), top, 0)
    return best


tasks = {
    "cooccurrence": Task(lambda folder, _: load_presence(folder), product, upper_of),
    "cooccurrence-full": Task(lambda folder, _: load_presence(folder), product, full_of),
    "cooccurrence-dense": Task(
        lambda folder, _: load_presence(folder),
        lambda presence: product(presence).toarray(),
        lambda pairs, _: dense_answer(pairs),
    ),
    "top-cooccurrence": Task(
        lambda folder, _: load_presence(folder),
        best_partners,
        lambda best, _: {"terms": len(best), "score": six_digits(float(best.sum()))},
    ),
    "cooccurrence-stop-words": Task(lambda folder, _: load_presence_of_all(folder), product, upper_of),
}
