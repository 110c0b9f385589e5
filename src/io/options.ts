/** The options of reading documents: what they mean, their defaults and their refusals. */

import { constants } from 'node:buffer';
import { checkBoolean, checkChoice, checkInteger, checkNumber, checkOptions, failure, shown } from '../core/check.js';
import { type DocumentFormat, documentFormats } from './formats.js';

/** How to read documents from files, folders, globs and stdin. */
export interface ReadDocumentsOptions {
  /**
   * How the documents lie in a file: `csv`, `tsv`, `jsonl`, `txt` (a document a line) or `file` (a document a file).
   * `auto` takes it from the name, below `.gz`: .csv, .tsv, .jsonl or .ndjson, .txt or .text; .md, .markdown, .html,
   * .htm and .rst are whole files, and so are .txt and .text in a folder or glob. Stdin is then `txt`.
   * @default 'auto'
   */
  format?: 'auto' | DocumentFormat;
  /**
   * csv and tsv: the column with the text, by name (the first record is then the header) or by number from 1.
   * jsonl: the field with the text; dots reach into objects.
   * @default 'text' for jsonl, the only column for csv and tsv
   */
  textField?: string | number;
  /**
   * csv and tsv: whether the first record names the columns.
   * @default true where `textField` is a name, else false
   */
  header?: boolean;
  /**
   * csv and tsv: the character between two fields.
   * @default ',' for csv, a tab for tsv
   */
  delimiter?: string;
  /**
   * csv and tsv: whether `"` quotes a field; with false it is a character like any other, as in many .tsv files.
   * @default true
   */
  quotes?: boolean;
  /** The member of a .tar, .tar.gz or .tgz to read: its path, or the last part of it; the first that matches. */
  member?: string;
  /** Stop after so many documents. */
  limit?: number;
  /**
   * Skip and count malformed lines and records, and those without the field, instead of failing at the first. In csv and
   * tsv, a quote that is never closed and a record above `maxLineBytes` end the reading all the same, and a field with
   * text behind its closing quote is skipped up to the next quote that ends a field, with the lines between.
   * @default false
   */
  skipBadLines?: boolean;
  /**
   * The most bytes that one document (a line, a record or a whole file) may have.
   * @default 16 MiB
   */
  maxLineBytes?: number;
  /**
   * The most bytes that come out of one byte of gzip, once 64 MiB have come out: more is no text, but made to fill memories.
   * Infinity is no limit.
   * @default 200
   */
  maxUnpackRatio?: number;
  /**
   * The most bytes that a gzipped file may unpack to; Infinity is no limit.
   * @default 16 GiB
   */
  maxUnpackedBytes?: number;
  /** Ends the reading: the iteration rejects with an `AbortError`. */
  signal?: AbortSignal;
}

/** The options with their defaults; what is undefined has none that holds for every format. */
export interface ResolvedOptions {
  readonly format: 'auto' | DocumentFormat;
  readonly textField: string | number | undefined;
  readonly header: boolean;
  readonly delimiter: string | undefined;
  readonly quotes: boolean;
  readonly member: string | undefined;
  readonly limit: number;
  readonly skipBadLines: boolean;
  readonly maxLineBytes: number;
  readonly maxUnpackRatio: number;
  readonly maxUnpackedBytes: number;
  readonly signal: AbortSignal | undefined;
}

const optionNames = [
  'format',
  'textField',
  'header',
  'delimiter',
  'quotes',
  'member',
  'limit',
  'skipBadLines',
  'maxLineBytes',
  'maxUnpackRatio',
  'maxUnpackedBytes',
  'signal',
] as const satisfies readonly (keyof ReadDocumentsOptions)[];

export function resolveOptions(options: ReadDocumentsOptions): ResolvedOptions {
  checkOptions(options, 'readDocuments', optionNames);
  const { format = 'auto', textField, delimiter, quotes = true, member, limit, signal } = options;
  const { header = typeof textField === 'string', skipBadLines = false, maxLineBytes = 2 ** 24 } = options;
  const { maxUnpackRatio = 200, maxUnpackedBytes = 2 ** 34 } = options;
  checkChoice(format, 'format', ['auto', ...documentFormats]);
  checkTextField(textField, header);
  checkBoolean(header, 'header');
  checkDelimiter(delimiter);
  checkBoolean(quotes, 'quotes');
  if (member !== undefined && (typeof member !== 'string' || member === '')) {
    throw failure('ERR_INVALID_ARG_TYPE', `member must be the name of a file in the archive, but is ${shown(member)}.`);
  }
  if (limit !== undefined) checkInteger(limit, 'limit', 1, Number.MAX_SAFE_INTEGER);
  checkBoolean(skipBadLines, 'skipBadLines');
  checkNumber(maxUnpackRatio, 'maxUnpackRatio', 1, Number.POSITIVE_INFINITY);
  checkNumber(maxUnpackedBytes, 'maxUnpackedBytes', 1, Number.POSITIVE_INFINITY);
  checkInteger(maxLineBytes, 'maxLineBytes', 1, constants.MAX_STRING_LENGTH);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw failure('ERR_INVALID_ARG_TYPE', `signal must be an AbortSignal, but is ${shown(signal)}.`);
  }
  return {
    ...{ format, textField, header, delimiter, quotes, member, skipBadLines, maxLineBytes, signal },
    ...{ maxUnpackRatio, maxUnpackedBytes },
    limit: limit ?? Number.POSITIVE_INFINITY,
  };
}

function checkTextField(textField: unknown, header: unknown): void {
  if (textField === undefined) return;
  if (typeof textField === 'number') {
    checkInteger(textField, 'textField', 1, 2 ** 31 - 1);
    return;
  }
  if (typeof textField !== 'string' || textField === '') {
    throw failure('ERR_INVALID_ARG_TYPE', `textField must be a name or a number, but is ${shown(textField)}.`);
  }
  if (header === false) {
    const advice = 'give its number, or leave header out';
    throw failure(
      'ERR_INVALID_ARG_VALUE',
      `textField names a column, ${shown(textField)}, which takes a header; ${advice}.`,
    );
  }
}

function checkDelimiter(delimiter: unknown): void {
  if (delimiter === undefined) return;
  if (typeof delimiter !== 'string' || !/^[^"\r\n\0\u0080-\uffff]$/.test(delimiter)) {
    const limit = 'one ASCII character, neither a quote nor a line end';
    throw failure('ERR_INVALID_ARG_VALUE', `delimiter must be ${limit}, but is ${shown(delimiter)}.`);
  }
}
