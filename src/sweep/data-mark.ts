import { createHash } from 'node:crypto';
import { littleEndian } from '../core/little-endian.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';

/** By what a matrix and its weights are known again: saved rows of a sweep go with those that they were found on. */
export interface DataMark {
  readonly nRows: number;
  readonly nColumns: number;
  readonly nnz: number;
  /** SHA-256 of entries at equal distances, so that marking costs the same for every size. */
  readonly sample: string;
  /** SHA-256 of the weights, or null. */
  readonly weights: string | null;
  /** The mean variance of the columns, on which every entry tells. */
  readonly meanVariance: number;
}

const sampled = 4096; // entries of each array

/** The mark, but for what a kernel is needed to tell. */
export function markOf(rows: CsrArrays, weights: Float64Array | null): Omit<DataMark, 'meanVariance'> {
  const { nRows, nColumns, indptr, values } = rows;
  const hash = createHash('sha256');
  const columnOf = rows.isFull ? (at: number) => at % nColumns : (at: number) => rows.indices[at]; // full rows make none for this
  hash.update(littleEndian(sampleOf(indptr.length, (at) => indptr[at])));
  hash.update(littleEndian(sampleOf(values.length, columnOf)));
  hash.update(littleEndian(sampleOf(values.length, (at) => values[at])));
  return {
    nRows,
    nColumns,
    nnz: values.length,
    sample: hash.digest('hex'),
    weights: weights && createHash('sha256').update(littleEndian(weights)).digest('hex'),
  };
}

function sampleOf(length: number, numberAt: (at: number) => number): Float64Array {
  const count = Math.min(length, sampled);
  return Float64Array.from({ length: count }, (_, i) => numberAt(Math.floor((i * length) / count)));
}
