import { type BackendOptions, backendOptionNames, checkBackendOptions, openKernels } from '../backends/index.js';
import type { Kernels } from '../backends/kernels.js';
import { used } from '../backends/used.js';
import { checkBoolean, checkChoice, checkInteger, checkOptions } from '../core/check.js';
import { checkJobOptions, Job, type JobOptions, jobOptionNames, mergedJobOptions } from '../core/job.js';
import { advised } from '../core/memory.js';
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
    const { nFeatures = 2 ** 20 } = this.options;
    return Job.run(mergedJobOptions(this.options, job, 'transform'), async (running) => {
      if (!this.warned) {
        this.warned = true;
        this.analysis.warn('HashingVectorizer');
      }
      const { nDocuments, counts } = await this.count(openKernels(this.options), input, running);
      return CsrMatrix.trusted({ shape: [nDocuments, nFeatures], ...counts });
    });
  }

  private async count(kernels: Kernels, input: DocumentInput, job: Job) {
    const { nFeatures = 2 ** 20, alternateSign = true, binary = false, norm = 'l2' } = this.options;
    const advice = 'read fewer documents at a time or raise maxBytes';
    const counter = kernels.createTermCounter({ ...this.analysis.analysis, vocabulary: null, keepsPlaces: false });
    return used(counter, async () => {
      const nDocuments = await advised(addDocuments(counter, input, this.analysis, job), 'Counting terms', advice);
      const hashing = { nFeatures, alternateSign, binary, norm };
      const counts = await advised(counter.countHashed(hashing, job), 'Counting terms', advice);
      return { nDocuments, counts };
    });
  }
}
