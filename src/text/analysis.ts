/** The options that say what a term of a document is, checked and turned into what a backend does and what runs before. */

import type { Analysis } from '../backends/kernels.js';
import { analyzerOf, gramsOf, normalizerOf } from '../backends/plain/analyzer.js';
import {
  checkBoolean,
  checkChoice,
  checkInteger,
  checkString,
  failure,
  isIterable,
  itemsOf,
  shown,
} from '../core/check.js';
import { warn } from '../core/warn.js';
import { englishStopWords } from './stop-words.js';

/** Options that all vectorizers share, with scikit-learn's names and meanings. Functions run in JavaScript, on the caller's
 * thread. */
export interface AnalyzerOptions {
  /** Lower-cases documents first, as Python's `str.lower`. @default true */
  lowercase?: boolean;
  /** Takes accents off after that: `'unicode'` drops the combining characters of the compatibility decomposition (NFKD),
   * `'ascii'` all of it that is not ASCII; or a function does. @default none */
  stripAccents?: 'ascii' | 'unicode' | ((text: string) => string);
  /** Takes the place of `lowercase` and `stripAccents`. @default none */
  preprocessor?: (document: string) => string;
  /** Cuts a preprocessed document into tokens, in the place of `tokenPattern`. @default none */
  tokenizer?: (text: string) => Iterable<string>;
  /** What a token is; with a capturing group, what that captures. Its `\w` is JavaScript's, ASCII alone: write
   * `[\p{L}\p{N}_]` with the flag `u` for letters of all scripts. @default two or more letters, numbers or underscores in a row */
  tokenPattern?: RegExp;
  /** `'word'`: terms are tokens; `'char'`: characters, two or more of white space taken for one space; `'charWb'`: characters
   * of each word with a space on either side; or a function that gives the terms of a document. @default 'word' */
  analyzer?: 'word' | 'char' | 'charWb' | ((document: string) => Iterable<string>);
  /** Terms are n tokens (joined by a space) or characters in a row, for all n from the first to the second. @default [1, 1] */
  ngramRange?: readonly [number, number];
  /** Tokens to leave out; `'english'` is scikit-learn's list. @default none */
  stopWords?: 'english' | Iterable<string>;
  /** What to do with bytes that are not UTF-8: refuse the document, put U+FFFD in their place, or leave them out. @default 'strict' */
  decodeError?: 'strict' | 'replace' | 'ignore';
}

export const analyzerOptionNames = [
  ...['lowercase', 'stripAccents', 'preprocessor', 'tokenizer', 'tokenPattern', 'analyzer', 'ngramRange'],
  ...['stopWords', 'decodeError'],
] as const;

const longestGram = 1000;

/** How documents become terms: what JavaScript does to each, and what the backend does with the outcome. */
export class DocumentAnalysis {
  private readonly options: AnalyzerOptions;
  /** What the backend does. */
  readonly analysis: Analysis;
  /** What happens to a document first, or null: nothing. */
  readonly toText: ((document: string) => string) | null;
  /** What cuts the outcome into tokens, or null: the backend does. */
  readonly toTokens: ((text: string) => readonly string[]) | null;
  readonly decodeError: 'strict' | 'replace' | 'ignore';

  /** @throws TypeError, RangeError for an option of another type or out of range */
  constructor(options: AnalyzerOptions) {
    checkAnalyzerOptions(options);
    this.options = { ...options };
    const { lowercase = true, analyzer = 'word', ngramRange = [1, 1], decodeError = 'strict' } = options;
    const { stripAccents, preprocessor, tokenizer, tokenPattern } = options;
    const ownAnalyzer = typeof analyzer === 'function';
    const ownTokens = ownAnalyzer || (analyzer === 'word' && (tokenizer !== undefined || tokenPattern !== undefined));
    const ownText = preprocessor !== undefined || typeof stripAccents === 'function' || ownTokens;
    const kernelText = {
      lowercase: lowercase && !ownText,
      stripAccents: ownText || stripAccents === undefined ? null : (stripAccents as 'ascii' | 'unicode'),
    };
    this.analysis = {
      ...kernelText,
      analyzer: ownTokens ? 'tokens' : analyzer,
      ngramRange: ownAnalyzer ? [1, 1] : [ngramRange[0], ngramRange[1]],
      stopWords: analyzer === 'word' ? stopWordList(options.stopWords) : [],
    };
    this.toText = ownText && !ownAnalyzer ? textMaker(options) : null;
    this.toTokens = ownTokens ? tokenMaker(options) : null;
    this.decodeError = decodeError;
  }

