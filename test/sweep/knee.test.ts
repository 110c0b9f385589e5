import { describe, expect, it } from 'vitest';
import { findKnee } from '#src/index.js';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('findKnee', () => {
  // The line from (a, 1/a) to (b, 1/b) has the slope -1/ab, and 1/x has it at the root of ab.
  it.each([
    [4, 2],
    [25, 5],
    [100, 10],
    [900, 30],
  ])('finds that of 1/x from 1 to %i at %i, where calculus has it', (last, knee) => {
    const x = upTo(last);
    expect(
      findKnee(
        x,
        x.map((each) => 1 / each),
      ),
    ).toBe(knee);
  });

  it('finds that of the paper, figure 2, turned over: 1/(x + 0.1) on ten points from 0 to 1, at 0.22', () => {
    const x = Array.from({ length: 10 }, (_, i) => i / 9);
    expect(
      findKnee(
        x,
        x.map((each) => 1 / (each + 0.1) - 5),
      ),
    ).toBeCloseTo(0.2222, 4);
  });

  it('finds the corner of two lines, wherever it is', () => {
    for (const corner of [2, 5, 9]) {
      const y = upTo(10).map((x) => Math.max(100 - 20 * x, 100 - 20 * corner - (x - corner)));
      expect(findKnee(upTo(10), y)).toBe(corner);
    }
  });

  it('does not hang on the units of either axis', () => {
    const x = upTo(100);
    const y = x.map((each) => 1 / each);
    expect(
      findKnee(
        x.map((each) => 5 * each),
        y.map((each) => 1e6 + 250 * each),
      ),
    ).toBe(50);
  });

  it('takes the first of equal points', () => {
    expect(findKnee([1, 2, 3, 4], [4, 2, 1, 1])).toBe(2); // 2 and 3 are a third below the line
  });

  it.each([
    ['fewer than three points', [1, 2], [5, 1]],
    ['no points', [], []],
    ['a straight line', [1, 2, 3, 4, 5, 6, 7], [0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]],
    ['a curve that rises', [1, 2, 3], [1, 5, 6]],
    ['a flat one', [1, 2, 3], [1, 1, 1]],
    ['one that bends the other way', [1, 2, 3, 4], [10, 9.9, 9, 1]],
  ])('finds none in %s', (_, x, y) => {
    expect(findKnee(x, y)).toBeNull();
  });

  it('takes typed arrays', () => {
    expect(findKnee(Int32Array.of(1, 2, 3), Float64Array.of(9, 1, 0))).toBe(2);
  });

  it.each([
    ['what is no array', 'curve', [1], 'ERR_INVALID_ARG_TYPE', /x must be an array of numbers, but is "curve"/],
    ['two lengths', [1, 2], [1], 'ERR_OUT_OF_RANGE', /x holds 2 numbers, but y holds 1/],
    ['NaN', [1, 2, 3], [1, Number.NaN, 0], 'ERR_OUT_OF_RANGE', /y .* number 1 is NaN/],
    ['disorder', [1, 3, 2], [3, 2, 1], 'ERR_OUT_OF_RANGE', /x must be in order, but holds 2 after 3/],
    ['an x twice', [1, 1, 2], [3, 2, 1], 'ERR_OUT_OF_RANGE', /holds 1 after 1/],
  ])('refuses %s', (_, x, y, code, message) => {
    expect(() => findKnee(x as number[], y)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
