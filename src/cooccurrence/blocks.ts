import { setImmediate } from 'node:timers/promises';
import { openKernels } from '../backends/index.js';
import type { Kernels } from '../backends/kernels.js';
import { checkInteger } from '../core/check.js';
import { Job } from '../core/job.js';
import { advised, checkBudget } from '../core/memory.js';
import { type CsrArrays, CsrMatrix, csrArrays } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import {
  type CooccurrenceOptions,
  checkCooccurrenceOptions,
  checkItems,
  cooccurrenceOptionNames,
  workBytes,
} from './cooccurrence.js';

/** Some rows of the pair counts. */
export interface CooccurrenceBlock<M = CsrMatrix<Int32Array> | DenseMatrix<Int32Array>> {
  /** The term of the first row. */
  readonly firstTerm: number;
  /** terms of the block x all terms */
  readonly pairs: M;
}

/** Options of `cooccurrenceBlocks`. */
export interface CooccurrenceBlocksOptions extends CooccurrenceOptions {
  /** Terms of a block. @default as many as surely fit into `maxBytes`, and into 256 MB */
  blockTerms?: number;
}

const blockBytes = 256e6;
const turnEntries = 1 << 20; // between two turns of the event loop
const advice =
  'use fewer terms (a higher minDf, a lower maxDf or maxFeatures), smaller blocks (blockTerms), or a larger maxBytes';

/**
 * The same counts as `cooccurrence`, some rows at a time, so that the whole result need never be in memory: all rows are counted,
 * in order, while the caller uses the block before.
 *
 * ```ts
 * for await (const { firstTerm, pairs } of cooccurrenceBlocks(counts, { output: 'dense' })) { ... }
 * ```
 * @param counts n documents x n terms, as they are when this is called; only whether a value is zero matters
 * @throws TypeError, RangeError for a wrong argument, at once; (while it is iterated) `ERR_MEMORY_BUDGET`, `AbortError`
 */
export function cooccurrenceBlocks(
  counts: CsrMatrix,
  options: CooccurrenceBlocksOptions & { output: 'dense' },
): AsyncGenerator<CooccurrenceBlock<DenseMatrix<Int32Array>>, void, undefined>;
export function cooccurrenceBlocks(
  counts: CsrMatrix,
  options?: CooccurrenceBlocksOptions & { output?: 'sparse' },
): AsyncGenerator<CooccurrenceBlock<CsrMatrix<Int32Array>>, void, undefined>;
export function cooccurrenceBlocks(
  counts: CsrMatrix,
  options: CooccurrenceBlocksOptions = {},
): AsyncGenerator<CooccurrenceBlock, void, undefined> {
  checkCooccurrenceOptions(options, 'cooccurrenceBlocks', [...cooccurrenceOptionNames, 'blockTerms']);
  if (options.blockTerms !== undefined) checkInteger(options.blockTerms, 'blockTerms', 1, 2 ** 31 - 1);
  const rows = csrArrays(counts, 'counts');
  const kernels = openKernels(options);
  const held = 8 * rows.indices.length + 8 * rows.nRows + 8 * rows.nColumns;
  checkBudget(held + workBytes(rows, kernels.threads), kernels.maxBytes, 'Co-occurrence in blocks', advice);
  return blocksOf(presenceOf(rows), kernels, kernels.maxBytes - held, options);
}

async function* blocksOf(
  rows: CsrArrays,
  kernels: Kernels,
  maxBytes: number,
  options: CooccurrenceBlocksOptions,
): AsyncGenerator<CooccurrenceBlock> {
  const { output = 'sparse', triangle = 'upper', diagonal = true } = options;
  const n = rows.nColumns;
  const full = triangle === 'full';
  const work = workBytes(rows, kernels.threads);
  const left = Math.min(maxBytes - work, blockBytes);
  const endOf =
    options.blockTerms !== undefined
      ? (first: number) => Math.min(n, first + (options.blockTerms as number))
      : output === 'dense'
        ? (first: number) => Math.min(n, first + Math.max(1, Math.floor(left / (4 * n))))
        : fitting(await mostEntries(rows, full), left);
  for (let first = 0; first < n; ) {
    const end = endOf(first);
    const asked = { full, diagonal, terms: [first, end] as const };
    yield await Job.run(options, async (job) => {
      job.report('counting pairs', first, n);
      const what = `Co-occurrence of the terms ${first} to ${end - 1}`;
      if (output === 'dense') {
        checkBudget(4 * (end - first) * n + work, maxBytes, what, advice);
        checkItems((end - first) * n, what, 'use fewer blockTerms');
        const values = await advised(kernels.denseCooccurrence(rows, asked, job), what, advice);
        return { firstTerm: first, pairs: new DenseMatrix({ shape: [end - first, n], values }) };
      }
      const pairs = await advised(kernels.cooccurrence(rows, asked, job), what, advice);
      return { firstTerm: first, pairs: CsrMatrix.trusted({ shape: [end - first, n] as const, ...pairs }) };
    });
    first = end;
  }
  if (n > 0) await Job.run(options, async (job) => job.report('counting pairs', n, n));
}

/** A copy of the rows with a 1 for each value other than zero. */
function presenceOf({ nRows, nColumns, indptr, indices, values }: CsrArrays): CsrArrays {
  const present = new Int32Array(indices.length);
  for (let q = 0; q < present.length; q++) present[q] = values[q] === 0 ? 0 : 1;
  return { nRows, nColumns, indptr: indptr.slice(), indices: indices.slice(), values: present };
}

/** The end of the block of terms that starts at `first`: as many as surely fit, but at least one. */
function fitting(entries: Float64Array, bytes: number): (first: number) => number {
  return (first) => {
    let end = first;
    // A sparse result is held twice while it is handed over.
    for (let taken = 0; end < entries.length; end++) {
      taken += 16 * entries[end] + 16;
      if (taken > bytes && end > first) break;
    }
    return end;
  };
}

/** The most entries that each row of the result can have: no more than its terms, nor than the updates that it takes. */
async function mostEntries(rows: CsrArrays, full: boolean): Promise<Float64Array> {
  const { nRows, nColumns, indptr, indices } = rows;
  const entries = new Float64Array(nColumns);
  let turn = 0;
  for (let row = 0; row < nRows; row++) {
    const end = indptr[row + 1];
    for (let q = indptr[row]; q < end; q++) entries[indices[q]] += full ? end - indptr[row] : end - q;
    if (end < turn + turnEntries) continue;
    turn = end;
    await setImmediate();
  }
  return entries.map((updates, term) => Math.min(updates, full ? nColumns : nColumns - term));
}
