import { type BackendOptions, backendOptionNames, openKernels } from '../backends/index.js';
import { used } from '../backends/used.js';
import { checkInteger, checkOptions, failure, isIterable, itemsOf, shown } from '../core/check.js';
import { Job, type JobOptions, jobOptionNames } from '../core/job.js';
import { advised, checkBudget } from '../core/memory.js';
import { type CsrMatrix, csrArrays } from '../matrix/csr-matrix.js';
import { workBytes } from './cooccurrence.js';
import { checkScoreOptions, type ScoreOptions, scoreOptionNames, scoringOf } from './scores.js';

/** Options of `topCooccurrences`. */
export interface TopCooccurrencesOptions extends ScoreOptions, BackendOptions, JobOptions {
  /** How many partners of each term, at most. @default 10 */
  k?: number;
  /** Leaves out pairs that fewer documents hold; scores of rare pairs say little. @default 1 */
  minCount?: number;
  /** The terms, by their columns, whose partners are wanted. @default all */
  rows?: Iterable<number>;
}

/** A partner of a term. */
export interface Cooccurrence {
  /** Its column. */
  readonly term: number;
  /** In how many documents it is with the term; for windows, the weight of their pairs. */
  readonly count: number;
  readonly score: number;
}

/** The best partners of terms, as arrays: those of terms[r] stand from offsets[r] to offsets[r + 1], the best first. */
export class TopCooccurrences<C extends Int32Array | Float64Array = Int32Array> {
  private rowOf: Map<number, number> | undefined;

  /** @internal */
  constructor(
    /** The terms asked for, by their columns. */
    readonly terms: Int32Array,
    readonly offsets: Int32Array,
    readonly partners: Int32Array,
    readonly counts: C,
    readonly scores: Float64Array,
  ) {}

  /** The partners of a term, by its column, the best first; empty for a term that was not asked for. */
  of(term: number): Cooccurrence[] {
    this.rowOf ??= new Map(Array.from(this.terms, (each, row) => [each, row]));
    const row = this.rowOf.get(term);
    if (row === undefined) return [];
    return Array.from({ length: this.offsets[row + 1] - this.offsets[row] }, (_, i) => {
      const at = this.offsets[row] + i;
      return { term: this.partners[at], count: this.counts[at], score: this.scores[at] };
    });
  }
}

const optionNames = ['k', 'minCount', 'rows', ...scoreOptionNames, ...backendOptionNames, ...jobOptionNames];

/**
 * Finds for each term, or each of those asked for, the k terms that it shares documents with that score best. Ties, which are scores of the
 * same bits, go to the higher count, then to the term that sorts first. The matrix of all pairs is never held.
 * @param counts n documents x n terms; only whether a value is zero matters
 * @throws (rejects) TypeError for a wrong argument; RangeError `ERR_MEMORY_BUDGET`; `AbortError`
 */
export async function topCooccurrences(
  counts: CsrMatrix,
  options: TopCooccurrencesOptions = {},
): Promise<TopCooccurrences> {
  checkOptions(options, 'topCooccurrences', optionNames);
  checkScoreOptions(options);
  const { k = 10, minCount = 1 } = options;
  checkInteger(k, 'k', 1, 2 ** 31 - 1);
  checkInteger(minCount, 'minCount', 1, 2 ** 31 - 1);
  return Job.run(options, async (job) => {
    const rows = csrArrays(counts, 'counts');
    const { nRows, nColumns, indices } = rows;
    const kernels = openKernels(options);
    const advice = 'ask for fewer terms (rows) or a smaller k, or raise maxBytes';
    const needed = workBytes(rows, kernels.threads) + 12 * indices.length + 24 * nRows + 40 * nColumns;
    checkBudget(needed, kernels.maxBytes, `Finding the best pairs of ${nColumns} terms`, advice);
    const terms = termsAskedFor(options.rows, nColumns); // behind the budget: all terms may be two thousand million
    return used(kernels.createCounts(rows), async (kernel) => {
      const scoring = await scoringOf(options, await kernel.documentFrequency(job), nRows, job);
      const selection = { k: Math.max(1, Math.min(k, nColumns)), minCount, terms };
      const finding = job.watch('finding pairs', terms.length, kernel.topCooccurrences(selection, scoring, job));
      const { offsets, partners, counts: found, scores } = await advised(finding, 'Finding the best pairs', advice);
      return new TopCooccurrences(terms, offsets, partners, found, scores);
    });
  });
}

/** @internal The columns of the option `rows`. */
export function termsAskedFor(rows: Iterable<number> | undefined, nColumns: number): Int32Array {
  if (rows === undefined) return Int32Array.from({ length: nColumns }, (_, term) => term);
  if (!isIterable(rows)) {
    throw failure('ERR_INVALID_ARG_TYPE', `rows must be an iterable of columns, but is ${shown(rows)}.`);
  }
  const terms = itemsOf(rows, (term, i): asserts term is number => {
    if (Number.isInteger(term) && (term as number) >= 0 && (term as number) < nColumns) return;
    const range = `columns from 0 to ${nColumns - 1}, but item ${i} is ${shown(term)}`;
    throw failure('ERR_OUT_OF_RANGE', `rows must hold ${range}.`);
  });
  return Int32Array.from(terms);
}
