import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  compareCodePoints,
  isAscii,
  isSpace,
  isWord,
  lowercase,
  unicodeVersion,
  withoutAccents,
} from '#src/backends/plain/unicode.js';

interface Hashed {
  count: number;
  sha256: string;
}
interface Golden {
  assigned: [number[]];
  changed: number[];
  hashes: Record<'words' | 'lower' | 'finalSigma' | 'spaces' | 'accents' | 'accentsToAscii', Hashed>;
  cases: { text: string; lower: string; tokens: string[] }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('../golden/unicode.json', import.meta.url), 'utf8'));

/** The code points that the golden's Python knows; ours is a later Unicode and must agree on them. */
const assigned = [...unpack(golden.assigned[0])];

function* unpack(ranges: number[]): Generator<number> {
  for (let i = 0, c = 0; i < ranges.length; i += 2) {
    c += ranges[i];
    for (let n = ranges[i + 1]; n > 0; n--) yield c++;
  }
}

function hashed(lines: (string | number)[]): Hashed {
  return { count: lines.length, sha256: createHash('sha256').update(lines.join('\n')).digest('hex') };
}

/** The default tokenizer as its definition: runs of at least two word characters. */
function tokens(text: string): string[] {
  const separated = [...text].map((c) => (isWord(c.codePointAt(0)!) ? c : '\0')).join('');
  return separated.split('\0').filter((token) => [...token].length > 1);
}

describe('the frozen Unicode table agrees with Python', () => {
  it('on which code points are word characters', () => {
    expect(hashed(assigned.filter(isWord))).toEqual(golden.hashes.words);
  });

  it('on which code points are white space', () => {
    expect(hashed(assigned.filter(isSpace))).toEqual(golden.hashes.spaces);
  });

  it.each([
    ['lower case', 'lower', lowercase],
    ['form without accents', 'accents', (text: string) => withoutAccents(text, 'unicode')],
    ['form in ASCII', 'accentsToAscii', (text: string) => withoutAccents(text, 'ascii')],
  ] as const)('on the %s of every code point', (_, name, change) => {
    const lines = assigned.flatMap((c) => {
      const text = String.fromCodePoint(c);
      const changed = change(text);
      return changed === text ? [] : `${c}:${Array.from(changed, (part) => part.codePointAt(0)).join(' ')}`;
    });
    expect(hashed(lines)).toEqual(golden.hashes[name]);
  });

  it('on which code points make a sigma final', () => {
    const contexts = [(c: string) => `${c}Σ`, (c: string) => `a${c}Σ`, (c: string) => `aΣ${c}`];
    const unchanged = assigned.filter((c) => c !== 0x3c2 && !golden.changed.includes(c));
    const lines = contexts.flatMap((context) =>
      unchanged.filter((c) => lowercase(context(String.fromCodePoint(c))).includes('ς')),
    );
    expect(hashed(lines)).toEqual(golden.hashes.finalSigma);
  });

  it.each(golden.cases)('on $text', ({ text, lower, tokens: expected }) => {
    expect(lowercase(text)).toBe(lower);
    expect(tokens(lower)).toEqual(expected);
  });
});

/** On how many code points the running Node's own tables answer otherwise: why the table is frozen. */
function differencesToNode() {
  const word = /[\p{L}\p{N}_]/u;
  let words = 0;
  let lowerCases = 0;
  for (let c = 0; c < 0x110000; c++) {
    const text = String.fromCodePoint(c);
    if (isWord(c) !== word.test(text)) words++;
    if (lowercase(text) !== text.toLowerCase()) lowerCases++;
  }
  return { words, lowerCases };
}

describe('the frozen Unicode table', () => {
  const { words, lowerCases } = differencesToNode();
  const node = `Node ${process.versions.node} (Unicode ${process.versions.unicode})`;

  it(`is ${unicodeVersion}, and ${node} differs on ${words} word characters and ${lowerCases} lower cases`, () => {
    if (process.versions.unicode?.startsWith('16.')) expect({ words, lowerCases }).toEqual({ words: 0, lowerCases: 0 });
    else expect(words).toBeGreaterThan(0);
  });

  it('has no word characters among surrogates and beyond Unicode', () => {
    expect([0xd800, 0xdbff, 0xdc00, 0xdfff, 0x10ffff, 0x110000, -1].filter(isWord)).toEqual([]);
  });
});

describe('lowercase', () => {
  it('leaves lone surrogates where they are', () => {
    expect(lowercase('A\ud801Σ\udc00B\ud801')).toBe('a\ud801σ\udc00b\ud801');
    expect(lowercase('É\udc00\ud801')).toBe('é\udc00\ud801');
  });

  it('looks for the end of a word across any length, in time that grows with it', () => {
    const ignorable = "'".repeat(200_000);
    expect(lowercase(`aΣ${ignorable}b`)).toBe(`aσ${ignorable}b`);
    expect(lowercase(`aΣ${ignorable}`)).toBe(`aς${ignorable}`);
    expect(lowercase(`aΣ${ignorable}Σ`)).toBe(`aσ${ignorable}ς`);
    expect(lowercase('ΑΣ'.repeat(100_000))).toBe(`${'ας'.repeat(100_000).replaceAll('ς', 'σ').slice(0, -1)}ς`);
  });

  it('grows by İ alone', () => {
    expect(lowercase('İ'.repeat(10_000))).toBe('i\u0307'.repeat(10_000));
  });
});

describe('compareCodePoints', () => {
  it('orders as the bytes of UTF-8 do', () => {
    const strings = [
      '',
      'a',
      'ab',
      'b',
      '\x7f',
      '\x80',
      'é',
      '\ud7ff',
      '\ue000',
      '豈',
      'ＡＢ',
      '\uffff',
      '𐀀',
      '𐐀𐐁',
      '𐐀',
      '🙂',
      '\u{10ffff}',
    ];
    const ours = [...strings].reverse().sort(compareCodePoints);
    const bytes = [...strings].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(ours).toEqual(bytes);
    expect(ours).not.toEqual([...strings].sort());
  });

  it('is zero for equal strings alone', () => {
    expect(compareCodePoints('𐐀b', '𐐀b')).toBe(0);
    expect(compareCodePoints('𐐀b', '𐐀')).toBeGreaterThan(0);
    expect(compareCodePoints('𐐀', '𐐁')).toBeLessThan(0);
  });
});

describe('isAscii', () => {
  it('finds one character anywhere', () => {
    expect(isAscii('')).toBe(true);
    expect(isAscii('\0 az\x7f')).toBe(true);
    for (const other of ['\x80', 'é', '日', '🙂', '\ud800', '\uffff']) {
      for (let before = 0; before < 20; before++) expect(isAscii(`${'a'.repeat(before)}${other}b`)).toBe(false);
    }
  });
});
