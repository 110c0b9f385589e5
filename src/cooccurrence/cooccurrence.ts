import { type BackendOptions, backendOptionNames, openKernels } from '../backends/index.js';
import { checkBoolean, checkChoice, checkOptions, failure } from '../core/check.js';
import { Job, type JobOptions, jobOptionNames } from '../core/job.js';
import { advised, checkBudget } from '../core/memory.js';
import { type CsrArrays, CsrMatrix, csrArrays } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';

/** Options of `cooccurrence`. */
export interface CooccurrenceOptions extends BackendOptions, JobOptions {
  /** A CsrMatrix, or a DenseMatrix of all terms x all terms. @default 'sparse' */
  output?: 'sparse' | 'dense';
  /** Pairs (i, j) with i <= j alone, or both (i, j) and (j, i). @default 'upper' */
  triangle?: 'upper' | 'full';
  /** Whether the pairs (i, i), the document frequencies, are part of the result. @default true */
  diagonal?: boolean;
}

/** The names of `CooccurrenceOptions`, for `checkOptions`. */
export const cooccurrenceOptionNames = ['output', 'triangle', 'diagonal', ...backendOptionNames, ...jobOptionNames];
export const maxItems = 2 ** 32; // of a typed array in Node 20

/**
 * Counts for each pair of terms the documents that hold both: C = B'B, where B is 1 where a count is not zero. Counts are
 * exact whole numbers.
 * @param counts n documents x n terms; only whether a value is zero matters
 * @returns n terms x n terms
 * @throws (rejects) TypeError for a wrong argument; RangeError `ERR_MEMORY_BUDGET`, which says what would fit; `AbortError`
 */
export function cooccurrence(
  counts: CsrMatrix,
  options: CooccurrenceOptions & { output: 'dense' },
): Promise<DenseMatrix<Int32Array>>;
export function cooccurrence(
  counts: CsrMatrix,
  options?: CooccurrenceOptions & { output?: 'sparse' },
): Promise<CsrMatrix<Int32Array>>;
export async function cooccurrence(
  counts: CsrMatrix,
  options: CooccurrenceOptions = {},
): Promise<CsrMatrix<Int32Array> | DenseMatrix<Int32Array>> {
  checkCooccurrenceOptions(options, 'cooccurrence', cooccurrenceOptionNames);
  const { output = 'sparse', triangle = 'upper', diagonal = true } = options;
  return Job.run(options, async (job) => {
    const rows = csrArrays(counts, 'counts');
    const kernels = openKernels(options);
    const n = rows.nColumns;
    const size = [n, n] as const;
    const work = workBytes(rows, kernels.threads);
    const asked = { full: triangle === 'full', diagonal, terms: [0, n] as const };
    if (output === 'dense') {
      checkDense(n, work, kernels.maxBytes);
      const values = await job.watch('counting pairs', n, kernels.denseCooccurrence(rows, asked, job));
      return new DenseMatrix({ shape: size, values });
    }
    const advice =
      "use triangle: 'upper', cooccurrenceBlocks or spillCooccurrence, fewer terms (a higher minDf, a lower maxDf or maxFeatures), or a larger maxBytes";
    checkBudget(work, kernels.maxBytes, `Co-occurrence of ${n} terms`, advice);
    const counting = job.watch('counting pairs', n, kernels.cooccurrence(rows, asked, job));
    const pairs = await advised(counting, `Sparse co-occurrence of ${n} terms`, advice);
    return CsrMatrix.trusted({ shape: size, ...pairs });
  });
}

export function checkCooccurrenceOptions(options: CooccurrenceOptions, name: string, names: readonly string[]): void {
  checkOptions(options, name, names);
  const { output = 'sparse', triangle = 'upper', diagonal = true } = options;
  checkChoice(output, 'output', ['sparse', 'dense']);
  checkChoice(triangle, 'triangle', ['upper', 'full']);
  checkBoolean(diagonal, 'diagonal');
}

/**
 * Memory beside the result: a copy of the entries, ids and postings; for each term its places, its work, its row and, on each thread,
 * its counts. The native kernel makes frequent terms bits only where they fit in (`budget_of_entry` in frequent_terms.cpp).
 */
export function workBytes({ indices, nRows, nColumns }: CsrArrays, threads: number): number {
  return 24 * indices.length + 8 * nRows + (64 + 7 * threads) * nColumns;
}

/** A dense result must fit into the budget and into one typed array; says which number of terms would. */
function checkDense(n: number, work: number, maxBytes: number): void {
  const fits = Math.floor(Math.sqrt(Math.max(0, Math.min((maxBytes - work) / 4, maxItems))));
  const advice = `use output: 'sparse', at most ${fits} terms (maxFeatures), or a larger maxBytes`;
  checkBudget(4 * n * n + work, maxBytes, `Dense co-occurrence of ${n} terms`, advice);
  checkItems(n * n, `Dense co-occurrence of ${n} terms`, "use output: 'sparse'");
}

/** Refuses what one typed array cannot hold. */
export function checkItems(cells: number, what: string, advice: string): void {
  if (cells <= maxItems) return;
  const limit = `${cells} cells, and a typed array holds at most ${maxItems}`;
  throw failure('ERR_OUT_OF_RANGE', `${what} has ${limit}; ${advice}.`);
}
