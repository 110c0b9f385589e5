import { failure } from '../core/check.js';
import { warn } from '../core/warn.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';

/** Refuses fewer rows than clusters, and start centers of another shape. */
export function checkShape({ nRows, nColumns }: CsrArrays, nClusters: number, init: unknown): void {
  if (nClusters > nRows) {
    const sizes = `nClusters is ${nClusters}, but X has ${nRows} rows`;
    throw failure('ERR_OUT_OF_RANGE', `${sizes}; it must be from 1 to the number of rows.`);
  }
  if (!(init instanceof DenseMatrix)) return;
  const [k, p] = init.shape;
  if (k === nClusters && p === nColumns) return;
  const wanted = `${nClusters} x ${nColumns} (nClusters x columns of X)`;
  throw failure('ERR_OUT_OF_RANGE', `init has the shape ${k} x ${p}, but must have ${wanted}.`);
}

/** Refuses rows of other columns than those of the centers. */
export function checkColumns(rows: CsrArrays, nColumns: number): void {
  if (rows.nColumns === nColumns) return;
  const sizes = `X has ${rows.nColumns} columns, but the clusters were found with ${nColumns}`;
  throw failure('ERR_OUT_OF_RANGE', `${sizes}; use the matrix of the same vectorizer.`);
}

export function warnOfFewerClusters(name: string, labels: Int32Array, nClusters: number): void {
  const distinct = new Set(labels).size;
  if (distinct === nClusters) return;
  const message = `${name} found ${distinct} distinct clusters, fewer than nClusters (${nClusters}); X may hold equal rows.`;
  warn('CORPUSCLE_FEWER_CLUSTERS', message);
}

/**
 * Warns where one cluster holds more than nine tenths of the rows and another one a single row, of 20 rows a cluster or more: as
 * k-means++ leaves it where it starts at documents that are far from all others.
 */
export function warnOfDegenerateClusters(name: string, labels: Int32Array, nClusters: number): void {
  if (labels.length < 20 * nClusters) return;
  const sizes = new Int32Array(nClusters);
  for (const label of labels) sizes[label]++;
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const single = sizes.reduce((count, size) => count + (size === 1 ? 1 : 0), 0);
  if (largest <= 0.9 * labels.length || single === 0) return;
  const found = `one of ${nClusters} clusters holds ${largest} of ${labels.length} rows, and ${single} ${single === 1 ? 'holds' : 'hold'} a single one`;
  const advice = "leave out documents that share few terms with others (minDf), raise nInit, or try init 'random'";
  warn('CORPUSCLE_DEGENERATE_CLUSTERS', `${name}: ${found}; ${advice}.`);
}
