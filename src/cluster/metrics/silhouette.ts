import { type BackendOptions, backendOptionNames, openKernels } from '../../backends/index.js';
import { type SilhouetteMetric, silhouetteMetrics } from '../../backends/kernels.js';
import { checkChoice, checkInteger, checkOptions } from '../../core/check.js';
import { Job, type JobOptions, jobOptionNames } from '../../core/job.js';
import { checkBudget } from '../../core/memory.js';
import { RandomState } from '../../core/random.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import { type Matrix, rowArrays } from '../../matrix/matrix.js';
import { everyRow } from '../kernel-rows.js';
import { weightedSum } from '../lloyd.js';
import {
  byNumber,
  type ClusterLabels,
  type Clusters,
  checkClusters,
  clusterMeans,
  clustersOf,
  sumsBytes,
} from './clusters.js';

/** Options of `silhouetteSamples`. */
export interface SilhouetteOptions extends BackendOptions, JobOptions {
  /**
   * `'cosine'` (1 - cosine) and `'sqeuclidean'` take time in proportion to the entries and clusters, `'euclidean'` to the
   * square of the rows. For rows of length 1, as of TF-IDF, the first two give the same silhouettes.
   * @default 'euclidean'
   */
  metric?: SilhouetteMetric;
}

/** Options of `silhouetteScore` and `silhouetteSummary`. */
export interface SilhouetteScoreOptions extends SilhouetteOptions {
  /**
   * How many rows to measure, at least 2, each against all rows: an estimate without bias. (scikit-learn measures the rows
   * that it draws against one another, which has another expected value.) From the number of rows on, all are.
   * @default all rows
   */
  sampleSize?: number;
  /** A seed from 0 to 2^32 - 1: the same seed draws the rows that scikit-learn draws. @default a new one each time */
  randomState?: number;
}

/** What silhouettes say in short. */
export interface SilhouetteSummary {
  /** The mean silhouette of the rows. */
  readonly score: number;
  /** Of `score`, by the spread among the rows drawn; 0 where all were measured. */
  readonly standardError: number;
  /** The mean silhouette of each cluster, at its number; NaN where it has no row, or none was drawn. */
  readonly clusterScores: Float64Array;
}

const sampleNames = [...backendOptionNames, ...jobOptionNames, 'metric'];
const scoreNames = [...sampleNames, 'sampleSize', 'randomState'];

/**
 * The silhouette of each row (Rousseeuw 1987), from -1 to 1: (b - a) / max(a, b), with a its mean distance to the other rows of
 * its cluster and b the smallest mean distance to the rows of another cluster. 0 for a row alone in its cluster, and where
 * a and b are 0. Values are scikit-learn's.
 *
 * The cosine of a row of zeros with any other is 0, so its distance is 1. The first two metrics are computed from the sums
 * of the clusters' rows; they lose digits where clusters are much smaller than their distance from the origin.
 * @param X n rows x p columns, finite values
 * @param labels the cluster of each row, from 0; 2 to n - 1 different ones
 * @throws (rejects) TypeError for a wrong argument; RangeError for labels of another length, too few or too many clusters,
 * NaN or infinite values, `ERR_MEMORY_BUDGET`; `AbortError`
 */
export async function silhouetteSamples(
  X: Matrix,
  labels: ClusterLabels,
  options: SilhouetteOptions = {},
): Promise<Float64Array> {
  checkOptions(options, 'silhouetteSamples', sampleNames);
  return (await measured(X, labels, options)).silhouettes;
}

/**
 * The mean silhouette of the rows, or an estimate of it from some of them.
 * @throws (rejects) as `silhouetteSamples`
 */
export async function silhouetteScore(
  X: Matrix,
  labels: ClusterLabels,
  options: SilhouetteScoreOptions = {},
): Promise<number> {
  checkOptions(options, 'silhouetteScore', scoreNames);
  return mean((await measured(X, labels, options)).silhouettes);
}

/**
 * The mean silhouette of the rows with its standard error, and that of each cluster.
 * @throws (rejects) as `silhouetteSamples`
 */
export async function silhouetteSummary(
  X: Matrix,
  labels: ClusterLabels,
  options: SilhouetteScoreOptions = {},
): Promise<SilhouetteSummary> {
  checkOptions(options, 'silhouetteSummary', scoreNames);
  const { silhouettes, rows, clusters } = await measured(X, labels, options);
  return {
    score: mean(silhouettes),
    standardError: standardError(silhouettes, clusters.labels.length),
    clusterScores: byNumber(clusters, clusterMeans(clusters, silhouettes, rows)),
  };
}

interface Measured {
  readonly silhouettes: Float64Array;
  /** Whose each of them is. */
  readonly rows: Int32Array;
  readonly clusters: Clusters;
}

async function measured(X: Matrix, labels: ClusterLabels, options: SilhouetteScoreOptions): Promise<Measured> {
  const { metric = 'euclidean', sampleSize, randomState } = options;
  checkChoice(metric, 'metric', silhouetteMetrics);
  if (sampleSize !== undefined) checkInteger(sampleSize, 'sampleSize', 2, 2 ** 31 - 1);
  if (randomState !== undefined) checkInteger(randomState, 'randomState', 0, 2 ** 32 - 1);
  return Job.run(options, async (job) => {
    const matrix = rowArrays(X, 'X');
    const clusters = clustersOf(labels);
    checkClusters(clusters, matrix.nRows);
    const rows = drawn(matrix.nRows, sampleSize, randomState);
    const kernels = openKernels(options);
    checkBudget(
      bytes(matrix, clusters, metric, kernels.threads),
      kernels.maxBytes,
      `A silhouette of ${matrix.nRows} rows in ${clusters.nClusters} clusters`,
      'use fewer rows, fewer columns, fewer threads or a larger maxBytes',
    );
    const kernel = kernels.silhouette(matrix, clusters, metric, rows, job);
    return { silhouettes: await job.watch('measuring silhouettes', rows.length, kernel), rows, clusters };
  });
}

/** In ascending order, the rows that NumPy's `permutation` puts first; or all. */
function drawn(nRows: number, sampleSize: number | undefined, randomState: number | undefined): Int32Array {
  if (sampleSize === undefined || sampleSize >= nRows) return everyRow(nRows);
  return new RandomState(randomState).permutation(nRows).slice(0, sampleSize).sort();
}

/**
 * The copy of the rows, in double precision, labels and results; and the sums with the means in 16 bits, of as many as 15 clusters more,
 * or another copy by columns and products.
 */
function bytes(
  { nRows, nColumns, indices }: CsrArrays,
  clusters: Clusters,
  metric: SilhouetteMetric,
  threads: number,
): number {
  const all = 24 * indices.length + 56 * nRows + 8 * nColumns + 16 * clusters.range;
  const pairs = 24 * indices.length + 8 * threads * nRows;
  const sums = sumsBytes(clusters, nColumns) + 2 * nColumns * (clusters.nClusters + 15);
  return all + (metric === 'euclidean' ? pairs : sums);
}

function mean(values: Float64Array): number {
  return weightedSum(values, null) / values.length;
}

/** Of the mean of m values drawn from n without putting them back: s / sqrt(m) x sqrt(1 - m / n). */
function standardError(values: Float64Array, n: number): number {
  const m = values.length;
  if (m === n) return 0;
  const center = mean(values);
  const squares = weightedSum(
    values.map((value) => (value - center) * (value - center)),
    null,
  );
  return Math.sqrt((squares / (m - 1) / m) * (1 - m / n));
}
