/** A kernel over rows, for the time in which it is used. */

import type { Kernels, KMeansKernel } from '../backends/kernels.js';
import { used } from '../backends/used.js';
import { failure } from '../core/check.js';
import type { Job } from '../core/job.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import { fullRows } from '../matrix/matrix.js';

/** Opens a k-means over the rows, copied before the first wait, for the time of `use`. */
export async function withKernel<T>(
  kernels: Kernels,
  rows: CsrArrays,
  weights: Float64Array | null,
  job: Job,
  use: (kernel: KMeansKernel) => Promise<T>,
): Promise<T> {
  return used(kernels.createKMeans(rows, weights), async (kernel) => {
    checkFinite(await kernel.load(job));
    return use(kernel);
  });
}

/** Refuses the first row that a kernel cannot work with; -1 is none. */
export function checkFinite(firstBadRow: number): void {
  if (firstBadRow < 0) return;
  const what = `row ${firstBadRow} holds NaN, an infinite or a too large value`;
  throw failure('ERR_OUT_OF_RANGE', `X must hold finite numbers with finite squares, but ${what}.`);
}

/** Some rows of a matrix, in the order given; a row may come twice. */
export function gathered(rows: CsrArrays, numbers: ArrayLike<number>): CsrArrays {
  if (rows.isFull) return gatheredFull(rows, numbers);
  const { nColumns, indptr, indices, values } = rows;
  const lengthOf = (row: number) => Math.max(0, Math.min(indptr[row + 1], indices.length) - indptr[row]); // if it is broken, too
  const ends = new Float64Array(numbers.length + 1);
  for (let i = 0; i < numbers.length; i++) ends[i + 1] = ends[i] + lengthOf(numbers[i]);
  const total = ends[numbers.length];
  const ownIndices = new Int32Array(total);
  const ownValues = new Float64Array(total);
  for (let i = 0; i < numbers.length; i++) {
    const begin = indptr[numbers[i]];
    const end = begin + lengthOf(numbers[i]);
    ownIndices.set(indices.subarray(begin, end), ends[i]);
    ownValues.set(values.subarray(begin, end), ends[i]);
  }
  return { nRows: numbers.length, nColumns, indptr: ends, indices: ownIndices, values: ownValues };
}

function gatheredFull({ nColumns, values }: CsrArrays, numbers: ArrayLike<number>): CsrArrays {
  const Values =
    values instanceof Float32Array ? Float32Array : values instanceof Int32Array ? Int32Array : Float64Array;
  const own = new Values(numbers.length * nColumns);
  for (let i = 0; i < numbers.length; i++) {
    own.set(values.subarray(numbers[i] * nColumns, (numbers[i] + 1) * nColumns), i * nColumns);
  }
  return fullRows(numbers.length, nColumns, own);
}

/** A copy that nobody else can change. */
export function ownArrays(rows: CsrArrays): CsrArrays {
  if (rows.isFull) return fullRows(rows.nRows, rows.nColumns, rows.values.slice());
  const { indptr, indices, values } = rows;
  return { ...rows, indptr: indptr.slice(), indices: indices.slice(), values: values.slice() };
}

/** One array behind the other. */
export function inOneArray(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** The numbers of the rows of each of n labels, ascending, by a counting sort. */
export function rowsByLabel(labels: Int32Array, n: number): Int32Array[] {
  const ends = new Int32Array(n);
  for (const label of labels) ends[label]++;
  for (let label = 1; label < n; label++) ends[label] += ends[label - 1];
  const begins = ends.map((_, label) => (label === 0 ? 0 : ends[label - 1]));
  const next = begins.slice();
  const rows = new Int32Array(labels.length);
  labels.forEach((label, row) => {
    rows[next[label]++] = row;
  });
  return Array.from(ends, (end, label) => rows.subarray(begins[label], end));
}

/** The numbers of n rows. */
export function everyRow(n: number): Int32Array {
  const numbers = new Int32Array(n);
  for (let row = 0; row < n; row++) numbers[row] = row;
  return numbers;
}
