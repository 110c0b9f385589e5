import { describe, expect, it } from 'vitest';
import { fma, log } from '#src/core/logarithm.js';
import { dice, sha256 } from '../support.js';

describe('log', () => {
  it('has the bits of the reference for all document frequencies of 50,000 reviews', () => {
    // NumPy 1.24.2 with AVX-512: sha256(np.log(50001 / np.arange(2, 50002)).tobytes())
    const logs = Float64Array.from({ length: 50_000 }, (_, df) => log(50_001 / (df + 2)));
    expect(sha256(logs)).toBe('ff168cccd6e4a62768bf4baa1842c72c5fa0cd1aaac032c69a748142634cb604');
  });

  it('differs from the exact logarithm by no more than two units in the last place', () => {
    const random = dice(3);
    for (let i = 0; i < 20_000; i++) {
      const x = 2 ** (random() * 200 - 100);
      expect(Math.abs(log(x) - Math.log(x))).toBeLessThanOrEqual(
        3 * Number.EPSILON * Math.max(Math.abs(Math.log(x)), 2 ** -5),
      );
    }
  });

  it('is exact for 1 and for powers of two, and knows the ends of the numbers', () => {
    expect([log(1), log(2), log(4), log(0.5)]).toEqual([0, Math.LN2, 2 * Math.LN2, -Math.LN2]);
    expect([log(0), log(Number.POSITIVE_INFINITY), log(-1)]).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]);
    expect(log(Number.MIN_VALUE)).toBe(Math.log(Number.MIN_VALUE));
  });
});

describe('fma', () => {
  it('rounds once, as exact arithmetic on whole numbers shows', () => {
    const random = dice(7);
    for (let i = 0; i < 20_000; i++) {
      const [a, b] = [0, 0].map(() => Math.floor(random() * 2 ** 53));
      const c = Math.floor((random() - 0.5) * 2 ** (53 + (i % 50)));
      expect(fma(a, b, c)).toBe(Number(BigInt(a) * BigInt(b) + BigInt(c)));
    }
  });
});
