"""scikit-learn-intelex: k-means of oneDAL on sparse rows."""

from pathlib import Path
from typing import Any

import daal4py
from sklearnex.cluster import KMeans

from sklearn_tasks import kmeans_tasks, means, spaced_rows
from task import Missing, versions


class OneDalKMeans(KMeans):
    """Refuses what scikit-learn would have to do in its place."""

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> "OneDalKMeans":
        super().fit(X, y, sample_weight)
        if not hasattr(self, "_onedal_estimator"):
            raise Missing("scikit-learn-intelex leaves these rows to scikit-learn")
        return self


def start(threads: int) -> None:
    daal4py.daalinit(threads)


def info() -> dict[str, Any]:
    return {**versions("scikit-learn-intelex", "daal", "scikit-learn"), "oneDAL threads": daal4py.num_threads()}


def refuse(folder: Path, threads: int) -> None:
    raise Missing("rows equally far from two start rows, and there are many, fall to another one than in scikit-learn")


tasks = {
    **{name: task._replace(prepare=refuse) for name, task in kmeans_tasks(OneDalKMeans, "kmeans", spaced_rows).items()},
    # These runs end when no label changes. To scale another tol oneDAL makes the rows dense: 10 GB for 50,000 reviews.
    **kmeans_tasks(OneDalKMeans, "kmeans-means", means, tol=0),
}
