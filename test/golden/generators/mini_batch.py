"""MiniBatchKMeans on small sparse matrices: fit, and streams by partial_fit.

scikit-learn rescales every cell of a center in each step, we keep sums; so a case is refused whose labels or steps change when the
columns of X are permuted.
"""

from warnings import catch_warnings, simplefilter

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from . import golden
from .kmeans import matrices, rows_of, weights

about = (
    "scikit-learn's MiniBatchKMeans, one thread, of the matrices of kmeans.json. Labels, nSteps and nIter hold exactly; inertia and "
    "`projections`, the products of the centers with (1, 2, 3, ...), to 1e-9 relative. `batches` are the rows, from and to, that partialFit gets one after the other."
)

names = {
    "nClusters": "n_clusters",
    "maxIter": "max_iter",
    "batchSize": "batch_size",
    "maxNoImprovement": "max_no_improvement",
    "initSize": "init_size",
    "nInit": "n_init",
    "reassignmentRatio": "reassignment_ratio",
    "randomState": "random_state",
}


def inputs():
    def case(title, matrix, n_clusters, sample_weight=None, batches=None, **options):
        return title, matrix, {"nClusters": n_clusters, "randomState": 0, **options}, sample_weight, batches

    text, more = "text, 60 x 40", "text, 200 x 80"
    yield case("the defaults", more, 6, nInit=1)
    yield case("batches of all rows", text, 4, batchSize=1000)
    yield case("small batches", more, 5, batchSize=20)
    yield case("small batches, another seed", more, 5, batchSize=20, randomState=42)
    yield case("a batch of one row", "integers", 3, batchSize=1, maxIter=5)
    yield case("a sample as large as X", more, 5, batchSize=20, initSize=200)
    yield case("a small sample", more, 5, batchSize=50, initSize=12)
    yield case("a sample of 3 x nClusters", "text, 300 x 30", 20, batchSize=5, maxIter=2, randomState=3)
    yield case("three starts", more, 5, batchSize=30, nInit=3, randomState=1)
    yield case("random rows, three starts", more, 5, batchSize=30, init="random", randomState=2)
    yield case("random rows, one start", text, 4, batchSize=30, init="random", nInit=1, randomState=2)
    yield case("given centers", "integers", 4, batchSize=15, init=rows_of("integers", [0, 10, 20, 30]))
    yield case("weights", more, 5, weights(3, 200, [0.25, 1, 2.5]), batchSize=20)
    yield case("weights with zeros", text, 4, weights(4, 60, [0, 1, 2]), batchSize=20, randomState=6)
    yield case("three starts, weights", more, 5, weights(5, 200, [0.5, 1, 3]), batchSize=30, nInit=3)
    yield case("a tolerance", more, 5, batchSize=40, tol=0.2, maxNoImprovement=None, maxIter=20)
    yield case("no early stop", "integers", 3, batchSize=10, maxNoImprovement=None, maxIter=7)
    yield case("a stop at once without improvement", more, 5, batchSize=20, maxNoImprovement=1)
    yield case("new centers for light clusters", more, 12, batchSize=25, reassignmentRatio=0.3, maxIter=8)
    uneven = np.random.RandomState(7).uniform(0.5, 2, 50).round(3)  # no two clusters weigh the same, whose order argsort leaves open
    whole = [0, 50]
    yield case("new centers for half of a batch", "integers", 12, uneven, [whole, whole, whole, [0, 8], whole], reassignmentRatio=0.9)
    yield case("no new centers", more, 12, batchSize=25, reassignmentRatio=0, maxIter=8)
    yield case("empty rows", "text, empty rows", 4, batchSize=20)
    yield case("one cluster", "integers", 1, batchSize=10)
    yield case("a stream", more, 5, batches=[[0, 50], [50, 100], [100, 150], [150, 200]])
    yield case("a stream of unequal batches, random rows", more, 4, batches=[[0, 90], [90, 91], [91, 200], [0, 40]], init="random")
    yield case("a stream with weights", more, 5, weights(6, 200, [0, 0.5, 2]), batches=[[0, 60], [60, 120], [120, 200]])
    yield case("a stream with a small sample", more, 5, batches=[[0, 120], [120, 200]], initSize=30, batchSize=10)
    yield case("a stream from given centers", "integers", 3, batches=[[0, 5], [5, 20], [20, 50]], init=rows_of("integers", [0, 10, 20]))
    yield case("a stream with new centers", more, 10, batches=[[i, i + 40] for i in range(0, 160, 20)], reassignmentRatio=0.5)


def fit(X, options, sample_weight, batches):
    model = MiniBatchKMeans(**{names.get(key, key): value for key, value in options.items()})
    with catch_warnings():
        simplefilter("ignore")
        if batches is None:
            return model.fit(X, sample_weight=sample_weight)
        for begin, end in batches:
            model.partial_fit(X[begin:end], sample_weight=None if sample_weight is None else sample_weight[begin:end])
    return model


def check_permuted(X, options, sample_weight, batches, model):
    for seed in range(5):
        order = np.random.RandomState(seed).permutation(X.shape[1])
        init = options.get("init")
        turned = {**options, **({"init": init[:, order]} if isinstance(init, np.ndarray) else {})}
        other = fit(X[:, order].sorted_indices(), turned, sample_weight, batches)
        assert np.array_equal(other.labels_, model.labels_), "labels hang on the order of a sum"
        assert other.n_steps_ == model.n_steps_, "the number of steps hangs on the order of a sum"


def write(name):
    cases = []
    for title, matrix, options, sample_weight, batches in inputs():
        X = matrices[matrix]
        model = fit(X, options, sample_weight, batches)
        try:
            check_permuted(X, options, sample_weight, batches, model)
        except AssertionError as error:
            raise SystemExit(f"{title}: {error}") from error
        cases.append(
            {
                "name": title,
                "matrix": matrix,
                "options": options,
                **({} if sample_weight is None else {"sampleWeight": sample_weight}),
                **({} if batches is None else {"batches": batches}),
                "labels": model.labels_,
                "inertia": model.inertia_,
                "nSteps": model.n_steps_,
                **({"nIter": model.n_iter_} if batches is None else {}),
                "projections": model.cluster_centers_ @ np.arange(1, X.shape[1] + 1),
            }
        )
    golden.write(name, about, cases)
