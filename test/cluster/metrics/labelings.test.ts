import { describe, expect, it } from 'vitest';
import { sumOfSquares } from '#src/cluster/metrics/adjusted-rand.js';
import {
  adjustedRandScore,
  clusterJaccard,
  completenessScore,
  homogeneityScore,
  type Labeling,
  normalizedMutualInfoScore,
  vMeasureScore,
} from '#src/index.js';
import { dice, golden } from '../../support.js';

const { cases } = golden('cluster-metrics');

describe('comparisons of labelings', () => {
  it.each(cases)('answer as scikit-learn: $name', ({ a, b, ...wanted }) => {
    const close = (value: number, expected: number) => expect(Math.abs(value - expected)).toBeLessThan(1e-12);
    close(adjustedRandScore(a, b), wanted.adjustedRand);
    close(homogeneityScore(a, b), wanted.homogeneity);
    close(completenessScore(a, b), wanted.completeness);
    for (const [average, value] of Object.entries<number>(wanted.normalizedMutualInfo)) {
      close(normalizedMutualInfoScore(a, b, { average: average as 'min' }), value);
    }
    for (const [beta, value] of Object.entries<number>(wanted.vMeasure)) {
      close(vMeasureScore(a, b, { beta: Number(beta) }), value);
    }
  });

  it('are exactly 1 for the same classes under other names, and exactly 0 for independent ones', () => {
    const random = dice(3);
    const a = Int32Array.from({ length: 997 }, () => Math.floor(random() * 13));
    const renamed = Array.from(a, (label) => `class ${12 - label}`);
    const first = Int32Array.from({ length: 600 }, (_, i) => i % 3);
    const second = Int32Array.from({ length: 600 }, (_, i) => Math.floor(i / 3) % 4);
    for (const score of [
      adjustedRandScore,
      normalizedMutualInfoScore,
      vMeasureScore,
      homogeneityScore,
      completenessScore,
    ]) {
      expect(score(a, renamed), score.name).toBe(1);
      if (score !== adjustedRandScore) expect(score(first, second), score.name).toBe(0);
    }
  });

  it('do not depend on which is first, but that homogeneity is the completeness of the other', () => {
    const random = dice(5);
    const [a, b] = [4, 7].map((k) => Int32Array.from({ length: 500 }, () => Math.floor(random() ** 2 * k)));
    expect(adjustedRandScore(a, b)).toBe(adjustedRandScore(b, a));
    expect(normalizedMutualInfoScore(a, b)).toBeCloseTo(normalizedMutualInfoScore(b, a), 14);
    expect(homogeneityScore(a, b)).toBeCloseTo(completenessScore(b, a), 14);
    expect(vMeasureScore(a, b)).toBeCloseTo(normalizedMutualInfoScore(a, b), 14);
  });

  it('count pairs of a million items exactly, where products of counts pass 2^53', () => {
    const n = 1_000_000;
    const a = Int32Array.from({ length: n }, (_, i) => i & 1);
    const b = Int32Array.from({ length: n }, (_, i) => (i < 4 ? 1 - (i & 1) : i & 1));
    // a and b differ in four items, two of each class: by hand from the table [[n/2 - 2, 2], [2, n/2 - 2]]
    const half = BigInt(n / 2);
    const both = 2n * (half - 2n) ** 2n + 8n;
    const only = 2n * half ** 2n - both;
    const [together, apart] = [both - BigInt(n), BigInt(n) ** 2n - 2n * only - both];
    const wanted = Number(2n * (together * apart - only * only)) / Number(2n * (together + only) * (only + apart));
    expect(adjustedRandScore(a, b)).toBe(wanted);
    expect(wanted).toBeCloseTo(1 - 16 / n, 9);
  });

  it('add squares of counts exactly', () => {
    const counts = Float64Array.of(2 ** 31 - 1, 3, ...new Array(5000).fill(2 ** 26 - 1), 2 ** 26 + 1);
    const wanted = [...counts].reduce((sum, count) => sum + BigInt(count) ** 2n, 0n);
    expect(wanted).toBeGreaterThan(2n ** 53n);
    expect(sumOfSquares(counts)).toBe(wanted);
  });

  it('take time in proportion to the items, however many classes there are', () => {
    const n = 100_000;
    const apart = Int32Array.from({ length: n }, (_, i) => (i * 7919) % n);
    const pairs = Int32Array.from({ length: n }, (_, i) => Math.floor(((i * 7919) % n) / 2));
    expect(homogeneityScore(pairs, apart)).toBe(1);
    expect(completenessScore(pairs, apart)).toBeCloseTo(Math.log(n / 2) / Math.log(n), 12);
  });
});

