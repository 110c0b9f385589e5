import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CsrMatrix, cooccurrence, cooccurrenceBlocks, type DenseMatrix, spillCooccurrence } from '#src/index.js';
import { computing, describeOnEach, digest, matrices, refusal } from '../support.js';

/** All rows of all blocks, which must follow upon each other. */
async function joined(blocks: AsyncIterable<{ firstTerm: number; pairs: CsrMatrix | DenseMatrix }>) {
  const rows: number[][] = [];
  const sizes: number[] = [];
  for await (const { firstTerm, pairs } of blocks) {
    expect(firstTerm).toBe(rows.length);
    sizes.push(pairs.shape[0]);
    rows.push(...pairs.toRows());
  }
  return { rows, sizes };
}

const every = (['upper', 'full'] as const).flatMap((triangle) =>
  [true, false].map((diagonal) => ({ triangle, diagonal })),
);
const collected = async (blocks: AsyncIterable<unknown>) => {
  for await (const _ of blocks);
};

describeOnEach('cooccurrenceBlocks', (configuration) => {
  const options = computing(configuration);

  it.each([
    'no rows',
    'no columns',
    'one cell',
    'empty rows and columns',
    'one term in all rows',
    'stored zeros',
    'counts',
  ])('has the rows of cooccurrence, in every output, for: %s', async (name) => {
    const X = matrices[name];
    for (const asked of every) {
      const whole = (await cooccurrence(X, { ...options, ...asked })).toRows();
      for (const blockTerms of [1, 3, 1000]) {
        const more = { ...options, ...asked, blockTerms };
        expect((await joined(cooccurrenceBlocks(X, more))).rows).toEqual(whole);
        expect((await joined(cooccurrenceBlocks(X, { ...more, output: 'dense' }))).rows).toEqual(whole);
      }
    }
  });

  it('cuts blocks that fit into the budget', async () => {
    const X = matrices.weights;
    const whole = digest((await cooccurrence(X, options)).toRows().map((row) => Int32Array.from(row)));
    for (const output of ['sparse', 'dense'] as const) {
      const maxBytes = 50 * X.nnz + 40 * X.nRows + 200 * X.nColumns + 1_000_000;
      const { rows, sizes } = await joined(cooccurrenceBlocks(X, { ...options, output: output as 'sparse', maxBytes }));
      expect(digest(rows.map((row) => Int32Array.from(row)))).toEqual(whole);
      expect(sizes.length).toBeGreaterThan(2);
    }
  });
});

