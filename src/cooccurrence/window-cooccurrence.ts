import { type BackendOptions, backendOptionNames, openKernels } from '../backends/index.js';
import type { Kernels, Windowing } from '../backends/kernels.js';
import { checkChoice, checkInteger, checkOptions, failure, shown } from '../core/check.js';
import { Job, type JobOptions, jobOptionNames } from '../core/job.js';
import { advised, checkBudget } from '../core/memory.js';
import { CsrMatrix } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { streamArrays, type TokenArrays, TokenStreams } from '../matrix/token-streams.js';
import type { CountVectorizer } from '../text/count-vectorizer.js';
import type { DocumentInput } from '../text/documents.js';
import { checkItems, maxItems } from './cooccurrence.js';
import { TopCooccurrences, termsAskedFor } from './top-cooccurrences.js';
import { type WindowOptions, windowingOf, windowOptionNames } from './windows.js';

/** What both calls below take beside their own options. */
interface SharedOptions extends WindowOptions, BackendOptions, JobOptions {
  /** Turns documents into token ids; must be fitted. Needed where documents are given in the place of `TokenStreams`. */
  vectorizer?: CountVectorizer;
}

/** Options of `windowCooccurrence`. */
export interface WindowCooccurrenceOptions extends SharedOptions {
  /** A CsrMatrix, or a DenseMatrix of all terms x all terms. @default 'sparse' */
  output?: 'sparse' | 'dense';
  /** Pairs (i, j) with i <= j alone, or both (i, j) and (j, i). @default 'upper'; with another `direction` than 'symmetric' 'full' */
  triangle?: 'upper' | 'full';
}

/** Options of `topWindowCooccurrences`. */
export interface TopWindowCooccurrencesOptions extends SharedOptions {
  /** How many partners of each term, at most. @default 10 */
  k?: number;
  /** The terms, by their columns, whose partners are wanted. @default all */
  rows?: Iterable<number>;
}

const sharedOptionNames = [...windowOptionNames, 'vectorizer', ...backendOptionNames, ...jobOptionNames];
const advice = "use triangle: 'upper', fewer terms (maxFeatures), a smaller window, or a larger maxBytes";
const maxTokens = 2 ** 31 - 1;

/**
 * Adds up for each pair of terms how close together they stand: cell (i, j) takes a weight for each place of i and each place of
 * j in the same document that are at most `window` words apart. No window reaches beyond its document.
 *
 * A place is never paired with itself; two places of one term are paired in both orders, as those of two terms are. So the diagonal
 * of a symmetric result counts such pairs twice, as in GloVe; in text2vec it counts them once.
 * @param input token ids, as `CountVectorizer.tokenIds` gives them; or documents, with the option `vectorizer`
 * @returns n terms x n terms; a weight of 0 is not stored
 * @throws (rejects) TypeError for a wrong argument; RangeError `ERR_OUT_OF_RANGE`, `ERR_MEMORY_BUDGET`, which says what would fit;
 * `AbortError`
 */
export function windowCooccurrence(
  input: TokenStreams | DocumentInput,
  options: WindowCooccurrenceOptions & { output: 'dense' },
): Promise<DenseMatrix<Float64Array>>;
export function windowCooccurrence(
  input: TokenStreams | DocumentInput,
  options?: WindowCooccurrenceOptions & { output?: 'sparse' },
): Promise<CsrMatrix<Float64Array>>;
export async function windowCooccurrence(
  input: TokenStreams | DocumentInput,
  options: WindowCooccurrenceOptions = {},
): Promise<CsrMatrix<Float64Array> | DenseMatrix<Float64Array>> {
  checkOptions(options, 'windowCooccurrence', [...sharedOptionNames, 'output', 'triangle']);
  const windowing = windowingOf(options);
  const isSymmetric = windowing.direction === 'symmetric';
  const { output = 'sparse', triangle = isSymmetric ? 'upper' : 'full' } = options;
  checkChoice(output, 'output', ['sparse', 'dense']);
  checkChoice(triangle, 'triangle', ['upper', 'full']);
  if (triangle === 'upper' && !isSymmetric) {
    const why = `with direction: '${windowing.direction}' the two triangles differ`;
    throw failure('ERR_INVALID_ARG_VALUE', `triangle must be 'full', but is 'upper'; ${why}.`);
  }
  return Job.run(options, async (job) => {
    const streams = input instanceof TokenStreams ? givenStreams(input, options) : await streamsOf(input, options);
    const n = streams.nTerms;
    const shape = [n, n] as const;
    const kernels = openKernels(options);
    const work = workBytes(streams, windowing, kernels);
    if (output === 'dense') {
      checkDense(n, work, kernels.maxBytes);
      const weighing = kernels.denseWindowCooccurrence(streams, windowing, triangle === 'upper', job);
      const values = await advised(job.watch('weighing pairs', n, weighing), 'Dense windowed co-occurrence', advice);
      return new DenseMatrix({ shape, values });
    }
    checkBudget(work, kernels.maxBytes, `Windowed co-occurrence of ${n} terms`, advice);
    const weighing = kernels.windowCooccurrence(streams, windowing, triangle === 'upper', job);
    const what = `Sparse windowed co-occurrence of ${n} terms`;
    const pairs = await advised(job.watch('weighing pairs', n, weighing), what, advice);
    return CsrMatrix.trusted({ shape, ...pairs });
  });
}

