import type { Analysis } from '../kernels.js';
import { emptyHash, extended } from './term-ids.js';
import { isHighSurrogate, isSpace, isWord, lowercase, withoutAccents } from './unicode.js';

/** What a vectorizer counts of a document: its terms, in no order that matters. */
export type Analyze = (document: string) => Iterable<string>;

/** A document as terms are looked for in it: in lower case and without accents, where that is asked for. */
export function normalizerOf({ lowercase: lower, stripAccents }: Analysis): (document: string) => string {
  return (document) => {
    const text = lower ? lowercase(document) : document;
    return stripAccents === null ? text : withoutAccents(text, stripAccents);
  };
}

/** The analyzer of strings; those that come as tokens go through `gramsOf`. */
export function analyzerOf(analysis: Analysis): Analyze {
  const normalized = normalizerOf(analysis);
  const [min, max] = analysis.ngramRange;
  if (analysis.analyzer === 'char') return (document) => grams([...foldSpace(normalized(document))], min, max);
  if (analysis.analyzer === 'charWb') return (document) => gramsWithinWords(normalized(document), min, max);
  const gramsOfTokens = gramsOf(analysis);
  return (document) => gramsOfTokens(words(normalized(document)));
}

/** Tokens without stop words, and the n-grams of the rest, joined by spaces. */
export function gramsOf({
  stopWords,
  ngramRange: [min, max],
}: Analysis): (tokens: readonly string[]) => Iterable<string> {
  const stopped = new Set(stopWords);
  return (tokens) => {
    const kept = stopped.size === 0 ? tokens : tokens.filter((token) => !stopped.has(token));
    return max === 1 ? kept : grams(kept, min, max, ' ');
  };
}

/** All runs of `min` to `max` parts. */
function* grams(parts: readonly string[], min: number, max: number, separator = ''): Generator<string> {
  for (let n = min; n <= max; n++) {
    for (let i = 0; i + n <= parts.length; i++) yield parts.slice(i, i + n).join(separator);
  }
}

/** The words of a text: two or more word characters in a row. */
function words(text: string): string[] {
  const found: string[] = [];
  forEachWord(text, (start, end) => found.push(text.slice(start, end)));
  return found;
}

/** Calls use(start, end, hash) for each word, whose units are [start, end) and whose hash is that of `hashOf`. */
export function forEachWord(text: string, use: (start: number, end: number, hash: number) => void): void {
  let start = 0;
  let letters = 0;
  let hash = emptyHash;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const isPair = isHighSurrogate(unit) && at + 1 < text.length; // texts are well formed
    if (isWord(isPair ? text.codePointAt(at)! : unit)) {
      if (letters++ === 0) start = at;
      hash = extended(hash, unit);
      if (isPair) hash = extended(hash, text.charCodeAt(++at));
    } else {
      if (letters >= 2) use(start, at, hash);
      letters = 0;
      hash = emptyHash;
      if (isPair) at++;
    }
  }
  if (letters >= 2) use(start, text.length, hash);
}

/** Two or more characters of white space become one space; one stays what it is, as scikit-learn's `\s\s+` has it. */
function foldSpace(text: string): string {
  let folded = '';
  let run = ''; // of white space
  for (const character of text) {
    if (isSpace(character.codePointAt(0)!)) {
      run = run === '' ? character : ' ';
    } else {
      folded += run + character;
      run = '';
    }
  }
  return folded + run;
}

/** The character n-grams of each word with a space on either side; a word shorter than n is taken whole, once. */
function* gramsWithinWords(text: string, min: number, max: number): Generator<string> {
  for (const word of splitAtSpace(text)) {
    const characters = [' ', ...word, ' '];
    const longest = Math.min(max, Math.max(min, characters.length));
    for (let n = min; n <= longest; n++) {
      if (n >= characters.length) yield characters.join('');
      else yield* grams(characters, n, n);
    }
  }
}

function* splitAtSpace(text: string): Generator<string> {
  let word = '';
  for (const character of text) {
    if (!isSpace(character.codePointAt(0)!)) {
      word += character;
    } else if (word !== '') {
      yield word;
      word = '';
    }
  }
  if (word !== '') yield word;
}
