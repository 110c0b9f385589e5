/** Windowed co-occurrence by its definition, in fractions of BigInts. */

import type { TokenStreams, WindowOptions } from '#src/index.js';
import { dice } from '../support.js';

/** How many pairs of i and j stand at each distance, from 1, keyed `i j`. */
export type Pairs = Map<string, number[]>;

/** Looks at every two places of every document. */
export function pairsOf(
  streams: TokenStreams,
  window: number,
  { direction = 'symmetric', oov = 'gap' }: WindowOptions,
): Pairs {
  const pairs: Pairs = new Map();
  const add = (i: number, j: number, distance: number) => {
    const key = `${i} ${j}`;
    if (!pairs.has(key)) pairs.set(key, new Array(window).fill(0));
    pairs.get(key)![distance - 1]++;
  };
  for (let d = 0; d < streams.nDocuments; d++) {
    const words = [...streams.document(d)].filter((id) => oov === 'gap' || id >= 0);
    words.forEach((left, p) => {
      for (let q = p + 1; q < words.length && q - p <= window; q++) {
        const right = words[q];
        if (left < 0 || right < 0) continue;
        if (direction !== 'left') add(left, right, q - p);
        if (direction !== 'right') add(right, left, q - p);
      }
    });
  }
  return pairs;
}

export interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** The sum of 1 / distance of pairs. */
export function harmonicSum(pairs: readonly number[]): Fraction {
  let sum: Fraction = { top: 0n, bottom: 1n };
  pairs.forEach((count, i) => {
    const distance = BigInt(i + 1);
    sum = { top: sum.top * distance + BigInt(count) * sum.bottom, bottom: sum.bottom * distance };
  });
  return sum;
}

const scale = 2 ** 100;

/** Whether no number of 64 bits is nearer to a fraction. */
export function isNearest(x: number, { top, bottom }: Fraction): boolean {
  const farOff = (y: number) => {
    const difference = BigInt(y * scale) * bottom - top * BigInt(scale);
    return difference < 0n ? -difference : difference;
  };
  const bits = new BigInt64Array(1);
  const neighbour = (step: bigint) => {
    new Float64Array(bits.buffer)[0] = x;
    bits[0] += step;
    return new Float64Array(bits.buffer)[0];
  };
  return farOff(x) <= farOff(neighbour(1n)) && farOff(x) <= farOff(neighbour(-1n));
}

/** Lists of term numbers, of which the first are the most frequent; some words are none. */
export function randomLists(nTerms: number, nDocuments: number, longest: number, seed: number): number[][] {
  const random = dice(seed);
  return Array.from({ length: nDocuments }, () =>
    Array.from({ length: Math.floor(random() * (longest + 1)) }, () =>
      random() < 0.15 ? -1 : Math.floor(random() ** 3 * nTerms),
    ),
  );
}
