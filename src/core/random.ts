/** NumPy's legacy `RandomState`: the same seed gives the same draws as in Python. */

import { randomInt } from 'node:crypto';

const size = 624;
const middle = 397;

/** The Mersenne Twister MT19937 (Matsumoto, Nishimura 1998), seeded and read as NumPy's `RandomState(seed)` does. */
export class RandomState {
  private readonly state = new Uint32Array(size);
  private position = size;

  /** @param seed an integer from 0 to 2^32 - 1; without it, one is drawn from the system */
  constructor(readonly seed: number = randomInt(2 ** 32)) {
    this.state[0] = seed;
    for (let i = 1; i < size; i++) {
      const previous = this.state[i - 1] ^ (this.state[i - 1] >>> 30);
      this.state[i] = Math.imul(1812433253, previous) + i;
    }
  }

  private refill(): void {
    const { state } = this;
    for (let i = 0; i < size; i++) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % size] & 0x7fffffff);
      state[i] = state[(i + middle) % size] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.position = 0;
  }

  /** 32 random bits. */
  nextUint32(): number {
    if (this.position === size) this.refill();
    let y = this.state[this.position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** `random_sample()`: a double in [0, 1) of 53 random bits. */
  randomSample(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** `choice(n, p=weights / weights.sum())`: one number below n. */
  choice(weights: Float64Array): number {
    const cumulated = cumulate(weights);
    return searchRight(cumulated, this.randomSample());
  }

  /** `choice(n, count, replace=False, p=weights / weights.sum())`: `count` different numbers below n. */
  choiceWithoutReplacement(weights: Float64Array, count: number): Int32Array {
    const left = weights.slice();
    const found: number[] = [];
    while (found.length < count) {
      const draws = Array.from({ length: count - found.length }, () => this.randomSample());
      for (const index of found) left[index] = 0;
      const cumulated = cumulate(left);
      found.push(...new Set(draws.map((draw) => searchRight(cumulated, draw))));
    }
    return Int32Array.from(found);
  }
}

/** Running sums of weights, scaled to end at 1; the weights are made shares first, as callers of `choice` do. */
function cumulate(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const cumulated = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i] / total;
    cumulated[i] = sum;
  }
  return cumulated.map((value) => value / sum);
}

/** The first position whose value is above `x`, as `searchsorted(x, side='right')`. */
function searchRight(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const center = (low + high) >>> 1;
    if (sorted[center] <= x) low = center + 1;
    else high = center;
  }
  return low;
}
