import { type BackendOptions, backendOptionNames, checkBackendOptions } from '../backends/index.js';
import { checkInteger, checkNumber, checkOptions, failure, shown } from '../core/check.js';
import { checkJobOptions, type JobOptions, jobOptionNames } from '../core/job.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';

/** Options of `KMeans`, with scikit-learn's names and meanings. */
export interface KMeansOptions extends BackendOptions, JobOptions {
  /** How many clusters. @default 8 */
  nClusters?: number;
  /** The start: rows drawn by k-means++, rows drawn by weight, or given centers (nClusters x terms). @default 'k-means++' */
  init?: 'k-means++' | 'random' | DenseMatrix;
  /** How many starts; the run with the smallest inertia stays. `'auto'` is 10 for `'random'`, else 1. @default 'auto' */
  nInit?: 'auto' | number;
  /** The most iterations of one run. @default 300 */
  maxIter?: number;
  /** A run ends when the centers move by no more than tol x the mean variance of the columns. @default 1e-4 */
  tol?: number;
  /** A seed from 0 to 2^32 - 1: the same seed draws what scikit-learn draws. @default a new one each time */
  randomState?: number;
}

/** The options with their defaults; start centers are a copy. */
export interface ResolvedKMeansOptions {
  readonly nClusters: number;
  readonly init: 'k-means++' | 'random' | DenseMatrix<Float64Array>;
  /** How many starts. */
  readonly nInit: number;
  readonly maxIter: number;
  readonly tol: number;
  readonly randomState: number | undefined;
}

const optionNames = [
  ...['nClusters', 'init', 'nInit', 'maxIter', 'tol', 'randomState'],
  ...backendOptionNames,
  ...jobOptionNames,
];

const maxCount = 2 ** 31 - 1;

/** Checks the options of `KMeans` and fills in the defaults. */
export function resolveKMeansOptions(options: KMeansOptions): ResolvedKMeansOptions {
  checkOptions(options, 'KMeans', optionNames);
  checkBackendOptions(options);
  checkJobOptions(options);
  const { nClusters = 8, init = 'k-means++', nInit = 'auto', maxIter = 300, tol = 1e-4, randomState } = options;
  checkInteger(nClusters, 'nClusters', 1, maxCount);
  if (nInit !== 'auto') checkInteger(nInit, 'nInit', 1, maxCount);
  checkInteger(maxIter, 'maxIter', 1, maxCount);
  checkNumber(tol, 'tol', 0, Number.MAX_VALUE);
  if (randomState !== undefined) checkInteger(randomState, 'randomState', 0, 2 ** 32 - 1);
  const start = resolveInit(init);
  const starts = start instanceof DenseMatrix ? 1 : nInit === 'auto' ? (start === 'random' ? 10 : 1) : nInit;
  return { nClusters, init: start, nInit: starts, maxIter, tol, randomState };
}

function resolveInit(init: KMeansOptions['init']): ResolvedKMeansOptions['init'] {
  if (init === 'k-means++' || init === 'random') return init;
  if (!(init instanceof DenseMatrix)) {
    const kinds = "'k-means++', 'random' or a DenseMatrix of start centers";
    throw failure('ERR_INVALID_ARG_TYPE', `init must be ${kinds}, but is ${shown(init)}.`);
  }
  const values = Float64Array.from(init.values);
  if (!values.every(Number.isFinite)) {
    throw failure('ERR_OUT_OF_RANGE', 'init must hold finite numbers, but holds NaN or an infinite value.');
  }
  return new DenseMatrix({ shape: init.shape, values });
}
