import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CountVectorizer, type CountVectorizerOptions, TokenStreams } from '#src/index.js';
import { computing, describeOnEach, dice, digest, refusal } from '../support.js';

const words = Array.from({ length: 400 }, (_, i) => `word${i.toString(36)}`);
const random = dice(31);
const documents = Array.from({ length: 250 }, (_, d) =>
  Array.from({ length: d % 50 }, () => words[Math.floor(random() ** 3 * words.length)]).join(
    d % 3 === 0 ? ', a I ' : ' ',
  ),
);
documents.push('', 'the The THE', 'Ünder straße_1 ΑΣ');

/** The definition: every word of every document, looked up. */
function bySlowFormula(vectorizer: CountVectorizer, options: CountVectorizerOptions): number[][] {
  const all = new CountVectorizer({ ...options, stopWords: [], vocabulary: ['any'] }).buildAnalyzer();
  const stopped = new Set(options.stopWords as Iterable<string> | undefined);
  const { vocabulary } = vectorizer;
  const numbers = new Map(vocabulary.toArray().map((term, i) => [term, i]));
  return documents.map((document) => all(document).map((word) => (stopped.has(word) ? -1 : (numbers.get(word) ?? -1))));
}

const lists = (streams: TokenStreams) => Array.from({ length: streams.nDocuments }, (_, d) => [...streams.document(d)]);

const cases: Record<string, CountVectorizerOptions> = {
  'all words': {},
  'rare and frequent words dropped': { minDf: 8, maxDf: 0.4 },
  'stop words': { stopWords: ['word1', 'the', 'wordz'] },
  'the most frequent words': { maxFeatures: 30, stopWords: ['word0'] },
  'a given vocabulary': { vocabulary: ['word7', 'word1', 'unheard', 'the'], stopWords: ['the'] },
  'a pattern': { tokenPattern: /[a-z]+/u, stopWords: ['word'] },
  'a tokenizer': { tokenizer: (text) => text.split(' '), lowercase: false },
};

describeOnEach('token ids', (configuration) => {
  const computed = computing(configuration);

  it.each(Object.keys(cases))('are the columns of all words in their order: %s', async (name) => {
    const options = cases[name];
    const vectorizer = new CountVectorizer({ ...options, ...computed });
    const counts = await vectorizer.fitTransform(documents);
    const streams = await vectorizer.tokenIds(documents);
    expect(streams).toBeInstanceOf(TokenStreams);
    expect(streams.nTerms).toBe(vectorizer.vocabulary.size);
    expect(JSON.stringify(lists(streams))).toBe(JSON.stringify(bySlowFormula(vectorizer, options)));

    const inOneReading = new CountVectorizer({ ...options, ...computed });
    expect(digest(await inOneReading.fitTokenIds(documents))).toEqual(digest(streams));
    expect(inOneReading.fingerprint()).toBe(vectorizer.fingerprint());

    // What is counted are the same words.
    const row = new Map<number, number>();
    for (const id of streams.document(40)) if (id >= 0) row.set(id, (row.get(id) ?? 0) + 1);
    const { indices, values } = counts.row(40);
    expect([...row].sort(([a], [b]) => a - b)).toEqual([...indices].map((id, i) => [id, values[i]]));
  });

  it('have no documents where there are none', async () => {
    const vectorizer = new CountVectorizer({ vocabulary: ['word'], ...computed });
    expect(await vectorizer.tokenIds([])).toMatchObject({ nTerms: 1, nDocuments: 0, ids: new Int32Array(0) });
  });

  it('are those of documents as they were at the call', async () => {
    const vectorizer = new CountVectorizer({ vocabulary: words, ...computed });
    const own = documents.slice();
    const running = vectorizer.tokenIds(own);
    own.fill('changed');
    own.length = 3;
    await wait(1);
    expect(digest(await running)).toEqual(digest(await vectorizer.tokenIds(documents)));
  });

  it('take no more memory than they may', async () => {
    const vectorizer = new CountVectorizer({ vocabulary: words, ...computed, maxBytes: 20_000 });
    expect(await refusal(vectorizer.tokenIds(documents))).toMatchObject({ code: 'ERR_MEMORY_BUDGET' });
  });
});

