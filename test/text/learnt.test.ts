import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import {
  CountVectorizer,
  type CountVectorizerOptions,
  CsrMatrix,
  DenseMatrix,
  fingerprint,
  TfidfVectorizer,
} from '#src/index.js';
import { computing, describeOnEach, dice, digest, refusal } from '../support.js';

const random = dice(11);
const corpus = Array.from({ length: 400 }, () =>
  Array.from({ length: Math.floor(random() * 30) }, () => `té${Math.floor(300 * random() ** 3)}`).join(' '),
);

/** All that a vectorizer has learnt, and what it makes of some documents. */
async function outcome(vectorizer: CountVectorizer) {
  const counts = await vectorizer.transform(corpus.slice(0, 50));
  return digest({ json: JSON.stringify(vectorizer), names: vectorizer.getFeatureNamesOut(), counts });
}

const settings: Record<string, CountVectorizerOptions> = {
  words: { minDf: 3, maxDf: 0.5 },
  'the most frequent': { minDf: 2, maxFeatures: 40 },
  'the most frequent, binary': { maxFeatures: 40, binary: true },
  'n-grams': { ngramRange: [1, 2], minDf: 2, stopWords: ['té0'] },
  characters: { analyzer: 'charWb', ngramRange: [2, 3], stripAccents: 'unicode' },
};

describeOnEach('what CountVectorizer learns', (configuration) => {
  const options = computing(configuration);

  it.each(Object.keys(settings))('is the same in any split and order, by partialFit and by merge: %s', async (name) => {
    const make = () => new CountVectorizer({ ...settings[name], ...options });
    const wanted = await outcome(await make().fit(corpus));
    const parts = [corpus.slice(0, 7), [], corpus.slice(7, 250), corpus.slice(250)];
    const batches = make();
    for (const part of parts) await batches.partialFit(part);
    expect(await outcome(batches)).toEqual(wanted);
    const [first, second, third, fourth] = await Promise.all(parts.map((part) => make().partialFit(part)));
    expect(await outcome(fourth.merge(second).merge(make().merge(third).merge(first)))).toEqual(wanted);
  });

  it('streams into partialFit', async () => {
    async function* stream() {
      yield* corpus;
    }
    const streamed = await new CountVectorizer(options).partialFit(stream());
    expect(await outcome(streamed)).toEqual(await outcome(await new CountVectorizer(options).fit(corpus)));
  });
});

