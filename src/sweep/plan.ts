import { openKernels } from '../backends/index.js';
import type { Kernels } from '../backends/kernels.js';
import { KMeans } from '../cluster/kmeans.js';
import { checkWeights } from '../cluster/weights.js';
import { checkBudget } from '../core/memory.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import { type Matrix, rowArrays } from '../matrix/matrix.js';
import { measureBytes } from './measures.js';
import { type ResolvedSweepOptions, resolveSweepOptions, type SweepOptions } from './options.js';

/** What is decided when a sweep is called. */
export interface SweepPlan {
  readonly options: ResolvedSweepOptions;
  readonly kernels: Kernels;
  readonly rows: CsrArrays;
  readonly weights: Float64Array | null;
  /** What fits and their results take; the measures may take the rest of the budget. */
  readonly bytes: number;
}

/** Refuses what can be refused before the values are read. */
export function planSweep(X: Matrix, options: SweepOptions): SweepPlan {
  const resolved = resolveSweepOptions(options);
  const rows = rowArrays(X, 'X');
  const weights = checkWeights(options.sampleWeight, rows.nRows);
  const kernels = openKernels(options);
  const { nClusters, randomStates, kmeans, metrics } = resolved;
  const fit = Math.max(...nClusters.map((k) => new KMeans({ ...kmeans, nClusters: k }).planFit(kernels, rows)));
  const largest = Math.max(...nClusters);
  const kept = nClusters.reduce((sum, k) => sum + 8 * k * rows.nColumns + 4 * rows.nRows * randomStates.length, 0);
  const copy = metrics.size === 0 ? 0 : 12 * rows.values.length + 8 * rows.nRows;
  const bytes = fit + kept + 8 * largest * rows.nColumns + copy; // two models of a k, until one is better
  const measuring = metrics.size === 0 ? 0 : measureBytes(rows, largest, kernels.threads);
  checkBudget(
    bytes + measuring,
    kernels.maxBytes,
    `A sweep over ${nClusters.length} numbers of clusters of ${rows.nRows} rows`,
    'use fewer or smaller numbers, fewer seeds, fewer columns or a larger maxBytes',
  );
  return { options: resolved, kernels, rows, weights, bytes };
}
