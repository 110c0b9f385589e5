import { setImmediate } from 'node:timers/promises';
import { type BackendOptions, backendOptionNames, checkBackendOptions, openKernels } from '../backends/index.js';
import type { Kernels, TermCounts } from '../backends/kernels.js';
import { checkBoolean, checkChoice, checkInteger, checkOptions } from '../core/check.js';
import { checkJobOptions, Job, type JobOptions, jobOptionNames, mergedJobOptions } from '../core/job.js';
import { advised } from '../core/memory.js';
import { murmur3 } from '../core/murmur3.js';
import { CsrMatrix } from '../matrix/csr-matrix.js';
import { type AnalyzerOptions, analyzerOptionNames, DocumentAnalysis } from './analysis.js';
import { addDocuments, type DocumentInput } from './documents.js';

/** Options of `HashingVectorizer`, with scikit-learn's names and meanings. */
export interface HashingVectorizerOptions extends AnalyzerOptions, BackendOptions, JobOptions {
  /** The number of columns. @default 2 ** 20 */
  nFeatures?: number;
  /** Adds -1 for terms whose hash is negative, so that terms that meet in a column tend to cancel out. @default true */
  alternateSign?: boolean;
  /** The norm that each row is scaled to length 1 in, or null. @default 'l2' */
  norm?: 'l2' | 'l1' | null;
  /** Writes 1 for every count. @default false */
  binary?: boolean;
}

/**
 * Turns documents into a matrix of term counts without a vocabulary, as scikit-learn's `HashingVectorizer`: a term's column is
 * its hash (MurmurHash3, 32 bits, seed 0), absolute, modulo `nFeatures`. Nothing is learnt, so batches may be transformed
 * apart, and nothing can be transformed back. (Weinberger et al. 2009, "Feature hashing for large scale multitask learning".)
 */
export class HashingVectorizer {
  private readonly options: HashingVectorizerOptions;
  private readonly analysis: DocumentAnalysis;
  private warned = false;

  /** @throws TypeError, RangeError for an option that is unknown, of another type or out of range */
  constructor(options: HashingVectorizerOptions = {}) {
    const own = ['nFeatures', 'alternateSign', 'norm', 'binary'];
    checkOptions(options, 'HashingVectorizer', [
      ...analyzerOptionNames,
      ...own,
      ...backendOptionNames,
      ...jobOptionNames,
    ]);
    checkBackendOptions(options);
    checkJobOptions(options);
    if (options.nFeatures !== undefined) checkInteger(options.nFeatures, 'nFeatures', 1, 2 ** 31 - 1);
    if (options.norm !== undefined && options.norm !== null) checkChoice(options.norm, 'norm', ['l2', 'l1']);
    for (const name of ['alternateSign', 'binary'] as const) {
      if (options[name] !== undefined) checkBoolean(options[name], name);
    }
    this.options = { ...options };
    this.analysis = new DocumentAnalysis(options);
  }

  /** Learns nothing; here so that it can take the place of a `CountVectorizer`. */
  async fit(_documents?: DocumentInput): Promise<this> {
    return this;
  }

  /** The same as `transform`. */
  fitTransform(input: DocumentInput, job: JobOptions = {}): Promise<CsrMatrix<Float64Array>> {
    return this.transform(input, job);
  }

  /**
   * Counts the terms of documents by the column of their hash. Where terms of opposite signs cancel out, a zero is stored.
   * @returns n documents x nFeatures
   * @throws (rejects) as `CountVectorizer.transform` for documents
   */
  async transform(input: DocumentInput, job: JobOptions = {}): Promise<CsrMatrix<Float64Array>> {
    const { nFeatures = 2 ** 20, norm = 'l2' } = this.options;
    return Job.run(mergedJobOptions(this.options, job, 'transform'), async (running) => {
      if (!this.warned) {
        this.warned = true;
        this.analysis.warn('HashingVectorizer');
      }
      const { nDocuments, features, counts } = await this.count(openKernels(this.options), input, running);
      const values = await scaledRows(counts, norm, running);
      const { indptr, indices } = counts;
      await inTurns(indices.length, running, (q) => {
        indices[q] = features[indices[q]];
      });
      return CsrMatrix.trusted({ shape: [nDocuments, nFeatures], indptr, indices, values });
    });
  }

