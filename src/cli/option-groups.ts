/** The options that commands share, group by group as `--help` shows them, and what they mean to the library. */

import { type Command, Option } from 'commander';
import type { BackendOptions, CountVectorizerOptions, KMeansOptions, ReadDocumentsOptions } from '../index.js';
import {
  byteSize,
  documentFrequency,
  fieldName,
  numberFromZero,
  numberRange,
  separator,
  wholeNumber,
  wholeNumberOrAuto,
} from './values.js';

export interface ReadingFlags extends Omit<ReadDocumentsOptions, 'format'> {
  inputFormat?: NonNullable<ReadDocumentsOptions['format']>;
}

export interface CountingFlags extends Omit<CountVectorizerOptions, 'stopWords'> {
  stopWords?: string;
}

export interface KMeansFlags extends Pick<KMeansOptions, 'nInit' | 'maxIter' | 'tol'> {
  init: 'k-means++' | 'random';
  randomState: number;
  top: number;
}

export interface OutputFlags {
  format: 'table' | 'json' | 'csv';
  out?: string;
  force?: true;
  quiet?: true;
}

export const inputsHelp = 'files, folders, globs in quotes, or - for standard input; any of them gzipped';

export function addReadingOptions(command: Command): void {
  const formats = ['csv', 'tsv', 'jsonl', 'txt', 'file'];
  command
    .optionsGroup('Reading:')
    .addOption(fieldName('--text-field <name>', 'field with the text: its name, or its number from 1 (csv, tsv)'))
    .addOption(
      new Option(
        '--input-format <format>',
        'txt: a document a line; file: a document a file (default: by name; standard input: txt)',
      ).choices(formats),
    )
    .option('--header', 'the first record names the columns (csv, tsv; default with a field name)')
    .option('--no-header', 'the first record is a document')
    .addOption(separator('--delimiter <char>', 'what separates two fields (default: comma in csv, tab in tsv)'))
    .addOption(new Option('--no-quotes', '" is a character like any other (csv, tsv)').default(undefined))
    .option('--member <name>', 'the file to read in a .tar, .tar.gz or .tgz')
    .addOption(wholeNumber('--limit <n>', 'stop after so many documents', 1, Number.MAX_SAFE_INTEGER))
    .option('--skip-bad-lines', 'pass over malformed lines and count them, instead of failing');
}

export function addCountingOptions(command: Command): void {
  command
    .optionsGroup('Counting terms:')
    .addOption(documentFrequency('--min-df <n>', 'leave out terms in fewer documents: 10, 0.1 or 10%').default(1))
    .addOption(documentFrequency('--max-df <n>', 'leave out terms in more documents').default('100%'))
    .addOption(wholeNumber('--max-features <n>', 'keep the n most frequent terms'))
    .option('--stop-words <list>', "terms to leave out: 'english', or a file of words")
    .addOption(new Option('--no-lowercase', 'keep upper case apart').default(undefined))
    .addOption(
      new Option('--strip-accents <form>', 'take accents off; ascii: and what is then no ASCII').choices([
        'unicode',
        'ascii',
      ]),
    )
    .addOption(
      new Option(
        '--analyzer <unit>',
        "char: terms are characters; charWb: those of each word and the spaces around it (default: 'word')",
      ).choices(['word', 'char', 'charWb']),
    )
    .addOption(numberRange('--ngram-range <n,m>', 'terms are n to m words or characters in a row (default: 1,1)'));
}

/** Beside the number of clusters. */
export function addKMeansOptions(command: Command): void {
  command
    .addOption(wholeNumber('--random-state <seed>', 'the same seed gives the same clusters', 0, 2 ** 32 - 1).default(0))
    .addOption(new Option('--init <method>', 'how to start').choices(['k-means++', 'random']).default('k-means++'))
    .addOption(wholeNumberOrAuto('--n-init <n>', "starts, of which the best stays (default: 1, or 10 for 'random')"))
    .addOption(wholeNumber('--max-iter <n>', 'most iterations of one start').default(300))
    .addOption(numberFromZero('--tol <number>', 'end when the centers move less').default(1e-4))
    .addOption(wholeNumber('--top <n>', 'terms to show of each cluster').default(10));
}

export function addComputingOptions(command: Command): void {
  const backends = ['auto', 'plain', 'native', 'parallel'];
  command
    .optionsGroup('Computing (the result is the same for all):')
    .addOption(new Option('--backend <name>', "what computes (default: 'auto', the fastest)").choices(backends))
    .addOption(wholeNumber('--threads <n>', 'threads of the parallel backend (default: all cores)', 1, 1024))
    .addOption(byteSize('--max-bytes <size>', 'memory that a step may take, such as 2GB (default: half of the free)'));
}

/** @param files what `--out` writes */
export function addOutputOptions(command: Command, files: readonly string[]): void {
  command
    .optionsGroup('Output:')
    .addOption(formatOption(['table', 'json', 'csv']))
    .option('--out <folder>', `write ${files.join(' and ')} into a folder`)
    .option('--force', 'overwrite files')
    .option('--quiet', 'no progress on standard error')
    .option('--debug', 'show where an error comes from');
}

export function formatOption(formats: readonly string[]): Option {
  return new Option('--format <format>', 'how to print the result').choices(formats).default('table');
}

export function readingOptions({ inputFormat, ...flags }: ReadingFlags): ReadDocumentsOptions {
  const format = inputFormat === undefined ? {} : { format: inputFormat };
  const names = ['textField', 'header', 'delimiter', 'quotes', 'member', 'limit', 'skipBadLines'] as const;
  return { ...pick(flags, names), ...format };
}

export function countingOptions(flags: CountingFlags): CountVectorizerOptions {
  const names = ['minDf', 'maxDf', 'maxFeatures', 'lowercase', 'stripAccents', 'analyzer', 'ngramRange'] as const;
  return pick(flags as CountVectorizerOptions, names);
}

export function kMeansOptions(flags: KMeansFlags): Pick<KMeansFlags, 'init' | 'nInit' | 'maxIter' | 'tol'> {
  return pick(flags, ['init', 'nInit', 'maxIter', 'tol']);
}

export function computingOptions(flags: BackendOptions): BackendOptions {
  return pick(flags, ['backend', 'threads', 'maxBytes']);
}

/** The options of these names that were given. */
export function pick<T extends object, K extends keyof T>(options: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(
    names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  ) as Pick<T, K>;
}
