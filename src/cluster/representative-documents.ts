import { type BackendOptions, backendOptionNames, openKernels } from '../backends/index.js';
import { allFinite, checkInteger, checkOptions, failure, shown } from '../core/check.js';
import { Job, type JobOptions, jobOptionNames } from '../core/job.js';
import { checkBudget } from '../core/memory.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { type Matrix, rowArrays } from '../matrix/matrix.js';
import { withKernel } from './kernel-rows.js';

/** A row of a cluster, with its Euclidean distances. */
export interface ClusterDocument {
  /** The number of the row. */
  readonly row: number;
  /** To the center of its cluster. */
  readonly distance: number;
  /** The cluster whose center is the nearest of all others, or -1 where there is no other. */
  readonly nextCluster: number;
  /** How much farther that center is than its own; below 0 where it is nearer. Infinity where there is no other. */
  readonly gap: number;
}

/** The rows that show what a cluster is, and where it ends. */
export interface ClusterDocuments {
  /** The rows nearest to the center, the nearest first. */
  readonly representative: ClusterDocument[];
  /** The rows of the smallest gap, the smallest first: another cluster might have them as well. */
  readonly borderline: ClusterDocument[];
}

/** Clusters of rows and their centers: a fitted model, or labels and centers alone. */
export interface LabelledCenters {
  /** The cluster of each row, a number below the number of centers. */
  readonly labels: Int32Array;
  /** nClusters x columns. */
  readonly clusterCenters: DenseMatrix;
}

/** Options of `representativeDocuments`. */
export interface RepresentativeDocumentsOptions extends BackendOptions, JobOptions {
  /** Rows of each kind a cluster, at most. @default 5 */
  n?: number;
}

/**
 * For each cluster the rows nearest to its center, and those nearest to another cluster's; ties go to the row that comes first.
 * @param X n rows x p columns, finite values: those that have the labels
 * @param clusters a fitted model, or `{ labels, clusterCenters }`
 * @returns one entry a center, without rows for a cluster that has none
 * @throws (rejects) TypeError for a wrong argument, `ERR_NOT_FITTED`; RangeError for labels or centers that do not fit X, NaN or
 * infinite values, `ERR_MEMORY_BUDGET`; `AbortError`
 */
export async function representativeDocuments(
  X: Matrix,
  clusters: LabelledCenters,
  options: RepresentativeDocumentsOptions = {},
): Promise<ClusterDocuments[]> {
  checkOptions(options, 'representativeDocuments', ['n', ...backendOptionNames, ...jobOptionNames]);
  const { n = 5 } = options;
  checkInteger(n, 'n', 1, 2 ** 31 - 1);
  return Job.run(options, async (job) => {
    const rows = rowArrays(X, 'X');
    const { labels, centers, k } = checkedCenters(clusters, rows);
    const kernels = openKernels(options);
    const needed = 36 * rows.values.length + 8 * rows.nColumns * (3 * k + 25) + 8 * rows.nRows * (k + 8);
    checkBudget(
      needed,
      kernels.maxBytes,
      `Measuring the distances of ${rows.nRows} rows to ${k} centers`,
      'raise maxBytes',
    );
    return withKernel(kernels, rows, null, job, async (kernel) => {
      await kernel.setCenters(k, centers, job);
      const distances = await job.watch('measuring distances', rows.nRows, kernel.transform(job));
      return ranked(labels, distances, k, n);
    });
  });
}

function checkedCenters(clusters: LabelledCenters, { nRows, nColumns }: CsrArrays) {
  if (clusters === null || typeof clusters !== 'object') {
    const kinds = 'a fitted model or { labels, clusterCenters }';
    throw failure('ERR_INVALID_ARG_TYPE', `clusters must be ${kinds}, but is ${shown(clusters)}.`);
  }
  const { labels, clusterCenters } = clusters;
  if (!(labels instanceof Int32Array)) {
    throw failure('ERR_INVALID_ARG_TYPE', `labels must be an Int32Array, but is ${shown(labels)}.`);
  }
  if (!(clusterCenters instanceof DenseMatrix)) {
    throw failure('ERR_INVALID_ARG_TYPE', `clusterCenters must be a DenseMatrix, but is ${shown(clusterCenters)}.`);
  }
  if (labels.length !== nRows) {
    throw failure('ERR_OUT_OF_RANGE', `labels holds ${labels.length} numbers, but X has ${nRows} rows.`);
  }
  const [k, p] = clusterCenters.shape;
  if (k < 1 || p !== nColumns) {
    const wanted = `at least one row and the ${nColumns} columns of X`;
    throw failure('ERR_OUT_OF_RANGE', `clusterCenters must have ${wanted}, but has the shape ${k} x ${p}.`);
  }
  const wrong = labels.find((label) => label < 0 || label >= k);
  if (wrong !== undefined) {
    throw failure('ERR_OUT_OF_RANGE', `labels must hold numbers from 0 to ${k - 1}, but holds ${wrong}.`);
  }
  const centers = new Float64Array(clusterCenters.values);
  if (!allFinite(centers)) {
    throw failure('ERR_OUT_OF_RANGE', 'clusterCenters must hold finite numbers, but holds NaN or an infinite value.');
  }
  return { labels: labels.slice(), centers, k };
}

function ranked(labels: Int32Array, distances: Float64Array, k: number, n: number): ClusterDocuments[] {
  const members: ClusterDocument[][] = Array.from({ length: k }, () => []);
  labels.forEach((label, row) => {
    const distance = distances[row * k + label];
    let nextCluster = -1;
    let next = Number.POSITIVE_INFINITY;
    for (let j = 0; j < k; j++) {
      if (j === label || !(distances[row * k + j] < next)) continue;
      next = distances[row * k + j];
      nextCluster = j;
    }
    members[label].push({ row, distance, nextCluster, gap: next - distance });
  });
  return members.map((documents) => ({
    representative: [...documents].sort((a, b) => a.distance - b.distance || a.row - b.row).slice(0, n),
    borderline: [...documents].sort((a, b) => a.gap - b.gap || a.row - b.row).slice(0, n),
  }));
}
