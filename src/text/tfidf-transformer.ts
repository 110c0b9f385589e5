import { type BackendOptions, backendOptionNames, checkBackendOptions, openKernels } from '../backends/index.js';
import type { CountsKernel, Kernels } from '../backends/kernels.js';
import { used } from '../backends/used.js';
import { checkBoolean, checkChoice, checkOptions, failure, shown } from '../core/check.js';
import { checkJobOptions, Job, type JobOptions, jobOptionNames, mergedJobOptions } from '../core/job.js';
import { log } from '../core/logarithm.js';
import { checkBudget } from '../core/memory.js';
import { type CsrArrays, CsrMatrix, csrArrays, type ValueArray } from '../matrix/csr-matrix.js';

/** Options of `TfidfTransformer`, with scikit-learn's names and meanings. */
export interface TfidfTransformerOptions extends BackendOptions, JobOptions {
  /** The norm that each row is scaled to length 1 in, or null. @default 'l2' */
  norm?: 'l2' | 'l1' | null;
  /** Weighs terms by the inverse of their document frequency. @default true */
  useIdf?: boolean;
  /** Counts one more document that holds every term, so that no frequency is zero. @default true */
  smoothIdf?: boolean;
  /** Takes 1 + ln(count) for the count. @default false */
  sublinearTf?: boolean;
}

/** The names of the options that are about weights, for `checkOptions`. */
export const weightOptionNames = ['norm', 'useIdf', 'smoothIdf', 'sublinearTf'] as const;

/**
 * Turns counts into TF-IDF weights, as scikit-learn's `TfidfTransformer`: count x idf, then rows of norm 1, where
 * idf = ln((1 + n) / (1 + df)) + 1, or without `smoothIdf` ln(n / df) + 1, for n rows of which df hold the term.
 * Stored zeros do not count as holding a term. (Salton, Buckley 1988; the "+ 1" keeps terms that all rows hold.)
 */
export class TfidfTransformer {
  private fitted: Float64Array | undefined;

  /** @throws TypeError for an option that is unknown or of another type */
  constructor(private readonly options: TfidfTransformerOptions = {}) {
    checkOptions(options, 'TfidfTransformer', [...weightOptionNames, ...backendOptionNames, ...jobOptionNames]);
    checkBackendOptions(options);
    checkJobOptions(options);
    this.options = { ...options };
    if (options.norm !== undefined && options.norm !== null) checkChoice(options.norm, 'norm', ['l2', 'l1']);
    for (const name of ['useIdf', 'smoothIdf', 'sublinearTf'] as const) {
      if (options[name] !== undefined) checkBoolean(options[name], name);
    }
  }

  private get useIdf(): boolean {
    return this.options.useIdf ?? true;
  }

  /** The factor of each term. @throws TypeError `ERR_NOT_FITTED` before `fit`, or where `useIdf` is false */
  get idf(): Float64Array {
    if (!this.useIdf) throw failure('ERR_NOT_FITTED', 'This TfidfTransformer has no idf, because useIdf is false.');
    if (this.fitted === undefined) {
      throw failure('ERR_NOT_FITTED', 'This TfidfTransformer has no idf yet; call fit or fitTransform first.');
    }
    return this.fitted;
  }

  /**
   * Takes factors from elsewhere, one a column, in the place of `fit`.
   * @throws TypeError `ERR_INVALID_ARG_VALUE` where `useIdf` is false, `ERR_INVALID_ARG_TYPE` for what is no Float64Array;
   * RangeError where another number was learnt, or a factor is not finite
   */
  set idf(factors: Float64Array) {
    if (!this.useIdf) {
      throw failure('ERR_INVALID_ARG_VALUE', 'This TfidfTransformer takes no idf, because useIdf is false.');
    }
    checkFactors(factors, this.fitted?.length);
    this.fitted = factors.slice();
  }

  /** Learns the idf of each column. @throws (rejects) TypeError for what is no CsrMatrix; `AbortError` */
  async fit(counts: CsrMatrix, job: JobOptions = {}): Promise<this> {
    this.fitted = await this.run('fit', counts, job, async (arrays, kernels, running) => {
      return used(kernels.createCounts(arrays), (kernel) => this.learn(kernel, arrays.nRows, running));
    });
    return this;
  }

  /**
   * Weighs counts with the idf learnt before.
   * @returns a matrix of the same shape and entries
   * @throws (rejects) TypeError `ERR_NOT_FITTED`; RangeError where the columns are not those of `fit`, `ERR_MEMORY_BUDGET`
   */
  async transform(counts: CsrMatrix, job: JobOptions = {}): Promise<CsrMatrix<Float64Array>> {
    return this.run('transform', counts, job, async (arrays, kernels, running) => {
      const idf = this.useIdf ? this.idf : null;
      if (idf !== null && idf.length !== arrays.nColumns) {
        const sizes = `counts has ${arrays.nColumns} columns, but the idf was learnt for ${idf.length}`;
        throw failure('ERR_OUT_OF_RANGE', `${sizes}; use the matrix of the same vectorizer.`);
      }
      const terms = this.options.sublinearTf ? sublinear(arrays) : { counts: arrays, frequencies: null };
      return used(kernels.createCounts(terms.counts), async (kernel) => {
        const weighing = this.weigh(kernel, arrays.nRows, idf, terms.frequencies, running);
        const copy = copied(weighing, arrays);
        return CsrMatrix.trusted({ ...copy, values: await weighing });
      });
    });
  }