  /** Counts the columns that occur, `features`, by their ranks; so a wide matrix needs no wide row of counters. */
  private async count(kernels: Kernels, input: DocumentInput, job: Job) {
    const { nFeatures = 2 ** 20, alternateSign = true, binary = false } = this.options;
    const advice = 'read fewer documents at a time or raise maxBytes';
    const counter = kernels.createTermCounter({ ...this.analysis.analysis, vocabulary: null });
    try {
      const nDocuments = await advised(addDocuments(counter, input, this.analysis, job), 'Counting terms', advice);
      const { terms, documentFrequency } = await counter.statistics(false, job);
      const hashes = new Int32Array(documentFrequency.length);
      const columns = new Int32Array(hashes.length);
      await inTurns(hashes.length, job, (i) => {
        hashes[i] = murmur3(terms.bytes, terms.offsets[i], terms.offsets[i + 1], 0);
        columns[i] = featureOf(hashes[i], nFeatures);
      });
      const features = columns.slice().sort();
      const nColumns = dropRepeated(features);
      await inTurns(columns.length, job, (i) => {
        columns[i] = rankOf(columns[i], features, nColumns);
      });
      const signs = alternateSign ? hashes.map((hash) => (hash >= 0 ? 1 : -1)) : null;
      const counts = await advised(counter.count({ columns, nColumns, signs, binary }, job), 'Counting terms', advice);
      return { nDocuments, features, counts };
    } finally {
      counter.dispose();
    }
  }
}

/** The absolute value modulo nFeatures; as scikit-learn, without the overflow of the one number that has no absolute value. */
function featureOf(hash: number, nFeatures: number): number {
  return hash === -(2 ** 31) ? (2 ** 31 - 1 - (nFeatures - 1)) % nFeatures : Math.abs(hash) % nFeatures;
}

/** Does something for each of n numbers; where they are many, others get their turn in between. */
async function inTurns(n: number, job: Job, step: (i: number) => void): Promise<void> {
  for (let i = 0; i < n; i++) {
    step(i);
    if (i % 2 ** 18 !== 2 ** 18 - 1) continue;
    await setImmediate();
    job.throwIfStopped();
  }
}

/** Moves the distinct numbers of an ascending list to its front; returns how many they are. */
function dropRepeated(sorted: Int32Array): number {
  let count = 0;
  for (const number of sorted) if (count === 0 || number !== sorted[count - 1]) sorted[count++] = number;
  return count;
}

/** Where a number stands among the first `count` of an ascending list. */
function rankOf(number: number, sorted: Int32Array, count: number): number {
  let low = 0;
  for (let high = count - 1; low < high; ) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The counts as weights in rows of norm 1. Squares and sums of whole numbers are exact in any order. */
async function scaledRows({ indptr, values }: TermCounts, norm: 'l1' | 'l2' | null, job: Job): Promise<Float64Array> {
  const scaled = new Float64Array(values.length);
  let turn = 0;
  for (let row = 0; row + 1 < indptr.length; row++) {
    let total = 0;
    for (let q = indptr[row]; q < indptr[row + 1]; q++)
      total += norm === 'l1' ? Math.abs(values[q]) : values[q] * values[q];
    const length = norm === null || total === 0 ? 1 : norm === 'l1' ? total : Math.sqrt(total);
    for (let q = indptr[row]; q < indptr[row + 1]; q++) scaled[q] = values[q] / length;
    if (indptr[row + 1] < turn + 2 ** 20) continue;
    turn = indptr[row + 1];
    await setImmediate();
    job.report('scaling rows', row + 1, indptr.length - 1);
  }
  return scaled;
}