describe('token ids', () => {
  it.each([
    [{ ngramRange: [1, 2] }, /^fitTokenIds takes terms that are single words, but ngramRange is \[1, 2\]\.$/],
    [{ analyzer: 'char' }, /^fitTokenIds takes terms that are single words, but analyzer is 'char'\.$/],
  ] as [CountVectorizerOptions, RegExp][])('are refused for %o', async (options, message) => {
    const error = await refusal(new CountVectorizer(options).fitTokenIds(documents));
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE', message: expect.stringMatching(message) });
    const given = new CountVectorizer({ ...options, vocabulary: ['ab'] }).tokenIds(documents);
    expect((await refusal(given)).message).toMatch(/^tokenIds takes/);
  });

  it('need a vocabulary', async () => {
    const error = await refusal(new CountVectorizer().tokenIds(documents));
    expect(error).toMatchObject({ code: 'ERR_NOT_FITTED' });
  });

  it('leave a vectorizer as it was that finds no terms', async () => {
    const vectorizer = new CountVectorizer({ minDf: 2 });
    await vectorizer.fit(['aa bb', 'aa']);
    expect(await refusal(vectorizer.fitTokenIds(['aa', 'bb']))).toMatchObject({ code: 'ERR_EMPTY_VOCABULARY' });
    expect(vectorizer.getFeatureNamesOut()).toEqual(['aa']);
  });
});

describe('TokenStreams', () => {
  it('are made from lists', () => {
    const streams = TokenStreams.fromLists([[0, -1, 2], [], new Set([1])], 3);
    expect(streams.nDocuments).toBe(3);
    expect(lists(streams)).toEqual([[0, -1, 2], [], [1]]);
  });

  const parts = { nTerms: 2, offsets: Float64Array.of(0, 2), ids: Int32Array.of(1, -1) };
  it.each([
    ['what is no object', 7, 'ERR_INVALID_ARG_TYPE', /must be \{ nTerms, offsets, ids \}, but are 7/],
    ['no number of terms', { ...parts, nTerms: '2' }, 'ERR_INVALID_ARG_TYPE', /nTerms.*"2"/],
    ['offsets of another type', { ...parts, offsets: [0, 2] }, 'ERR_INVALID_ARG_TYPE', /offsets.*an array of 2/],
    ['ids of another type', { ...parts, ids: new Float64Array(2) }, 'ERR_INVALID_ARG_TYPE', /ids.*Float64Array\(2\)/],
    ['no offsets', { ...parts, offsets: new Float64Array(0) }, 'ERR_INVALID_ARG_VALUE', /start at 0/],
    ['offsets from 1', { ...parts, offsets: Float64Array.of(1, 2) }, 'ERR_INVALID_ARG_VALUE', /start at 0/],
    ['offsets that fall', { ...parts, offsets: Float64Array.of(0, 2, 1) }, 'ERR_INVALID_ARG_VALUE', /after document 1/],
    ['half a word', { ...parts, offsets: Float64Array.of(0, 1.5, 2) }, 'ERR_INVALID_ARG_VALUE', /after document 0/],
    ['too few ids', { ...parts, offsets: Float64Array.of(0, 3) }, 'ERR_INVALID_ARG_VALUE', /end at the number of ids/],
    ['an id beyond', { ...parts, ids: Int32Array.of(0, 2) }, 'ERR_INVALID_ARG_VALUE', /from -1 to 1, but id 1 is 2/],
    ['an id below -1', { ...parts, ids: Int32Array.of(-2, 0) }, 'ERR_INVALID_ARG_VALUE', /but id 0 is -2/],
  ])('refuse %s', (_, wrong, code, message) => {
    let error: unknown;
    try {
      new TokenStreams(wrong as never);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('refuse lists of anything but whole numbers', () => {
    expect(() => TokenStreams.fromLists([[0.5]], 1)).toThrow(/whole numbers, but hold 0\.5/);
    for (const id of [undefined, 2 ** 32, 2 ** 32 - 1, Number.NaN, '1']) {
      expect(() => TokenStreams.fromLists([[0, id as number]], 1)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
      );
    }
  });
});
