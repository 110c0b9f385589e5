import { contingencyOf, type Labeling } from './contingency.js';

/**
 * Of all pairs of items, how many two labelings treat alike, corrected for chance (Hubert, Arabie 1985): 1 for the same classes,
 * about 0 for labels at random, and as low as -0.5. Counts of pairs are exact at any number of items.
 * @param a the class of each item
 * @param b the same for another labeling; a and b can be exchanged
 * @throws TypeError, RangeError for what is no labeling, or labelings of different lengths
 */
export function adjustedRandScore(a: Labeling, b: Labeling): number {
  const { n, aSizes, bSizes, shared } = contingencyOf(a, b);
  const both = sumOfSquares(shared);
  const onlyA = sumOfSquares(aSizes) - both; // together in a, but not in b; each pair in both orders
  const onlyB = sumOfSquares(bSizes) - both;
  if (onlyA === 0n && onlyB === 0n) return 1;
  const together = both - BigInt(n);
  const apart = BigInt(n) * BigInt(n) - onlyA - onlyB - both;
  const above = 2n * (together * apart - onlyA * onlyB);
  const below = (together + onlyA) * (onlyA + apart) + (together + onlyB) * (onlyB + apart);
  return Number(above) / Number(below);
}

/** Exact: squares below 2^52 are added as numbers, as long as their sum is below 2^53. */
export function sumOfSquares(counts: Float64Array): bigint {
  let total = 0n;
  let part = 0;
  for (const count of counts) {
    if (count > 2 ** 26) {
      total += BigInt(count) * BigInt(count);
      continue;
    }
    part += count * count;
    if (part <= 2 ** 52) continue;
    total += BigInt(part);
    part = 0;
  }
  return total + BigInt(part);
}
