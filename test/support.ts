/** What the tests share: on what to run, what to run it with, how to compare. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it, vi } from 'vitest';
import { loadAddon } from '#src/backends/native/addon.js';
import { type BackendOptions, backendInfo, CsrMatrix, type ValueArray } from '#src/index.js';

type Configuration = BackendOptions & { name: string };

/** Every backend, with the numbers of threads that must not matter. */
export const configurations: Configuration[] = [
  { name: 'plain', backend: 'plain' },
  { name: 'native', backend: 'native' },
  ...[1, 2, 3, 7].map((threads) => ({ name: `parallel x ${threads}`, backend: 'parallel' as const, threads })),
];

/** Without the addon, tests of it are skipped, and the report says so. */
export const withoutNative = !backendInfo().available.includes('native');

/** The vector instructions that CORPUSCLE_SIMD can force here. */
export const simdLevels: readonly string[] = withoutNative ? [] : loadAddon().addon.info().simdLevels;

/** Those that are taken only when they are forced. */
export const lesserSimdLevels = simdLevels.slice(0, -1);

/** Does something with certain vector instructions. */
export async function withSimd<T>(level: string, work: () => Promise<T>): Promise<T> {
  vi.stubEnv('CORPUSCLE_SIMD', level);
  try {
    return await work();
  } finally {
    vi.unstubAllEnvs();
  }
}

const loads = ({ backend }: Configuration) => backend === 'plain' || !withoutNative;
const reason = ' (skipped: no addon)';

/** A suite for each configuration, or for those wanted; skipped, visibly, where its backend does not load. */
export function describeOnEach(
  title: string,
  suite: (configuration: Configuration) => void,
  wanted = configurations,
): void {
  for (const configuration of wanted) {
    const skipped = !loads(configuration);
    describe.skipIf(skipped)(`${title} on ${configuration.name}${skipped ? reason : ''}`, () => suite(configuration));
  }
}

/** The same for a single test. */
export function itOnEach(
  title: string,
  test: (configuration: Configuration) => Promise<void>,
  wanted: Configuration[],
  timeout: number,
): void {
  for (const configuration of wanted) {
    const skipped = !loads(configuration);
    it.skipIf(skipped)(
      `${title}, on ${configuration.name}${skipped ? reason : ''}`,
      () => test(configuration),
      timeout,
    );
  }
}

/** The options of a configuration, without its name. */
export function computing({ name: _, ...options }: Configuration): BackendOptions {
  return options;
}

// biome-ignore lint/suspicious/noExplicitAny: goldens are read as they are written
export type Example = Record<string, any>;

export function golden(name: string): Example & { cases: Example[] } {
  return JSON.parse(readFileSync(new URL(`./golden/${name}.json`, import.meta.url), 'utf8'));
}

export function sha256(data: ArrayBufferView | string): string {
  const hash = createHash('sha256');
  return (
    typeof data === 'string'
      ? hash.update(data)
      : hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  ).digest('hex');
}

/** A result with each typed array as its hash: quick to compare, and equal for equal bits alone. */
export function digest(result: unknown): unknown {
  if (ArrayBuffer.isView(result)) return `${result.constructor.name} ${sha256(result)}`;
  if (Array.isArray(result)) return result.map(digest);
  if (result === null || typeof result !== 'object') return result;
  return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, digest(value)]));
}

/** Random numbers that are the same in every run (xorshift32). */
export function dice(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export interface MatrixShape {
  rows: number;
  columns: number;
  /** Share of the cells that are stored. */
  density: number;
  seed: number;
  values?: 'counts' | 'weights' | 'floats' | 'with zeros';
}

/** A random matrix whose first columns are the fullest, as in text. */
export function randomMatrix({ rows, columns, density, seed, values = 'weights' }: MatrixShape): CsrMatrix {
  const random = dice(seed);
  const indptr = new Int32Array(rows + 1);
  const indices: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (random() < density * (0.2 + (2 * (columns - column)) / columns)) indices.push(column);
    }
    indptr[row + 1] = indices.length;
  }
  const cell = () => {
    if (values === 'counts') return 1 + Math.floor(random() * 4);
    return values === 'with zeros' && random() < 0.3 ? 0 : random() * 2 - 0.5;
  };
  const numbers = indices.map(cell);
  const stored: ValueArray =
    values === 'counts'
      ? Int32Array.from(numbers)
      : values === 'floats'
        ? Float32Array.from(numbers)
        : Float64Array.from(numbers);
  return new CsrMatrix({ shape: [rows, columns], indptr, indices: Int32Array.from(indices), values: stored });
}

/** Matrices on which backends could disagree: empty, narrow, wide, with empty rows and columns, beyond 16-bit ids. */
export const matrices: Record<string, CsrMatrix> = {
  'no rows': new CsrMatrix({
    shape: [0, 3],
    indptr: new Int32Array(1),
    indices: new Int32Array(0),
    values: new Float64Array(0),
  }),
  'no columns': new CsrMatrix({
    shape: [4, 0],
    indptr: new Int32Array(5),
    indices: new Int32Array(0),
    values: new Float64Array(0),
  }),
  'one cell': CsrMatrix.fromRows([[3]]),
  'all zero': CsrMatrix.fromRows([
    [0, 0],
    [0, 0],
    [0, 0],
  ]),
  'empty rows and columns': CsrMatrix.fromRows([
    [0, 1, 0, 2, 0],
    [0, 0, 0, 0, 0],
    [0, 3, 0, 0, 0],
    [0, 0, 0, 0, 0],
  ]),
  'one term in all rows': CsrMatrix.fromRows(Array.from({ length: 70 }, (_, i) => [1, i % 2, 0, i % 3])),
  'equal rows': CsrMatrix.fromRows(Array.from({ length: 40 }, () => [0.1, 0, 0.7])),
  'stored zeros': randomMatrix({ rows: 60, columns: 30, density: 0.2, seed: 5, values: 'with zeros' }),
  counts: randomMatrix({ rows: 300, columns: 90, density: 0.1, seed: 1, values: 'counts' }),
  'single precision': randomMatrix({ rows: 200, columns: 70, density: 0.1, seed: 2, values: 'floats' }),
  weights: randomMatrix({ rows: 2500, columns: 1500, density: 0.01, seed: 3 }),
  'above 65536 columns': wide(),
  'sizes of all kinds': CsrMatrix.fromRows(unlike()),
};

/** Columns whose values differ by a little, by a lot, and by more than sums can hold. */
function unlike(): number[][] {
  const random = dice(10);
  const signed = (size: number) => (random() - 0.5) * size;
  return Array.from({ length: 400 }, () =>
    [1, 2 ** -3, 2 ** -30, 1e-150].flatMap((size) => [signed(size), signed(size * 2 ** (-60 * random()))]),
  );
}

/** Few entries far to the right, where ids need more than 16 bits. */
function wide(): CsrMatrix {
  const random = dice(9);
  const rows = 50;
  const columns = 70_000;
  const entries = Array.from({ length: rows }, () =>
    [...new Set(Array.from({ length: 20 }, () => Math.floor(random() * columns)))].sort((a, b) => a - b),
  );
  const indptr = Int32Array.from([0, ...entries.map(({ length }) => length)]);
  for (let row = 0; row < rows; row++) indptr[row + 1] += indptr[row];
  const indices = Int32Array.from(entries.flat());
  return new CsrMatrix({ shape: [rows, columns], indptr, indices, values: Float64Array.from(indices, () => random()) });
}

/** What a promise rejects with. */
export async function refusal(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error & { code?: string };
  }
  throw new Error('The call was expected to be refused, but it was not.');
}
