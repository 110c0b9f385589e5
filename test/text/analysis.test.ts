import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { CountVectorizer, type CountVectorizerOptions, HashingVectorizer, TfidfVectorizer } from '#src/index.js';
import { computing, describeOnEach, refusal } from '../support.js';

let warnings: MockInstance<typeof process.emitWarning>;

beforeEach(() => {
  warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
});

afterEach(() => {
  warnings.mockRestore();
});

const told = () => warnings.mock.calls.map(([message, options]) => [(options as { code: string }).code, message]);

/** The terms and the counts of documents. */
async function counted(options: CountVectorizerOptions, documents: string[]) {
  const vectorizer = new CountVectorizer(options);
  const counts = await vectorizer.fitTransform(documents);
  return { terms: vectorizer.getFeatureNamesOut(), rows: counts.toRows() };
}

describeOnEach('CountVectorizer with functions of its own', (configuration) => {
  const options = computing(configuration);

  it('counts the tokens of a tokenizer, after lower case and accents, without stop words, and their n-grams', async () => {
    const seen: string[] = [];
    const tokenizer = (text: string) => {
      seen.push(text);
      return text.split('-');
    };
    const more = { stripAccents: 'unicode', stopWords: ['x'], ngramRange: [1, 2] } as const;
    expect(await counted({ ...options, ...more, tokenizer }, ['É-x-B', '', 'b c'])).toEqual({
      terms: ['', 'b', 'b c', 'e', 'e b'],
      rows: [
        [0, 1, 0, 1, 1],
        [1, 0, 0, 0, 0],
        [0, 0, 1, 0, 0],
      ],
    });
    expect(seen).toEqual(expect.arrayContaining(['e-x-b', '', 'b c']));
  });

  it('gives a tokenizer what a preprocessor made, and that alone', async () => {
    const preprocessor = (document: string) => document.replaceAll('<br>', ' ');
    const documents = ['One<br>Two', 'Two'];
    expect((await counted({ ...options, preprocessor }, documents)).terms).toEqual(['One', 'Two']);
    const tokenizer = (text: string) => new Set(text.split(' '));
    expect((await counted({ ...options, preprocessor, tokenizer }, documents)).terms).toEqual(['One', 'Two']);
  });

  it('takes accents off by a function, after lower case', async () => {
    const stripAccents = (text: string) => text.replaceAll('ø', 'o');
    expect((await counted({ ...options, stripAccents }, ['SMØR brød'])).terms).toEqual(['brod', 'smor']);
  });

  it('counts what an analyzer gives, whatever else is asked for', async () => {
    const analyzer = (document: string) => [document.slice(0, 1), `${document.length}`];
    expect(await counted({ ...options, analyzer, stopWords: ['T'], ngramRange: [1, 2] }, ['Two', 'three'])).toEqual({
      terms: ['3', '5', 'T', 't'],
      rows: [
        [1, 0, 1, 0],
        [0, 1, 0, 1],
      ],
    });
  });

  it('takes a pattern with letters of all scripts', async () => {
    const tokenPattern = /[\p{L}\p{N}_]+/u;
    expect((await counted({ ...options, tokenPattern }, ['日 本 été'])).terms).toEqual(['été', '日', '本']);
  });

  it('hands lone surrogates on as U+FFFD, from text and from tokens', async () => {
    const tokenizer = (text: string) => text.split(' ');
    expect((await counted({ ...options, tokenizer }, ['\ud800 \ufffd \udc00a'])).terms).toEqual(['\ufffd', '\ufffda']);
    expect((await counted({ ...options, analyzer: 'char' }, ['\udfff\ud83d\ude00'])).terms).toEqual(['\ufffd', '😀']);
  });

  it('drops stop words with lone surrogates', async () => {
    const tokenizer = (text: string) => text.split(' ');
    expect((await counted({ ...options, tokenizer, stopWords: ['\ud800'] }, ['a \ud800'])).terms).toEqual(['a']);
  });

  it('refuses n-grams beyond the budget while it forms them', async () => {
    const document = Array.from({ length: 5000 }, (_, i) => `word${i}`).join(' ');
    const error = await refusal(
      new CountVectorizer({ ...options, ngramRange: [1, 500], maxBytes: 5e7 }).fit([document]),
    );
    expect(error).toMatchObject({ code: 'ERR_MEMORY_BUDGET' });
  });

  it('rejects with the error of a function, and takes documents again afterwards', async () => {
    const vectorizer = new CountVectorizer({
      ...options,
      tokenizer: (text) => {
        if (text === 'bad') throw new Error('no tokens here');
        return [text];
      },
    });
    expect((await refusal(vectorizer.fit(['good', 'bad']))).message).toBe('no tokens here');
    expect((await vectorizer.fit(['good'])).getFeatureNamesOut()).toEqual(['good']);
  });

  it('reads bytes as strings for functions, in many slices', async () => {
    const texts = Array.from({ length: 3000 }, (_, i) => `Déjà ${i % 50} ${'vu '.repeat(i % 40)}`);
    const parts = texts.map((text) => Buffer.from(text));
    const offsets = Float64Array.from([0, ...parts.map(({ length }) => length)]);
    for (let i = 1; i < offsets.length; i++) offsets[i] += offsets[i - 1];
    const tokenizer = (text: string) => text.split(' ');
    const fromBytes = new CountVectorizer({ ...options, tokenizer });
    const counts = await fromBytes.fitTransform({ bytes: Buffer.concat(parts), offsets });
    const fromStrings = new CountVectorizer({ ...options, tokenizer });
    expect(counts).toEqual(await fromStrings.fitTransform(texts));
    expect(fromBytes.getFeatureNamesOut()).toEqual(fromStrings.getFeatureNamesOut());
  });

  it.each([
    ['replace', ['ab\ufffdcd', 'ef\ufffdgh\ufffd'], ['ab', 'cd', 'ef', 'gh']],
    ['ignore', ['abcd', 'ef\ufffdgh'], ['abcd', 'ef', 'gh']],
  ] as const)('reads bytes that are not UTF-8 with decodeError: %s', async (decodeError, texts, words) => {
    const parts = [['ab', 0xff, 'cd'], ['ef\ufffdgh', 0xc3], ['']].map((pieces) =>
      Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : Buffer.of(piece)))),
    );
    const offsets = Float64Array.of(0, parts[0].length, parts[0].length + parts[1].length, Buffer.concat(parts).length);
    const input = { bytes: Buffer.concat(parts), offsets };
    const whole = new CountVectorizer({ ...options, decodeError, analyzer: (text) => [text] });
    expect((await whole.fitTransform(input)).shape).toEqual([3, 3]);
    expect(whole.getFeatureNamesOut()).toEqual(['', ...texts]);
    const cut = await new CountVectorizer({ ...options, decodeError }).fit(input);
    expect(cut.getFeatureNamesOut()).toEqual(words);
  });

  it('names the document that is not UTF-8, also for functions', async () => {
    const input = { bytes: Uint8Array.of(0x61, 0xff), offsets: Float64Array.of(0, 1, 2) };
    const vectorizer = new CountVectorizer({ ...options, analyzer: (text) => [text] });
    expect(await refusal(vectorizer.fit(input))).toMatchObject({
      code: 'ERR_NOT_TEXT',
      message: 'Document 1 is not valid UTF-8.',
    });
  });
});

