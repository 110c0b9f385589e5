/** The options of `CountVectorizer` beside the analyzer's: which terms become columns, and what is written. */

import { type BackendOptions, backendOptionNames, checkBackendOptions } from '../backends/index.js';
import { checkBoolean, checkInteger, checkOptions, failure, isIterable, shown } from '../core/check.js';
import { checkJobOptions, type JobOptions, jobOptionNames } from '../core/job.js';
import { type TextBatch, textBatch } from '../core/text-batch.js';
import { type AnalyzerOptions, analyzerOptionNames, termList } from './analysis.js';
import type { Pruning } from './term-statistics.js';
import { Vocabulary } from './vocabulary.js';

/** A number of documents: a whole number from 1 is a count, a number below 1 a share of all, `'10%'` always a share. */
export type DocumentFrequency = number | `${number}%`;

/** Options of `CountVectorizer`, with scikit-learn's names and meanings. */
export interface CountVectorizerOptions extends AnalyzerOptions, BackendOptions, JobOptions {
  /** Leaves out terms that fewer documents hold. @default 1 */
  minDf?: DocumentFrequency;
  /** Leaves out terms that more documents hold. @default '100%' */
  maxDf?: DocumentFrequency;
  /** Keeps so many terms, those with the highest count over all documents; ties: the term that sorts first. @default all */
  maxFeatures?: number;
  /** Counts these terms alone, in this order or in the columns that a Map or an object gives; nothing is learnt or pruned.
   * @default learnt by `fit` */
  vocabulary?: Iterable<string> | ReadonlyMap<string, number> | Readonly<Record<string, number>>;
  /** Writes 1 for every count. @default false */
  binary?: boolean;
}

/** The names of `CountVectorizerOptions`, for `checkOptions`. */
export const countingOptionNames = [
  ...analyzerOptionNames,
  ...['minDf', 'maxDf', 'maxFeatures', 'vocabulary', 'binary'],
  ...backendOptionNames,
  ...jobOptionNames,
];

export function checkCountingOptions(options: CountVectorizerOptions): void {
  checkOptions(options, 'CountVectorizer', countingOptionNames);
  checkBackendOptions(options);
  checkJobOptions(options);
  if (options.binary !== undefined) checkBoolean(options.binary, 'binary');
  for (const name of ['minDf', 'maxDf'] as const) {
    if (options[name] !== undefined) documentsOf(options[name], name, 1);
  }
  if (options.maxFeatures !== undefined) checkInteger(options.maxFeatures, 'maxFeatures', 1, 2 ** 31 - 1);
}

/** A document frequency as a number of documents, not rounded: it is compared with whole numbers as it is. */
function documentsOf(value: DocumentFrequency, name: string, nDocuments: number): number {
  const forms = "a whole number from 1, a share from 0 to below 1, or a share such as '10%'";
  if (typeof value === 'string') {
    // '0.7%' is 0.007: a division by 100 would round a second time.
    const share = /^\d+(\.\d+)?%$/.test(value) ? Number(`${value.slice(0, -1)}e-2`) : Number.NaN;
    if (!(share <= 1)) throw failure('ERR_OUT_OF_RANGE', `${name} must be ${forms}, but is ${shown(value)}.`);
    return share * nDocuments;
  }
  if (typeof value !== 'number') {
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be ${forms}, but is ${shown(value)}.`);
  }
  if (!(value >= 0 && (value < 1 || Number.isSafeInteger(value)))) {
    throw failure('ERR_OUT_OF_RANGE', `${name} must be ${forms}, but is ${shown(value)}.`);
  }
  return value < 1 ? value * nDocuments : value;
}

/** minDf and maxDf in documents, and how many terms may stay. @throws RangeError where no term could meet both */
export function pruningFor(options: CountVectorizerOptions, nDocuments: number): Pruning {
  const { minDf: min = 1, maxDf: max = '100%', maxFeatures = -1 } = options;
  const minDf = documentsOf(min, 'minDf', nDocuments);
  const maxDf = documentsOf(max, 'maxDf', nDocuments);
  if (minDf > nDocuments) {
    const there = `there ${counted(nDocuments, 'document')}`;
    throw failure('ERR_OUT_OF_RANGE', `minDf is ${shown(min)}, but ${there}; no term can be in so many.`);
  }
  if (maxDf < minDf) {
    const sizes = `maxDf (${shown(max)}) stands for ${rounded(maxDf)} of ${nDocuments} documents`;
    throw failure('ERR_OUT_OF_RANGE', `${sizes}, fewer than the ${rounded(minDf)} of minDf (${shown(min)}).`);
  }
  return { minDf, maxDf, maxFeatures };
}

/** The error for documents of which no term is left. */
export function noTermsLeft(nTerms: number, { minDf, maxDf }: Pruning): Error {
  if (nTerms === 0) {
    const hint = 'perhaps the documents hold only stop words or single characters';
    return failure('ERR_EMPTY_VOCABULARY', `The vocabulary is empty; ${hint}.`);
  }
  const range = `${nTerms} terms is in ${rounded(minDf)} to ${rounded(maxDf)} documents`;
  return failure('ERR_EMPTY_VOCABULARY', `None of the ${range}; try a lower minDf or a higher maxDf.`);
}

/** A share of documents without the noise of its last digits. */
export const rounded = (value: number) => Number(value.toPrecision(6));

const counted = (n: number, what: string) => (n === 1 ? `is 1 ${what}` : `are ${n} ${what}s`);

/** The terms of the option `vocabulary`, term i for column i. */
export function fixedVocabulary(value: NonNullable<CountVectorizerOptions['vocabulary']>): TextBatch {
  if (value instanceof Vocabulary) return value.batch;
  const terms =
    isIterable(value) && !(value instanceof Map)
      ? termList(value, 'vocabulary', 'an iterable of strings, or a map of strings to columns')
      : termsByColumn(value);
  if (terms.length === 0)
    throw failure('ERR_EMPTY_VOCABULARY', 'vocabulary must hold at least one term, but is empty.');
  const seen = new Set<string>();
  for (const term of terms) {
    if (seen.has(term)) throw failure('ERR_INVALID_ARG_VALUE', `vocabulary holds the term ${shown(term)} twice.`);
    seen.add(term);
  }
  return textBatch(terms);
}

/** The terms of a map in order of its columns, which must be 0, 1, 2, ... */
function termsByColumn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return termList(value, 'vocabulary', 'an iterable of strings');
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  const terms = new Array<string | undefined>(entries.length);
  for (const [term, column] of entries) {
    if (typeof term !== 'string') {
      throw failure('ERR_INVALID_ARG_TYPE', `vocabulary must hold strings, but holds ${shown(term)}.`);
    }
    if (!Number.isInteger(column) || (column as number) < 0 || (column as number) >= entries.length) {
      const range = `a whole number from 0 to ${entries.length - 1}, so that no column is left out`;
      throw failure(
        'ERR_INVALID_ARG_VALUE',
        `The column of ${shown(term)} in vocabulary must be ${range}, but is ${shown(column)}.`,
      );
    }
    const other = terms[column as number];
    if (other !== undefined) {
      throw failure(
        'ERR_INVALID_ARG_VALUE',
        `vocabulary gives column ${column} to ${shown(other)} and to ${shown(term)}.`,
      );
    }
    terms[column as number] = term;
  }
  return terms as string[];
}
