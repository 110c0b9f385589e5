import type { Kernels } from '../backends/kernels.js';
import type { Job } from '../core/job.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import { directionsOf, unitRows } from './cosine.js';
import { gathered, ownArrays, withKernel } from './kernel-rows.js';
import type { ResolvedKMeansOptions } from './kmeans-options.js';
import type { LloydResult } from './lloyd.js';
import type { Among } from './seeding-parallel.js';

/** The rows that fits work on, which may be fewer than there are, and other ones. */
export interface FitRows {
  readonly rows: CsrArrays;
  readonly weights: Float64Array | null;
  /** Opens a k-means over some of the rows, for the candidates of k-means||. */
  readonly among: Among;
  /** Refuses more clusters than there are rows. */
  readonly check: (nClusters: number) => void;
  /** The result of a fit for all rows. */
  readonly whole: (result: LloydResult) => LloydResult;
}

/** By cosine a promise; else at once, so that a kernel copies the rows before the first wait. */
export function fitRows(
  kernels: Kernels,
  rows: CsrArrays,
  weights: Float64Array | null,
  { metric, init }: Pick<ResolvedKMeansOptions, 'metric' | 'init'>,
  job: Job,
): FitRows | Promise<FitRows> {
  const amongRows = (own: CsrArrays): Among => {
    return (few, fewWeights, use) => withKernel(kernels, gathered(own, few), fewWeights, job, use);
  };
  if (metric === 'cosine') {
    return unitRows(kernels, rows, job).then((unit) => {
      const directions = directionsOf(unit, weights);
      return { ...directions, among: amongRows(directions.rows) };
    });
  }
  const kept = init === 'k-means||' ? ownArrays(rows) : rows; // candidates are gathered after the first wait
  return { rows, weights, among: amongRows(kept), check: () => {}, whole: (result) => result };
}