  /** `fit` and `transform` on the same counts. */
  async fitTransform(counts: CsrMatrix, job: JobOptions = {}): Promise<CsrMatrix<Float64Array>> {
    const { idf, weights } = await this.run('fitTransform', counts, job, async (arrays, kernels, running) => {
      const terms = this.options.sublinearTf ? sublinear(arrays) : { counts: arrays, frequencies: null };
      const learnAndWeigh = async (kernel: CountsKernel, ofTerms: CountsKernel) => {
        const learning = this.learn(kernel, arrays.nRows, running);
        const copy = copied(learning, arrays);
        const learnt = await learning;
        const idf = this.useIdf ? learnt : null;
        const values = await this.weigh(ofTerms, arrays.nRows, idf, terms.frequencies, running);
        return { idf: learnt, weights: CsrMatrix.trusted({ ...copy, values }) };
      };
      return used(kernels.createCounts(arrays), (kernel) =>
        terms.counts === arrays
          ? learnAndWeigh(kernel, kernel)
          : used(kernels.createCounts(terms.counts), (ofTerms) => learnAndWeigh(kernel, ofTerms)),
      );
    });
    this.fitted = idf; // here, so that a call that was stopped leaves the transformer as it was
    return weights;
  }

  private run<T>(
    name: string,
    counts: CsrMatrix,
    options: JobOptions,
    work: (arrays: CsrArrays, kernels: Kernels, job: Job) => Promise<T>,
  ): Promise<T> {
    return Job.run(mergedJobOptions(this.options, options, name), async (job) => {
      const arrays = csrArrays(counts, 'counts');
      const { nColumns, indptr, indices, values } = arrays;
      const kernels = openKernels(this.options);
      const bytes =
        indptr.byteLength +
        2 * (indices.byteLength + values.byteLength) +
        8 * indices.length +
        (16 + 4 * kernels.threads) * nColumns;
      checkBudget(bytes, kernels.maxBytes, 'TF-IDF', 'transform fewer rows at a time or raise maxBytes');
      return work(arrays, kernels, job);
    });
  }

  private async learn(kernel: CountsKernel, nRows: number, job: Job): Promise<Float64Array> {
    if (!this.useIdf) return new Float64Array(0);
    const frequency = await job.watch('counting documents', nRows, kernel.documentFrequency(job));
    const smooth = (this.options.smoothIdf ?? true) ? 1 : 0;
    const idfOf = memoized((df) => log((nRows + smooth) / (df + smooth)) + 1);
    return mapped(frequency, idfOf);
  }

  private weigh(
    kernel: CountsKernel,
    nRows: number,
    idf: Float64Array | null,
    frequencies: Float64Array | null,
    job: Job,
  ): Promise<Float64Array> {
    const norm = this.options.norm === undefined ? 'l2' : this.options.norm;
    return job.watch('weighing terms', nRows, kernel.weigh({ idf, frequencies, norm }, job));
  }
}

/** The result's own copies of what the counts share with it, made while a kernel is at work and before the caller may change them. */
function copied(atWork: Promise<unknown>, { nRows, nColumns, indptr, indices }: CsrArrays) {
  atWork.catch(() => {}); // seen by who waits for it, unless there is no memory for the copies
  return { shape: [nRows, nColumns] as const, indptr: indptr.slice(), indices: indices.slice() };
}

/** Refuses what are no factors for so many columns. */
export function checkFactors(factors: unknown, nColumns = (factors as Float64Array)?.length): void {
  if (!(factors instanceof Float64Array)) {
    throw failure('ERR_INVALID_ARG_TYPE', `idf must be a Float64Array, but is ${shown(factors)}.`);
  }
  if (factors.length !== nColumns) {
    throw failure('ERR_OUT_OF_RANGE', `idf must have ${nColumns} factors, one a column, but has ${factors.length}.`);
  }
  const wrong = factors.findIndex((factor) => !Number.isFinite(factor));
  if (wrong >= 0) throw failure('ERR_OUT_OF_RANGE', `idf must be finite, but factor ${wrong} is ${factors[wrong]}.`);
}

const maxTable = 1 << 16;
const sublinearOf = (count: number) => (count > 0 ? log(count) + 1 : 0);

/** Float64Array.from with a function makes a list first, which a large array does not survive. */
function mapped(values: ValueArray, of: (value: number) => number): Float64Array {
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = of(values[i]);
  return result;
}

/** Terms are many, but their frequencies, as counts, are few. */
function memoized(compute: (x: number) => number): (x: number) => number {
  const known = new Map<number, number>();
  return (x) => {
    let value = known.get(x);
    if (value === undefined) {
      value = compute(x);
      known.set(x, value);
    }
    return value;
  };
}

/** 1 + ln(count), by a table for small whole numbers; logarithms are taken here so that all backends have the same. */
function sublinear(counts: CsrArrays): { counts: CsrArrays; frequencies: Float64Array | null } {
  const { values } = counts;
  let largest = 0;
  for (const value of values) {
    if (!(value >= 0))
      throw failure('ERR_OUT_OF_RANGE', `sublinearTf needs counts of at least 0, but counts holds ${value}.`);
    if (value > largest) largest = value;
  }
  if (values instanceof Int32Array && largest < maxTable) {
    return { counts, frequencies: Float64Array.from({ length: largest + 1 }, (_, count) => sublinearOf(count)) };
  }
  return { counts: { ...counts, values: mapped(values, memoized(sublinearOf)) }, frequencies: null };
}
