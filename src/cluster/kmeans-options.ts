import { type BackendOptions, backendOptionNames, checkBackendOptions } from '../backends/index.js';
import { allFinite, checkChoice, checkInteger, checkNumber, checkOptions, failure, shown } from '../core/check.js';
import { checkJobOptions, type JobOptions, jobOptionNames } from '../core/job.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { unitCenters } from './cosine.js';

/** Options of `KMeans`, with scikit-learn's names and meanings. */
export interface KMeansOptions extends BackendOptions, JobOptions {
  /** How many clusters. @default 8 */
  nClusters?: number;
  /** The start: rows drawn by k-means++, by k-means|| (in fewer passes, for many clusters of many rows), by weight, or given
   * centers (nClusters x terms). @default 'k-means++' */
  init?: 'k-means++' | 'k-means||' | 'random' | DenseMatrix;
  /** How many starts; the run with the smallest inertia stays. `'auto'` is 10 for `'random'`, else 1. @default 'auto' */
  nInit?: 'auto' | number;
  /** The most iterations of one run. @default 300 */
  maxIter?: number;
  /** A run ends when the centers move by no more than tol x the mean variance of the columns. @default 1e-4 */
  tol?: number;
  /** Distances between rows and centers: Euclidean, or 1 - cosine, with centers of length 1. @default 'euclidean' */
  metric?: 'euclidean' | 'cosine';
  /** A seed from 0 to 2^32 - 1: the same seed draws what scikit-learn draws. @default a new one each time */
  randomState?: number;
}

/** The options with their defaults; start centers are a copy. */
export interface ResolvedKMeansOptions {
  readonly nClusters: number;
  readonly init: 'k-means++' | 'k-means||' | 'random' | DenseMatrix<Float64Array>;
  /** How many starts. */
  readonly nInit: number;
  readonly maxIter: number;
  readonly tol: number;
  readonly metric: 'euclidean' | 'cosine';
  readonly randomState: number | undefined;
}

/** The names of `KMeansOptions`, for `checkOptions`. */
export const kMeansOptionNames = [
  ...['nClusters', 'init', 'nInit', 'maxIter', 'tol', 'metric', 'randomState'],
  ...backendOptionNames,
  ...jobOptionNames,
];

export const maxCount = 2 ** 31 - 1;

/** Checks the options of `KMeans` and fills in the defaults. */
export function resolveKMeansOptions(options: KMeansOptions): ResolvedKMeansOptions {
  checkOptions(options, 'KMeans', kMeansOptionNames);
  checkBackendOptions(options);
  checkJobOptions(options);
  const {
    nClusters = 8,
    init = 'k-means++',
    nInit = 'auto',
    maxIter = 300,
    tol = 1e-4,
    metric = 'euclidean',
  } = options;
  const { randomState } = options;
  checkInteger(nClusters, 'nClusters', 1, maxCount);
  if (nInit !== 'auto') checkInteger(nInit, 'nInit', 1, maxCount);
  checkInteger(maxIter, 'maxIter', 1, maxCount);
  checkNumber(tol, 'tol', 0, Number.MAX_VALUE);
  checkChoice(metric, 'metric', ['euclidean', 'cosine']);
  if (randomState !== undefined) checkInteger(randomState, 'randomState', 0, 2 ** 32 - 1);
  const start = init === 'k-means||' ? init : resolveInit(init, "'k-means++', 'k-means||', 'random'");
  const starts = start instanceof DenseMatrix ? 1 : nInit === 'auto' ? (start === 'random' ? 10 : 1) : nInit;
  if (metric === 'cosine' && start instanceof DenseMatrix) unitCenters(start); // refuses what has no direction
  return { nClusters, init: start, nInit: starts, maxIter, tol, metric, randomState };
}

/** @param names those that there are, as a message names them */
export function resolveInit(init: unknown, names: string): 'k-means++' | 'random' | DenseMatrix<Float64Array> {
  if (init === 'k-means++' || init === 'random') return init;
  if (!(init instanceof DenseMatrix)) {
    const kinds = `${names} or a DenseMatrix of start centers`;
    throw failure('ERR_INVALID_ARG_TYPE', `init must be ${kinds}, but is ${shown(init)}.`);
  }
  const { shape } = new DenseMatrix(init); // once more: its array may have been transferred
  const values = new Float64Array(init.values);
  if (!allFinite(values)) {
    throw failure('ERR_OUT_OF_RANGE', 'init must hold finite numbers, but holds NaN or an infinite value.');
  }
  return new DenseMatrix({ shape, values });
}
