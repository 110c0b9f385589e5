import { beforeAll, describe, expect, it, vi } from 'vitest';
import { CountVectorizer, type CountVectorizerOptions, Vocabulary } from '#src/index.js';
import { computing, describeOnEach, type Example, golden, refusal } from '../support.js';

type Text = string | { repeat: string; times: number };
const text = (value: Text) => (typeof value === 'string' ? value : value.repeat.repeat(value.times));
const textsIn = (values: Text[]) => values.map(text);

/** The options of a case, with a pattern as a RegExp. */
function optionsOf({ options }: Example): CountVectorizerOptions {
  const { tokenPattern, ...rest } = options;
  return tokenPattern === undefined
    ? rest
    : { ...rest, tokenPattern: new RegExp(tokenPattern.source, tokenPattern.flags) };
}

const errorCodes: Record<string, string> = {
  'empty vocabulary': 'ERR_EMPTY_VOCABULARY',
  'after pruning': 'ERR_EMPTY_VOCABULARY',
  'max_df < min_df': 'ERR_OUT_OF_RANGE',
};

/** Warnings have tests of their own. */
beforeAll(() => {
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
});

describeOnEach('CountVectorizer', (configuration) => {
  const options = computing(configuration);

  it.each(golden('count-vectorizer').cases)('answers as scikit-learn: $name', async (example) => {
    const { documents, error, transform, transformed } = example;
    const vectorizer = new CountVectorizer({ ...optionsOf(example), ...options });
    const call = vectorizer.fitTransform(textsIn(documents));
    if (error !== undefined) {
      const code = documents.length === 0 ? 'ERR_NO_DOCUMENTS' : errorCodes[error];
      expect(await refusal(call)).toMatchObject({ code });
      return;
    }
    const counts = await call;
    expect(vectorizer.getFeatureNamesOut()).toEqual(textsIn(example.vocabulary));
    expect([...counts.indptr]).toEqual(example.indptr);
    expect([...counts.indices]).toEqual(example.indices);
    expect([...counts.values]).toEqual(example.values);
    if (transform === undefined) return;
    const later = await vectorizer.transform(textsIn(transform));
    expect([...later.indptr]).toEqual(transformed.indptr);
    expect([...later.indices]).toEqual(transformed.indices);
    expect([...later.values]).toEqual(transformed.values);
  });

  it('reads strings, generators, streams and UTF-8 alike', async () => {
    const documents = ['one two two', '', 'two Drei ΑΣ', 'one'];
    const inputs = {
      array: documents,
      set: new Set(documents),
      generator: (function* () {
        yield* documents;
      })(),
      stream: (async function* () {
        yield* documents;
      })(),
      bytes: { bytes: new TextEncoder().encode(documents.join('')), offsets: Float64Array.of(0, 11, 11, 24, 27) },
    };
    for (const input of Object.values(inputs)) {
      const counts = await new CountVectorizer(options).fitTransform(input);
      expect(counts.toRows()).toEqual([
        [0, 1, 2, 0],
        [0, 0, 0, 0],
        [1, 0, 1, 1],
        [0, 1, 0, 0],
      ]);
    }
  });

  it('counts the same in one slice of documents as in many', async () => {
    const long = Array.from({ length: 40_000 }, (_, i) => `word${i % 97} ${'filler '.repeat(i % 13)} über${i % 7}`);
    const counts = await new CountVectorizer({ ...options, minDf: 5 }).fitTransform(long);
    expect(counts.shape).toEqual([40_000, 105]);
    expect(counts.values.reduce((sum, value) => sum + value, 0)).toBe(long.join(' ').match(/\S+/g)?.length);
  });

  it('breaks ties of maxFeatures by the term that sorts first', async () => {
    const vectorizer = new CountVectorizer({ ...options, maxFeatures: 2 });
    await vectorizer.fit(['dd cc bb aa', 'dd']);
    expect(vectorizer.getFeatureNamesOut()).toEqual(['aa', 'dd']);
  });

  it('names the document whose bytes are not UTF-8', async () => {
    const bytes = Uint8Array.of(0x61, 0x61, 0xff, 0x61, 0xc3);
    const call = new CountVectorizer(options).fit({ bytes, offsets: Float64Array.of(0, 2, 4, 5) });
    expect(await refusal(call)).toMatchObject({ code: 'ERR_NOT_TEXT', message: 'Document 1 is not valid UTF-8.' });
  });

  it('reads a Buffer as it was at the call, and leaves it to its owner', async () => {
    const bytes = Buffer.from('one two two three '.repeat(400_000));
    const offsets = Float64Array.of(0, bytes.length / 2, bytes.length);
    const running = new CountVectorizer(options).fitTransform({ bytes, offsets });
    bytes.fill('x');
    expect((await running).toRows()).toEqual(Array(2).fill([200_000, 200_000, 400_000]));
    expect(bytes).toHaveLength(7_200_000);
  });

  it('says how far it has come with bytes, of which it knows how many there are', async () => {
    const bytes = Buffer.from('one two '.repeat(3));
    const told: unknown[] = [];
    const onProgress = (progress: unknown) => told.push(progress);
    await new CountVectorizer(options).fit({ bytes, offsets: Float64Array.of(0, 8, 16, 24) }, { onProgress });
    expect(told.at(-1)).toEqual({ phase: 'counting terms', done: 3, total: 3 });
  });

  it('refuses bytes whose copy is beyond the budget', async () => {
    const bytes = new Uint8Array(2_000_000).fill(0x20);
    const call = new CountVectorizer({ ...options, maxBytes: 1e6 }).fit({ bytes, offsets: Float64Array.of(0, 2e6) });
    expect(await refusal(call)).toMatchObject({ code: 'ERR_MEMORY_BUDGET' });
  });

  it('takes a lone surrogate for no letter', async () => {
    const vectorizer = new CountVectorizer(options);
    await vectorizer.fit(['ab\ud800cd \udc00ef']);
    expect(vectorizer.getFeatureNamesOut()).toEqual(['ab', 'cd', 'ef']);
  });

  it('transforms no documents into no rows', async () => {
    const vectorizer = await new CountVectorizer(options).fit(['some words']);
    expect((await vectorizer.transform([])).shape).toEqual([0, 2]);
  });

  it('says how much memory it would have needed', async () => {
    const call = new CountVectorizer({ ...options, maxBytes: 1000 }).fit(['word '.repeat(1000)]);
    const error = await refusal(call);
    expect(error).toMatchObject({ code: 'ERR_MEMORY_BUDGET' });
    expect(error.message).toMatch(/needs .* but maxBytes is 1\.0 kB/);
  });
});

