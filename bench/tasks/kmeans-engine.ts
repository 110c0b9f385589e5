/** kmeans-engine: Lloyd's iterations on rows that are objects of term and weight. */

import type { Variant } from '#src/bench/variant.js';
import { loadTfidf } from '../data/corpora.js';
import { library } from '../library.js';
import { labelsAnswer, meanCenters, type Steps } from './lloyd-steps.js';

type Weights = Record<string, number>;
interface Engine {
  clusterize(rows: Weights[], options: object, done: (error: Error | null, result: Result) => void): void;
}
interface Result {
  clusters: { vectorIds: number[] }[];
}

export async function prepare({ folder, nClusters, iterations }: Steps): Promise<Variant<Result>> {
  const engine = await library<Engine>('kmeans-engine');
  const X = await loadTfidf(folder);
  const rows = Array.from({ length: X.nRows }, (_, row) =>
    weights(X.indices.subarray(X.indptr[row], X.indptr[row + 1]), X.values.subarray(X.indptr[row], X.indptr[row + 1])),
  );
  const centers = meanCenters(X, nClusters);
  const columns = Int32Array.from({ length: X.nColumns }, (_, i) => i);
  const initialCentroids = Array.from({ length: nClusters }, (_, j) =>
    weights(columns, centers.subarray(j * X.nColumns, (j + 1) * X.nColumns)),
  );
  // Its labels are those before the last update: one iteration more gives the labels of the same centers.
  const options = { k: nClusters, maxIterations: iterations + 1, initialCentroids };
  return {
    run: () =>
      new Promise((resolve, reject) => {
        engine.clusterize(rows, options, (error, result) => (error ? reject(error) : resolve(result)));
      }),
    answer: ({ clusters }) => {
      const labels = new Int32Array(X.nRows);
      for (const [j, { vectorIds }] of clusters.entries()) for (const row of vectorIds) labels[row] = j;
      return labelsAnswer(labels);
    },
  };
}

function weights(terms: Int32Array, values: ArrayLike<number>): Weights {
  const row: Weights = {};
  for (const [i, term] of terms.entries()) if (values[i] !== 0) row[`t${term}`] = values[i];
  return row;
}
