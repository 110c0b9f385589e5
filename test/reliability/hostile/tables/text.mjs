/** Texts: Unicode at its edges, names that objects have, words without end, functions that misbehave. */

import * as lib from '../../../../dist/esm/index.js';

const { CountVectorizer, HashingVectorizer, TfidfVectorizer } = lib;
const noTerms = 'ERR_EMPTY_VOCABULARY';
const type = 'ERR_INVALID_ARG_TYPE';
const bytesOf = (...bytes) => ({ bytes: Uint8Array.from(bytes), offsets: Float64Array.of(0, bytes.length) });
const terms = (name, document, wanted, options) => ({
  name,
  call: async () => (await new CountVectorizer(options).fit([document].flat())).vocabulary.toArray(),
  gives: (found) => JSON.stringify(found) === JSON.stringify(wanted),
});
const size = (name, make, wanted, options) => ({
  name,
  call: async () => (await new CountVectorizer(options).fit([make()].flat())).vocabulary.size,
  gives: (found) => found === wanted,
});
const refuses = (name, call, code, names) => ({ name, call, code, names });
const fit = (documents, options) => () => new CountVectorizer(options).fit(documents);

const notUtf8 = {
  'a continuation alone': [0x80],
  'a lead alone': [0xc3],
  'an overlong NUL': [0xc0, 0x80],
  'an overlong slash': [0xc0, 0xaf],
  'an overlong form of three bytes': [0xe0, 0x80, 0xaf],
  'an overlong form of four bytes': [0xf0, 0x80, 0x80, 0xaf],
  'a high surrogate': [0xed, 0xa0, 0x80],
  'a low surrogate': [0xed, 0xbf, 0xbf],
  'above U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
  'five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
  '0xff': [0xff],
  '0xfe': [0xfe],
  'two bytes of three': [0xe2, 0x82],
  'three bytes of four': [0xf0, 0x9f, 0x98],
  'a character cut by a letter': [0xe2, 0x82, 0x61],
  'text, then a lead at the very end': [0x61, 0x61, 0xe2],
};