describe('CountVectorizer', () => {
  it('takes a percentage for the share that it says', async () => {
    const documents = Array.from({ length: 1000 }, (_, i) => (i < 7 ? 'rare often' : 'often'));
    const vectorizer = await new CountVectorizer({ maxDf: '0.7%' }).fit(documents);
    expect(vectorizer.getFeatureNamesOut()).toEqual(['rare']); // 0.7 / 100 * 1000 is a little less than 7
  });

  it('keeps the order of a given vocabulary and finds its terms', async () => {
    const vectorizer = new CountVectorizer({ vocabulary: ['zz', 'aa', 'mm'] });
    expect((await vectorizer.transform(['aa zz zz'])).toRows()).toEqual([[2, 1, 0]]);
    expect(['zz', 'aa', 'mm', 'other'].map((term) => vectorizer.vocabulary.index(term))).toEqual([0, 1, 2, -1]);
    expect(vectorizer.vocabulary).toBeInstanceOf(Vocabulary);
    expect([vectorizer.vocabulary.term(2), vectorizer.vocabulary.term(3)]).toEqual(['mm', undefined]);
  });

  it.each([
    ['an unknown option', () => new CountVectorizer({ min_df: 2 } as never), 'ERR_UNKNOWN_OPTION', /"min_df".*minDf/],
    ['minDf of 1.5', () => new CountVectorizer({ minDf: 1.5 }), 'ERR_OUT_OF_RANGE', /minDf.*1\.5/],
    ['maxDf below 0', () => new CountVectorizer({ maxDf: -1 }), 'ERR_OUT_OF_RANGE', /maxDf.*-1/],
    ['maxDf of 200%', () => new CountVectorizer({ maxDf: '200%' }), 'ERR_OUT_OF_RANGE', /"200%"/],
    ['maxDf as a word', () => new CountVectorizer({ maxDf: 'most' as never }), 'ERR_OUT_OF_RANGE', /"most"/],
    ['minDf of null', () => new CountVectorizer({ minDf: null as never }), 'ERR_INVALID_ARG_TYPE', /minDf.*null/],
    ['maxFeatures of 0', () => new CountVectorizer({ maxFeatures: 0 }), 'ERR_OUT_OF_RANGE', /maxFeatures.*0/],
    ['lowercase of 1', () => new CountVectorizer({ lowercase: 1 as never }), 'ERR_INVALID_ARG_TYPE', /lowercase.*1/],
    [
      'a list of stop words with a number',
      () => new CountVectorizer({ stopWords: [1 as never] }),
      'ERR_INVALID_ARG_TYPE',
      /stopWords/,
    ],
    ['an empty vocabulary', () => new CountVectorizer({ vocabulary: [] }), 'ERR_EMPTY_VOCABULARY', /vocabulary/],
    ['a term twice', () => new CountVectorizer({ vocabulary: ['a', 'a'] }), 'ERR_INVALID_ARG_VALUE', /"a" twice/],
    ['options that are none', () => new CountVectorizer(7 as never), 'ERR_INVALID_ARG_TYPE', /7/],
    ['a vocabulary asked for before fit', () => new CountVectorizer().vocabulary, 'ERR_NOT_FITTED', /fit/],
  ])('refuses %s', (_, make, code, message) => {
    expect(make).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });

  it.each([
    ['one string', 'words', 'ERR_INVALID_ARG_TYPE', /one string/],
    ['a number', 7, 'ERR_INVALID_ARG_TYPE', /7/],
    ['null', null, 'ERR_INVALID_ARG_TYPE', /null/],
    ['a document that is no string', ['a', 5], 'ERR_INVALID_ARG_TYPE', /Document 1 .* 5/],
    ['no documents', [], 'ERR_NO_DOCUMENTS', /no documents/],
    ['documents of stop words', ['a b', 'c'], 'ERR_EMPTY_VOCABULARY', /stop words/],
    ['parts that are none', { bytes: null, offsets: null }, 'ERR_INVALID_ARG_TYPE', /bytes/],
    [
      'offsets that fall',
      { bytes: new Uint8Array(4), offsets: Float64Array.of(0, 3, 2) },
      'ERR_INVALID_ARG_VALUE',
      /offsets/,
    ],
    [
      'offsets beyond the bytes',
      { bytes: new Uint8Array(4), offsets: Float64Array.of(0, 5) },
      'ERR_INVALID_ARG_VALUE',
      /4 bytes/,
    ],
    ['offsets of another type', { bytes: new Uint8Array(4), offsets: [0, 4] }, 'ERR_INVALID_ARG_TYPE', /offsets/],
  ])('refuses %s', async (_, input, code, message) => {
    const error = await refusal(new CountVectorizer().fit(input as never));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('takes an iterator whose return does as it likes, and refuses one whose next gives nothing', async () => {
    const stream = (next: unknown, end: () => unknown) =>
      ({ [Symbol.asyncIterator]: () => ({ next: () => next, return: end }) }) as never;
    const fail = () => {
      throw new Error('return fails');
    };
    expect(await refusal(new CountVectorizer().fit(stream({ done: true }, fail)))).toMatchObject({
      code: 'ERR_NO_DOCUMENTS',
    });
    expect(await refusal(new CountVectorizer().fit(stream(undefined, fail)))).toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
    });
  });

  it('blames minDf where it is above the number of documents', async () => {
    const error = await refusal(new CountVectorizer({ minDf: 10 }).fit(['some words']));
    expect(error).toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
      message: expect.stringMatching(/minDf is 10, but there is 1 document;/),
    });
  });

  it('keeps a byte order mark that is part of a given term', () => {
    expect([...new CountVectorizer({ vocabulary: ['\ufefffoo', 'foo'] }).vocabulary]).toEqual(['\ufefffoo', 'foo']);
  });

  it('refuses options that a call does not have', async () => {
    expect(await refusal(new CountVectorizer().fit(['some words'], { minDf: 2 } as never))).toMatchObject({
      code: 'ERR_UNKNOWN_OPTION',
    });
  });

  it('rejects with the error of a stream that fails, and ends it', async () => {
    let ended = false;
    async function* broken() {
      try {
        yield 'some words';
        throw new Error('the disk is gone');
      } finally {
        ended = true;
      }
    }
    expect((await refusal(new CountVectorizer().fit(broken()))).message).toBe('the disk is gone');
    expect(ended).toBe(true);
  });

  it('reads a stream no faster than it counts', async () => {
    let read = 0;
    async function* stream() {
      for (; read < 200; read++) yield 'x'.repeat(500_000);
    }
    const seen: number[] = [];
    const onProgress = ({ done }: { done: number }) => seen.push(read - done);
    await new CountVectorizer().fit(stream(), { onProgress });
    expect(Math.max(...seen)).toBeLessThan(20);
  });
});
