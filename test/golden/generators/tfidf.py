"""TfidfTransformer on small counts: every combination of its options, empty rows, terms of no and of all documents."""

from itertools import product
from warnings import catch_warnings, simplefilter

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfTransformer

from . import golden

about = (
    "scikit-learn's TfidfTransformer. `idf` is null without useIdf; a term of no document has idf 'Infinity' without "
    "smoothIdf. `values` belong to the matrix's own indptr and indices. Logarithms are NumPy's: compare to 1e-14 relative."
)


def zipf_counts(seed, rows, columns):
    generator = np.random.RandomState(seed)
    return generator.poisson(3 / (1 + np.arange(columns)), (rows, columns))


matrices = {
    "by hand": np.array([[3, 0, 1], [2, 0, 0], [3, 0, 0], [4, 0, 0], [3, 2, 0], [3, 0, 2]]),
    "empty row": np.array([[1, 2, 0, 4], [0, 0, 0, 0], [1, 0, 1, 70000]]),
    "term of no document": np.array([[1, 0, 2], [3, 0, 0]]),
    "one document": np.array([[1, 2, 3]]),
    "zipf": zipf_counts(11, 20, 15),
}


def write(name):
    tables = {}
    cases = []
    for title, counts in matrices.items():
        X = sp.csr_matrix(counts)
        tables[title] = {"nRows": counts.shape[0], "nColumns": counts.shape[1], **golden.csr_fields(X)}
        for norm, use_idf, smooth_idf, sublinear_tf in product(["l2", "l1", None], *[[True, False]] * 3):
            if not use_idf and not smooth_idf:
                continue  # smoothIdf means nothing without useIdf
            transformer = TfidfTransformer(norm=norm, use_idf=use_idf, smooth_idf=smooth_idf, sublinear_tf=sublinear_tf)
            with catch_warnings():
                simplefilter("ignore", RuntimeWarning)  # division by a document frequency of 0
                result = transformer.fit_transform(X)
            options = {"norm": norm, "useIdf": use_idf, "smoothIdf": smooth_idf, "sublinearTf": sublinear_tf}
            idf = transformer.idf_ if use_idf else None
            cases.append({"matrix": title, "options": options, "idf": idf, "values": golden.csr_fields(result)["values"]})
    golden.write(name, about, cases, matrices=tables)
