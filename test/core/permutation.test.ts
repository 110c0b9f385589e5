import { expect, it } from 'vitest';
import { RandomState } from '#src/core/random.js';
import { golden } from '../support.js';

const { draws, cases } = golden('random');
const i = draws.findIndex(({ method }: { method: string }) => method === 'permutation');

it.each(cases)('RandomState($seed) shuffles as NumPy does', ({ seed, fresh }) => {
  expect([...new RandomState(seed).permutation(draws[i].n)]).toEqual(fresh[i]);
});

it.each([0, 1])('RandomState shuffles %d numbers without a draw', (n) => {
  const random = new RandomState(4);
  expect([...random.permutation(n)]).toEqual(n === 0 ? [] : [0]);
  expect(random.randomSample()).toBe(new RandomState(4).randomSample());
});
