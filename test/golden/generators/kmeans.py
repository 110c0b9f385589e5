"""KMeans(algorithm='lloyd') on small sparse matrices.

A golden must not hang on the order in which a sum is taken, so every case is refused whose labels or iterations change
when the columns of X are permuted, in which two centers are almost equally near to a row, in which the stopping rule is
almost met, or in which scikit-learn moves an empty cluster to a row that argpartition was free to choose.
"""

from warnings import catch_warnings, simplefilter

import numpy as np
import scipy.sparse as sp
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfTransformer

from . import golden

about = (
    "scikit-learn's KMeans, one thread, of a CSR matrix of doubles. `init` is a name or a matrix of rows. Labels and nIter "
    "hold exactly; inertia and clusterCenters to 1e-10 relative. With `upToPermutation` the labels (and the rows of the "
    "centers) hold up to the numbering of the clusters, because scikit-learn itself chooses between equally far rows. "
    "`relocations` counts iterations in which an empty cluster was moved."
)


def planted(seed, rows, columns, topics, length):
    """TF-IDF of documents that draw their words from one topic each, rounded so that the file stays small."""
    generator = np.random.RandomState(seed)
    words = generator.dirichlet(np.full(columns, 0.15), topics)
    counts = np.array([generator.multinomial(length, 0.85 * words[i % topics] + 0.15 / columns) for i in range(rows)])
    weights = TfidfTransformer().fit_transform(sp.csr_matrix(counts))
    weights.data = weights.data.round(3)
    return weights


def integers(seed, rows, columns, density):
    generator = np.random.RandomState(seed)
    return generator.randint(1, 9, (rows, columns)) * (generator.random_sample((rows, columns)) < density)


def with_empty_rows(matrix, rows):
    matrix = matrix.toarray()
    matrix[rows] = 0
    return matrix


four_points = np.array([[0, 0], [0.5, 0], [0.5, 1], [1, 1]])
# Distances to the centers (0, 0) and (20, 0) are all different, so that the farthest row is one.
line = np.array([[1, 0], [2, 0], [4, 1], [7, 0], [19, 0], [22, 3]])
few_distinct = np.array([[0, 4, 0], [8, 0, 0], [0, 4, 0], [0, 0, 2], [8, 0, 0], [0, 4, 0], [0, 0, 2], [0, 4, 0]])

sources = {
    "four points": four_points,
    "line": line,
    "few distinct rows": few_distinct,
    "equal rows": np.tile([[1, 0, 3]], (5, 1)),
    "no non-zero": np.zeros((4, 3)),
    "one row": np.array([[0, 2, 1]]),
    "integers": integers(1, 50, 12, 0.4),
    "integers, wide": integers(2, 16, 60, 0.15),
    "text, 60 x 40": planted(3, 60, 40, 4, 12),
    "text, 200 x 80": planted(4, 200, 80, 8, 14),
    "text, empty rows": with_empty_rows(planted(5, 60, 40, 4, 12), [0, 7, 8, 59]),
    "text, 300 x 30": planted(6, 300, 30, 5, 6),
}
matrices = {name: sp.csr_matrix(np.asarray(source) if not sp.issparse(source) else source, dtype=float) for name, source in sources.items()}


def rows_of(name, rows):
    return matrices[name][rows].toarray()


def weights(seed, n, of):
    return np.random.RandomState(seed).choice(of, n).astype(float)


