"""BisectingKMeans on small sparse matrices.

A case is refused whose labels change when the columns of X are permuted.
"""

from warnings import catch_warnings, simplefilter

import numpy as np
from sklearn.cluster import BisectingKMeans

from . import golden
from .kmeans import matrices, weights

about = (
    "scikit-learn's BisectingKMeans, one thread, of the matrices of kmeans.json. Labels hold exactly, inertia and `projections`, the "
    "products of the centers with (1, 2, 3, ...), to 1e-9 relative. `predicted` are the labels of all rows, halved and reversed: "
    "row i has the values of row n - 1 - i times 0.5. `cuts` are the labels of a fit with 2, 3, ... clusters."
)

names = {"nClusters": "n_clusters", "nInit": "n_init", "maxIter": "max_iter", "randomState": "random_state"}
strategies = {"biggestInertia": "biggest_inertia", "largestCluster": "largest_cluster"}


def inputs():
    def case(title, matrix, n_clusters, sample_weight=None, **options):
        return title, matrix, {"nClusters": n_clusters, "randomState": 0, **options}, sample_weight

    text, more = "text, 60 x 40", "text, 200 x 80"
    yield case("the defaults", more, 8)
    yield case("another seed", more, 8, randomState=42)
    yield case("the largest cluster first", more, 8, bisectingStrategy="largestCluster")
    yield case("k-means++", text, 5, init="k-means++")
    yield case("k-means++, three starts", more, 7, init="k-means++", nInit=3, randomState=1)
    yield case("random rows, five starts", "integers", 6, nInit=5, randomState=2)
    yield case("weights", more, 6, weights(3, 200, [0.25, 1, 2.5]))
    yield case("weights with zeros", text, 4, weights(4, 60, [0, 1, 2]), randomState=6)
    yield case("one cluster", "integers", 1)
    yield case("two clusters", "integers", 2)
    yield case("one iteration", more, 5, maxIter=1)
    yield case("a large tolerance", more, 5, tol=0.1)
    yield case("empty rows", "text, empty rows", 4)


def fit(X, options, sample_weight):
    renamed = {names.get(key, key): value for key, value in options.items() if key != "bisectingStrategy"}
    strategy = strategies[options.get("bisectingStrategy", "biggestInertia")]
    with catch_warnings():
        simplefilter("ignore")
        return BisectingKMeans(bisecting_strategy=strategy, **renamed).fit(X, sample_weight=sample_weight)


def check_permuted(X, options, sample_weight, model):
    for seed in range(5):
        order = np.random.RandomState(seed).permutation(X.shape[1])
        other = fit(X[:, order].sorted_indices(), options, sample_weight)
        assert np.array_equal(other.labels_, model.labels_), "labels hang on the order of a sum"


def write(name):
    cases = []
    for title, matrix, options, sample_weight in inputs():
        X = matrices[matrix]
        model = fit(X, options, sample_weight)
        try:
            check_permuted(X, options, sample_weight, model)
        except AssertionError as error:
            raise SystemExit(f"{title}: {error}") from error
        others = X[::-1] * 0.5
        cuts = [fit(X, {**options, "nClusters": k}, sample_weight).labels_ for k in range(2, options["nClusters"])]
        cases.append(
            {
                "name": title,
                "matrix": matrix,
                "options": options,
                **({} if sample_weight is None else {"sampleWeight": sample_weight}),
                "labels": model.labels_,
                "inertia": model.inertia_,
                "projections": model.cluster_centers_ @ np.arange(1, X.shape[1] + 1),
                "predicted": model.predict(others),
                "cuts": cuts,
            }
        )
    golden.write(name, about, cases)
