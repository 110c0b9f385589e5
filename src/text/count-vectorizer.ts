import { type BackendOptions, backendOptionNames, checkBackendOptions, openKernels } from '../backends/index.js';
import type { TermCounts } from '../backends/kernels.js';
import { checkBoolean, checkInteger, checkOptions, failure, shown } from '../core/check.js';
import { checkJobOptions, Job, type JobOptions, jobOptionNames, mergedJobOptions } from '../core/job.js';
import { advised } from '../core/memory.js';
import { type TextBatch, textBatch } from '../core/text-batch.js';
import { CsrMatrix } from '../matrix/csr-matrix.js';
import { addDocuments, type DocumentInput } from './documents.js';
import { englishStopWords } from './stop-words.js';
import { Vocabulary } from './vocabulary.js';

/** A number of documents: a whole number from 1 is a count, a number below 1 a share of all, `'10%'` always a share. */
export type DocumentFrequency = number | `${number}%`;

/** Options of `CountVectorizer`, with scikit-learn's names and meanings. */
export interface CountVectorizerOptions extends BackendOptions, JobOptions {
  /** Lower-cases documents first, as Python's `str.lower`. @default true */
  lowercase?: boolean;
  /** Terms to leave out; `'english'` is scikit-learn's list. @default none */
  stopWords?: 'english' | Iterable<string>;
  /** Leaves out terms that fewer documents hold. @default 1 */
  minDf?: DocumentFrequency;
  /** Leaves out terms that more documents hold. @default '100%' */
  maxDf?: DocumentFrequency;
  /** Keeps so many terms, those with the highest count over all documents; ties: the term that sorts first. @default all */
  maxFeatures?: number;
  /** Counts these terms alone, in this order; nothing is learnt or pruned. @default learnt by `fit` */
  vocabulary?: Iterable<string>;
  /** Writes 1 for every count. @default false */
  binary?: boolean;
}

/** The names of `CountVectorizerOptions`, for `checkOptions`. */
export const countingOptionNames = [
  ...['lowercase', 'stopWords', 'minDf', 'maxDf', 'maxFeatures', 'vocabulary', 'binary'],
  ...backendOptionNames,
  ...jobOptionNames,
];

/**
 * Turns documents into a matrix of term counts, as scikit-learn's `CountVectorizer` with its default analyzer: a term is
 * two or more letters, numbers or underscores in a row (Python's `\w\w+`, by a frozen table of Unicode 16).
 *
 * Terms are sorted by their UTF-8 bytes; where scikit-learn leaves ties of `maxFeatures` to chance, the term that sorts
 * first stays. Lone surrogates count as U+FFFD, which belongs to no term.
 */
export class CountVectorizer {
  private readonly options: CountVectorizerOptions;
  private readonly stopWords: readonly string[];
  private readonly fixed: TextBatch | null;
  private fitted: Vocabulary | undefined;

  /** @throws TypeError, RangeError for an option that is unknown, of another type or out of range */
  constructor(options: CountVectorizerOptions = {}) {
    checkOptions(options, 'CountVectorizer', countingOptionNames);
    checkBackendOptions(options);
    checkJobOptions(options);
    for (const name of ['lowercase', 'binary'] as const)
      if (options[name] !== undefined) checkBoolean(options[name], name);
    for (const name of ['minDf', 'maxDf'] as const) {
      if (options[name] !== undefined) documents(options[name], name, 1);
    }
    if (options.maxFeatures !== undefined) checkInteger(options.maxFeatures, 'maxFeatures', 1, 2 ** 31 - 1);
    this.options = { ...options };
    this.stopWords = stopWordList(options.stopWords);
    this.fixed = options.vocabulary === undefined ? null : fixedVocabulary(options.vocabulary);
    if (this.fixed !== null) this.fitted = new Vocabulary(this.fixed);
  }

  /** The terms of the columns. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get vocabulary(): Vocabulary {
    if (this.fitted === undefined) {
      throw failure('ERR_NOT_FITTED', 'This CountVectorizer has no vocabulary yet; call fit or fitTransform first.');
    }
    return this.fitted;
  }

  /** The terms of the columns as strings. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  getFeatureNamesOut(): string[] {
    return this.vocabulary.toArray();
  }

  /**
   * Learns the vocabulary.
   * @throws (rejects) as `fitTransform`
   */
  async fit(input: DocumentInput, job: JobOptions = {}): Promise<this> {
    await this.fitTransform(input, job);
    return this;
  }

  /**
   * Learns the vocabulary and counts.
   * @returns n documents x n terms
   * @throws (rejects) RangeError `ERR_NO_DOCUMENTS`, `ERR_EMPTY_VOCABULARY` where no term is left, `ERR_OUT_OF_RANGE` where
   * maxDf stands for fewer documents than minDf, `ERR_MEMORY_BUDGET`; TypeError `ERR_INVALID_ARG_TYPE` for a document that
   * is no string, `ERR_NOT_TEXT` for bytes that are not UTF-8; `AbortError`
   */
  async fitTransform(input: DocumentInput, job: JobOptions = {}): Promise<CsrMatrix<Int32Array>> {
    if (this.fixed !== null) return this.transform(input, job);
    const { matrix, counts } = await this.count(input, job, null);
    this.fitted = new Vocabulary(counts.vocabulary);
    return matrix;
  }

  /**
   * Counts the terms of the vocabulary; others are left out.
   * @returns n documents x n terms
   * @throws (rejects) TypeError `ERR_NOT_FITTED`, and what `fitTransform` throws for documents
   */
  async transform(input: DocumentInput, job: JobOptions = {}): Promise<CsrMatrix<Int32Array>> {
    return (await this.count(input, job, this.vocabulary.batch)).matrix;
  }

