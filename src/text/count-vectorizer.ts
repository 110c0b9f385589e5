import { openKernels } from '../backends/index.js';
import { lowercase } from '../backends/plain/unicode.js';
import { used } from '../backends/used.js';
import { checkString, failure, shown } from '../core/check.js';
import { Job, type JobOptions, mergedJobOptions } from '../core/job.js';
import type { TextBatch } from '../core/text-batch.js';
import { warn } from '../core/warn.js';
import { type CsrMatrix, csrArrays } from '../matrix/csr-matrix.js';
import type { TokenStreams } from '../matrix/token-streams.js';
import { DocumentAnalysis } from './analysis.js';
import { Counting } from './counting.js';
import {
  type CountVectorizerOptions,
  checkCountingOptions,
  fixedVocabulary,
  noTermsLeft,
  pruningFor,
} from './counting-options.js';
import type { DocumentInput } from './documents.js';
import { explainedTerm, type TermExplanation } from './explain-term.js';
import { fingerprint } from './fingerprint.js';
import { inverted } from './inverse-transform.js';
import {
  type FunctionOptions,
  fromSaved,
  type Parameters,
  parametersOf,
  requireSameParameters,
  type SavedCountVectorizer,
  saved,
  withoutFunctions,
} from './saved-vectorizer.js';
import { columnsOf, keptTerms, type Learnt, mergedLearnt, type Pruning, taken } from './term-statistics.js';
import { Vocabulary } from './vocabulary.js';

/** The terms that became columns. */
interface Selection {
  readonly vocabulary: Vocabulary;
  /** The number of the term of each column. */
  readonly kept: Int32Array;
}

/**
 * Turns documents into a matrix of term counts, as scikit-learn's `CountVectorizer`. By default a term is two or more
 * letters, numbers or underscores in a row (Python's `\w\w+`, by a frozen table of Unicode 16).
 *
 * Terms are sorted by their UTF-8 bytes; where scikit-learn leaves ties of `maxFeatures` to chance, the term that sorts
 * first stays. Lone surrogates count as U+FFFD.
 */
export class CountVectorizer {
  private readonly options: CountVectorizerOptions;
  private readonly analysis: DocumentAnalysis;
  private readonly fixed: Vocabulary | null;
  private learnt: Learnt | undefined;
  private selected: Selection | undefined;
  private warned = false;

  /** @throws TypeError, RangeError for an option that is unknown, of another type or out of range */
  constructor(options: CountVectorizerOptions = {}) {
    checkCountingOptions(options);
    this.options = { ...options };
    this.analysis = new DocumentAnalysis(options);
    this.fixed = options.vocabulary === undefined ? null : new Vocabulary(fixedVocabulary(options.vocabulary));
  }

  /**
   * The terms of the columns.
   * @throws TypeError `ERR_NOT_FITTED` before `fit`; after `partialFit` and `merge` what `fitTransform` rejects with
   */
  get vocabulary(): Vocabulary {
    if (this.fixed !== null) return this.fixed;
    this.selected ??= this.select(this.requireLearnt());
    return this.selected.vocabulary;
  }

  /** The terms of the columns as strings. @throws as `vocabulary` */
  getFeatureNamesOut(): string[] {
    return this.vocabulary.toArray();
  }

  /** In how many of the documents learnt from each term of the vocabulary is. @throws TypeError `ERR_NOT_FITTED`, also where
   * the vocabulary was given, for which nothing is learnt */
  get documentFrequency(): Int32Array {
    if (this.fixed !== null) {
      throw failure('ERR_NOT_FITTED', 'The vocabulary was given, so no document frequencies were learnt.');
    }
    const { statistics } = this.requireLearnt();
    this.selected ??= this.select(this.requireLearnt());
    return this.selected.kept.map((number) => statistics.documentFrequency[number]);
  }

  /**
   * Learns the vocabulary.
   * @throws (rejects) as `fitTransform`
   */
  async fit(input: DocumentInput, job: JobOptions = {}): Promise<this> {
    if (this.fixed !== null) {
      await this.transform(input, job);
      return this;
    }
    const learnt = await this.learn('fit', input, job);
    const selected = this.select(learnt);
    Object.assign(this, { learnt, selected });
    return this;
  }

