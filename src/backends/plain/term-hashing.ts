/** Columns by the hash of terms, and rows scaled to a norm. */

import { murmur3 } from '../../core/murmur3.js';
import type { TermCounts } from '../kernels.js';
import type { Run } from './run.js';

export function hashOfTerm(term: string): number {
  const bytes = Buffer.from(term);
  return murmur3(bytes, 0, bytes.length, 0);
}

/** The absolute value modulo nFeatures; as scikit-learn, without the overflow of the one number that has no absolute value. */
export function featureOf(hash: number, nFeatures: number): number {
  return hash === -(2 ** 31) ? (2 ** 31 - 1 - (nFeatures - 1)) % nFeatures : Math.abs(hash) % nFeatures;
}

/** Columns by their ranks among those that occur, so that a wide matrix needs no wide row of counters. */
export function ranked(columns: Int32Array): { ranks: Int32Array; features: Int32Array } {
  const features = Int32Array.from(new Set(columns)).sort();
  const rankOf = new Map(Array.from(features, (feature, rank) => [feature, rank]));
  return { ranks: columns.map((column) => rankOf.get(column) as number), features };
}

/** The counts as weights in rows of norm 1. Squares and sums of whole numbers are exact in any order. */
export function scaledRows({ indptr, values }: TermCounts, norm: 'l1' | 'l2' | null, run: Run): Float64Array {
  run.take(8 * values.length);
  const scaled = new Float64Array(values.length);
  for (let row = 0; row + 1 < indptr.length; row++) {
    if (row % 1024 === 0) run.checkStopped();
    let total = 0;
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      total += norm === 'l1' ? Math.abs(values[q]) : values[q] * values[q];
    }
    const length = norm === null || total === 0 ? 1 : norm === 'l1' ? total : Math.sqrt(total);
    for (let q = indptr[row]; q < indptr[row + 1]; q++) scaled[q] = values[q] / length;
  }
  return scaled;
}