export const cases = [
  ...Object.entries(notUtf8).flatMap(([name, bytes]) => [
    refuses(`bytes: ${name}`, fit(bytesOf(...bytes)), 'ERR_NOT_TEXT', /Document 0/),
    refuses(
      `bytes behind a fine document: ${name}`,
      fit({ bytes: Uint8Array.of(0x61, 0x61, ...bytes), offsets: Float64Array.of(0, 2, 2 + bytes.length) }),
      'ERR_NOT_TEXT',
      /Document 1/,
    ),
    refuses(
      `bytes, to a tokenizer: ${name}`,
      fit(bytesOf(...bytes), { tokenizer: (text) => text.split(' ') }),
      'ERR_NOT_TEXT',
      /Document 0/,
    ),
  ]),
  refuses('an empty text', fit(['']), noTerms, /vocabulary/),
  refuses('white space', fit([' \t\n\u00a0\u2003']), noTerms, /vocabulary/),
  refuses('single letters', fit(['a b c']), noTerms, /vocabulary/),
  refuses('stop words alone', fit(['the and of'], { stopWords: 'english' }), noTerms, /vocabulary/),
  refuses('punctuation', fit(['!?.,;:-']), noTerms, /vocabulary/),
  refuses('combining marks alone', fit(['\u0301\u0302\u0303']), noTerms, /vocabulary/),
  refuses('lone surrogates', fit(['\ud800\udc00'.split('').reverse().join('')]), noTerms, /vocabulary/),
  refuses('a document of null', fit(['ab', null]), type, /Document 1/),
  refuses('a document of numbers', fit([5]), type, /Document 0/),
  refuses('a document that is a String object', fit([Object('ab')]), type, /Document 0/),
  refuses('one text for all', fit('one two'), type, /documents/),
  refuses('a tokenizer that gives a text', fit(['ab'], { tokenizer: () => 'ab' }), type, /tokenizer/),
  refuses('a tokenizer that gives numbers', fit(['ab'], { tokenizer: () => [1] }), type, /tokenizer/),
  refuses('a tokenizer that gives nothing', fit(['ab'], { tokenizer: () => undefined }), type, /tokenizer/),
  refuses('an analyzer that gives a promise', fit(['ab'], { analyzer: async () => ['a'] }), type, /analyzer/),
  refuses(
    'a preprocessor that gives bytes',
    fit(['ab'], { preprocessor: () => Buffer.from('ab') }),
    type,
    /preprocessor/,
  ),
  refuses('stripAccents that gives null', fit(['ab'], { stripAccents: () => null }), type, /stripAccents/),
  terms('names that objects have', 'constructor __proto__ toString hasOwnProperty valueOf prototype', [
    '__proto__',
    'constructor',
    'hasownproperty',
    'prototype',
    'tostring',
    'valueof',
  ]),
  {
    name: 'names that objects have, counted',
    call: async () => [...(await new CountVectorizer().fitTransform(['constructor __proto__ __proto__'])).values],
    gives: (values) => values.join() === '2,1',
  },
  {
    name: 'names that objects have, as a vocabulary',
    call: async () => [
      ...(
        await new CountVectorizer({ vocabulary: ['constructor', '__proto__'] }).fitTransform([
          '__proto__ constructor __proto__',
        ])
      ).values,
    ],
    gives: (values) => values.join() === '1,2',
  },
  terms('a NUL inside a word', 'ab\0cd', ['ab', 'cd']),
  terms('right to left', 'שלום עולם', ['עולם', 'שלום']),
  terms('a mark of direction', 'ab\u202ecd', ['ab', 'cd']),
  terms('a joiner of no width', 'ab\u200dcd', ['ab', 'cd']),
  terms('a byte order mark inside', '\ufeffab', ['ab']),
  terms('final sigma', 'ΟΔΟΣ', ['οδος']),
  terms('ligatures stay', 'ﬁﬁ', ['ﬁﬁ']),
  terms('letters beyond the first plane', '𐐀𐐁', ['𐐨𐐩']),
  terms('an unpaired surrogate beside letters', 'ab\ud800cd', ['ab', 'cd']),
  size('one word of a million letters', () => 'x'.repeat(1_000_000), 1),
  size('a million words that are one', () => 'ab '.repeat(1_000_000), 1),
  size('200,000 words that differ', () => Array.from({ length: 200_000 }, (_, i) => `w${i}`).join(' '), 200_000),
  size('a letter with 100,000 accents', () => `ab${'\u0301'.repeat(100_000)}`, 1, { stripAccents: 'unicode' }),
  size('n-grams of 1000', () => 'x'.repeat(2000), 1, { analyzer: 'char', ngramRange: [1000, 1000] }),
  size('n-grams longer than the text', () => ['xy', 'abc'], 1, { analyzer: 'char', ngramRange: [3, 1000] }),
  size('100,000 empty documents and one word', () => [...new Array(100_000).fill(''), 'word'], 1),
  {
    name: 'a hash of each of 16 bad texts',
    call: () => new HashingVectorizer({ nFeatures: 8 }).transform(['', '\0', '\ud800', '__proto__']),
    gives: ({ nRows }) => nRows === 4,
  },
  {
    name: 'an unknown word has no weight',
    call: async () => (await new TfidfVectorizer().fit(['one two'])).transform(['nothing', '']),
    gives: ({ nnz }) => nnz === 0,
  },
  {
    name: 'bytes that are repaired',
    call: async () =>
      (await new CountVectorizer({ decodeError: 'ignore' }).fit(bytesOf(0x61, 0xff, 0x62))).vocabulary.toArray(),
    gives: (found) => found.join() === 'ab',
  },
  {
    name: 'a document from a getter that changes its mind',
    call: () => {
      let n = 0;
      const list = ['one'];
      Object.defineProperty(list, 0, { get: () => (n++ === 0 ? 'one two' : 5) });
      return new CountVectorizer().fit(list);
    },
    gives: (v) => v.vocabulary.size === 2,
  },
  {
    name: 'a list that grows while it is read',
    call: () => {
      const list = ['one two'];
      const running = new CountVectorizer().fit(list);
      list.push(null);
      return running;
    },
    gives: (v) => v.vocabulary.size === 2,
  },
];
