/** One pass over the pairs of terms, which may be many millions: in slices, so that Ctrl-C is heard. */

import { setImmediate } from 'node:timers/promises';
import type { CsrMatrix, Progress } from '../index.js';

/** Two different terms, by their columns, and how many documents hold both. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly count: number;
}

const sliceEntries = 1 << 22;

/** Keeps the pairs with the largest counts of those shown to it; on a tie those that came first. */
export class LargestPairs {
  /** What a count must exceed to be worth showing. */
  floor: number;
  private kept: Pair[] = [];

  constructor(
    private readonly n: number,
    minCount: number,
  ) {
    this.floor = minCount - 1;
  }

  add(pair: Pair): void {
    if (pair.count <= this.floor) return;
    this.kept.push(pair);
    if (this.kept.length >= 2 * this.n + 1024) this.cut();
  }

  /** The n pairs, the largest count first. */
  sorted(): readonly Pair[] {
    this.cut();
    return this.kept;
  }

  private cut(): void {
    this.kept = this.kept.sort((x, y) => y.count - x.count || x.a - y.a || x.b - y.b).slice(0, this.n);
    if (this.kept.length === this.n) this.floor = this.kept[this.n - 1].count;
  }
}

/**
 * Adds up the counts, and shows all pairs (i < j) to `largest`, row by row.
 * @param upper the upper triangle with its diagonal
 * @returns the sum over the full symmetric matrix
 */
export async function scanPairs(
  { nRows, indptr, indices, values }: CsrMatrix<Int32Array>,
  largest: LargestPairs | undefined,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: Progress) => void },
): Promise<number> {
  let sum = 0;
  let floor = largest?.floor ?? Number.POSITIVE_INFINITY;
  let pausedAt = 0;
  for (let row = 0; row < nRows; row++) {
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      const isDiagonal = indices[q] === row;
      const count = values[q];
      sum += isDiagonal ? count : 2 * count;
      if (isDiagonal || count <= floor) continue;
      largest?.add({ a: row, b: indices[q], count });
      floor = largest?.floor ?? floor;
    }
    if (indptr[row + 1] - pausedAt < sliceEntries) continue;
    pausedAt = indptr[row + 1];
    onProgress({ phase: '', done: row + 1, total: nRows });
    await setImmediate();
    signal.throwIfAborted();
  }
  return sum;
}

/** The partners of one term: the column above the diagonal, then the row right of it. */
export function* pairsOf(term: number, { nRows, indptr, indices, values }: CsrMatrix<Int32Array>): Generator<Pair> {
  for (let row = 0; row < term && row < nRows; row++) {
    const q = lowerBound(indices, indptr[row], indptr[row + 1], term);
    if (q < indptr[row + 1] && indices[q] === term) yield { a: term, b: row, count: values[q] };
  }
  for (let q = indptr[term]; q < indptr[term + 1]; q++) {
    if (indices[q] !== term) yield { a: term, b: indices[q], count: values[q] };
  }
}

/** The first position from `begin` to `end` whose value is at least `x`. */
function lowerBound(sorted: Int32Array, begin: number, end: number, x: number): number {
  let low = begin;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