describe('buildAnalyzer', () => {
  it('takes lone surrogates for U+FFFD, as fit does', () => {
    expect(new CountVectorizer().buildAnalyzer()('ab\ud800cd ef')).toEqual(['ab', 'cd', 'ef']);
    expect(new CountVectorizer({ analyzer: 'char' }).buildAnalyzer()('\udc00a')).toEqual(['\ufffd', 'a']);
  });

  it.each([
    ['words', {}, 'A Bb bb', ['bb', 'bb']],
    [
      'n-grams without stop words',
      { ngramRange: [1, 2], stopWords: ['of'] },
      'Out of Africa',
      ['out', 'africa', 'out africa'],
    ],
    ['characters', { analyzer: 'char', ngramRange: [2, 2] }, 'É  b', ['é ', ' b']],
    ['characters of words', { analyzer: 'charWb', ngramRange: [3, 3] }, 'ab c', [' ab', 'ab ', ' c ']],
    ['a pattern', { tokenPattern: /b(.)/ }, 'BA bc', ['a', 'c']],
    ['a group that took no part', { tokenPattern: /a|(b)/ }, 'ab', ['', 'b']],
  ] as const)('gives the terms of one document: %s', (_, options, document, terms) => {
    expect(new CountVectorizer(options as CountVectorizerOptions).buildAnalyzer()(document)).toEqual(terms);
    expect(new TfidfVectorizer(options as CountVectorizerOptions).buildAnalyzer()(document)).toEqual(terms);
  });
});

