/** Where Lloyd's iterations start: from means, no row is at the same distance from two of them; from rows, many are. */

import type { Answer } from '#src/bench/answer.js';
import { sha256 } from '#src/bench/answer.js';
import type { CsrMatrix } from '#src/index.js';

export interface Steps {
  readonly folder: string;
  readonly nClusters: number;
  readonly iterations: number;
}

/** Center j is the mean of the rows j, j + k, j + 2 k, ...: nClusters x columns, row-major. */
export function meanCenters(X: CsrMatrix, nClusters: number): Float64Array {
  const centers = new Float64Array(nClusters * X.nColumns);
  for (let row = 0; row < X.nRows; row++) {
    const share = 1 / Math.ceil((X.nRows - (row % nClusters)) / nClusters);
    const center = (row % nClusters) * X.nColumns;
    for (let q = X.indptr[row]; q < X.indptr[row + 1]; q++) centers[center + X.indices[q]] += X.values[q] * share;
  }
  return centers;
}

/** The rows i * floor(n / k), dense: nClusters x columns. */
export function spacedRows(X: CsrMatrix, nClusters: number): Float64Array {
  const centers = new Float64Array(nClusters * X.nColumns);
  const step = Math.floor(X.nRows / nClusters);
  for (let j = 0; j < nClusters; j++) {
    const { indices, values } = X.row(j * step);
    for (const [q, column] of indices.entries()) centers[j * X.nColumns + column] = values[q];
  }
  return centers;
}

export function labelsAnswer(labels: Int32Array): Answer {
  return { labels: sha256(labels) };
}
