import { describe, expect, it } from 'vitest';
import { Largest } from '#src/core/largest.js';

describe('Largest', () => {
  const items = Array.from({ length: 5000 }, (_, place) => ({ place, score: (place * 37) % 1000 }));
  const compare = (x: (typeof items)[number], y: (typeof items)[number]) => y.score - x.score || x.place - y.place;

  it.each([1, 20, 500, 10_000])('keeps the %i highest, as sorting them all does', (n) => {
    const largest = new Largest(n, compare);
    for (const item of items) largest.add(item);
    expect(largest.sorted()).toEqual(items.toSorted(compare).slice(0, n));
  });

  it('says what a score must reach, once it has enough', () => {
    const largest = new Largest(2, compare);
    expect(largest.floor).toBe(Number.NEGATIVE_INFINITY);
    for (const item of items) largest.add(item);
    largest.sorted();
    expect(largest.floor).toBe(999);
  });
});
