"""X.T @ X of presence, by SciPy: in how many documents two terms stand together."""

import numpy as np
import scipy.sparse as sp

from . import golden

about = (
    "Co-occurrence of presence: X with every non-zero as 1 (stored zeros are absent), then X.T @ X. `full` has both "
    "triangles, `upper` the diagonal and what is above it; the diagonal is the document frequency. Only non-zero cells "
    "are stored."
)


def random_counts(seed, rows, columns, density):
    generator = np.random.RandomState(seed)
    skew = 2 * density * np.arange(columns, 0, -1) / columns  # early columns are frequent, as in a real vocabulary
    return generator.poisson(1.5, (rows, columns)) * (generator.random_sample((rows, columns)) < skew)


def with_stored_zeros(matrix, seed):
    matrix = matrix.copy()
    matrix.data[np.random.RandomState(seed).random_sample(matrix.nnz) < 0.3] = 0
    return matrix


def inputs():
    yield "by hand", sp.csr_matrix(np.array([[1, 1, 0], [0, 1, 1], [1, 1, 1]]))
    yield "counts above one are presence", sp.csr_matrix(np.array([[7, 2, 0], [0, 9, 0], [1, 1, 3]]))
    yield "one cell", sp.csr_matrix(np.array([[5]]))
    yield "no non-zero", sp.csr_matrix((3, 4), dtype=np.int64)
    yield "no row", sp.csr_matrix((0, 3), dtype=np.int64)
    yield "one full row", sp.csr_matrix(np.ones((1, 6), dtype=np.int64))
    yield "empty rows and columns", sp.csr_matrix(np.array([[0, 1, 0, 1, 0], [0] * 5, [0, 1, 0, 0, 0], [0] * 5]))
    yield "stored zeros", with_stored_zeros(sp.csr_matrix(random_counts(3, 12, 8, 0.5)), 3)
    yield "a column of stored zeros", sp.csr_matrix(([1, 0, 2, 0], [0, 1, 0, 1], [0, 2, 4]), shape=(2, 3))
    yield "sparse", sp.csr_matrix(random_counts(5, 60, 40, 0.08))
    yield "dense", sp.csr_matrix(random_counts(6, 40, 17, 0.6))
    yield "more than 64 columns", sp.csr_matrix(random_counts(7, 30, 130, 0.05))


def write(name):
    cases = []
    for title, counts in inputs():
        presence = sp.csr_matrix(counts, copy=True)
        presence.eliminate_zeros()
        presence.data[:] = 1
        full = (presence.T @ presence).tocsr()
        cases.append(
            {
                "name": title,
                "nRows": counts.shape[0],
                "nColumns": counts.shape[1],
                **golden.csr_fields(counts),
                "upper": golden.csr_fields(sp.triu(full)),
                "full": golden.csr_fields(full),
            }
        )
    golden.write(name, about, cases)
