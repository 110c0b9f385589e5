import { backendOptionNames, checkBackendOptions } from '../backends/index.js';
import { checkInteger, checkNumber, checkOptions } from '../core/check.js';
import { checkJobOptions, jobOptionNames } from '../core/job.js';
import { warn } from '../core/warn.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { type KMeansOptions, maxCount, resolveInit } from './kmeans-options.js';

/** Options of `MiniBatchKMeans`, with scikit-learn's names and meanings. */
export interface MiniBatchKMeansOptions extends Omit<KMeansOptions, 'metric' | 'init'> {
  /** The start: rows of a sample, drawn by k-means++ or by weight, or given centers (nClusters x terms). @default 'k-means++' */
  init?: 'k-means++' | 'random' | DenseMatrix;
  /** The most passes over the rows, as many steps as take so many rows. @default 100 */
  maxIter?: number;
  /** Rows of a step, at most all. @default 1024 */
  batchSize?: number;
  /** The loop ends when the centers move by no more than tol x the mean variance of the columns in a step; 0 switches this
   * off. @default 0 */
  tol?: number;
  /** The loop ends after so many steps in which the smoothed inertia has not fallen; null: never for that. @default 10 */
  maxNoImprovement?: number | null;
  /** Rows drawn to choose start centers among, and as many to judge them by. @default 3 x batchSize, or 3 x nClusters where that
   * is less than nClusters */
  initSize?: number;
  /** How many starts; the one with the smallest inertia on the rows drawn for that is taken. `'auto'` is 3 for `'random'`,
   * else 1. @default 'auto' */
  nInit?: 'auto' | number;
  /** Clusters of less than this share of the heaviest one's weight get a new row as their center, 0 to 1. @default 0.01 */
  reassignmentRatio?: number;
}

/** The options with their defaults; start centers are a copy. */
export interface ResolvedMiniBatchOptions {
  readonly nClusters: number;
  readonly init: 'k-means++' | 'random' | DenseMatrix<Float64Array>;
  readonly nInit: number;
  readonly maxIter: number;
  readonly batchSize: number;
  readonly tol: number;
  readonly maxNoImprovement: number | null;
  readonly initSize: number | undefined;
  readonly reassignmentRatio: number;
  readonly randomState: number | undefined;
}

const optionNames = [
  ...['nClusters', 'init', 'nInit', 'maxIter', 'batchSize', 'tol', 'maxNoImprovement', 'initSize'],
  ...['reassignmentRatio', 'randomState'],
  ...backendOptionNames,
  ...jobOptionNames,
];

/** Checks the options of `MiniBatchKMeans` and fills in the defaults. */
export function resolveMiniBatchOptions(options: MiniBatchKMeansOptions): ResolvedMiniBatchOptions {
  checkOptions(options, 'MiniBatchKMeans', optionNames);
  checkBackendOptions(options);
  checkJobOptions(options);
  const { nClusters = 8, init = 'k-means++', nInit = 'auto', maxIter = 100, batchSize = 1024, tol = 0 } = options;
  const { maxNoImprovement = 10, initSize, reassignmentRatio = 0.01, randomState } = options;
  checkInteger(nClusters, 'nClusters', 1, maxCount);
  if (nInit !== 'auto') checkInteger(nInit, 'nInit', 1, maxCount);
  checkInteger(maxIter, 'maxIter', 1, maxCount);
  checkInteger(batchSize, 'batchSize', 1, maxCount);
  checkNumber(tol, 'tol', 0, Number.MAX_VALUE);
  if (maxNoImprovement !== null) checkInteger(maxNoImprovement, 'maxNoImprovement', 0, maxCount);
  if (initSize !== undefined) checkInteger(initSize, 'initSize', 1, maxCount);
  checkNumber(reassignmentRatio, 'reassignmentRatio', 0, 1);
  if (randomState !== undefined) checkInteger(randomState, 'randomState', 0, 2 ** 32 - 1);
  if (initSize !== undefined && initSize < nClusters) {
    const message = `initSize (${initSize}) is less than nClusters (${nClusters}); 3 x nClusters is taken.`;
    warn('CORPUSCLE_UNUSED_OPTION', `MiniBatchKMeans: ${message}`);
  }
  const start = resolveInit(init, "'k-means++', 'random'");
  const starts = start instanceof DenseMatrix ? 1 : nInit === 'auto' ? (start === 'random' ? 3 : 1) : nInit;
  const numbers = { nClusters, nInit: starts, maxIter, batchSize, tol, maxNoImprovement, initSize, reassignmentRatio };
  return { ...numbers, init: start, randomState };
}

/** How many rows a step and a start take of n rows. */
export function batchSizes(
  { nClusters, batchSize, initSize }: ResolvedMiniBatchOptions,
  nRows: number,
): { batchSize: number; initSize: number } {
  const batch = Math.min(batchSize, nRows);
  const wanted = initSize ?? 3 * batch;
  return { batchSize: batch, initSize: Math.min(wanted < nClusters ? 3 * nClusters : wanted, nRows) };
}
