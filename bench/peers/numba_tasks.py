"""Numba: pairs of terms by the double loop over each row into a dense matrix, on several threads one matrix each."""

from pathlib import Path
from typing import Any, NamedTuple

import numba
import numpy as np

from answers import dense_answer
from inputs import load_presence
from task import Task, versions


class Rows(NamedTuple):
    indptr: np.ndarray
    indices: np.ndarray
    columns: int
    threads: int


def info() -> dict[str, Any]:
    return {**versions("numba", "llvmlite", "numpy"), "Numba threads": numba.get_num_threads()}


@numba.njit
def count_pairs(indptr: np.ndarray, indices: np.ndarray, first: int, last: int, pairs: np.ndarray) -> None:
    for row in range(first, last):
        for x in range(indptr[row], indptr[row + 1]):
            a = indices[x]
            pairs[a, a] += 1
            for y in range(x + 1, indptr[row + 1]):
                b = indices[y]
                pairs[a, b] += 1
                pairs[b, a] += 1


@numba.njit(parallel=True)
def count_pairs_in_parallel(indptr: np.ndarray, indices: np.ndarray, copies: np.ndarray) -> np.ndarray:
    threads = len(copies)
    rows = len(indptr) - 1
    for thread in numba.prange(threads):
        count_pairs(indptr, indices, thread * rows // threads, (thread + 1) * rows // threads, copies[thread])
    for term in numba.prange(copies.shape[1]):
        for thread in range(1, threads):
            copies[0, term] += copies[thread, term]
    return copies[0]


def run(rows: Rows) -> np.ndarray:
    size = (rows.columns, rows.columns)
    if rows.threads > 1:
        return count_pairs_in_parallel(rows.indptr, rows.indices, np.zeros((rows.threads, *size), np.int32))
    pairs = np.zeros(size, np.int32)
    count_pairs(rows.indptr, rows.indices, 0, len(rows.indptr) - 1, pairs)
    return pairs


def prepare(folder: Path, threads: int) -> Rows:
    presence = load_presence(folder)
    rows = Rows(presence.indptr, presence.indices, presence.shape[1], threads)
    run(Rows(rows.indptr[:2], rows.indices, rows.columns, threads))  # compiles
    return rows


tasks = {"cooccurrence-dense": Task(prepare, run, lambda pairs, _: dense_answer(pairs))}
