import type { Windowing } from '../kernels.js';

/** Sums up the pairs of one term with all others. */
export interface Weigher {
  /** Adds a pair that stands so far apart. */
  add(other: number, distance: number): void;
  /** The weight of all pairs with a term, whose sum begins anew. */
  take(other: number): number;
}

export function weigherOf({ weighing, numbers, divisor }: Windowing, nTerms: number): Weigher {
  switch (weighing) {
    case 'whole':
      return new WholeSums(numbers, divisor, nTerms);
    case 'fractions':
      return new PairsByDistance(numbers.length, nTerms, sumOfFractions(numbers));
    case 'each':
      return new PairsByDistance(numbers.length, nTerms, (pairs) =>
        pairs.reduce((sum, count, d) => sum + count * numbers[d], 0),
      );
  }
}

class WholeSums implements Weigher {
  private readonly sums: Float64Array; // whole numbers below 2^53

  constructor(
    private readonly numbers: Float64Array,
    private readonly divisor: number,
    nTerms: number,
  ) {
    this.sums = new Float64Array(nTerms);
  }

  add(other: number, distance: number): void {
    this.sums[other] += this.numbers[distance - 1];
  }

  take(other: number): number {
    const sum = this.sums[other];
    this.sums[other] = 0;
    return sum / this.divisor;
  }
}

class PairsByDistance implements Weigher {
  private readonly pairs: Uint32Array; // for each term so many at each distance

  constructor(
    private readonly window: number,
    nTerms: number,
    private readonly weightOf: (pairs: Uint32Array) => number,
  ) {
    this.pairs = new Uint32Array(nTerms * window);
  }

  add(other: number, distance: number): void {
    this.pairs[other * this.window + distance - 1]++;
  }

  take(other: number): number {
    const own = this.pairs.subarray(other * this.window, (other + 1) * this.window);
    const weight = this.weightOf(own);
    own.fill(0);
    return weight;
  }
}

/** Gives c[0] / d[0] + c[1] / d[1] + ..., rounded once. */
function sumOfFractions(denominators: Float64Array): (counts: Uint32Array) => number {
  const whole = Array.from(denominators, BigInt);
  const common = whole.reduce((product, d) => (product * d) / greatestCommonDivisor(product, d), 1n);
  const parts = whole.map((d) => common / d);
  return (counts) => {
    let sum = 0n;
    parts.forEach((part, d) => {
      sum += part * BigInt(counts[d]);
    });
    return quotient(sum, common);
  };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

/** A quotient rounded once, to the nearest, on a tie to even: its first 55 bits or more, of which the last says whether there are
 * others. Number() rounds such a number rightly. */
function quotient(numerator: bigint, denominator: bigint): number {
  const shift = Math.max(0, 55 + bitsOf(denominator) - bitsOf(numerator));
  const shifted = numerator << BigInt(shift);
  const whole = shifted / denominator;
  return Number(shifted % denominator === 0n ? whole : whole | 1n) / 2 ** shift;
}

const bitsOf = (number: bigint) => number.toString(2).length;