  /** A function that gives the terms of a document, as scikit-learn's `build_analyzer`. */
  build(analysis: Analysis = this.analysis): (document: string) => string[] {
    const { toText, toTokens } = this;
    const analyze = analyzerOf(analysis);
    const gramsOfTokens = gramsOf(analysis);
    return (document) => {
      checkString(document, 'document');
      const text = toText === null ? document : toText(document);
      if (toTokens === null) return [...analyze(text.toWellFormed())];
      return [...gramsOfTokens(toTokens(text).map((token) => token.toWellFormed()))];
    };
  }

  /** The tokens of a document before stop words are left out and n-grams formed. */
  tokensOf(document: string): string[] {
    return this.build({ ...this.analysis, stopWords: [], ngramRange: [1, 1] })(document);
  }

  /** Warns of options that change nothing, and of stop words that the tokenizer cuts into others. */
  warn(name: string): void {
    const { analyzer = 'word', tokenizer, ngramRange = [1, 1] } = this.options;
    const unused = (option: keyof AnalyzerOptions, beside: string) => {
      if (this.options[option] === undefined) return;
      warn('CORPUSCLE_UNUSED_OPTION', `${name}: ${option} changes nothing, because ${beside}.`);
    };
    if (analyzer !== 'word') {
      const beside = typeof analyzer === 'function' ? 'analyzer is a function' : `analyzer is '${analyzer}'`;
      for (const option of ['tokenizer', 'tokenPattern', 'stopWords'] as const) unused(option, beside);
      if (typeof analyzer === 'function') {
        for (const option of ['preprocessor', 'stripAccents'] as const) unused(option, beside);
        if (ngramRange[0] !== 1 || ngramRange[1] !== 1) unused('ngramRange', beside);
      }
    } else if (tokenizer !== undefined) {
      unused('tokenPattern', 'tokenizer is given');
    }
    this.warnOfStopWords(name);
  }

  private warnOfStopWords(name: string): void {
    const stopWords = new Set(this.analysis.stopWords);
    let tokens: string[];
    try {
      tokens = [...stopWords].flatMap((word) => this.tokensOf(word));
    } catch {
      return; // a function that takes documents, but no single words
    }
    const missing = new Set(tokens.filter((token) => !stopWords.has(token)));
    if (missing.size === 0) return;
    const list = [...missing].sort().slice(0, 10).map(shown).join(', ');
    const more = missing.size > 10 ? ` and ${missing.size - 10} more` : '';
    const why = 'tokens that the stop words are cut into are no stop words';
    warn('CORPUSCLE_STOP_WORDS_INCONSISTENT', `${name}: ${why}: ${list}${more}.`);
  }
}

function checkAnalyzerOptions(options: AnalyzerOptions): void {
  const { lowercase, stripAccents, analyzer, tokenPattern, ngramRange, decodeError } = options;
  if (lowercase !== undefined) checkBoolean(lowercase, 'lowercase');
  if (stripAccents !== undefined && typeof stripAccents !== 'function') {
    checkChoice(stripAccents, 'stripAccents', ['ascii', 'unicode']);
  }
  for (const name of ['preprocessor', 'tokenizer'] as const) {
    const value = options[name];
    if (value !== undefined && typeof value !== 'function') {
      throw failure('ERR_INVALID_ARG_TYPE', `${name} must be a function, but is ${shown(value)}.`);
    }
  }
  if (analyzer !== undefined && typeof analyzer !== 'function') {
    checkChoice(analyzer, 'analyzer', ['word', 'char', 'charWb']);
  }
  if (tokenPattern !== undefined) checkPattern(tokenPattern);
  if (ngramRange !== undefined) checkRange(ngramRange);
  if (decodeError !== undefined) checkChoice(decodeError, 'decodeError', ['strict', 'replace', 'ignore']);
}