describe('cooccurrenceBlocks', () => {
  it('counts what the matrix held when it was called', async () => {
    const X = CsrMatrix.fromRows([
      [1, 1, 0],
      [0, 1, 1],
    ]);
    const blocks = cooccurrenceBlocks(X, { blockTerms: 1 });
    X.values.fill(0);
    X.indices.fill(0);
    expect((await joined(blocks)).rows).toEqual([
      [1, 1, 0],
      [0, 2, 1],
      [0, 0, 1],
    ]);
  });

  it('stops between blocks when it is aborted', async () => {
    const abort = new AbortController();
    const blocks = cooccurrenceBlocks(matrices.counts, { blockTerms: 1, signal: abort.signal });
    await blocks.next();
    abort.abort();
    expect(await refusal(blocks.next())).toMatchObject({ code: 'ABORT_ERR' });
  });

  it.each([
    ['what is no matrix', 5, {}, 'ERR_INVALID_ARG_TYPE'],
    ['blocks of no terms', matrices.counts, { blockTerms: 0 }, 'ERR_OUT_OF_RANGE'],
    ['an unknown option', matrices.counts, { rows: 5 }, 'ERR_UNKNOWN_OPTION'],
    ['an unknown output', matrices.counts, { output: 'csv' }, 'ERR_INVALID_ARG_VALUE'],
    ['a budget below its copy of the rows', matrices.counts, { maxBytes: 10 }, 'ERR_MEMORY_BUDGET'],
  ])('refuses %s', (_, X, options, code) => {
    expect(() => cooccurrenceBlocks(X as never, options as never)).toThrow(expect.objectContaining({ code }));
  });

  it('says which terms do not fit', async () => {
    const X = matrices.weights;
    const maxBytes = 50 * X.nnz + 40 * X.nRows + 200 * X.nColumns;
    const blocks = cooccurrenceBlocks(X, { output: 'dense', blockTerms: 1400, maxBytes });
    expect(await refusal(collected(blocks))).toMatchObject({
      code: 'ERR_MEMORY_BUDGET',
      message: expect.stringMatching(/terms 0 to 1399 .*blockTerms/),
    });
  });

  it('refuses dense blocks of more cells than a typed array holds', async () => {
    const n = 70_000;
    const X = new CsrMatrix({
      shape: [0, n],
      indptr: new Int32Array(1),
      indices: new Int32Array(0),
      values: new Int32Array(0),
    });
    const blocks = cooccurrenceBlocks(X, { output: 'dense', blockTerms: n, maxBytes: 1e12, backend: 'plain' });
    expect(await refusal(collected(blocks))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  });
});

describe('spillCooccurrence', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'corpuscle-spill-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const bytesOf = ({ buffer, byteOffset, byteLength }: Int32Array) => new Uint8Array(buffer, byteOffset, byteLength);

  it.each(every)('leaves the arrays of cooccurrence in a folder, hash for hash: %o', async (asked) => {
    const X = matrices.weights;
    const whole = await cooccurrence(X, asked);
    const maxBytes = 50 * X.nnz + 40 * X.nRows + 200 * X.nColumns + 1_000_000;
    const spilled = await spillCooccurrence(X, { ...asked, directory, maxBytes });
    expect(spilled).toMatchObject({ directory, shape: whole.shape, nnz: whole.nnz });
    const file = (name: string) => readFileSync(join(directory, name)).subarray(128);
    expect(sha(file('indices.npy'))).toBe(sha(bytesOf(whole.indices)));
    expect(sha(file('values.npy'))).toBe(sha(bytesOf(whole.values)));
    expect([...spilled.indptr]).toEqual([...whole.indptr]);
    expect(readdirSync(directory).sort()).toEqual(['indices.npy', 'indptr.npy', 'values.npy']);
    const rows = whole.toRows();
    for (const [first, end] of [
      [0, rows.length],
      [7, 9],
      [5, 5],
    ]) {
      expect((await spilled.rows(first, end)).toRows()).toEqual(rows.slice(first, end));
    }
  });

  it("begins its files with NumPy's header", async () => {
    await spillCooccurrence(matrices.counts, { directory });
    const header = readFileSync(join(directory, 'values.npy')).subarray(0, 128);
    const { nnz } = await cooccurrence(matrices.counts);
    expect([...header.subarray(0, 10)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]);
    expect(header.toString('latin1', 10)).toBe(
      `{'descr': '<i4', 'fortran_order': False, 'shape': (${nnz},), }`.padEnd(117).concat('\n'),
    );
  });

  it('leaves nothing behind when it is aborted, and older files as they were', async () => {
    writeFileSync(join(directory, 'values.npy'), 'older');
    const abort = new AbortController();
    const onProgress = () => abort.abort();
    const spilling = spillCooccurrence(matrices.weights, { directory, signal: abort.signal, onProgress });
    expect(await refusal(spilling)).toMatchObject({ code: 'ABORT_ERR' });
    expect(readdirSync(directory)).toEqual(['values.npy']);
    expect(readFileSync(join(directory, 'values.npy'), 'utf8')).toBe('older');
  });

  it('refuses a folder that is a file', async () => {
    const path = join(directory, 'file');
    writeFileSync(path, '');
    const error = await refusal(spillCooccurrence(matrices.counts, { directory: path }));
    expect(error).toMatchObject({ code: 'ERR_CANNOT_WRITE', message: expect.stringContaining(path) });
  });

  it.each([
    ['no folder', {}, 'ERR_INVALID_ARG_TYPE'],
    ['an output', { directory: 'x', output: 'dense' }, 'ERR_INVALID_ARG_VALUE'],
    ['blocks of no terms', { directory: 'x', blockTerms: 0 }, 'ERR_OUT_OF_RANGE'],
  ])('refuses %s', async (_, options, code) => {
    expect(await refusal(spillCooccurrence(matrices.counts, options as never))).toMatchObject({ code });
  });

  it('refuses to read rows that are not there, and files that were cut off', async () => {
    const spilled = await spillCooccurrence(matrices.counts, { directory });
    const n = spilled.shape[0];
    expect(await refusal(spilled.rows(0, n + 1))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    expect(await refusal(spilled.rows(2, 1))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    truncateSync(join(directory, 'values.npy'), 130);
    expect(await refusal(spilled.rows(0, n))).toMatchObject({ code: 'ERR_NO_SUCH_FILE' });
  });
});
