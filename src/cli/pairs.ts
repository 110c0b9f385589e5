/** Pairs of terms: the best of them out of the best partners of each. */

import { Largest } from '../core/largest.js';
import type { CsrMatrix, TopCooccurrences } from '../index.js';

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

/** Finds the k best partners of all terms, or of some. */
export type FindPartners = (k: number, rows?: number[]) => Promise<Partners>;

/**
 * The `top` pairs with the highest scores of counts from `minCount` on; on a tie the larger counts, then in order of terms. None of them is
 * missing among the `top` best partners of its first term; but nearly all terms have only a few, so that the others are asked for again.
 */
export async function bestPairs(
  find: FindPartners,
  { top, minCount }: { readonly top: number; readonly minCount: number },
  few = 100,
): Promise<readonly Pair[]> {
  const found = await find(Math.min(top, few));
  const pairs = bestOf(pairsOf(found, minCount), top);
  if (top <= few) return pairs;
  const floor = pairs.length < top ? Number.NEGATIVE_INFINITY : pairs[top - 1].score;
  const rows = cutShort(found, few, floor);
  if (rows.length === 0) return pairs;
  const again = new Set(rows);
  const whole = pairs.filter(({ a }) => !again.has(a));
  return bestOf([...whole, ...pairsOf(await find(top, rows), minCount)], top);
}

/** The terms with as many partners as were asked for, the last of which reaches a score: there may be more. */
function cutShort({ terms, offsets, scores }: Partners, k: number, floor: number): number[] {
  return Array.from(terms).filter(
    (_, row) => offsets[row + 1] - offsets[row] === k && scores[offsets[row + 1] - 1] >= floor,
  );
}

function bestOf(pairs: Iterable<Pair>, n: number): readonly Pair[] {
  const best = new Largest<Pair>(n, (x, y) => y.score - x.score || y.count - x.count || x.a - y.a || x.b - y.b);
  for (const pair of pairs) best.add(pair);
  return best.sorted();
}

/** The pairs that begin with the terms asked for. */
function* pairsOf({ terms, offsets, partners, counts, scores }: Partners, minCount: number): Generator<Pair> {
  for (let row = 0; row < terms.length; row++) {
    for (let q = offsets[row]; q < offsets[row + 1]; q++) {
      const pair = { a: terms[row], b: partners[q], count: counts[q], score: scores[q] };
      if (pair.b > pair.a && pair.count >= minCount) yield pair;
    }
  }
}

/** All partners found of the one term asked for, the best first. */
export function partnersOf(partners: Partners, minCount: number): readonly Pair[] {
  const [a] = partners.terms;
  const pairs = partners.of(a).map(({ term: b, count, score }) => ({ a, b, count, score }));
  return pairs.filter(({ count }) => count >= minCount);
}