def inputs():
    def case(title, matrix, n_clusters, sample_weight=None, **options):
        defaults = {"init": "k-means++", "nInit": 1, "maxIter": 300, "tol": 1e-4, "randomState": 0}
        return title, matrix, {"nClusters": n_clusters, **defaults, **options}, sample_weight

    empty_last = np.array([[0, 0], [20, 0], [100, 100]])
    ends = rows_of("four points", [0, 3])
    yield case("four points by hand", "four points", 2, [3, 1, 1, 3], init=ends)
    yield case("four points, no weights", "four points", 2, init=ends)
    yield case("an empty cluster, two rows equally far", "four points", 2, init=np.array([[0.5, 0.5], [3, 3]]))
    yield case("an empty cluster", "line", 3, init=empty_last)
    yield case("an empty cluster with weights", "line", 3, [1, 2, 1, 3, 1, 0.5], init=np.array([[0, 0], [20, 0], [90, 90]]))
    yield case("the row for the empty cluster has no weight", "line", 3, [1, 1, 1, 0, 1, 1], init=empty_last)
    yield case("an empty cluster in text", "text, 60 x 40", 4, init=np.vstack([rows_of("text, 60 x 40", [0, 1, 2]), np.full(40, 3)]))
    yield case("a cluster of rows without weight", "line", 2, [0, 1, 1, 1, 0, 0], init=rows_of("line", [0, 5]))
    yield case("one cluster", "integers", 1)
    yield case("one cluster with weights", "text, 60 x 40", 1, weights(1, 60, [0.5, 1, 3]))
    yield case("a cluster for each row", "integers, wide", 16)
    yield case("a cluster for each row, given", "integers, wide", 16, init=rows_of("integers, wide", range(16)))
    yield case("fewer distinct rows than clusters", "few distinct rows", 5)
    yield case("as many distinct rows as clusters", "few distinct rows", 3, randomState=2)
    yield case("equal rows", "equal rows", 2)
    yield case("no non-zero", "no non-zero", 2)
    yield case("one row", "one row", 1)
    yield case("integers", "integers", 4)
    yield case("integers, random rows", "integers", 5, init="random", randomState=3)
    yield case("integers, given rows", "integers", 6, init=rows_of("integers", [0, 10, 20, 30, 40, 49]))
    yield case("integers, weights of 0 to 3", "integers", 4, weights(2, 50, [0, 1, 2, 3]), randomState=42)
    yield case("integers, best of 3", "integers", 4, nInit=3, randomState=7)
    yield case("wide integers, the largest seed", "integers, wide", 3, randomState=2**32 - 1)
    yield case("text", "text, 60 x 40", 4)
    yield case("text, more clusters than topics", "text, 60 x 40", 9, randomState=1)
    yield case("text, random rows", "text, 60 x 40", 4, init="random", randomState=5)
    yield case("text, best of 3 random", "text, 60 x 40", 4, init="random", nInit=3, randomState=11)
    yield case("text, weights", "text, 60 x 40", 4, weights(3, 60, [0.25, 1, 2.5]), randomState=6)
    yield case("text, weights with zeros, random rows", "text, 60 x 40", 3, weights(4, 60, [0, 1, 2]), init="random", randomState=8)
    yield case("text, one iteration", "text, 60 x 40", 4, maxIter=1)
    yield case("text, two iterations", "text, 200 x 80", 8, maxIter=2, randomState=9)
    yield case("text, no tolerance", "text, 200 x 80", 8, tol=0, randomState=1)
    yield case("text, large tolerance", "text, 200 x 80", 8, tol=10, randomState=1)
    yield case("text, 8 clusters", "text, 200 x 80", 8)
    yield case("text, best of 3", "text, 200 x 80", 6, nInit=3, randomState=42)
    yield case("text, empty rows", "text, empty rows", 4)
    yield case("text, more rows than a chunk", "text, 300 x 30", 5, randomState=3)


class RecordingKMeans(KMeans):
    """Keeps the start of each run."""

    def _init_centroids(self, *args, **kwargs):
        centers = super()._init_centroids(*args, **kwargs)
        self.starts = [*getattr(self, "starts", []), centers.copy()]
        return centers


def fit(X, options, sample_weight):
    names = {"nClusters": "n_clusters", "nInit": "n_init", "maxIter": "max_iter", "randomState": "random_state"}
    model = RecordingKMeans(algorithm="lloyd", **{names.get(key, key): value for key, value in options.items()})
    with catch_warnings():
        simplefilter("ignore")  # fewer distinct clusters than asked for
        return model.fit(X, sample_weight=sample_weight)


def check_permuted(X, options, sample_weight, model):
    for seed in range(3):
        order = np.random.RandomState(seed).permutation(X.shape[1])
        init = options["init"]
        turned = {**options, "init": init if isinstance(init, str) else init[:, order]}
        other = fit(X[:, order].sorted_indices(), turned, sample_weight)
        assert np.array_equal(other.labels_, model.labels_), "labels hang on the order of a sum"
        assert other.n_iter_ == model.n_iter_, "n_iter hangs on the order of a sum"


