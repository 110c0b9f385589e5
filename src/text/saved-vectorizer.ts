/** A vectorizer as JSON, and what two of them must have in common to be merged. */

import { isDeepStrictEqual } from 'node:util';
import { type BackendOptions, backendOptionNames } from '../backends/index.js';
import { checkOptions, failure, isPlainObject, shown } from '../core/check.js';
import { type JobOptions, jobOptionNames } from '../core/job.js';
import { textBatch } from '../core/text-batch.js';
import type { AnalyzerOptions } from './analysis.js';
import { type CountVectorizerOptions, checkCountingOptions } from './counting-options.js';
import type { Learnt } from './term-statistics.js';
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

const computingNames = [...backendOptionNames, ...jobOptionNames];
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
  checkOptions(own, 'CountVectorizer.fromJSON', [
    'preprocessor',
    'tokenizer',
    'analyzer',
    'stripAccents',
    ...computingNames,
  ]);
  const { type, options, learnt } = (json ?? {}) as Partial<SavedCountVectorizer>;
  if (type !== 'CountVectorizer' || !isPlainObject(options)) {
    throw failure(
      'ERR_INVALID_ARG_VALUE',
      `json must be what CountVectorizer.toJSON gave, with its type and options, but is ${shown(json)}.`,
    );
  }
  const restored = optionsFrom(options, own);
  checkCountingOptions(restored);
  return { options: restored, learnt: learnt === null ? undefined : learntFrom(learnt, needsTotals(options)) };
}

function optionsFrom(options: Readonly<Record<string, unknown>>, own: FunctionOptions): CountVectorizerOptions {
  // What is a default was perhaps not given; given again, it could seem to be an option that changes nothing.
  const isDefault = (name: string, value: unknown) => isDeepStrictEqual(value, defaults[name as keyof typeof defaults]);
  const restored = Object.fromEntries(Object.entries(options).filter(([name, value]) => !isDefault(name, value)));
  const isFunction = (value: unknown) => isDeepStrictEqual(value, aFunction);
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
  if (restored.tokenPattern !== undefined) {
    restored.tokenPattern = patternFrom(options.tokenPattern);
  }
  return { ...restored, ...own } as CountVectorizerOptions;
}

function patternFrom(saved: unknown): RegExp {
  const { source, flags } = (saved ?? {}) as { source?: unknown; flags?: unknown };
  try {
    if (typeof source === 'string' && typeof flags === 'string') return new RegExp(source, flags);
  } catch {
    // refused below
  }
  const what = 'the source and flags of a RegExp, as CountVectorizer.toJSON gave them';
  throw failure('ERR_INVALID_ARG_VALUE', `json.options.tokenPattern must hold ${what}, but is ${shown(saved)}.`);
}

const needsTotals = ({ maxFeatures, binary }: Readonly<Record<string, unknown>>) =>
  maxFeatures != null && binary !== true;

/** As `every`, but holes are looked at, too. */
function all<T>(values: readonly T[], holds: (value: T, i: number) => boolean): boolean {
  for (const [i, value] of values.entries()) if (!holds(value, i)) return false;
  return true;
}

function learntFrom(learnt: SavedCountVectorizer['learnt'] | undefined, withTotals: boolean): Learnt {
  const { nDocuments, terms, documentFrequency, totals } = (learnt ?? {}) as NonNullable<
    SavedCountVectorizer['learnt']
  >;
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const areCounts = (values: unknown, length: number, most = Number.MAX_SAFE_INTEGER) =>
    Array.isArray(values) && values.length === length && all(values, (value) => isCount(value) && value <= most);
  const isAscending = (term: unknown, i: number) =>
    typeof term === 'string' && (i === 0 || Buffer.compare(Buffer.from(terms[i - 1]), Buffer.from(term)) < 0);
  const valid =
    isCount(nDocuments) &&
    Array.isArray(terms) &&
    all(terms, isAscending) &&
    areCounts(documentFrequency, terms.length, Math.min(nDocuments, 2 ** 31 - 1)) &&
    areCounts(totals, withTotals ? terms.length : 0);
  if (!valid) {
    const parts = 'nDocuments, terms in order, a documentFrequency and, for maxFeatures, totals of each';
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
