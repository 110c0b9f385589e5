"""Same seed, same clusters, on 50,000 reviews: KMeans beside the installed scikit-learn for twenty pairs of k and seed.

Labels and iterations must be the same, inertia to 1e-10 relative. Run it in the peers' environment, after `npm install`:

    out/peers-venv/bin/python test/golden/kmeans_pairs.py [reviews.jsonl.gz]

scikit-learn runs on one thread: on several it is not the same from one run to the next.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import scipy.sparse as sp
import sklearn
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

pairs = [(k, seed) for k in (2, 3, 4, 6, 8, 12, 16, 20, 25, 30) for seed in (k, 1000 + k)]
here = Path(__file__).parent
reviews = sys.argv[1] if len(sys.argv) > 1 else "../shared/data/imdb-reviews.jsonl.gz"

with TemporaryDirectory() as folder:
    ours = here / "kmeans_pairs.mjs"
    subprocess.run(["node", ours, Path(reviews).resolve(), folder, json.dumps(pairs)], check=True)
    read = lambda name, dtype: np.fromfile(f"{folder}/{name}", dtype)
    results = json.loads(Path(folder, "fits.json").read_text())
    X = sp.csr_matrix((read("values", float), read("indices", np.int32), read("indptr", np.int32)), shape=results["shape"])
    wrong = 0
    for fit in results["fits"]:
        k, seed = fit["nClusters"], fit["randomState"]
        with threadpool_limits(1):
            theirs = KMeans(k, n_init=1, random_state=seed).fit(X)
        differing = int((theirs.labels_ != read(f"labels-{k}-{seed}", np.int32)).sum())
        error = abs(fit["inertia"] / theirs.inertia_ - 1)
        right = differing == 0 and fit["nIter"] == theirs.n_iter_ and error < 1e-10
        wrong += not right
        said = f"{theirs.n_iter_} iterations, {differing} labels differ, inertia to {error:.1e}"
        print(f"{'ok   ' if right else 'WRONG'} k = {k}, seed {seed}: {said}", flush=True)
print(f"{len(pairs) - wrong} of {len(pairs)} as scikit-learn {sklearn.__version__}")
sys.exit(wrong > 0)