function checkRange(range: unknown): void {
  if (!Array.isArray(range) || range.length !== 2) {
    throw failure('ERR_INVALID_ARG_TYPE', `ngramRange must be two whole numbers, but is ${shown(range)}.`);
  }
  checkInteger(range[0], 'ngramRange[0]', 1, longestGram);
  checkInteger(range[1], 'ngramRange[1]', 1, longestGram);
  if (range[0] > range[1]) {
    throw failure(
      'ERR_OUT_OF_RANGE',
      `ngramRange is [${range[0]}, ${range[1]}]; its first number must not be above its second.`,
    );
  }
}

function checkPattern(pattern: unknown): void {
  if (!(pattern instanceof RegExp)) {
    throw failure('ERR_INVALID_ARG_TYPE', `tokenPattern must be a RegExp, but is ${shown(pattern)}.`);
  }
  const groups = groupsOf(pattern);
  if (groups > 1) {
    const hint = 'make the others non-capturing, (?:...)';
    throw failure(
      'ERR_INVALID_ARG_VALUE',
      `tokenPattern must have at most one capturing group, but has ${groups}; ${hint}.`,
    );
  }
}

function groupsOf(pattern: RegExp): number {
  return new RegExp(`${pattern.source}|`, pattern.flags.replace(/[gy]/g, '')).exec('')!.length - 1;
}

/** What a document is made of before it is cut into tokens. */
function textMaker({ lowercase = true, stripAccents, preprocessor }: AnalyzerOptions): (document: string) => string {
  if (preprocessor !== undefined) return (document) => checkedText(preprocessor(document), 'preprocessor');
  const normalized = normalizerOf({
    lowercase,
    stripAccents: typeof stripAccents === 'string' ? stripAccents : null,
  } as Analysis);
  if (typeof stripAccents !== 'function') return normalized;
  return (document) => checkedText(stripAccents(normalized(document)), 'stripAccents');
}

function tokenMaker({ analyzer, tokenizer, tokenPattern }: AnalyzerOptions): (text: string) => readonly string[] {
  if (typeof analyzer === 'function') return (document) => checkedTokens(analyzer(document), 'analyzer');
  if (tokenizer !== undefined) return (text) => checkedTokens(tokenizer(text), 'tokenizer');
  const pattern = tokenPattern as RegExp;
  const group = groupsOf(pattern); // the whole match, or the one group
  const all = new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, '')}g`);
  return (text) => Array.from(text.matchAll(all), (match) => match[group] ?? '');
}

function checkedText(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw failure('ERR_INVALID_ARG_TYPE', `${name} must give a string, but gave ${shown(value)}.`);
}

function checkedTokens(value: unknown, name: string): readonly string[] {
  if (!isIterable(value)) {
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must give an iterable of strings, but gave ${shown(value)}.`);
  }
  return itemsOf(value, (token): asserts token is string => {
    if (typeof token === 'string') return;
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must give strings, but gave ${shown(token)} among them.`);
  });
}

function stopWordList(value: AnalyzerOptions['stopWords']): readonly string[] {
  if (value === undefined) return [];
  if (value === 'english') return englishStopWords;
  return termList(value, 'stopWords', "'english' or an iterable of strings").map((word) => word.toWellFormed());
}

/** The strings of an option. */
export function termList(value: unknown, name: string, what: string): string[] {
  if (!isIterable(value)) {
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be ${what}, but is ${shown(value)}.`);
  }
  return itemsOf(value, (term): asserts term is string => {
    if (typeof term === 'string') return;
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must hold strings, but holds ${shown(term)}.`);
  });
}