  private async count(input: DocumentInput, options: JobOptions, vocabulary: TextBatch | null) {
    return Job.run(mergedJobOptions(this.options, options, vocabulary === null ? 'fit' : 'transform'), async (job) => {
      const { lowercase = true, binary = false, maxFeatures = -1 } = this.options;
      const kernels = openKernels(this.options);
      const stopWords = this.stopWords;
      const counter = kernels.createTermCounter({ lowercase, stopWords, vocabulary });
      try {
        const advice = 'read fewer documents at a time or raise maxBytes';
        const nDocuments = await advised(addDocuments(counter, input, job), 'Counting terms', advice);
        if (vocabulary === null && nDocuments === 0)
          throw failure('ERR_NO_DOCUMENTS', 'There are no documents to learn from.');
        const { minDf, maxDf } = vocabulary === null ? this.limits(nDocuments) : { minDf: 0, maxDf: 0 };
        const pruning = { minDf, maxDf, maxFeatures, binary };
        const counts = await advised(counter.finish(pruning, job), 'Counting terms', advice);
        if (vocabulary === null) this.requireTerms(counts, minDf, maxDf);
        const nTerms = (vocabulary ?? counts.vocabulary).offsets.length - 1;
        const { indptr, indices, values } = counts;
        return { counts, matrix: CsrMatrix.trusted({ shape: [nDocuments, nTerms], indptr, indices, values }) };
      } finally {
        counter.dispose();
      }
    });
  }

  /** minDf and maxDf in documents. */
  private limits(nDocuments: number): { minDf: number; maxDf: number } {
    const minDf = documents(this.options.minDf ?? 1, 'minDf', nDocuments);
    const maxDf = documents(this.options.maxDf ?? '100%', 'maxDf', nDocuments);
    const { minDf: min = 1, maxDf: max = '100%' } = this.options;
    if (minDf > nDocuments) {
      throw failure(
        'ERR_OUT_OF_RANGE',
        `minDf is ${shown(min)}, but there ${counted(nDocuments, 'document')}; no term can be in so many.`,
      );
    }
    if (maxDf < minDf) {
      const sizes = `maxDf (${shown(max)}) stands for ${rounded(maxDf)} of ${nDocuments} documents`;
      throw failure('ERR_OUT_OF_RANGE', `${sizes}, fewer than the ${rounded(minDf)} of minDf (${shown(min)}).`);
    }
    return { minDf, maxDf };
  }

  private requireTerms(counts: TermCounts, minDf: number, maxDf: number): void {
    if (counts.distinctTerms === 0) {
      const hint = 'perhaps the documents hold only stop words or single characters';
      throw failure('ERR_EMPTY_VOCABULARY', `The vocabulary is empty; ${hint}.`);
    }
    if (counts.vocabulary.offsets.length === 1) {
      const range = `${counts.distinctTerms} terms is in ${rounded(minDf)} to ${rounded(maxDf)} documents`;
      throw failure('ERR_EMPTY_VOCABULARY', `None of the ${range}; try a lower minDf or a higher maxDf.`);
    }
  }
}

/** A document frequency as a number of documents, not rounded: it is compared with whole numbers as it is. */
function documents(value: DocumentFrequency, name: string, nDocuments: number): number {
  const forms = "a whole number from 1, a share from 0 to below 1, or a share such as '10%'";
  if (typeof value === 'string') {
    const percent = /^\d+(\.\d+)?%$/.test(value) ? Number(value.slice(0, -1)) : Number.NaN;
    if (!(percent <= 100)) throw failure('ERR_OUT_OF_RANGE', `${name} must be ${forms}, but is ${shown(value)}.`);
    return (percent / 100) * nDocuments;
  }
  if (typeof value !== 'number') {
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be ${forms}, but is ${shown(value)}.`);
  }
  if (!(value >= 0 && (value < 1 || Number.isSafeInteger(value)))) {
    throw failure('ERR_OUT_OF_RANGE', `${name} must be ${forms}, but is ${shown(value)}.`);
  }
  return value < 1 ? value * nDocuments : value;
}

/** A share of documents without the noise of its last digits. */
const rounded = (value: number) => Number(value.toPrecision(6));

const counted = (n: number, what: string) => (n === 1 ? `is 1 ${what}` : `are ${n} ${what}s`);

function termList(value: unknown, name: string, what: string): string[] {
  if (value === null || typeof value !== 'object' || !(Symbol.iterator in value)) {
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be ${what}, but is ${shown(value)}.`);
  }
  const terms = [...(value as Iterable<unknown>)];
  for (const term of terms) {
    if (typeof term !== 'string') {
      throw failure('ERR_INVALID_ARG_TYPE', `${name} must hold strings, but holds ${shown(term)}.`);
    }
  }
  return terms as string[];
}

function stopWordList(value: CountVectorizerOptions['stopWords']): readonly string[] {
  if (value === undefined) return [];
  return value === 'english' ? englishStopWords : termList(value, 'stopWords', "'english' or an iterable of strings");
}

function fixedVocabulary(value: Iterable<string>): TextBatch {
  if (value instanceof Vocabulary) return value.batch;
  const terms = termList(value, 'vocabulary', 'an iterable of strings');
  if (terms.length === 0)
    throw failure('ERR_EMPTY_VOCABULARY', 'vocabulary must hold at least one term, but is empty.');
  const seen = new Set<string>();
  for (const term of terms) {
    if (seen.has(term)) throw failure('ERR_INVALID_ARG_VALUE', `vocabulary holds the term ${shown(term)} twice.`);
    seen.add(term);
  }
  return textBatch(terms);
}