  /**
   * Learns the vocabulary and counts.
   * @returns n documents x n terms
   * @throws (rejects) RangeError `ERR_NO_DOCUMENTS`, `ERR_EMPTY_VOCABULARY` where no term is left, `ERR_OUT_OF_RANGE` where
   * maxDf stands for fewer documents than minDf, `ERR_MEMORY_BUDGET`; TypeError `ERR_INVALID_ARG_TYPE` for a document that
   * is no string, `ERR_NOT_TEXT` for bytes that are not UTF-8; `AbortError`; what functions among the options throw
   */
  async fitTransform(input: DocumentInput, job: JobOptions = {}): Promise<CsrMatrix<Int32Array>> {
    if (this.fixed !== null) return this.transform(input, job);
    const { matrix, ...outcome } = await this.counting('fitTransform', job, {}, async (counting) => {
      const learnt = await counting.learn(input);
      const selected = this.select(learnt);
      const columns = columnsOf(selected.kept, learnt.statistics.documentFrequency.length);
      return { learnt, selected, matrix: await counting.count(columns, selected.kept.length, learnt.nDocuments) };
    });
    Object.assign(this, outcome); // here, so that a call that was stopped leaves the vectorizer as it was
    return matrix;
  }

  /**
   * Counts the terms of the vocabulary; others are left out.
   * @returns n documents x n terms
   * @throws (rejects) TypeError `ERR_NOT_FITTED`, and what `fitTransform` throws for documents
   */
  async transform(input: DocumentInput, job: JobOptions = {}): Promise<CsrMatrix<Int32Array>> {
    const { batch, size } = this.vocabulary;
    return this.counting('transform', job, { vocabulary: batch }, async (counting) =>
      counting.count(upTo(size), size, await counting.read(input)),
    );
  }

  /**
   * The words of documents in their order, each as the column of its term, or -1 where it is none: a stop word, a word that was
   * dropped or that is new. For `windowCooccurrence`.
   * @throws (rejects) TypeError `ERR_NOT_FITTED`, `ERR_INVALID_ARG_VALUE` where terms are not single words, and what
   * `fitTransform` throws for documents
   */
  async tokenIds(input: DocumentInput, job: JobOptions = {}): Promise<TokenStreams> {
    this.requireSingleWords('tokenIds');
    const { batch, size } = this.vocabulary;
    return this.counting('tokenIds', job, { vocabulary: batch, keepsPlaces: true }, async (counting) => {
      await counting.read(input);
      return counting.streams(upTo(size), size);
    });
  }

  /**
   * Learns the vocabulary and gives the words of the documents as `tokenIds` does, in one reading.
   * @throws (rejects) as `fitTransform` and `tokenIds`
   */
  async fitTokenIds(input: DocumentInput, job: JobOptions = {}): Promise<TokenStreams> {
    if (this.fixed !== null) return this.tokenIds(input, job);
    this.requireSingleWords('fitTokenIds');
    const { streams, ...outcome } = await this.counting('fitTokenIds', job, { keepsPlaces: true }, async (counting) => {
      const learnt = await counting.learn(input);
      const selected = this.select(learnt);
      const columns = columnsOf(selected.kept, learnt.statistics.documentFrequency.length);
      return { learnt, selected, streams: await counting.streams(columns, selected.kept.length) };
    });
    Object.assign(this, outcome);
    return streams;
  }

  /**
   * Learns from more documents: any number of calls, in any order, learns what one `fit` over all of them learns. What is
   * dropped by `minDf` and its like is decided when the vocabulary is next asked for.
   * @throws (rejects) as `fitTransform` for documents
   */
  async partialFit(input: DocumentInput, job: JobOptions = {}): Promise<this> {
    if (this.fixed !== null) return this.fit(input, job);
    const more = await this.learn('partialFit', input, job);
    this.learnt = this.learnt === undefined ? more : mergedLearnt(this.learnt, more);
    this.selected = undefined;
    return this;
  }

  /**
   * Learns what another vectorizer with the same options has learnt, as if it had read the same documents.
   * @throws TypeError `ERR_NOT_FITTED` where the other has learnt nothing, `ERR_INVALID_ARG_VALUE` where an option differs
   */
  merge(other: CountVectorizer): this {
    if (!(other instanceof CountVectorizer)) {
      throw failure('ERR_INVALID_ARG_TYPE', `other must be a CountVectorizer, but is ${shown(other)}.`);
    }
    requireSameParameters(this.parameters, other.parameters);
    if (this.fixed !== null) return this;
    const theirs = other.requireLearnt();
    this.learnt = this.learnt === undefined ? theirs : mergedLearnt(this.learnt, theirs);
    this.selected = undefined;
    return this;
  }

  /**
   * The terms of each row that are not zero, in order of their columns.
   * @throws TypeError, RangeError for what is no CsrMatrix with a column for each term
   */
  inverseTransform(counts: CsrMatrix): string[][] {
    return inverted(counts, this.vocabulary);
  }

  /** A function that gives the terms of a document, as `fit` counts them. */
  buildAnalyzer(): (document: string) => string[] {
    return this.analysis.build();
  }

  /** Says what becomes of a term: how it is analyzed, in how many documents it is, and what dropped it if it is no column. */
  explainTerm(term: string): TermExplanation {
    checkString(term, 'term');
    const learnt = this.fixed === null ? this.requireLearnt() : null;
    const pruning = learnt === null ? null : pruningFor(this.options, learnt.nDocuments);
    return explainedTerm(term, this.analysis, this.vocabulary, learnt, pruning);
  }

