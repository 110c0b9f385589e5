import { checkOptions } from '../core/check.js';
import type { JobOptions } from '../core/job.js';
import type { CsrMatrix } from '../matrix/csr-matrix.js';
import { CountVectorizer } from './count-vectorizer.js';
import { type CountVectorizerOptions, countingOptionNames } from './counting-options.js';
import type { DocumentInput } from './documents.js';
import type { TermExplanation } from './explain-term.js';
import {
  checkFactors,
  TfidfTransformer,
  type TfidfTransformerOptions,
  weightOptionNames,
} from './tfidf-transformer.js';
import type { Vocabulary } from './vocabulary.js';

/** Options of `TfidfVectorizer`: those of `CountVectorizer` and of `TfidfTransformer`. */
export interface TfidfVectorizerOptions extends CountVectorizerOptions, TfidfTransformerOptions {}

/** `CountVectorizer` and `TfidfTransformer` in one, as scikit-learn's `TfidfVectorizer`. */
export class TfidfVectorizer {
  private readonly counter: CountVectorizer;
  private readonly transformer: TfidfTransformer;

  /** @throws TypeError, RangeError for an option that is unknown, of another type or out of range */
  constructor(options: TfidfVectorizerOptions = {}) {
    checkOptions(options, 'TfidfVectorizer', [...countingOptionNames, ...weightOptionNames]);
    const { norm, useIdf, smoothIdf, sublinearTf, ...counting } = options;
    const { backend, threads, maxBytes, signal, onProgress } = options;
    const shared = { backend, threads, maxBytes, signal, onProgress };
    this.counter = new CountVectorizer(counting);
    this.transformer = new TfidfTransformer(present({ norm, useIdf, smoothIdf, sublinearTf, ...shared }));
  }

  /** The terms of the columns. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get vocabulary(): Vocabulary {
    return this.counter.vocabulary;
  }

  /** The terms of the columns as strings. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  getFeatureNamesOut(): string[] {
    return this.counter.getFeatureNamesOut();
  }

  /** The factor of each term. @throws TypeError `ERR_NOT_FITTED` before `fit`, or where `useIdf` is false */
  get idf(): Float64Array {
    return this.transformer.idf;
  }

  /** Takes factors from elsewhere, one a term. @throws TypeError, RangeError as `TfidfTransformer.idf`; `ERR_NOT_FITTED`
   * without a vocabulary */
  set idf(factors: Float64Array) {
    checkFactors(factors, this.vocabulary.size);
    this.transformer.idf = factors;
  }

  /** The terms of each row that are not zero. @throws as `CountVectorizer.inverseTransform` */
  inverseTransform(weights: CsrMatrix): string[][] {
    return this.counter.inverseTransform(weights);
  }

  /** A function that gives the terms of a document, as `fit` counts them. */
  buildAnalyzer(): (document: string) => string[] {
    return this.counter.buildAnalyzer();
  }

  /** Says what becomes of a term. @throws TypeError `ERR_NOT_FITTED` */
  explainTerm(term: string): TermExplanation {
    return this.counter.explainTerm(term);
  }

  /** Learns vocabulary and idf. @throws (rejects) as `CountVectorizer.fitTransform` */
  async fit(documents: DocumentInput, job: JobOptions = {}): Promise<this> {
    await this.learning(async () => this.transformer.fit(await this.counter.fitTransform(documents, job), job));
    return this;
  }

  /**
   * Learns vocabulary and idf, and weighs.
   * @returns n documents x n terms
   * @throws (rejects) as `CountVectorizer.fitTransform`
   */
  async fitTransform(documents: DocumentInput, job: JobOptions = {}): Promise<CsrMatrix<Float64Array>> {
    return this.learning(async () =>
      this.transformer.fitTransform(await this.counter.fitTransform(documents, job), job),
    );
  }

  /**
   * Weighs the terms of the vocabulary; others are left out.
   * @returns n documents x n terms
   * @throws (rejects) TypeError `ERR_NOT_FITTED`, and what `fitTransform` throws for documents
   */
  async transform(documents: DocumentInput, job: JobOptions = {}): Promise<CsrMatrix<Float64Array>> {
    return this.transformer.transform(await this.counter.transform(documents, job), job);
  }

  /** Both learn, or neither does. */
  private async learning<T>(work: () => Promise<T>): Promise<T> {
    const before = this.counter.state;
    try {
      return await work();
    } catch (error) {
      this.counter.state = before;
      throw error;
    }
  }
}

/** The options that were given. */
function present(options: { [K in keyof TfidfTransformerOptions]: TfidfTransformerOptions[K] | undefined }) {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as TfidfTransformerOptions;
}
