import { fitRows } from '../cluster/fit-rows.js';
import { ownArrays, withKernel } from '../cluster/kernel-rows.js';
import { KMeans } from '../cluster/kmeans.js';
import type { Job } from '../core/job.js';
import { type CsrArrays, CsrMatrix } from '../matrix/csr-matrix.js';
import type { Matrix } from '../matrix/matrix.js';
import { markOf } from './data-mark.js';
import { type Measure, SweepFits } from './fits.js';
import { KMeansSweep } from './kmeans-sweep.js';
import { measure } from './measures.js';
import type { SweepOptions } from './options.js';
import { planSweep, type SweepPlan } from './plan.js';
import { SweepProgress } from './progress.js';
import type { SweepRow } from './row.js';
import { type Origin, requireSameOrigin } from './saved-row.js';
import { SharedKernel } from './shared-kernel.js';

/**
 * k-means for several numbers of clusters and from several seeds, over rows that are prepared once. Each model has the bits
 * that `new KMeans({ nClusters, randomState, ...the same options }).fit(X)` gives alone. The work begins with the call.
 *
 * @param X n rows x p columns, finite values
 * @returns rows as they come by `for await`, or all of them with the knee of their inertia by `all()`
 * @throws TypeError, RangeError for wrong arguments and `ERR_MEMORY_BUDGET`, at once. What `fit` refuses only when it has
 * read the values, and an `AbortError`, are thrown by the loop and by `all()`.
 *
 * @example
 * for await (const { nClusters, inertia, silhouette } of sweepKMeans(tfidf, { nClusters: [5, 10, 20] })) {
 *   console.log(nClusters, inertia, silhouette);
 * }
 * const { rows, knee } = await sweepKMeans(tfidf, { nClusters: [5, 10, 20], randomStates: [0, 1, 2] }).all();
 */
export function sweepKMeans(X: Matrix, options: SweepOptions): KMeansSweep {
  const plan = planSweep(X, options);
  const { signal, onProgress } = options;
  const progress = new SweepProgress(plan.options, onProgress);
  return new KMeansSweep((push, job, signal) => runSweep(plan, progress, push, job, signal), {
    ...(signal !== undefined && { signal }),
    ...(onProgress !== undefined && { onProgress: progress.step }),
  });
}

async function runSweep(
  plan: SweepPlan,
  progress: SweepProgress,
  push: (row: SweepRow) => void,
  job: Job,
  signal: AbortSignal,
): Promise<void> {
  const { options, kernels, rows, weights, bytes } = plan;
  const { metrics, silhouetteMetric, parameters, randomStates } = options;
  const mark = markOf(rows, weights);
  const copy = metrics.size === 0 ? undefined : ownMatrix(rows); // measured between waits, when the caller may change his own
  const { name: backend, threads, maxBytes } = kernels;
  const computing = { backend, threads, maxBytes: maxBytes - bytes, signal, onProgress: progress.step };
  const measureOne: Measure = async (labels, known) =>
    measure(copy as CsrMatrix, labels, { metrics, silhouetteMetric, computing }, known);
  const prepared = fitRows(kernels, rows, weights, options, job);
  const own = prepared instanceof Promise ? await prepared : prepared;
  for (const nClusters of options.nClusters) new KMeans({ ...options.kmeans, nClusters }).checkFitRows(own);
  await withKernel(kernels, own.rows, own.weights, job, async (opened) => {
    const kernel = new SharedKernel(opened);
    const data = { ...mark, meanVariance: await kernel.meanVariance(job) };
    const origin: Origin = { data, parameters, randomStates, silhouetteMetric };
    const saved = options.nClusters.map((k) => options.resumeFrom.get(k));
    for (const row of saved) if (row !== undefined) requireSameOrigin(row, origin);
    const fits = new SweepFits(options, kernel, own, origin, measureOne, progress, job);
    for (const [i, k] of options.nClusters.entries()) {
      const row = saved[i];
      push(row === undefined ? await fits.fit(k) : await fits.take(row));
    }
  });
}

function ownMatrix(rows: CsrArrays): CsrMatrix {
  const { nRows, nColumns, ...arrays } = ownArrays(rows);
  return new CsrMatrix({ shape: [nRows, nColumns], ...arrays });
}
