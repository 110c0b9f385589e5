"""What results say, in the form that they are compared in; src/bench/answers.ts gives the same for ours.

| task                    | answer                                                                              |
|-------------------------|-------------------------------------------------------------------------------------|
| counts, counts-bytes    | rows, columns, nnz, sum, indptr (i64), indices (i32), values (i32), terms           |
| counts-bigrams          | the same                                                                            |
| transform               | the same without terms                                                              |
| tfidf                   | nnz, sum, weighted: the sum of value x (position % 97 + 1)                          |
| cooccurrence,           | the upper triangle with the diagonal: rows, columns, nnz, sum, indptr, indices,     |
| cooccurrence-stop-words | values, as of counts                                                                |
| cooccurrence-full       | the same of both triangles                                                          |
| cooccurrence-dense      | sum, values (i32, row-major)                                                        |
| top-cooccurrence        | terms; score: the sum of the ten best of each to six digits                         |
| kmeans-*, kmeans-means-*| one thread: nIter, labels (i32), inertia; several: inertia to six digits, since the |
|                         | peers add in the order in which threads arrive                                      |
| embeddings-50           | inertia to six digits, embeddings-single-50 to four: scikit-learn computes in single|
|                         | precision                                                                           |
| predict-50              | labels (i32)                                                                        |
| seeding-50              | rows (i32), in the order of their drawing                                           |
| sweep                   | inertias, to six digits, k ascending, joined by spaces                              |
| hashing                 | as of tfidf, and rows, columns, indices (i32)                                       |
| minibatch-50            | inertia to six digits                                                               |
| silhouette-50           | score to six digits                                                                 |

Arrays stand as the SHA-256 of their little-endian bytes, indices ascending in rows; terms as that of their UTF-8,
joined by newlines. Six digits are text, as JavaScript's toPrecision(6) writes it.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import scipy.sparse as sp

Answer = dict[str, Any]


def sha256(array: np.ndarray, dtype: str) -> str:
    return hashlib.sha256(memoryview(np.ascontiguousarray(array, dtype=dtype)).cast("B")).hexdigest()


def six_digits(value: float) -> str:
    return re.sub(r"e([+-])0(\d)$", r"e\1\2", f"{value:#.6g}".rstrip("."))


def sparse_answer(matrix: sp.csr_matrix) -> Answer:
    """Sorts the indices of the matrix in place."""
    matrix.sort_indices()
    rows, columns = matrix.shape
    return {
        "rows": rows,
        "columns": columns,
        "nnz": int(matrix.nnz),
        "sum": int(matrix.data.sum(dtype=np.int64)),
        "indptr": sha256(matrix.indptr, "<i8"),
        "indices": sha256(matrix.indices, "<i4"),
        "values": sha256(matrix.data, "<i4"),
    }


def counts_answer(counts: sp.csr_matrix, terms: Iterable[str]) -> Answer:
    return {**sparse_answer(counts), "terms": hashlib.sha256("\n".join(terms).encode()).hexdigest()}


def weights_answer(weights: sp.csr_matrix) -> Answer:
    weights.sort_indices()
    places = np.arange(weights.nnz) % 97 + 1
    return {"nnz": int(weights.nnz), "sum": float(weights.data.sum()), "weighted": float(weights.data @ places)}


def upper_answer(pairs: sp.csr_matrix) -> Answer:
    """The upper triangle of a full symmetric product."""
    indptr, indices = pairs.indptr, pairs.indices
    keep = indices >= np.repeat(np.arange(pairs.shape[0], dtype=indices.dtype), np.diff(indptr))
    kept_before = np.concatenate([[0], np.cumsum(keep)])
    upper = (pairs.data[keep], indices[keep], kept_before[indptr])
    return sparse_answer(sp.csr_matrix(upper, shape=pairs.shape))


def dense_answer(pairs: np.ndarray) -> Answer:
    return {"sum": int(pairs.sum(dtype=np.int64)), "values": sha256(pairs, "<i4")}


def clusters_answer(model: Any, threads: int) -> Answer:
    if threads > 1:
        return {"inertia": six_digits(model.inertia_)}
    return {"nIter": int(model.n_iter_), "labels": sha256(model.labels_, "<i4"), "inertia": float(model.inertia_)}