describe('clusterJaccard', () => {
  it('finds for each cluster the one most like it', () => {
    const a = Int32Array.of(0, 0, 0, 1, 1, 3, 3, 3);
    const b = ['x', 'x', 'y', 'y', 'y', 'z', 'z', 'z'];
    expect([...clusterJaccard(a, b)]).toEqual([2 / 3, 2 / 3, Number.NaN, 1]);
    expect([...clusterJaccard([2, 0, 2], [5, 5, 5])]).toEqual([1 / 3, Number.NaN, 2 / 3]);
    expect(clusterJaccard([], [])).toEqual(new Float64Array(0));
  });

  it('follows its definition on random labelings', () => {
    const random = dice(11);
    const [a, b] = [6, 5].map((k) => Int32Array.from({ length: 200 }, () => Math.floor(random() * k)));
    const items = (labels: Int32Array, cluster: number) => [...labels.keys()].filter((i) => labels[i] === cluster);
    const found = clusterJaccard(a, b);
    for (let i = 0; i < 6; i++) {
      const best = [0, 1, 2, 3, 4].map((j) => {
        const both = items(a, i).filter((item) => b[item] === j).length;
        return both / new Set([...items(a, i), ...items(b, j)]).size;
      });
      expect(found[i]).toBe(Math.max(...best));
    }
  });
});

describe('labelings', () => {
  const scores = { adjustedRandScore, normalizedMutualInfoScore, vMeasureScore, homogeneityScore, completenessScore };

  it.each(Object.entries(scores))('are checked by %s', (_, score) => {
    const refused = (a: unknown, b: unknown, code: string, message: RegExp) =>
      expect(() => score(a as Labeling, b as Labeling)).toThrow(
        expect.objectContaining({ code, message: expect.stringMatching(message) }),
      );
    refused([0, 1], [0], 'ERR_OUT_OF_RANGE', /holds 2 labels, but \w+ holds 1/);
    refused('01', [0, 1], 'ERR_INVALID_ARG_TYPE', /must be an Int32Array or an array.*"01"/);
    refused([0, 1], undefined, 'ERR_INVALID_ARG_TYPE', /undefined/);
    refused([0, Number.NaN], [0, 1], 'ERR_INVALID_ARG_VALUE', /number 1 is NaN/);
    refused([0, 1], [0, null], 'ERR_INVALID_ARG_VALUE', /number 1 is null/);
  });

  it.each([
    [() => normalizedMutualInfoScore([0], [0], { average: 'mean' as 'min' }), 'ERR_INVALID_ARG_VALUE', /average/],
    [
      () => normalizedMutualInfoScore([0], [0], { averageMethod: 'min' } as object),
      'ERR_UNKNOWN_OPTION',
      /averageMethod/,
    ],
    [() => vMeasureScore([0], [0], { beta: -1 }), 'ERR_OUT_OF_RANGE', /beta.*-1/],
    [() => vMeasureScore([0], [0], { beta: Number.NaN }), 'ERR_OUT_OF_RANGE', /beta.*NaN/],
    [() => clusterJaccard([-1], [0]), 'ERR_OUT_OF_RANGE', /a must hold.*-1/],
    [() => clusterJaccard(['x'] as never, [0]), 'ERR_OUT_OF_RANGE', /"x"/],
    [() => clusterJaccard([0, 1], [0]), 'ERR_OUT_OF_RANGE', /2 labels.*1/],
  ])('are refused, or their options are: %#', (call, code, message) => {
    expect(call).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});
