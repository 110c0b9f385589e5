/** A vectorizer as JSON, and what two of them must have in common to be merged. */

import type { BackendOptions } from '../backends/index.js';
import { failure, shown } from '../core/check.js';
import type { JobOptions } from '../core/job.js';
import { textBatch } from '../core/text-batch.js';
import type { AnalyzerOptions } from './analysis.js';
import type { Learnt } from './count-vectorizer.js';
import type { CountVectorizerOptions } from './counting-options.js';
import type { Vocabulary } from './vocabulary.js';

/** What `CountVectorizer.toJSON` gives. */
export interface SavedCountVectorizer {
  readonly type: 'CountVectorizer';
  /** Options that JSON can hold; of a function it holds that there is one. */
  readonly options: Readonly<Record<string, unknown>>;
  /** All terms met in order of their UTF-8 bytes, also those that were dropped; null before `fit`. */
  readonly learnt: {
    readonly nDocuments: number;
    readonly terms: readonly string[];
    readonly documentFrequency: readonly number[];
    /** How often each term is in all documents; empty unless `maxFeatures` asks for it. */
    readonly totals: readonly number[];
  } | null;
}

/** What is given to `fromJSON` beside the JSON. */
export interface FunctionOptions extends BackendOptions, JobOptions {
  preprocessor?: NonNullable<AnalyzerOptions['preprocessor']>;
  tokenizer?: NonNullable<AnalyzerOptions['tokenizer']>;
  analyzer?: Extract<AnalyzerOptions['analyzer'], (...args: never) => unknown>;
  stripAccents?: Extract<AnalyzerOptions['stripAccents'], (...args: never) => unknown>;
}

/** The options that results hang on, as they were given, with lists as arrays. */
export type Parameters = Readonly<Record<string, unknown>>;

const aFunction = { function: true };

const defaults = {
  ...{ lowercase: true, stripAccents: null, preprocessor: null, tokenizer: null, tokenPattern: null, analyzer: 'word' },
  ...{ ngramRange: [1, 1], stopWords: [], decodeError: 'strict' },
  ...{ minDf: 1, maxDf: '100%', maxFeatures: null, vocabulary: null, binary: false },
} as const;

const parameterNames = Object.keys(defaults) as (keyof typeof defaults)[];

export function parametersOf(
  options: CountVectorizerOptions,
  stopWords: readonly string[],
  fixed: Vocabulary | null,
): Parameters {
  const parameters: Record<string, unknown> = { ...defaults };
  for (const name of parameterNames) if (options[name] !== undefined) parameters[name] = options[name];
  if (options.stopWords !== undefined && options.stopWords !== 'english') parameters.stopWords = [...stopWords];
  if (fixed !== null) parameters.vocabulary = fixed.toArray();
  if (options.tokenPattern !== undefined) {
    parameters.tokenPattern = { source: options.tokenPattern.source, flags: options.tokenPattern.flags };
  }
  return parameters;
}

/** The same for JSON: of a function it says that there is one. */
export function withoutFunctions(parameters: Parameters): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, typeof value === 'function' ? aFunction : value]),
  );
}

/** @throws TypeError `ERR_INVALID_ARG_VALUE` where two vectorizers would learn different things of the same documents */
export function requireSameParameters(own: Parameters, other: Parameters): void {
  const isSame = (name: string) =>
    own[name] === other[name] ||
    (typeof own[name] !== 'function' &&
      typeof other[name] !== 'function' &&
      JSON.stringify(own[name]) === JSON.stringify(other[name]));
  const different = parameterNames.find((name) => !isSame(name));
  if (different === undefined) return;
  const both = `${different} of the one is ${shown(own[different])}, of the other ${shown(other[different])}`;
  throw failure('ERR_INVALID_ARG_VALUE', `Vectorizers with different options cannot be merged: ${both}.`);
}

