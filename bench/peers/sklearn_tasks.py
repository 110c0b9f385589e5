"""scikit-learn: text to counts and weights (one thread by nature) and k-means."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
import threadpoolctl
from sklearn.cluster import KMeans, MiniBatchKMeans, kmeans_plusplus
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer
from sklearn.metrics import silhouette_score

from answers import clusters_answer, counts_answer, sha256, six_digits, sparse_answer, weights_answer
from inputs import load_bytes, load_counts, load_embeddings, load_strings, load_tfidf
from task import Task, versions

pruning = {"min_df": 10, "max_df": 0.1}


def start(threads: int) -> None:
    threadpoolctl.threadpool_limits(threads)


def info() -> dict[str, Any]:
    return versions("scikit-learn", "scipy", "numpy")


def fit_counts(documents: list[Any], **options: Any) -> tuple[Any, CountVectorizer]:
    vectorizer = CountVectorizer(**pruning, **options)
    return vectorizer.fit_transform(documents), vectorizer


def fitted_answer(result: tuple[Any, CountVectorizer], threads: int) -> dict[str, Any]:
    counts, vectorizer = result
    return counts_answer(counts, vectorizer.get_feature_names_out())


def prepare_transform(folder: Path, threads: int) -> tuple[Any, CountVectorizer]:
    documents = load_strings(folder)
    return documents, fit_counts(documents)[1]


def hashing_answer(counts: Any, threads: int) -> dict[str, Any]:
    rows, columns = counts.shape
    return {**weights_answer(counts), "rows": rows, "columns": columns, "indices": sha256(counts.indices, "<i4")}


Start = Callable[[sp.csr_matrix, int], np.ndarray]


def spaced_rows(tfidf: sp.csr_matrix, k: int) -> np.ndarray:
    """The rows i * floor(n / k). Many other rows share no term with any of them and are equally far from all."""
    return tfidf[np.arange(k) * (tfidf.shape[0] // k)].toarray()


def means(tfidf: sp.csr_matrix, k: int) -> np.ndarray:
    """The means of the rows i, i + k, i + 2 k, ...: no row is equally far from two of them."""
    rows = np.arange(tfidf.shape[0])
    sums = sp.csr_matrix((np.ones(len(rows)), (rows % k, rows))) @ tfidf
    return sums.toarray() / np.bincount(rows % k)[:, np.newaxis]


def kmeans_task(Model: type, start: Start, k: int, **options: Any) -> Task:
    def prepare(folder: Path, threads: int) -> tuple[sp.csr_matrix, np.ndarray]:
        tfidf = load_tfidf(folder)
        return tfidf, start(tfidf, k)

    def run(prepared: tuple[sp.csr_matrix, np.ndarray]) -> Any:
        tfidf, centers = prepared
        return Model(k, init=centers, n_init=1, algorithm="lloyd", **options).fit(tfidf)

    return Task(prepare, run, clusters_answer)


def kmeans_tasks(Model: type, name: str, start: Start, tol: float = 1e-4) -> dict[str, Task]:
    """Ten and fifty clusters to the end; five hundred for four iterations."""
    return {
        f"{name}-10": kmeans_task(Model, start, 10, max_iter=300, tol=tol),
        f"{name}-50": kmeans_task(Model, start, 50, max_iter=300, tol=tol),
        f"{name}-500": kmeans_task(Model, start, 500, max_iter=4, tol=0),
    }


def embeddings_task(precision: type, digits: int) -> Task:
    """Ten iterations of fifty clusters from rows i * floor(n / 50); in single precision scikit-learn computes in it, too."""

    def prepare(folder: Path, threads: int) -> np.ndarray:
        return load_embeddings(folder).astype(precision)

    def run(rows: np.ndarray) -> Any:
        init = rows[np.arange(50) * (len(rows) // 50)]
        return KMeans(50, init=init, n_init=1, algorithm="lloyd", max_iter=10, tol=0).fit(rows)

    return Task(prepare, run, lambda model, _: {"inertia": f"{model.inertia_:#.{digits}g}".rstrip(".")})


def prepare_predict(folder: Path, threads: int) -> tuple[sp.csr_matrix, KMeans]:
    tfidf = load_tfidf(folder)
    return tfidf, KMeans(50, init=means(tfidf, 50), n_init=1, max_iter=1, tol=0).fit(tfidf)


def sweep(tfidf: Any) -> list[float]:
    ks = range(5, 51, 5)
    return [KMeans(k, init="k-means++", n_init=1, random_state=0).fit(tfidf).inertia_ for k in ks]


def load_fixed_labels(folder: Path, threads: int) -> tuple[Any, np.ndarray]:
    tfidf = load_tfidf(folder)
    return tfidf, np.arange(tfidf.shape[0]) % 50


tasks = {
    "counts": Task(lambda folder, _: load_strings(folder), fit_counts, fitted_answer),
    "counts-bytes": Task(lambda folder, _: load_bytes(folder), fit_counts, fitted_answer),
    "counts-bigrams": Task(
        lambda folder, _: load_strings(folder),
        lambda documents: fit_counts(documents, ngram_range=(1, 2)),
        fitted_answer,
    ),
    "transform": Task(
        prepare_transform,
        lambda prepared: prepared[1].transform(prepared[0]),
        lambda counts, _: sparse_answer(counts),
    ),
    "hashing": Task(
        lambda folder, _: load_strings(folder),
        lambda documents: HashingVectorizer().transform(documents),
        hashing_answer,
    ),
    "tfidf": Task(
        lambda folder, _: load_counts(folder),
        lambda counts: TfidfTransformer().fit_transform(counts),
        lambda weights, _: weights_answer(weights),
    ),
    **kmeans_tasks(KMeans, "kmeans", spaced_rows),
    **kmeans_tasks(KMeans, "kmeans-means", means),
    "embeddings-50": embeddings_task(np.float64, 6),
    "embeddings-single-50": embeddings_task(np.float32, 4),
    "predict-50": Task(
        prepare_predict,
        lambda prepared: prepared[1].predict(prepared[0]),
        lambda labels, _: {"labels": sha256(labels, "<i4")},
    ),
    "seeding-50": Task(
        lambda folder, _: load_tfidf(folder),
        lambda tfidf: kmeans_plusplus(tfidf, 50, random_state=0)[1],
        lambda rows, _: {"rows": sha256(rows, "<i4")},
    ),
    "sweep": Task(
        lambda folder, _: load_tfidf(folder),
        sweep,
        lambda inertias, _: {"inertias": " ".join(map(six_digits, inertias))},
    ),
    "minibatch-50": Task(
        lambda folder, _: load_tfidf(folder),
        lambda tfidf: MiniBatchKMeans(50, n_init=1, random_state=0).fit(tfidf),
        lambda model, _: {"inertia": six_digits(model.inertia_)},
    ),
    "silhouette-50": Task(
        load_fixed_labels,
        lambda prepared: silhouette_score(*prepared, metric="cosine"),
        lambda score, _: {"score": six_digits(score)},
    ),
}