  /**
   * SHA-256 of the options that results hang on, the vocabulary and, where given, a matrix: the same on every machine, backend
   * and number of threads. Functions among the options are not told apart.
   */
  fingerprint(matrix?: CsrMatrix): string {
    if (matrix !== undefined) csrArrays(matrix, 'matrix');
    const parameters = withoutFunctions(this.parameters);
    return fingerprint({ parameters, vocabulary: this.vocabulary, ...(matrix !== undefined && { matrix }) });
  }

  /** All that was learnt and all options, without loss; of functions, that there are some. */
  toJSON(): SavedCountVectorizer {
    return saved(this.parameters, this.learnt);
  }

  /**
   * A vectorizer from what `toJSON` gave, parsed again or not.
   * @param own functions, which JSON cannot hold, and options of computing
   * @throws TypeError `ERR_INVALID_ARG_VALUE` for what is no such thing, or where a function is missing
   */
  static fromJSON(json: unknown, own: FunctionOptions = {}): CountVectorizer {
    const { options, learnt } = fromSaved(json, own);
    const vectorizer = new CountVectorizer(options);
    vectorizer.learnt = learnt;
    return vectorizer;
  }

  /** @internal What was learnt, to be put back where a step that comes after fails. */
  get state(): { readonly learnt: Learnt | undefined; readonly selected: Selection | undefined } {
    return { learnt: this.learnt, selected: this.selected };
  }

  /** @internal */
  set state({ learnt, selected }) {
    this.learnt = learnt;
    this.selected = selected;
  }

  private get parameters(): Parameters {
    return parametersOf(this.options, this.analysis.analysis.stopWords, this.fixed);
  }

  private requireLearnt(): Learnt {
    if (this.learnt !== undefined) return this.learnt;
    throw failure('ERR_NOT_FITTED', 'This CountVectorizer has no vocabulary yet; call fit or fitTransform first.');
  }

  /** Prunes. @throws RangeError where nothing is left */
  private select({ nDocuments, statistics }: Learnt): Selection {
    if (nDocuments === 0) throw failure('ERR_NO_DOCUMENTS', 'There are no documents to learn from.');
    const pruning: Pruning = pruningFor(this.options, nDocuments);
    const kept = keptTerms(statistics, pruning);
    if (kept.length === 0) throw noTermsLeft(statistics.documentFrequency.length, pruning);
    return { vocabulary: new Vocabulary(taken(statistics.terms, kept)), kept };
  }

  private learn(name: string, input: DocumentInput, options: JobOptions): Promise<Learnt> {
    return this.counting(name, options, {}, (counting) => counting.learn(input));
  }

  /** Opens a term counter for a call. */
  private counting<T>(
    name: string,
    options: JobOptions,
    {
      vocabulary = null,
      keepsPlaces = false,
    }: { readonly vocabulary?: TextBatch | null; readonly keepsPlaces?: boolean },
    use: (counting: Counting) => Promise<T>,
  ): Promise<T> {
    return Job.run(mergedJobOptions(this.options, options, name), async (job) => {
      this.warnOnce();
      const kernels = openKernels(this.options);
      const counter = kernels.createTermCounter({ ...this.analysis.analysis, vocabulary, keepsPlaces });
      return used(counter, () => use(new Counting(counter, this.analysis, this.options, job)));
    });
  }

  /** Runs of words, and characters, have no one place in a document. */
  private requireSingleWords(name: string): void {
    const { analyzer, ngramRange } = this.analysis.analysis;
    const isUnit = analyzer === 'word' || analyzer === 'tokens';
    if (isUnit && ngramRange[1] === 1) return;
    const found = isUnit ? `ngramRange is [${ngramRange.join(', ')}]` : `analyzer is '${analyzer}'`;
    throw failure('ERR_INVALID_ARG_VALUE', `${name} takes terms that are single words, but ${found}.`);
  }

  private warnOnce(): void {
    if (this.warned) return;
    this.warned = true;
    this.analysis.warn('CountVectorizer');
    if (this.fixed === null || !this.analysis.analysis.lowercase) return;
    const unmatched = this.fixed.toArray().filter((term) => lowercase(term) !== term);
    if (unmatched.length === 0) return;
    const which = `${shown(unmatched[0])}${unmatched.length > 1 ? ` and ${unmatched.length - 1} more` : ''}`;
    const why = 'they are not in lower case, as lowercase makes all documents';
    warn(
      'CORPUSCLE_UNMATCHED_TERMS',
      `CountVectorizer: no document holds these terms of the vocabulary, because ${why}: ${which}.`,
    );
  }
}

const upTo = (n: number) => Int32Array.from({ length: n }, (_, i) => i);