describe('the options of an analyzer', () => {
  it.each([
    ['ngramRange that falls', { ngramRange: [2, 1] }, 'ERR_OUT_OF_RANGE', /ngramRange is \[2, 1\]/],
    ['ngramRange of zero', { ngramRange: [0, 1] }, 'ERR_OUT_OF_RANGE', /ngramRange\[0\].*0/],
    ['ngramRange of one number', { ngramRange: [1] }, 'ERR_INVALID_ARG_TYPE', /ngramRange.*two/],
    ['ngramRange of words', { ngramRange: ['a', 2] }, 'ERR_INVALID_ARG_TYPE', /ngramRange\[0\].*"a"/],
    ['a pattern with two groups', { tokenPattern: /(a)(b)/ }, 'ERR_INVALID_ARG_VALUE', /one capturing group.*2/],
    ['a pattern that is a string', { tokenPattern: 'a' }, 'ERR_INVALID_ARG_TYPE', /tokenPattern.*"a"/],
    ['a tokenizer that is none', { tokenizer: /a/ }, 'ERR_INVALID_ARG_TYPE', /tokenizer must be a function/],
    [
      'a preprocessor that is none',
      { preprocessor: 'lower' },
      'ERR_INVALID_ARG_TYPE',
      /preprocessor must be a function/,
    ],
    ['an analyzer of another name', { analyzer: 'char_wb' }, 'ERR_INVALID_ARG_VALUE', /'charWb'.*"char_wb"/],
    ['accents by another name', { stripAccents: 'latin' }, 'ERR_INVALID_ARG_VALUE', /stripAccents.*"latin"/],
    ['decodeError by another name', { decodeError: 'skip' }, 'ERR_INVALID_ARG_VALUE', /decodeError.*"skip"/],
    ['stop words by another name', { stopWords: 'german' }, 'ERR_INVALID_ARG_TYPE', /stopWords.*"german"/],
  ])('refuse %s', (_, options, code, message) => {
    for (const make of [CountVectorizer, HashingVectorizer]) {
      expect(() => new make(options as never)).toThrow(
        expect.objectContaining({ code, message: expect.stringMatching(message) }),
      );
    }
  });

  it.each([
    ['a tokenizer that gives a string', { tokenizer: (text: string) => text }, /tokenizer must give an iterable.*"ab"/],
    ['a tokenizer that gives numbers', { tokenizer: () => [1] }, /tokenizer must give strings.* 1 /],
    ['an analyzer that gives nothing', { analyzer: () => undefined }, /analyzer must give an iterable.*undefined/],
    ['a preprocessor that gives no string', { preprocessor: () => 7 }, /preprocessor must give a string.*7/],
    ['accents taken off into nothing', { stripAccents: () => null }, /stripAccents must give a string.*null/],
  ])('refuse %s', async (_, options, message) => {
    const error = await refusal(new CountVectorizer(options as never).fit(['ab']));
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE', message: expect.stringMatching(message) });
  });

  const analyzer = (text: string) => [text];
  const unused = 'CORPUSCLE_UNUSED_OPTION';
  it.each([
    [
      'a tokenizer beside an analyzer',
      { analyzer, tokenizer: analyzer },
      unused,
      /tokenizer changes nothing.*analyzer is a function/,
    ],
    ['a preprocessor beside an analyzer', { analyzer, preprocessor: String }, unused, /preprocessor changes nothing/],
    ['n-grams beside an analyzer', { analyzer, ngramRange: [1, 2] }, unused, /ngramRange changes nothing/],
    [
      'a pattern beside a tokenizer',
      { tokenizer: analyzer, tokenPattern: /a/ },
      unused,
      /tokenPattern.*tokenizer is given/,
    ],
    [
      'stop words beside characters',
      { analyzer: 'char', stopWords: 'english' },
      unused,
      /stopWords.*analyzer is 'char'/,
    ],
    ['a pattern beside characters', { analyzer: 'charWb', tokenPattern: /a/ }, unused, /tokenPattern.*'charWb'/],
    ['stop words in pieces', { stopWords: ["we've", 'The'] }, 'CORPUSCLE_STOP_WORDS_INCONSISTENT', /"the", "ve", "we"/],
    ['capitals in a vocabulary', { vocabulary: ['It', 'OK', 'some'] }, 'CORPUSCLE_UNMATCHED_TERMS', /"It" and 1 more/],
  ])('warn once of %s', async (_, options, code, message) => {
    const vectorizer = new CountVectorizer(options as never);
    expect(told()).toEqual([]);
    await vectorizer.fitTransform(['some text']);
    await vectorizer.fitTransform(['some text']);
    expect(told()).toEqual([[code, expect.stringMatching(message)]]);
  });

  it.each([
    ['the list of scikit-learn', { stopWords: 'english' }],
    [
      'stop words that the tokenizer leaves whole',
      { stopWords: ["we've"], tokenizer: (text: string) => text.split(' ') },
    ],
    ['capitals where case is kept', { vocabulary: ['It'], lowercase: false }],
    ['capitals where a preprocessor keeps them', { vocabulary: ['It'], preprocessor: String }],
    ['n-grams of characters', { analyzer: 'char', ngramRange: [1, 2] }],
    [
      'a tokenizer that takes no single word',
      {
        stopWords: ['some'],
        tokenizer: (text: string) => {
          if (!text.includes(' ')) throw new Error('one word');
          return text.split(' ');
        },
      },
    ],
  ])('do not warn of %s', async (_, options) => {
    await new CountVectorizer(options as never).fitTransform(['some text']);
    expect(told()).toEqual([]);
  });
});
