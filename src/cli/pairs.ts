/** One pass over the pairs of terms, which may be many millions: in slices, so that Ctrl-C is heard. */

import { setImmediate } from 'node:timers/promises';
import type { CsrMatrix, Progress } from '../index.js';

/** Two different terms, by their columns, how many documents hold both (or the weight of their pairs in windows), and how strongly
 * they are associated. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly count: number;
  readonly score: number;
}

/** Counts (or weights) of pairs, and the score of each, where it is not the count. */
export interface ScoredPairs {
  readonly counts: CsrMatrix<Int32Array | Float64Array>;
  readonly scores?: Float64Array;
}

const sliceEntries = 1 << 22;

/** Keeps the pairs with the highest scores of those shown to it; on a tie the larger counts, then those that came first. */
export class LargestPairs {
  /** What a score must reach to be worth showing. */
  floor = Number.NEGATIVE_INFINITY;
  private kept: Pair[] = [];

  constructor(
    private readonly n: number,
    private readonly minCount: number,
  ) {}

  add(pair: Pair): void {
    if (pair.score < this.floor || pair.count < this.minCount) return;
    this.kept.push(pair);
    if (this.kept.length >= 2 * this.n + 1024) this.cut();
  }

  /** The n pairs, the highest score first. */
  sorted(): readonly Pair[] {
    this.cut();
    return this.kept;
  }

  private cut(): void {
    this.kept.sort((x, y) => y.score - x.score || y.count - x.count || x.a - y.a || x.b - y.b);
    this.kept = this.kept.slice(0, this.n);
    if (this.kept.length === this.n) this.floor = this.kept[this.n - 1].score;
  }
}

/**
 * Adds up the counts, and shows all pairs (i < j) to `largest`, row by row.
 * @param pairs the upper triangle with its diagonal
 * @returns the sum over the full symmetric matrix
 */
export async function scanPairs(
  { counts: { nRows, indptr, indices, values }, scores }: ScoredPairs,
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
      const score = scores === undefined ? count : scores[q];
      if (isDiagonal || score < floor) continue;
      largest?.add({ a: row, b: indices[q], count, score });
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
