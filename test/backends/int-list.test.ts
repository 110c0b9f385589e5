import { describe, expect, it } from 'vitest';
import { IntList } from '#src/backends/plain/int-list.js';

describe('IntList', () => {
  it('grows', () => {
    const list = new IntList();
    for (let i = 0; i < 5000; i++) list.push(i * 2);
    expect([list.length, list.get(4999), list.view().length, list.toArray()[3000]]).toEqual([5000, 9998, 5000, 6000]);
  });

  it.each([1, 1500])('refuses more than %i values, which stands for the 2^31 - 1 that an index can name', (limit) => {
    const list = new IntList(limit);
    for (let i = 0; i < limit; i++) list.push(i);
    expect(() => list.push(0)).toThrow(
      expect.objectContaining({
        code: 'ERR_OUT_OF_RANGE',
        message: expect.stringContaining(`at most ${limit} entries`),
      }),
    );
    expect(list.length).toBe(limit);
  });
});
