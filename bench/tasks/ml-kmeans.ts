/** ml-kmeans: Lloyd's iterations on dense rows. */

import type { Variant } from '#src/bench/variant.js';
import { loadTfidf } from '../data/corpora.js';
import { library } from '../library.js';
import { labelsAnswer, meanCenters, type Steps } from './lloyd-steps.js';

type KMeans = (rows: number[][], k: number, options: object) => { clusters: number[] };

export async function prepare({ folder, nClusters, iterations }: Steps): Promise<Variant<number[]>> {
  const { kmeans } = await library<{ kmeans: KMeans }>('ml-kmeans');
  const X = await loadTfidf(folder);
  const rows = Array.from({ length: X.nRows }, (_, row) => {
    const cells = new Array<number>(X.nColumns).fill(0);
    for (let q = X.indptr[row]; q < X.indptr[row + 1]; q++) cells[X.indices[q]] = X.values[q];
    return cells;
  });
  const centers = meanCenters(X, nClusters);
  const initialization = Array.from({ length: nClusters }, (_, j) =>
    Array.from(centers.subarray(j * X.nColumns, (j + 1) * X.nColumns)),
  );
  // Its labels are those before the last update: one iteration more gives the labels of the same centers.
  const options = { initialization, maxIterations: iterations + 1, tolerance: 0 };
  return {
    run: async () => kmeans(rows, nClusters, options).clusters,
    answer: (clusters) => labelsAnswer(Int32Array.from(clusters)),
  };
}
