/** What a worker thread, a child or a caller computes: the same in all, so that a fingerprint tells whether it went well. */

import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import {
  CountVectorizer,
  CsrMatrix,
  cooccurrence,
  fingerprint,
  KMeans,
  TfidfTransformer,
} from '../../../dist/esm/index.js';
import { dice } from '../package-lib.mjs';

export function matrixOf(rows, columns, perRow, seed) {
  const random = dice(seed);
  const entries = Array.from({ length: rows }, () =>
    [...new Set(Array.from({ length: perRow }, () => Math.floor(random() ** 2 * columns)))].sort((a, b) => a - b),
  );
  const indptr = Int32Array.from([0, ...entries.map(({ length }) => length)]);
  for (let row = 0; row < rows; row++) indptr[row + 1] += indptr[row];
  const indices = Int32Array.from(entries.flat());
  return new CsrMatrix({
    shape: [rows, columns],
    indptr,
    indices,
    values: Float64Array.from(indices, () => random() + 0.1),
  });
}

export async function compute(options = {}) {
  const documents = Array.from({ length: 300 }, (_, i) => `word${i % 17} word${i % 5} other${i % 29}`);
  const counts = await new CountVectorizer(options).fitTransform(documents);
  const weights = await new TfidfTransformer(options).fitTransform(counts);
  const { labels, clusterCenters } = await new KMeans({ nClusters: 4, randomState: 1, ...options }).fit(weights);
  return fingerprint({ counts, weights, labels, clusterCenters, pairs: await cooccurrence(counts, options) });
}

/** Jobs of many seconds, for those who end in the middle. */
export function begin(options = {}) {
  const X = matrixOf(6000, 4000, 120, 3);
  const fits = [1, 2, 3].map((seed) =>
    new KMeans({ nClusters: 200, tol: 0, maxIter: 10_000, randomState: seed, ...options }).fit(X),
  );
  return Promise.allSettled([...fits, cooccurrence(X, { triangle: 'full', ...options })]);
}

if (!isMainThread && parentPort !== null && workerData?.job !== undefined) {
  const { job, options } = workerData;
  if (job === 'compute') parentPort.postMessage(await compute(options));
  if (job === 'begin') {
    begin(options);
    parentPort.postMessage('begun');
  }
}
