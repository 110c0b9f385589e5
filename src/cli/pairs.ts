/** One pass over pairs of terms, which may be many millions: in slices, so that Ctrl-C is heard. */

import { setImmediate } from 'node:timers/promises';
import { Largest } from '../core/largest.js';
import type { CsrMatrix, Progress, TopCooccurrences } from '../index.js';

/** Two different terms, by their columns, how many documents hold both (or the weight of their pairs in windows), and how strongly
 * they are associated. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly count: number;
  readonly score: number;
}

/** Counts (or weights) of all pairs, the upper triangle with its diagonal, and the score of each, where it is not the count. */
export interface ScoredPairs {
  readonly counts: CsrMatrix<Int32Array | Float64Array>;
  readonly scores?: Float64Array;
}

/** The best partners of terms. */
export type Partners = TopCooccurrences<Int32Array | Float64Array>;

/** Pairs of term i with indices[q], where q is from indptr[i] to below indptr[i + 1]. */
export interface PairRows {
  readonly indptr: Int32Array | Float64Array;
  readonly indices: Int32Array;
  readonly counts: Int32Array | Float64Array;
  readonly scores: Int32Array | Float64Array;
}

export const rowsOfMatrix = ({ counts: { indptr, indices, values }, scores }: ScoredPairs): PairRows => ({
  ...{ indptr, indices, counts: values, scores: scores ?? values },
});

/** Of all terms. */
export const rowsOfPartners = ({ offsets, partners, counts, scores }: Partners): PairRows => ({
  ...{ indptr: offsets, indices: partners, counts, scores },
});

const sliceEntries = 1 << 22;

/**
 * The `top` pairs (i < j) with the highest scores of counts from `minCount` on; on a tie the larger counts, then in order of terms. None of
 * them is missing among the `top` best partners of its first term.
 */
export async function bestPairs(
  { indptr, indices, counts, scores }: PairRows,
  { top, minCount }: { readonly top: number; readonly minCount: number },
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
): Promise<readonly Pair[]> {
  const best = new Largest<Pair>(top, (x, y) => y.score - x.score || y.count - x.count || x.a - y.a || x.b - y.b);
  let pausedAt = 0;
  for (let a = 0; a + 1 < indptr.length; a++) {
    for (let q = indptr[a]; q < indptr[a + 1]; q++) {
      if (scores[q] < best.floor || indices[q] <= a || counts[q] < minCount) continue;
      best.add({ a, b: indices[q], count: counts[q], score: scores[q] });
    }
    if (indptr[a + 1] - pausedAt < sliceEntries) continue;
    pausedAt = indptr[a + 1];
    onProgress({ phase: '', done: a + 1, total: indptr.length - 1 });
    await setImmediate();
    signal.throwIfAborted();
  }
  return best.sorted();
}

/** All partners found of the one term asked for, the best first. */
export function partnersOf(partners: Partners, minCount: number): readonly Pair[] {
  const [a] = partners.terms;
  const pairs = partners.of(a).map(({ term: b, count, score }) => ({ a, b, count, score }));
  return pairs.filter(({ count }) => count >= minCount);
}
