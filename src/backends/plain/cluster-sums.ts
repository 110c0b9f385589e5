import { failure } from '../../core/check.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { Clustering } from '../kernels.js';
import type { Run } from './run.js';

/** Beyond it, squares of sums of rows could leave the range of numbers. */
export const mostSquares = 1e280;

/** The sum of the squares of each row, added in order of its entries; refuses a row where it is no number, or too large. */
export function squaresOf(run: Run, { nRows, indptr }: CsrArrays, values: ArrayLike<number>): Float64Array {
  const squares = new Float64Array(nRows);
  for (let row = 0; row < nRows; row++) {
    if (row % 1024 === 0) run.checkStopped();
    let sum = 0;
    for (let q = indptr[row]; q < indptr[row + 1]; q++) sum += values[q] * values[q];
    if (!(sum <= mostSquares)) {
      const what = `row ${row} holds NaN, an infinite or a too large value`;
      throw failure('ERR_OUT_OF_RANGE', `X must hold finite numbers with finite squares, but ${what}.`);
    }
    squares[row] = sum;
  }
  return squares;
}

/** The rows in order of their clusters, then of their numbers: those of cluster j from begins[j] to begins[j + 1]. */
export function orderByCluster({ labels, nClusters }: Clustering): { begins: Int32Array; order: Int32Array } {
  const begins = new Int32Array(nClusters + 1);
  for (const label of labels) begins[label + 1]++;
  for (let j = 0; j < nClusters; j++) begins[j + 1] += begins[j];
  const next = begins.slice();
  const order = new Int32Array(labels.length);
  labels.forEach((label, row) => {
    order[next[label]++] = row;
  });
  return { begins, order };
}

/** The sum of the rows of each cluster, each times its scale; p x nClusters, each cell added in order of rows. */
export function clusterSums(
  run: Run,
  { nRows, nColumns, indptr, indices, values }: CsrArrays,
  { labels, nClusters }: Clustering,
  scales?: Float64Array,
): Float64Array {
  const sums = new Float64Array(nColumns * nClusters);
  for (let row = 0; row < nRows; row++) {
    if (row % 1024 === 0) run.checkStopped();
    const scale = scales === undefined ? 1 : scales[row];
    for (let q = indptr[row]; q < indptr[row + 1]; q++) sums[indices[q] * nClusters + labels[row]] += values[q] * scale;
  }
  return sums;
}
