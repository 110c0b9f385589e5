import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { Clustering, Dispersion } from '../kernels.js';
import { positive } from './centers.js';
import { clusterSums, orderByCluster, squaresOf } from './cluster-sums.js';
import type { Run } from './run.js';

/** Squared distances to and between the means of clusters; the twin of native/kernels/dispersion.cpp. */
export function dispersion(run: Run, rows: CsrArrays, clustering: Clustering, between: boolean): Dispersion {
  const { nRows, nColumns } = rows;
  const k = clustering.nClusters;
  squaresOf(run, rows, rows.values);
  const { begins } = orderByCluster(clustering);
  const centers = clusterSums(run, rows, clustering); // p x k, so far not divided
  const centerNorms = new Float64Array(k);
  const toMean = new Float64Array(k);
  for (let term = 0; term < nColumns; term++) {
    if (term % 64 === 0) run.checkStopped();
    let total = 0;
    for (let j = 0; j < k; j++) total += centers[term * k + j];
    const mean = total / nRows;
    for (let j = 0; j < k; j++) {
      const cell = centers[term * k + j] / (begins[j + 1] - begins[j]);
      centers[term * k + j] = cell;
      centerNorms[j] += cell * cell;
      toMean[j] += (cell - mean) * (cell - mean);
    }
  }
  return {
    toCenter: distancesToCenters(run, rows, clustering, centers, centerNorms),
    toMean,
    between: between ? distancesBetween(run, centers, nColumns, k) : new Float64Array(0),
  };
}

/** |x - c|^2 = the sum over the entries of x of (x - c)^2 - c^2, and |c|^2. */
function distancesToCenters(
  run: Run,
  { nRows, indptr, indices, values }: CsrArrays,
  { labels, nClusters }: Clustering,
  centers: Float64Array,
  centerNorms: Float64Array,
): Float64Array {
  const out = new Float64Array(nRows);
  for (let row = 0; row < nRows; row++) {
    if (row % 1024 === 0) run.checkStopped();
    const label = labels[row];
    let sum = 0;
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      const cell = centers[indices[q] * nClusters + label];
      const difference = values[q] - cell;
      sum += difference * difference - cell * cell;
    }
    out[row] = positive(sum + centerNorms[label]);
  }
  return out;
}

function distancesBetween(run: Run, centers: Float64Array, nColumns: number, k: number): Float64Array {
  const out = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let term = 0; term < nColumns; term++) {
      if (term % 1024 === 0) run.checkStopped();
      const own = centers[term * k + i];
      for (let j = 0; j < k; j++) {
        const difference = own - centers[term * k + j];
        out[i * k + j] += difference * difference;
      }
    }
  }
  return out;
}