def nothing_is_close(values, threshold):
    """No value lies near the threshold without being equal to it."""
    gaps = np.abs(np.asarray(values) - threshold)
    return not np.any((gaps > 0) & (gaps < 1e-9))


def lloyd(X, centers, options, sample_weight, tie_is_known):
    """The definition on dense rows, with doubt about every comparison.

    Returns labels, centers, number of iterations and relocations.
    """
    tolerance = options["tol"] * X.var(axis=0).mean()
    labels, relocations = np.full(len(X), -1), 0
    for iteration in range(1, options["maxIter"] + 1):
        before, labels = labels, nearest(X, centers)
        sums, mass = np.zeros_like(centers), np.zeros(len(centers))
        np.add.at(sums, labels, X * sample_weight[:, None])
        np.add.at(mass, labels, sample_weight)
        empty = np.flatnonzero(mass == 0)
        distances = ((X - centers[labels]) ** 2).sum(axis=1)
        if len(empty) and distances.max() > 0:
            assert len(empty) == 1, "argpartition orders several far rows as it likes"
            far = distances.argmax()
            assert tie_is_known or np.sum(distances > distances[far] - 1e-9) == 1, "two rows are equally far"
            sums[labels[far]] -= X[far] * sample_weight[far]
            mass[labels[far]] -= sample_weight[far]
            sums[empty[0]], mass[empty[0]] = X[far] * sample_weight[far], sample_weight[far]
            relocations += 1
        moved = np.where(mass[:, None] > 0, sums / np.where(mass > 0, mass, 1)[:, None], 0)
        moved[mass <= 0] = moved[mass.argmax()]
        shift = ((moved - centers) ** 2).sum()
        centers = moved
        if np.array_equal(labels, before):
            return labels, centers, iteration, relocations
        assert nothing_is_close([shift], tolerance), "the shift almost equals the tolerance"
        if shift <= tolerance:
            break
    return nearest(X, centers), centers, iteration, relocations


def nearest(X, centers):
    distances = ((X[:, None, :] - centers) ** 2).sum(axis=2)
    best = distances.min(axis=1)
    assert nothing_is_close(distances - best[:, None], 0), "two centers are almost equally near"
    return distances.argmin(axis=1)


def check_lloyd(X, options, sample_weight, model, tie_is_known):
    """The definition, from the same starts, has the same answer; returns how often it relocated in the kept run."""
    mass = np.ones(X.shape[0]) if sample_weight is None else np.asarray(sample_weight, dtype=float)
    starts = [start.toarray() if sp.issparse(start) else start for start in model.starts]
    runs = [lloyd(X.toarray(), start, options, mass, tie_is_known) for start in starts]
    for labels, centers, iterations, relocations in runs:
        same = np.array_equal(labels, model.labels_) and np.allclose(centers, model.cluster_centers_, rtol=1e-12, atol=1e-12)
        if tie_is_known or (same and iterations == model.n_iter_):
            return relocations
    raise AssertionError("scikit-learn answers differently from the definition")


def write(name):
    cases = []
    for title, matrix, options, sample_weight in inputs():
        X = matrices[matrix]
        tie_is_known = title == "an empty cluster, two rows equally far"
        model = fit(X, options, sample_weight)
        try:
            relocations = check_lloyd(X, options, sample_weight, model, tie_is_known)
            if not tie_is_known:
                check_permuted(X, options, sample_weight, model)
        except AssertionError as error:
            raise SystemExit(f"{title}: {error}") from error
        cases.append(
            {
                "name": title,
                "matrix": matrix,
                "options": options,
                **({} if sample_weight is None else {"sampleWeight": sample_weight}),
                **({"upToPermutation": True} if tie_is_known else {}),
                "relocations": relocations,
                "labels": model.labels_,
                "inertia": model.inertia_,
                "nIter": model.n_iter_,
                "clusterCenters": model.cluster_centers_,
            }
        )
    tables = {
        key: {"nRows": X.shape[0], "nColumns": X.shape[1], **golden.csr_fields(X)} for key, X in matrices.items()
    }
    golden.write(name, about, cases, matrices=tables)