export function saved(parameters: Parameters, learnt: Learnt | undefined): SavedCountVectorizer {
  const options = withoutFunctions(parameters);
  if (learnt === undefined) return { type: 'CountVectorizer', options, learnt: null };
  const { terms, documentFrequency, totals } = learnt.statistics;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const strings = Array.from(documentFrequency, (_, i) =>
    decoder.decode(terms.bytes.subarray(terms.offsets[i], terms.offsets[i + 1])),
  );
  return {
    type: 'CountVectorizer',
    options,
    learnt: {
      nDocuments: learnt.nDocuments,
      terms: strings,
      documentFrequency: [...documentFrequency],
      totals: [...totals],
    },
  };
}

export function fromSaved(
  json: unknown,
  own: FunctionOptions,
): { options: CountVectorizerOptions; learnt: Learnt | undefined } {
  const { type, options, learnt } = (json ?? {}) as Partial<SavedCountVectorizer>;
  if (type !== 'CountVectorizer' || options === null || typeof options !== 'object') {
    throw failure('ERR_INVALID_ARG_VALUE', `json must be what CountVectorizer.toJSON gave, but is ${shown(json)}.`);
  }
  return {
    options: optionsFrom(options, own),
    learnt: learnt === null ? undefined : learntFrom(learnt, needsTotals(options)),
  };
}

function optionsFrom(options: Readonly<Record<string, unknown>>, own: FunctionOptions): CountVectorizerOptions {
  // What is a default was perhaps not given; given again, it could seem to be an option that changes nothing.
  const isDefault = (name: string, value: unknown) =>
    JSON.stringify(value) === JSON.stringify(defaults[name as keyof typeof defaults]);
  const all = Object.fromEntries(Object.entries(options).filter(([name, value]) => !isDefault(name, value)));
  const isFunction = (value: unknown) => JSON.stringify(value) === JSON.stringify(aFunction);
  for (const [name, value] of Object.entries(options)) {
    if (isFunction(value) && typeof own[name as keyof FunctionOptions] !== 'function') {
      const advice = `pass it: CountVectorizer.fromJSON(json, { ${name} })`;
      throw failure('ERR_INVALID_ARG_VALUE', `${name} was a function, which JSON cannot hold; ${advice}.`);
    }
  }
  for (const name of ['preprocessor', 'tokenizer', 'analyzer', 'stripAccents'] as const) {
    if (own[name] !== undefined && !isFunction(options[name])) {
      throw failure('ERR_INVALID_ARG_VALUE', `${name} was no function when this vectorizer was saved.`);
    }
  }
  if (all.tokenPattern !== undefined) {
    const { source, flags } = options.tokenPattern as { source: string; flags: string };
    all.tokenPattern = new RegExp(source, flags);
  }
  return { ...all, ...own } as CountVectorizerOptions;
}

const needsTotals = ({ maxFeatures, binary }: Readonly<Record<string, unknown>>) =>
  maxFeatures != null && binary !== true;

function learntFrom(learnt: SavedCountVectorizer['learnt'] | undefined, withTotals: boolean): Learnt {
  const { nDocuments, terms, documentFrequency, totals } = (learnt ?? {}) as NonNullable<
    SavedCountVectorizer['learnt']
  >;
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const areCounts = (values: unknown, length: number) =>
    Array.isArray(values) && values.length === length && values.every(isCount);
  const valid =
    isCount(nDocuments) &&
    Array.isArray(terms) &&
    terms.every(
      (term, i) =>
        typeof term === 'string' && (i === 0 || Buffer.compare(Buffer.from(terms[i - 1]), Buffer.from(term)) < 0),
    ) &&
    areCounts(documentFrequency, terms.length) &&
    documentFrequency.every((frequency) => frequency <= nDocuments) &&
    areCounts(totals, withTotals ? terms.length : 0);
  if (!valid) {
    const parts = 'nDocuments, terms in order, and a documentFrequency of each';
    throw failure('ERR_INVALID_ARG_VALUE', `json.learnt must hold ${parts}, as CountVectorizer.toJSON gave them.`);
  }
  return {
    nDocuments,
    statistics: {
      terms: textBatch(terms),
      documentFrequency: Int32Array.from(documentFrequency),
      totals: Float64Array.from(totals),
    },
  };
}
