"""SciPy: pairs of terms as a sparse product, on one thread by nature; always both triangles."""

from typing import Any

import scipy.sparse as sp

from answers import dense_answer, sparse_answer, upper_answer
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


tasks = {
    "cooccurrence": Task(lambda folder, _: load_presence(folder), product, upper_of),
    "cooccurrence-full": Task(lambda folder, _: load_presence(folder), product, full_of),
    "cooccurrence-dense": Task(
        lambda folder, _: load_presence(folder),
        lambda presence: product(presence).toarray(),
        lambda pairs, _: dense_answer(pairs),
    ),
    "cooccurrence-stop-words": Task(lambda folder, _: load_presence_of_all(folder), product, upper_of),
}
