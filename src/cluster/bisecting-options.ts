import { type BackendOptions, backendOptionNames, checkBackendOptions } from '../backends/index.js';
import { checkChoice, checkInteger, checkNumber, checkOptions } from '../core/check.js';
import { checkJobOptions, type JobOptions, jobOptionNames } from '../core/job.js';
import { maxCount } from './kmeans-options.js';

/** Options of `BisectingKMeans`, with scikit-learn's names and meanings. */
export interface BisectingKMeansOptions extends BackendOptions, JobOptions {
  /** How many clusters. @default 8 */
  nClusters?: number;
  /** The start of each division: two rows drawn by weight, or by k-means++. @default 'random' */
  init?: 'random' | 'k-means++';
  /** How many starts a division has; the one with the smallest inertia stays. @default 1 */
  nInit?: number;
  /** The most iterations of one start. @default 300 */
  maxIter?: number;
  /** A division ends when the squares of how far its two centers move add up to no more than this. @default 1e-4 */
  tol?: number;
  /** Which cluster is divided next: that of the biggest inertia, or that of the most rows. @default 'biggestInertia' */
  bisectingStrategy?: 'biggestInertia' | 'largestCluster';
  /** A seed from 0 to 2^32 - 1: the same seed draws what scikit-learn draws. @default a new one each time */
  randomState?: number;
}

export interface ResolvedBisectingOptions {
  readonly nClusters: number;
  readonly init: 'random' | 'k-means++';
  readonly nInit: number;
  readonly maxIter: number;
  readonly tol: number;
  readonly bisectingStrategy: 'biggestInertia' | 'largestCluster';
  readonly randomState: number | undefined;
}

/** The names of the options that clusters hang on. */
export const clusteringOptionNames = [
  'nClusters',
  'init',
  'nInit',
  'maxIter',
  'tol',
  'bisectingStrategy',
  'randomState',
];

/** Checks the options of `BisectingKMeans` and fills in the defaults. */
export function resolveBisectingOptions(options: BisectingKMeansOptions): ResolvedBisectingOptions {
  checkOptions(options, 'BisectingKMeans', [...clusteringOptionNames, ...backendOptionNames, ...jobOptionNames]);
  checkBackendOptions(options);
  checkJobOptions(options);
  const { nClusters = 8, init = 'random', nInit = 1, maxIter = 300, tol = 1e-4 } = options;
  const { bisectingStrategy = 'biggestInertia', randomState } = options;
  checkInteger(nClusters, 'nClusters', 1, maxCount);
  checkChoice(init, 'init', ['random', 'k-means++']);
  checkInteger(nInit, 'nInit', 1, maxCount);
  checkInteger(maxIter, 'maxIter', 1, maxCount);
  checkNumber(tol, 'tol', 0, Number.MAX_VALUE);
  checkChoice(bisectingStrategy, 'bisectingStrategy', ['biggestInertia', 'largestCluster']);
  if (randomState !== undefined) checkInteger(randomState, 'randomState', 0, 2 ** 32 - 1);
  return { nClusters, init, nInit, maxIter, tol, bisectingStrategy, randomState };
}
