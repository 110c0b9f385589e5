/** k-means: whole fits from given centers, k-means++ alone, small batches, a sweep over k; the silhouette. */

import { openKernels } from '#src/backends/index.js';
import { sha256 } from '#src/bench/answer.js';
import { clustersAnswer, sixDigits } from '#src/bench/answers.js';
import { kMeansPlusPlus } from '#src/cluster/seeding.js';
import { Job } from '#src/core/job.js';
import { RandomState } from '#src/core/random.js';
import {
  type CsrMatrix,
  DenseMatrix,
  KMeans,
  type KMeansOptions,
  MiniBatchKMeans,
  silhouetteScore,
  sweepKMeans,
} from '#src/index.js';
import { csrArrays } from '#src/matrix/csr-matrix.js';
import { loadEmbeddings, loadTfidf } from '../data/corpora.js';
import { meanCenters, spacedRows } from './lloyd-steps.js';
import { type Prepare, type TaskArgs, variant } from './prepare.js';

type Start = (X: CsrMatrix, nClusters: number) => Float64Array;
type Computing = Pick<TaskArgs, 'backend' | 'threads'>;

/** Ten and fifty clusters to the end; five hundred for four iterations. */
function fits(name: string, start: Start): Record<string, Prepare> {
  return {
    [`${name}-10`]: fit(start, { nClusters: 10 }),
    [`${name}-50`]: fit(start, { nClusters: 50 }),
    [`${name}-500`]: fit(start, { nClusters: 500, maxIter: 4, tol: 0 }),
  };
}

function fit(start: Start, options: KMeansOptions & { nClusters: number }): Prepare {
  return async ({ folder, backend, threads }) => {
    const X = await loadTfidf(folder);
    const { nClusters } = options;
    const init = new DenseMatrix({ shape: [nClusters, X.nColumns], values: start(X, nClusters) });
    return variant(
      () => new KMeans({ ...options, init, backend, threads }).fit(X),
      // Peers on several threads add in the order in which these arrive.
      (model) => (threads > 1 ? { inertia: sixDigits(model.inertia) } : clustersAnswer(model)),
    );
  };
}

/** Ten iterations of fifty clusters of dense rows. */
function fitEmbeddings(inDouble: boolean, digits: number): Prepare {
  return async ({ folder, backend, threads }) => {
    const { shape, values } = await loadEmbeddings(folder);
    const X = new DenseMatrix({ shape, values: inDouble ? Float64Array.from(values) : values });
    const step = Math.floor(shape[0] / 50) * shape[1];
    const starts = Array.from({ length: 50 }, (_, j) => values.subarray(j * step, j * step + shape[1]));
    const options = { nClusters: 50, init: DenseMatrix.fromRows(starts), maxIter: 10, tol: 0, backend, threads };
    return variant(
      () => new KMeans(options).fit(X),
      ({ inertia }) => ({ inertia: inertia.toPrecision(digits) }),
    );
  };
}

/** So many clusters and iterations as the arguments say. */
const steps: Prepare<TaskArgs & { readonly nClusters: number; readonly iterations: number }> = async (args) => {
  const { folder, nClusters, iterations, backend, threads } = args;
  const X = await loadTfidf(folder);
  const init = new DenseMatrix({ shape: [nClusters, X.nColumns], values: meanCenters(X, nClusters) });
  const options = { nClusters, init, maxIter: iterations, tol: 0, backend, threads };
  return variant(() => new KMeans(options).fit(X), clustersAnswer);
};

/** k-means++ alone, which the public API has as the start of `KMeans`. */
function seedRows(X: CsrMatrix, nClusters: number, computing: Computing): Promise<Int32Array> {
  return Job.run({}, async (job) => {
    const kernel = openKernels(computing).createKMeans(csrArrays(X, 'X'), null);
    try {
      await kernel.load(job);
      const weights = new Float64Array(X.nRows).fill(1);
      return await kMeansPlusPlus(kernel, nClusters, weights, new RandomState(0), job);
    } finally {
      kernel.dispose();
    }
  });
}

async function sweep(X: CsrMatrix, computing: Computing): Promise<number[]> {
  const nClusters = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50];
  const { rows } = await sweepKMeans(X, { nClusters, randomStates: [0], metrics: [], ...computing }).all();
  return rows.map(({ inertia }) => inertia);
}

export const clusterTasks: Readonly<Record<string, Prepare>> = {
  ...fits('kmeans', spacedRows),
  ...fits('kmeans-means', meanCenters),
  'kmeans-steps': steps as Prepare,
  'embeddings-50': fitEmbeddings(true, 6),
  'embeddings-single-50': fitEmbeddings(false, 4),
  'predict-50': async ({ folder, backend, threads }) => {
    const X = await loadTfidf(folder);
    const init = new DenseMatrix({ shape: [50, X.nColumns], values: meanCenters(X, 50) });
    const model = await new KMeans({ nClusters: 50, init, maxIter: 1, tol: 0, backend, threads }).fit(X);
    return variant(
      () => model.predict(X),
      (labels) => ({ labels: sha256(labels) }),
    );
  },
  'seeding-50': async ({ folder, backend, threads }) => {
    const X = await loadTfidf(folder);
    return variant(
      () => seedRows(X, 50, { backend, threads }),
      (rows) => ({ rows: sha256(rows) }),
    );
  },
  'minibatch-50': async ({ folder, backend, threads }) => {
    const X = await loadTfidf(folder);
    return variant(
      () => new MiniBatchKMeans({ nClusters: 50, nInit: 1, randomState: 0, backend, threads }).fit(X),
      ({ inertia }) => ({ inertia: sixDigits(inertia) }),
    );
  },
  sweep: async ({ folder, backend, threads }) => {
    const X = await loadTfidf(folder);
    return variant(
      () => sweep(X, { backend, threads }),
      (inertias) => ({ inertias: inertias.map(sixDigits).join(' ') }),
    );
  },
  'silhouette-50': async ({ folder, backend, threads }) => {
    const X = await loadTfidf(folder);
    const labels = Int32Array.from({ length: X.nRows }, (_, row) => row % 50);
    return variant(
      () => silhouetteScore(X, labels, { metric: 'cosine', backend, threads }),
      (score) => ({ score: sixDigits(score) }),
    );
  },
};