describe('CountVectorizer', () => {
  it('prunes after partialFit when it is asked for its terms', async () => {
    const vectorizer = new CountVectorizer({ minDf: 2 });
    await vectorizer.partialFit(['aa bb']);
    expect(() => vectorizer.vocabulary).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    await vectorizer.partialFit(['cc']);
    expect(() => vectorizer.vocabulary).toThrow(expect.objectContaining({ code: 'ERR_EMPTY_VOCABULARY' }));
    await vectorizer.partialFit(['bb']);
    expect(vectorizer.getFeatureNamesOut()).toEqual(['bb']);
    expect([...vectorizer.documentFrequency]).toEqual([2]);
  });

  it('has learnt nothing from no documents', async () => {
    const vectorizer = await new CountVectorizer().partialFit([]);
    expect(() => vectorizer.vocabulary).toThrow(expect.objectContaining({ code: 'ERR_NO_DOCUMENTS' }));
  });

  it('keeps what it has learnt when a later call fails', async () => {
    const vectorizer = await new CountVectorizer().fit(['aa bb']);
    for (const call of [
      () => vectorizer.partialFit(['cc', 7 as never]),
      () => vectorizer.fit(['!']),
      () => vectorizer.fitTransform(['!']),
    ]) {
      await refusal(call());
      expect(vectorizer.getFeatureNamesOut()).toEqual(['aa', 'bb']);
    }
  });

  it('learns nothing where its vocabulary is given', async () => {
    const make = () => new CountVectorizer({ vocabulary: ['bb', 'aa'] });
    const vectorizer = await make().partialFit(['cc']);
    expect(vectorizer.merge(make()).getFeatureNamesOut()).toEqual(['bb', 'aa']);
    expect(() => vectorizer.documentFrequency).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_FITTED', message: expect.stringMatching(/was given/) }),
    );
  });

  const tokenizer = (text: string) => text.split(' ');
  it.each([
    ['another option', { minDf: 2 }, /minDf of the one is 1, of the other 2/],
    ['other stop words', { stopWords: ['aa'] }, /stopWords/],
    ['another pattern', { tokenPattern: /a/ }, /tokenPattern/],
    ['another function', { tokenizer: (text: string) => tokenizer(text) }, /tokenizer/],
  ])('merges with nothing that has %s', async (_, options, message) => {
    const other = await new CountVectorizer(options).fit(['aa bb', 'aa aa']);
    const refused = expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE', message: expect.stringMatching(message) });
    expect(() => new CountVectorizer(_ === 'another function' ? { tokenizer } : {}).merge(other)).toThrow(refused);
  });

  it('merges with no other thing, and with nothing that has learnt nothing', () => {
    const vectorizer = new CountVectorizer();
    expect(() => vectorizer.merge({} as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
    expect(() => vectorizer.merge(new CountVectorizer())).toThrow(expect.objectContaining({ code: 'ERR_NOT_FITTED' }));
  });

  it('merges where functions and computing are the same or do not matter', async () => {
    const one = await new CountVectorizer({ tokenizer, backend: 'plain' }).fit(['a b']);
    const other = await new CountVectorizer({ tokenizer, maxBytes: 1e8 }).fit(['b c']);
    expect([...one.merge(other).documentFrequency]).toEqual([1, 2, 1]);
  });

  it('turns counts back into terms', async () => {
    const vectorizer = new CountVectorizer();
    const counts = await vectorizer.fitTransform(['bb aa bb', '', 'cc']);
    expect(vectorizer.inverseTransform(counts)).toEqual([['aa', 'bb'], [], ['cc']]);
    const zeros = CsrMatrix.fromRows([[0, 1, 0]]);
    expect(vectorizer.inverseTransform(new CsrMatrix({ ...zeros, values: Float64Array.of(0) }))).toEqual([[]]);
    expect(() => vectorizer.inverseTransform(CsrMatrix.fromRows([[1]]))).toThrow(
      /1 columns, but the vocabulary 3 terms/,
    );
    expect(() => vectorizer.inverseTransform([] as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
    const tfidf = new TfidfVectorizer();
    expect(tfidf.inverseTransform(await tfidf.fitTransform(['bb aa', 'cc']))).toEqual([['aa', 'bb'], ['cc']]);
  });
});

describe('explainTerm', () => {
  const documents = ['cat dog', 'cat dog', 'cat fox the', 'cat fox', 'cat owl owl emu'];
  it.each([
    ['fox', {}, 'kept', 2, ['fox'], /"fox" is column 3; 2 of 5 documents hold it\./],
    ['owl', { minDf: 2 }, 'minDf', 1, ['owl'], /in 1 of 5 documents, fewer than the 2 of minDf/],
    ['cat', { maxDf: 0.5 }, 'maxDf', 5, ['cat'], /in 5 of 5 documents, more than the 2.5 of maxDf/],
    ['emu', { maxFeatures: 2 }, 'maxFeatures', 1, ['emu'], /but 2 terms \(maxFeatures\)/],
    ['the', { stopWords: ['the'] }, 'stopWords', 0, [], /is a stop word/],
    ['gnu', {}, 'unseen', 0, ['gnu'], /in none of the 5 documents/],
    ['Fox', {}, 'analyzer', 0, ['fox'], /the analyzer makes "fox" of it/],
    ['cat-dog', {}, 'analyzer', 0, ['cat', 'dog'], /makes "cat", "dog" of it/],
    ['a', {}, 'analyzer', 0, [], /makes no term of it/],
    ['cat dog', { ngramRange: [2, 2] }, 'kept', 2, ['cat dog'], /2 of 5/],
    ['fox', { vocabulary: ['fox'] }, 'kept', null, ['fox'], /is column 0\./],
    ['cat', { vocabulary: ['fox'] }, 'vocabulary', null, ['cat'], /not of the vocabulary that was given/],
  ] as const)('tells of %s with %j: %s', async (term, options, reason, documentFrequency, analyzedAs, message) => {
    const vectorizer = new CountVectorizer(options as CountVectorizerOptions);
    await vectorizer.fit(documents);
    const explanation = vectorizer.explainTerm(term);
    expect(explanation).toEqual({
      term,
      analyzedAs,
      column: vectorizer.vocabulary.index(term),
      documentFrequency,
      reason,
      message: expect.stringMatching(message),
    });
  });

  it('agrees with a fit that lacks the rule it names', async () => {
    const options: CountVectorizerOptions = { minDf: 4, maxDf: 0.2, maxFeatures: 25 };
    const vectorizer = await new CountVectorizer(options).fit(corpus);
    const everything = await new CountVectorizer().fit(corpus);
    for (const term of everything.vocabulary) {
      const { reason, documentFrequency, column } = vectorizer.explainTerm(term);
      expect(documentFrequency).toBe(everything.documentFrequency[everything.vocabulary.index(term)]);
      expect(column >= 0).toBe(reason === 'kept');
      if (reason === 'kept') continue;
      const { [reason as 'minDf']: _, ...others } = options;
      const freed = await new CountVectorizer(reason === 'maxFeatures' ? others : { ...others, maxFeatures: 1000 }).fit(
        corpus,
      );
      expect(freed.vocabulary.index(term), `${term}: ${reason}`).toBeGreaterThanOrEqual(0);
    }
  });

  it('refuses before fit', () => {
    expect(() => new CountVectorizer().explainTerm('a')).toThrow(expect.objectContaining({ code: 'ERR_NOT_FITTED' }));
  });
});

describe('a CountVectorizer as JSON', () => {
  it.each(Object.entries(settings))('comes back as it was: %s', async (_, options) => {
    const vectorizer = await new CountVectorizer(options).fit(corpus);
    const back = CountVectorizer.fromJSON(JSON.parse(JSON.stringify(vectorizer)));
    expect(await outcome(back)).toEqual(await outcome(vectorizer));
    expect(back.fingerprint()).toBe(vectorizer.fingerprint());
    expect(await outcome(back.merge(vectorizer))).toEqual(await outcome(vectorizer.merge(vectorizer)));
  });

  it('keeps iterables, patterns, a vocabulary, and hostile terms', async () => {
    const options = { stopWords: new Set(['x']), tokenPattern: /\S+/iu, ngramRange: [1, 2] } as const;
    const vectorizer = await new CountVectorizer(options).fit(['__proto__ constructor \u0000 \ud800 x 😀', '"\\']);
    const back = CountVectorizer.fromJSON(JSON.parse(JSON.stringify(vectorizer)));
    expect(back.getFeatureNamesOut()).toEqual(vectorizer.getFeatureNamesOut());
    expect(back.buildAnalyzer()('A x B')).toEqual(['a', 'b', 'a b']);
    const given = new CountVectorizer({
      vocabulary: new Map([
        ['b', 1],
        ['a', 0],
      ]),
    });
    expect(CountVectorizer.fromJSON(given.toJSON()).getFeatureNamesOut()).toEqual(['a', 'b']);
  });

  it('warns of nothing that was not asked for', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const vectorizer = await new CountVectorizer({ analyzer: 'char', ngramRange: [1, 2] }).fit(['ab']);
    await CountVectorizer.fromJSON(JSON.parse(JSON.stringify(vectorizer))).transform(['ab']);
    expect(warnings).not.toHaveBeenCalled();
    warnings.mockRestore();
  });

  it('asks for its functions', async () => {
    const tokenizer = (text: string) => text.split('-');
    const json = (await new CountVectorizer({ tokenizer }).fit(['a-b'])).toJSON();
    const refused = expect.objectContaining({
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringMatching(/tokenizer was a function/),
    });
    expect(() => CountVectorizer.fromJSON(json)).toThrow(refused);
    expect(CountVectorizer.fromJSON(json, { tokenizer }).buildAnalyzer()('c-D')).toEqual(['c', 'd']);
    expect(() => CountVectorizer.fromJSON(new CountVectorizer().toJSON(), { tokenizer })).toThrow(
      /tokenizer was no function/,
    );
  });

  const learnt = { nDocuments: 2, terms: ['a', 'b'], documentFrequency: [1, 2], totals: [] };
  it.each([
    ['null', null],
    ['another type', { type: 'KMeans', options: {}, learnt: null }],
    ['no options', { type: 'CountVectorizer', learnt: null }],
    ['nothing learnt, not said', { type: 'CountVectorizer', options: {} }],
    ['terms out of order', { type: 'CountVectorizer', options: {}, learnt: { ...learnt, terms: ['b', 'a'] } }],
    ['a term twice', { type: 'CountVectorizer', options: {}, learnt: { ...learnt, terms: ['a', 'a'] } }],
    ['a frequency too few', { type: 'CountVectorizer', options: {}, learnt: { ...learnt, documentFrequency: [1] } }],
    [
      'a frequency too high',
      { type: 'CountVectorizer', options: {}, learnt: { ...learnt, documentFrequency: [1, 3] } },
    ],
    ['a total too few', { type: 'CountVectorizer', options: {}, learnt: { ...learnt, totals: [1] } }],
    ['totals that nothing asks for', { type: 'CountVectorizer', options: {}, learnt: { ...learnt, totals: [1, 2] } }],
    ['totals that are missing', { type: 'CountVectorizer', options: { maxFeatures: 1 }, learnt }],
    ['a broken number', { type: 'CountVectorizer', options: {}, learnt: { ...learnt, nDocuments: 2.5 } }],
  ])('is refused with %s', (_, json) => {
    expect(() => CountVectorizer.fromJSON(json)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  });
});

describe('fingerprint', () => {
  /** The documented rule, written again. */
  function again(parts: Record<string, [header: string, ...blocks: (string | ArrayBufferView)[]]>): string {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const hash = createHash('sha256').update(`corpuscle ${version}\n`);
    for (const name of Object.keys(parts).sort()) {
      const [header, ...blocks] = parts[name];
      hash.update(`${name} ${header}\n`);
      for (const block of blocks) hash.update(block as string);
    }
    return hash.digest('hex');
  }

  it('is SHA-256 of what its documentation says', async () => {
    const vectorizer = new CountVectorizer({ minDf: 1, lowercase: true });
    const counts = await vectorizer.fitTransform(['bb é é éé bb', 'aa']);
    const parameters =
      '{"analyzer":"word","binary":false,"decodeError":"strict","lowercase":true,"maxDf":"100%","maxFeatures":null,"minDf":1,' +
      '"ngramRange":[1,1],"preprocessor":null,"stopWords":[],"stripAccents":null,"tokenPattern":null,"tokenizer":null,"vocabulary":null}';
    const matrix = [
      'CsrMatrix/Int32Array 2 3',
      Float64Array.of(0, 2, 3),
      Int32Array.of(1, 2, 0),
      Int32Array.of(2, 1, 1),
    ] as const;
    expect(vectorizer.fingerprint(counts)).toBe(
      again({
        parameters: ['JSON', parameters],
        vocabulary: ['Vocabulary 3', 'aa\0bb\0éé\0'],
        matrix: [...matrix],
      }),
    );
    const labels = Int32Array.of(1, 0);
    const centers = new DenseMatrix({ shape: [1, 2], values: Float64Array.of(0.5, 1) });
    expect(fingerprint({ labels, centers, bytes: Uint8Array.of(7) })).toBe(
      again({
        labels: ['Int32Array 2', labels],
        centers: ['DenseMatrix/Float64Array 1 2', centers.values],
        bytes: ['Uint8Array 1', Uint8Array.of(7)],
      }),
    );
  });

  it('hangs on what was read and asked for, not on what computes', async () => {
    const of = async (options: CountVectorizerOptions, documents = corpus) => {
      const vectorizer = new CountVectorizer(options);
      return vectorizer.fingerprint(await vectorizer.fitTransform(documents));
    };
    const wanted = await of({ minDf: 2 });
    expect(await of({ minDf: 2, maxDf: '100%', lowercase: true, backend: 'plain', maxBytes: 1e9 })).toBe(wanted);
    const others = [
      await of({ minDf: 3 }),
      await of({ minDf: 2, maxDf: '90%' }),
      await of({ minDf: 2 }, [...corpus, 'té1']),
    ];
    expect(new Set([wanted, ...others]).size).toBe(4);
  });

  it('refuses what has no JSON', () => {
    for (const lost of [() => 1, undefined, new Map([[1, 2]]), { deep: [new Set([1])] }]) {
      expect(() => fingerprint({ lost })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
    }
  });
});