/**
 * Finds for each term, or each of those asked for, the k terms with the greatest weights, as `windowCooccurrence` adds them up; a
 * term is no partner of its own. Ties go to the term that sorts first. The matrix of all pairs is never held.
 * @param input token ids, as `CountVectorizer.tokenIds` gives them; or documents, with the option `vectorizer`
 * @returns partners whose `count` and `score` are both the weight
 * @throws (rejects) as `windowCooccurrence`
 */
export async function topWindowCooccurrences(
  input: TokenStreams | DocumentInput,
  options: TopWindowCooccurrencesOptions = {},
): Promise<TopCooccurrences<Float64Array>> {
  checkOptions(options, 'topWindowCooccurrences', [...sharedOptionNames, 'k', 'rows']);
  const windowing = windowingOf(options);
  const { k = 10 } = options;
  checkInteger(k, 'k', 1, 2 ** 31 - 1);
  return Job.run(options, async (job) => {
    const streams = input instanceof TokenStreams ? givenStreams(input, options) : await streamsOf(input, options);
    const n = streams.nTerms;
    const kernels = openKernels(options);
    checkBudget(workBytes(streams, windowing, kernels), kernels.maxBytes, `Finding the partners of ${n} terms`, advice);
    const terms = termsAskedFor(options.rows, n); // only now: there may be billions of them
    const most = Math.max(1, Math.min(k, n));
    const finding = kernels.topWindowCooccurrences(streams, windowing, terms, most, job);
    const found = await advised(job.watch('weighing pairs', terms.length, finding), 'Finding the partners', advice);
    return new TopCooccurrences(terms, found.offsets, found.partners, found.weights, found.weights);
  });
}

/** Without a pause: what the caller does to its arrays after the call is not to be seen. */
function givenStreams(input: TokenStreams, { vectorizer }: SharedOptions): TokenArrays {
  if (vectorizer === undefined) return checkedLength(streamArrays(input, 'input'));
  throw failure('ERR_INVALID_ARG_VALUE', 'vectorizer is for documents, but input is token ids already.');
}

async function streamsOf(
  input: DocumentInput,
  { vectorizer, signal, onProgress }: SharedOptions,
): Promise<TokenArrays> {
  if (typeof vectorizer?.tokenIds !== 'function') {
    const found = vectorizer === undefined ? 'there is no vectorizer' : `vectorizer is ${shown(vectorizer)}`;
    const rule = 'input must be TokenStreams, or documents with a CountVectorizer as vectorizer';
    throw failure('ERR_INVALID_ARG_TYPE', `${rule}, but is ${shown(input)} and ${found}.`);
  }
  const job = { ...(signal !== undefined && { signal }), ...(onProgress !== undefined && { onProgress }) };
  return checkedLength(await vectorizer.tokenIds(input, job));
}

function checkedLength(streams: TokenArrays): TokenArrays {
  if (streams.ids.length <= maxTokens) return streams;
  const limit = `at most ${maxTokens} words, but has ${streams.ids.length}`;
  throw failure('ERR_OUT_OF_RANGE', `input must have ${limit}; add up the results of parts of it.`);
}

/** Memory beside the result: copies of the ids, the places of each term and, on each thread, the sums and a row. */
function workBytes({ nTerms, ids, offsets }: TokenArrays, { weighing, numbers }: Windowing, kernels: Kernels): number {
  const sums = weighing === 'whole' ? 20 : 4 * numbers.length;
  return 12 * ids.length + (8 + 4 * numbers.length) * offsets.length + (16 + (sums + 12) * kernels.threads) * nTerms;
}

/** A dense result must fit into the budget and into one typed array; says which number of terms would. */
function checkDense(n: number, work: number, maxBytes: number): void {
  const fits = Math.floor(Math.sqrt(Math.max(0, Math.min((maxBytes - work) / 8, maxItems))));
  const fitting = `use output: 'sparse', at most ${fits} terms (maxFeatures), or a larger maxBytes`;
  checkBudget(8 * n * n + work, maxBytes, `Dense windowed co-occurrence of ${n} terms`, fitting);
  checkItems(n * n, `Dense windowed co-occurrence of ${n} terms`, "use output: 'sparse'");
}
