/** What every k-means does with its centers: labels rows, measures distances, scores. */

import { type BackendOptions, openKernels } from '../backends/index.js';
import type { Kernels, KMeansKernel } from '../backends/kernels.js';
import { Job, type JobOptions, mergedJobOptions } from '../core/job.js';
import { checkBudget } from '../core/memory.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { type Matrix, rowArrays } from '../matrix/matrix.js';
import { checkColumns } from './check-clusters.js';
import { type UnitRows, unitRows } from './cosine.js';
import { withKernel } from './kernel-rows.js';
import { weightedSum } from './lloyd.js';
import { greedyTrials } from './seeding.js';

/** An estimator that has centers; `centers` throws where there are none yet. */
export interface WithCenters {
  readonly centers: () => DenseMatrix<Float64Array>;
  readonly metric: 'euclidean' | 'cosine';
  readonly computing: BackendOptions & JobOptions;
}

/** The nearest center of each row; of one without a direction, the first. */
export function predictNearest(model: WithCenters, X: Matrix, options: JobOptions): Promise<Int32Array> {
  return withCenters(model, 'predict', X, options, async (kernel, { rows, empty }, job) => {
    await job.watch('labelling rows', rows.nRows, kernel.assign(job));
    const labels = await kernel.labels(job);
    for (const row of empty) labels[row] = 0;
    return labels;
  });
}

/** The Euclidean distance of each row to each center, or 1 - cosine. */
export function distancesToCenters(
  model: WithCenters,
  X: Matrix,
  options: JobOptions,
): Promise<DenseMatrix<Float64Array>> {
  return withCenters(model, 'transform', X, options, async (kernel, { rows, empty }, job, nClusters) => {
    const values = await job.watch('measuring distances', rows.nRows, kernel.transform(job));
    if (model.metric === 'cosine') {
      for (let at = 0; at < values.length; at++) values[at] = (values[at] * values[at]) / 2;
      for (const row of empty) values.fill(1, row * nClusters, (row + 1) * nClusters);
    }
    return new DenseMatrix({ shape: [rows.nRows, nClusters], values });
  });
}

/** The inertia of rows, negative. */
export function scoreNearest(model: WithCenters, X: Matrix, options: JobOptions): Promise<number> {
  return withCenters(model, 'score', X, options, async (kernel, { rows, empty }, job) => {
    await job.watch('labelling rows', rows.nRows, kernel.assign(job));
    const distances = await kernel.distances(job);
    for (const row of empty) distances[row] = 0;
    const sum = weightedSum(distances, null);
    return -(model.metric === 'cosine' ? sum / 2 : sum);
  });
}

async function withCenters<T>(
  { centers, metric, computing }: WithCenters,
  name: string,
  X: Matrix,
  options: JobOptions,
  use: (kernel: KMeansKernel, rows: UnitRows, job: Job, nClusters: number) => Promise<T>,
): Promise<T> {
  return Job.run(mergedJobOptions(computing, options, name), async (job) => {
    const { shape, values } = centers();
    const given = rowArrays(X, 'X');
    checkColumns(given, shape[1]);
    const kernels = openKernels(computing);
    const unitBytes = metric === 'cosine' ? 24 * given.values.length : 0;
    const bytes = kMeansBytes(kernels, given, shape[0]) + 8 * given.nRows * shape[0] + unitBytes;
    checkBudget(bytes, kernels.maxBytes, 'Prediction', 'use fewer rows at a time');
    const unit = metric === 'cosine' ? await unitRows(kernels, given, job) : { rows: given, empty: [] };
    return withKernel(kernels, unit.rows, null, job, async (kernel) => {
      await kernel.setCenters(shape[0], values, job);
      if (metric === 'cosine') await kernel.setUnitNorms(job);
      return use(kernel, unit, job, shape[0]);
    });
  });
}

/**
 * The bytes that a k-means takes: the copy of the rows and their bounds, their columns, the centers, both in double precision and in
 * 16 bits, the sums of clusters and the errors of these for terms of as many entries as there are clusters, and what a step of k-means++
 * holds.
 */
export function kMeansBytes(kernels: Kernels, rows: CsrArrays, nClusters: number): number {
  const { nRows, nColumns, values } = rows;
  const trials = greedyTrials(nClusters);
  const padded = 8 * Math.ceil(nClusters / 8);
  const cells = 24 * padded + 2 * 16 * Math.ceil(nClusters / 16); // of a term
  const errors = 8 * Math.min(values.length, padded * nColumns);
  return (
    values.length * entryBytes(kernels, rows) +
    cells * nColumns +
    errors +
    25 * nColumns +
    8 * nRows * (11 + 2 * trials)
  );
}

/** Full rows have no columns in C++, no indices of their own, and their values as they are, but for whole numbers. */
function entryBytes({ name }: Kernels, { isFull, values }: CsrArrays): number {
  if (!isFull || name === 'plain') return 28;
  return values instanceof Int32Array ? 14 : values.BYTES_PER_ELEMENT + 2;
}
