import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { Clustering, SilhouetteMetric } from '../kernels.js';
import { positive } from './centers.js';
import { clusterSums, orderByCluster, squaresOf } from './cluster-sums.js';
import type { Run } from './run.js';

/** Silhouettes (Rousseeuw 1987) of some rows against all; the twin of native/kernels/silhouette.cpp. */
export function silhouette(
  run: Run,
  rows: CsrArrays,
  clustering: Clustering,
  metric: SilhouetteMetric,
  sample: Int32Array,
): Float64Array {
  const values = new Float64Array(rows.values);
  const squares = squaresOf(run, rows, values);
  const matrix = { ...rows, values, squares, scales: new Float64Array(rows.nRows).fill(1) };
  const { begins, order } = orderByCluster(clustering);
  const sizes = Float64Array.from({ length: clustering.nClusters }, (_, j) => begins[j + 1] - begins[j]);
  const distances =
    metric === 'euclidean'
      ? pairDistances(run, matrix, begins, order)
      : sumDistances(run, metric === 'cosine' ? unitRows(matrix) : matrix, clustering, metric, begins, order);
  const out = new Float64Array(sample.length);
  const sums = new Float64Array(clustering.nClusters);
  const pause = metric === 'euclidean' ? 1 : 256;
  sample.forEach((row, i) => {
    if (i % pause === 0) {
      run.checkStopped();
      run.report(i, sample.length);
    }
    distances(row, clustering.labels[row], sums);
    out[i] = silhouetteOf(sums, sizes, clustering.labels[row]);
  });
  return out;
}

/** From the sums of the distances of one row to the rows of each cluster. */
function silhouetteOf(sums: Float64Array, sizes: Float64Array, own: number): number {
  if (sizes[own] < 2) return 0;
  const a = positive(sums[own]) / (sizes[own] - 1);
  let b = Number.POSITIVE_INFINITY;
  for (let j = 0; j < sizes.length; j++) {
    const mean = positive(sums[j]) / sizes[j];
    if (j !== own && mean < b) b = mean;
  }
  const larger = Math.max(a, b);
  return larger > 0 ? (b - a) / larger : 0;
}

/** Rows, each times its scale, and the squares of what that gives. */
type Rows = CsrArrays & {
  readonly values: Float64Array;
  readonly scales: Float64Array;
  readonly squares: Float64Array;
};
/** Writes the sums of the distances of a row to all rows of each cluster; the row itself is 0 from itself. */
type Distances = (row: number, own: number, sums: Float64Array) => void;

/** Rows of length 1; those of zeros stay as they are. */
function unitRows(rows: Rows): Rows {
  const scales = rows.squares.map((square) => (square === 0 ? 1 : 1 / Math.sqrt(square)));
  return { ...rows, scales, squares: rows.squares.map((square, row) => square * scales[row] * scales[row]) };
}

/**
 * Closed form: the sum over the rows y of a cluster of 1 - x y is size - x sum(y), that of |x - y|^2 is
 * size |x|^2 + sum(|y|^2) - 2 x sum(y). Where all rows of a cluster are the same as x it is 0, whatever rounding leaves.
 */
function sumDistances(
  run: Run,
  rows: Rows,
  clustering: Clustering,
  metric: 'cosine' | 'sqeuclidean',
  begins: Int32Array,
  order: Int32Array,
): Distances {
  const { nClusters, labels } = clustering;
  const { indptr, indices, values, scales, squares } = rows;
  const cosine = metric === 'cosine';
  const cells = clusterSums(run, rows, clustering, scales);
  const totals = new Float64Array(nClusters); // of the squares
  for (let row = 0; row < labels.length; row++) totals[labels[row]] += squares[row];
  const alike = Array.from({ length: nClusters }, (_, j) => {
    const members = order.subarray(begins[j], begins[j + 1]);
    const same = members.every((row) => isSameRow(rows, members[0], row));
    return same && !(cosine && squares[members[0]] === 0) ? members[0] : -1; // zeros are at distance 1 of each other
  });
  return (row, own, sums) => {
    sums.fill(0);
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      const value = values[q];
      const cell = indices[q] * nClusters;
      for (let j = 0; j < nClusters; j++) sums[j] += cells[cell + j] * value;
    }
    for (let j = 0; j < nClusters; j++) {
      const size = begins[j + 1] - begins[j];
      sums[j] = cosine ? size - sums[j] * scales[row] : size * squares[row] + totals[j] - 2 * sums[j];
      if (alike[j] >= 0 && isSameRow(rows, alike[j], row)) sums[j] = 0;
      else if (cosine && j === own) sums[j] -= 1 - squares[row]; // what the row has counted as its distance to itself
    }
  };
}

/** Whether two rows have the same values, stored zeros left aside. */
function isSameRow({ indptr, indices, values, scales }: Rows, a: number, b: number): boolean {
  if (a === b) return true;
  let p = indptr[a];
  let q = indptr[b];
  for (;;) {
    while (p < indptr[a + 1] && values[p] === 0) p++;
    while (q < indptr[b + 1] && values[q] === 0) q++;
    if (p === indptr[a + 1] || q === indptr[b + 1]) return p === indptr[a + 1] && q === indptr[b + 1];
    if (indices[p] !== indices[q] || values[p] * scales[a] !== values[q] * scales[b]) return false;
    p++;
    q++;
  }
}

const lanes = 8;

/**
 * Each pair, by the inverted index: the posting lists of the row's terms give its products with all rows, which stand in
 * order of their clusters, so that the sum over a cluster runs over neighbours. A row is exactly 0 from itself and from its
 * equals, because their squares are added in the same order as the product.
 */
function pairDistances(run: Run, rows: Rows, begins: Int32Array, order: Int32Array): Distances {
  const { nRows, nColumns, indptr, indices, values, squares } = rows;
  const columnPtr = new Int32Array(nColumns + 1);
  for (const column of indices) columnPtr[column + 1]++;
  for (let c = 0; c < nColumns; c++) columnPtr[c + 1] += columnPtr[c];
  const next = columnPtr.slice();
  const places = new Int32Array(indices.length); // of rows in `order`
  const columnValues = new Float64Array(indices.length);
  order.forEach((row, place) => {
    if (place % 1024 === 0) run.checkStopped();
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      const at = next[indices[q]]++;
      places[at] = place;
      columnValues[at] = values[q];
    }
  });
  const orderedSquares = Float64Array.from(order, (row) => squares[row]);
  const products = new Float64Array(nRows);
  const parts = new Float64Array(lanes);
  return (row, _own, sums) => {
    products.fill(0);
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      const value = values[q];
      for (let at = columnPtr[indices[q]]; at < columnPtr[indices[q] + 1]; at++) {
        products[places[at]] += value * columnValues[at];
      }
    }
    for (let j = 0; j < sums.length; j++) {
      parts.fill(0);
      for (let i = begins[j]; i < begins[j + 1]; i++) {
        parts[(i - begins[j]) % lanes] += Math.sqrt(positive(-2 * products[i] + squares[row] + orderedSquares[i]));
      }
      sums[j] = parts.reduce((total, part) => total + part, 0);
    }
  };
}
