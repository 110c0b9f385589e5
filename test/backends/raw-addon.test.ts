import { describe, expect, it } from 'vitest';
import { loadAddon } from '#src/backends/native/addon.js';
import type { TextBatch } from '#src/core/text-batch.js';
import { withoutNative } from '../support.js';

const options = () => ({ threads: 1, maxBytes: 1e9, control: new Int32Array(new SharedArrayBuffer(8)) });
const rows = () => ({
  nRows: 2,
  nColumns: 3,
  indptr: Int32Array.of(0, 2, 3),
  indices: Int32Array.of(0, 2, 1),
  values: Float64Array.of(1, 2, 3),
});

/** About six of a hundred columns in each row, by a generator of its own. */
function presence(nRows: number, nColumns: number) {
  const indptr = [0];
  const indices: number[] = [];
  let state = 1;
  for (let row = 0; row < nRows; row++) {
    for (let column = 0; column < nColumns; column++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      if (state < 0.06 * 2 ** 32) indices.push(column);
    }
    indptr.push(indices.length);
  }
  const values = new Int32Array(indices.length).fill(1);
  return { nRows, nColumns, indptr: Int32Array.from(indptr), indices: Int32Array.from(indices), values };
}

describe.skipIf(withoutNative)('the addon, called by itself', () => {
  it('writes no further than a result reaches that was declared before another step grew the model', async () => {
    const { addon } = loadAddon();
    const handle = addon.createKMeans(rows(), null);
    await addon.kmeansLoad(handle, options());
    await addon.kmeansSetCenters(handle, 1, new Float64Array(3), options());
    const k = 100_000;
    const steps = [
      addon.kmeansCenters(handle, options()),
      addon.kmeansTransform(handle, options()),
      addon.kmeansSetCenters(handle, k, new Float64Array(3 * k), options()),
    ];
    const outcomes = await Promise.allSettled(steps);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason.code).toBe('ERR_INVALID_ARG_VALUE');
    }
    expect(outcomes[2].status).toBe('fulfilled');
    expect((await addon.kmeansCenters(handle, options())).centers).toHaveLength(3 * k);
  });

  it('gives large pair counts in arrays of its own, which can be transferred to another thread', async () => {
    const { addon } = loadAddon();
    const matrix = presence(2000, 4300);
    const count = (first: number, end: number) => addon.cooccurrence(matrix, false, true, false, first, end, options());
    const { indptr, indices, values } = await count(0, 4300);
    expect(indices.byteLength).toBeGreaterThan(2 ** 25); // such pages are moved, where the system can
    const [moved, counts] = structuredClone([indices, values], {
      transfer: [indices.buffer as ArrayBuffer, values.buffer as ArrayBuffer],
    });
    expect([indices.length, values.length]).toEqual([0, 0]);
    expect(moved).toHaveLength(indptr[4300]);
    for (const first of [0, 2150, 4290]) {
      const some = await count(first, first + 10); // so few that they are copied
      const [begin, end] = [indptr[first], indptr[first + 10]];
      expect(moved.subarray(begin, end)).toEqual(some.indices);
      expect(counts.subarray(begin, end)).toEqual(some.values);
    }
  });

  it('looks at each property once, and before it takes memory from another', async () => {
    const { addon } = loadAddon();
    let looks = 0;
    const control = () => new Int32Array(new SharedArrayBuffer(8));
    const changing = {
      ...options(),
      get control() {
        looks++;
        return control();
      },
    };
    await addon.cooccurrence(rows(), false, true, false, 0, 3, changing);
    expect(looks).toBe(1);
    const bytes = Uint8Array.of(97, 97, 98, 98);
    const text = {
      bytes,
      get offsets() {
        structuredClone(bytes, { transfer: [bytes.buffer] });
        return Float64Array.of(0, 4);
      },
    };
    const counter = addon.createTermCounter(true, 'none', 'word', 1, 1, [], null, false);
    expect(() => addon.termCounterAdd(counter, text, null, options())).toThrow(/offsets must start at 0/);
  });

  it('takes numbers of threads and bytes that are none for the least', async () => {
    const { addon } = loadAddon();
    const { values } = await addon.cooccurrence(rows(), false, true, false, 0, 3, {
      ...options(),
      threads: Number.NaN,
    });
    expect(values).toEqual(Int32Array.of(1, 1, 1, 1));
    const nothing = addon.cooccurrence(rows(), false, true, false, 0, 3, { ...options(), maxBytes: Number.NaN });
    await expect(nothing).rejects.toMatchObject({ code: 'ERR_MEMORY_BUDGET' });
  });

  it('counts by hashes neither a given vocabulary nor what keeps places', async () => {
    const { addon } = loadAddon();
    const vocabulary = { bytes: Uint8Array.of(97, 97), offsets: Float64Array.of(0, 2) };
    for (const [given, keepsPlaces] of [
      [vocabulary, false],
      [null, true],
    ] as const) {
      const counter = addon.createTermCounter(true, 'none', 'word', 1, 1, [], given, keepsPlaces);
      const counting = addon.termCounterCountHashed(counter, 16, true, false, 'l2', options());
      await expect(counting).rejects.toThrow(/are not counted by hashes/);
    }
  });

  it('refuses draws that do not suffice for each center, and a cluster that gets two rows or is none', async () => {
    const { addon } = loadAddon();
    const handle = addon.createKMeans(rows(), null);
    await addon.kmeansLoad(handle, options());
    const seeding = addon.kmeansSeed(handle, 0, 2, Float64Array.of(0.5, 0.25, 0.75), options());
    await expect(seeding).rejects.toThrow('There must be as many draws for each further center.');
    const batches = addon.createMiniBatch(rows(), null);
    await addon.miniBatchLoad(batches, options());
    await addon.miniBatchSetCentersFromRows(batches, Int32Array.of(0, 1), options());
    const { weights } = await addon.miniBatchAssign(batches, Int32Array.of(0, 1), options());
    for (const clusters of [
      [1, 1],
      [0, 2],
    ]) {
      const update = addon.miniBatchUpdate(batches, weights, Int32Array.from(clusters), Int32Array.of(0, 1), options());
      await expect(update).rejects.toThrow('There is no such cluster, or it comes twice.');
    }
    const right = addon.miniBatchUpdate(batches, weights, Int32Array.of(1, 0), Int32Array.of(0, 1), options());
    expect((await right).shift).toBeGreaterThanOrEqual(0);
  });

  it('refuses a result of what another call has changed meanwhile', async () => {
    const { addon } = loadAddon();
    const newCounter = (vocabulary: TextBatch | null, keepsPlaces: boolean) =>
      addon.createTermCounter(true, 'none', 'word', 1, 1, [], vocabulary, keepsPlaces);
    const model = addon.createKMeans(rows(), null);
    await addon.kmeansLoad(model, options());
    const seen = new Set<unknown>();
    for (let tries = 0; tries < 50 && seen.size < 2; tries++) {
      const counter = newCounter({ bytes: Uint8Array.of(97, 97), offsets: Float64Array.of(0, 2) }, true);
      await addon.kmeansSetCenters(model, 1, new Float64Array(3), options());
      const outcomes = await Promise.allSettled([
        addon.termCounterAdd(newCounter(null, false), ['word '.repeat(1e5)], null, options()), // the others queue up meanwhile
        addon.termCounterTokenIds(counter, Int32Array.of(0), options()),
        addon.termCounterAdd(counter, ['aa aa'], null, options()),
        addon.kmeansCenters(model, options()),
        addon.kmeansSetCenters(model, 2, new Float64Array(6), options()),
      ]);
      for (const outcome of outcomes) if (outcome.status === 'rejected') seen.add(outcome.reason.message);
    }
    expect([...seen].sort()).toEqual([
      'Documents were added while token ids were written.',
      'The model was changed by another step meanwhile.',
    ]);
  });

  it('refuses windows that take more places than 32 bits count', async () => {
    const { addon } = loadAddon();
    const documents = Math.ceil(2 ** 32 / 1001); // of one word, each with a window of 1000 behind it
    const offsets = Float64Array.from({ length: documents + 1 }, (_, i) => i);
    const streams = { nTerms: 1, offsets, ids: new Int32Array(documents) };
    const numbers = new Float64Array(1000).fill(1);
    const weighing = addon.windowCooccurrence(
      streams,
      'whole',
      numbers,
      1,
      'symmetric',
      false,
      false,
      false,
      options(),
    );
    await expect(weighing).rejects.toThrow(/take 2\^32 places or more; use a smaller window/);
  });
});
