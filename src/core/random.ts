/** NumPy's legacy `RandomState`: the same seed gives the same draws as in Python. */

import { randomInt } from 'node:crypto';
import { failure, shown } from './check.js';

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

  /** `randint(0, limit)`: a whole number from 0 to limit - 1, by masks and rejection; a limit of 1 draws nothing. */
  randint(limit: number): number {
    if (limit === 1) return 0;
    const mask = 2 ** (32 - Math.clz32(limit - 1)) - 1;
    for (;;) {
      const value = (this.nextUint32() & mask) >>> 0;
      if (value < limit) return value;
    }
  }

  /** `randint(0, limit, count)` */
  randints(limit: number, count: number): Int32Array {
    return Int32Array.from({ length: count }, () => this.randint(limit));
  }

  /** `permutation(n)`: the numbers below n, shuffled from the last to the first. */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.randint(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  /** `choice(n, count, p=weights / weights.sum())`, where `cumulated` is `cumulate(weights)`. */
  choices(cumulated: Float64Array, count: number): Int32Array {
    const drawn = new Int32Array(count);
    for (let i = 0; i < count; i++) drawn[i] = searchRight(cumulated, this.randomSample());
    return drawn;
  }

  /** Another generator that draws from here on what this one would draw. */
  clone(): RandomState {
    return RandomState.from(this.toJSON());
  }

  /** The seed, the 624 words of its state and how many of them are used: what `get_state` gives in Python. */
  toJSON(): SavedRandomState {
    return { seed: this.seed, state: [...this.state], position: this.position };
  }

  /** The generator of a saved state. @throws TypeError for what is none */
  static from(saved: unknown): RandomState {
    const { seed, state, position } = (saved ?? {}) as Partial<SavedRandomState>;
    const isWord = (word: unknown) => Number.isInteger(word) && (word as number) >= 0 && (word as number) < 2 ** 32;
    const isPosition = Number.isInteger(position) && (position as number) >= 0 && (position as number) <= size;
    if (!isWord(seed) || !Array.isArray(state) || state.length !== size || !state.every(isWord) || !isPosition) {
      const parts = `a seed, a state of ${size} words of 32 bits and a position up to ${size}`;
      throw failure('ERR_INVALID_ARG_VALUE', `A saved generator must hold ${parts}, but is ${shown(saved)}.`);
    }
    const generator = new RandomState(seed);
    generator.state.set(state);
    generator.position = position as number;
    return generator;
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

/** What `RandomState.toJSON` gives. */
export interface SavedRandomState {
  readonly seed: number;
  readonly state: readonly number[];
  readonly position: number;
}

/** Running sums of weights, scaled to end at 1; the weights are made shares first, as callers of `choice` do. */
export function cumulate(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const cumulated = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i] / total;
    cumulated[i] = sum;
  }
  return cumulated.map((value) => value / sum);
}

/**
 * The first position whose value is above `x`, as `searchsorted(x, side='right')`. Looked for from where it is if all weigh the same, in
 * strides that double: with 50,000 weights of 1, three looks in the place of sixteen.
 */
function searchRight(sorted: Float64Array, x: number): number {
  let low = Math.floor(x * sorted.length);
  let high = low;
  let stride = 1;
  if (sorted[low] <= x) {
    for (low++; sorted[low + stride] <= x; stride *= 2) low += stride + 1;
    high = Math.min(low + stride, sorted.length);
  } else {
    for (; sorted[high - stride] > x; stride *= 2) high -= stride;
    low = Math.max(high - stride + 1, 0);
  }
  while (low < high) {
    const center = (low + high) >>> 1;
    if (sorted[center] <= x) low = center + 1;
    else high = center;
  }
  return low;
}
