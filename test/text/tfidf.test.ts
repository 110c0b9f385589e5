import { describe, expect, it } from 'vitest';
import { CountVectorizer, CsrMatrix, TfidfTransformer, TfidfVectorizer } from '#src/index.js';
import { computing, describeOnEach, golden, refusal } from '../support.js';

const { matrices, cases } = golden('tfidf');
const close = (wanted: number) =>
  expect.closeTo(wanted, 14 - Math.max(0, Math.ceil(Math.log10(Math.abs(wanted) || 1))));

function matrixOf(name: string): CsrMatrix<Int32Array> {
  const { nRows, nColumns, indptr, indices, values } = matrices[name];
  const arrays = {
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(indices),
    values: Int32Array.from(values),
  };
  return new CsrMatrix({ shape: [nRows, nColumns], ...arrays });
}

describeOnEach('TfidfTransformer', (configuration) => {
  const options = computing(configuration);

  it.each(cases)('answers as scikit-learn: $matrix $options', async (example) => {
    const transformer = new TfidfTransformer({ ...example.options, ...options });
    const weights = await transformer.fitTransform(matrixOf(example.matrix));
    if (example.idf !== null) {
      const wanted = example.idf.map((idf: number | string) =>
        idf === 'Infinity' ? Number.POSITIVE_INFINITY : close(idf as number),
      );
      expect([...transformer.idf]).toEqual(wanted);
    }
    expect([...weights.values]).toEqual(example.values.map(close));
  });

  it('weighs other rows with the idf it learnt', async () => {
    const transformer = await new TfidfTransformer({ ...options, norm: null }).fit(
      CsrMatrix.fromRows([
        [1, 0],
        [1, 1],
      ]),
    );
    const weights = await transformer.transform(CsrMatrix.fromRows([[2, 3]]));
    expect(weights.toRows()).toEqual([[2 * transformer.idf[0], 3 * transformer.idf[1]]]);
  });

  it('names the row whose weights have no finite norm', async () => {
    const call = new TfidfTransformer(options).fitTransform(
      CsrMatrix.fromRows([
        [1, 0],
        [1e200, 1],
        [1e300, 1],
      ]),
    );
    expect(await refusal(call)).toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
      message: 'The weights of row 1 have no finite norm.',
    });
  });

  it('takes stored zeros for absent terms', async () => {
    const parts = { shape: [2, 1] as [number, number], indptr: Int32Array.of(0, 1, 2), indices: Int32Array.of(0, 0) };
    const transformer = await new TfidfTransformer(options).fit(
      new CsrMatrix({ ...parts, values: Int32Array.of(0, 1) }),
    );
    expect([...transformer.idf]).toEqual([close(Math.log(3 / 2) + 1)]);
  });
});

describe('TfidfTransformer', () => {
  it.each([
    ['what is no matrix', [[1]], 'ERR_INVALID_ARG_TYPE', /counts must be a CsrMatrix/],
    ['null', null, 'ERR_INVALID_ARG_TYPE', /null/],
  ])('refuses %s', async (_, counts, code, message) => {
    const error = await refusal(new TfidfTransformer().fit(counts as never));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('refuses to transform before fit, and columns that it did not learn', async () => {
    const one = CsrMatrix.fromRows([[1]]);
    expect(await refusal(new TfidfTransformer().transform(one))).toMatchObject({ code: 'ERR_NOT_FITTED' });
    const fitted = await new TfidfTransformer().fit(one);
    const error = await refusal(fitted.transform(CsrMatrix.fromRows([[1, 2]])));
    expect(error).toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
      message: expect.stringMatching(/2 columns.*learnt for 1/),
    });
  });

  it('refuses the logarithm of a negative count', async () => {
    const call = new TfidfTransformer({ sublinearTf: true }).fitTransform(CsrMatrix.fromRows([[-1]]));
    expect(await refusal(call)).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  });

  it.each([
    [{ norm: 'l3' }, 'ERR_INVALID_ARG_VALUE'],
    [{ useIdf: 'yes' }, 'ERR_INVALID_ARG_TYPE'],
    [{ smooth: true }, 'ERR_UNKNOWN_OPTION'],
  ])('refuses the options %o', (options, code) => {
    expect(() => new TfidfTransformer(options as never)).toThrow(expect.objectContaining({ code }));
  });
});

describe('TfidfVectorizer', () => {
  it('learns both vocabulary and idf, or neither', async () => {
    const vectorizer = await new TfidfVectorizer().fit(['aa bb', 'aa']);
    const before = vectorizer.idf.slice();
    const onProgress = ({ phase }: { phase: string }) => {
      if (phase === 'counting documents') throw new Error('no idf');
    };
    for (const name of ['fit', 'fitTransform'] as const) {
      await expect(vectorizer[name](['cc dd'], { onProgress })).rejects.toThrow('no idf');
      expect(vectorizer.getFeatureNamesOut()).toEqual(['aa', 'bb']);
      expect(vectorizer.idf).toEqual(before);
    }
  });

  it('takes factors from elsewhere, for the terms that it has', async () => {
    const vectorizer = new TfidfVectorizer({ vocabulary: ['aa', 'bb'], norm: null });
    vectorizer.idf = Float64Array.of(2, 3);
    expect((await vectorizer.transform(['bb aa bb'])).toRows()).toEqual([[2, 6]]);
    const wrong = [Float64Array.of(1), [1, 2], Float64Array.of(1, Number.NaN)];
    for (const factors of wrong) expect(() => Object.assign(vectorizer, { idf: factors })).toThrow(/^idf must/);
    expect(() => Object.assign(new TfidfVectorizer(), { idf: Float64Array.of(1) })).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_FITTED' }),
    );
    expect(() => Object.assign(new TfidfTransformer({ useIdf: false }), { idf: Float64Array.of(1) })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
    );
  });

  const documents = ['one two', 'two three three', ''];

  it('is CountVectorizer and TfidfTransformer in one', async () => {
    const vectorizer = new TfidfVectorizer({ minDf: 1, sublinearTf: true, norm: 'l1' });
    const weights = await vectorizer.fitTransform(documents);
    const counts = await new CountVectorizer().fitTransform(documents);
    const wanted = await new TfidfTransformer({ sublinearTf: true, norm: 'l1' }).fitTransform(counts);
    expect(weights.toRows()).toEqual(wanted.toRows());
    expect((await vectorizer.transform(documents)).toRows()).toEqual(wanted.toRows());
    expect(vectorizer.getFeatureNamesOut()).toEqual(['one', 'three', 'two']);
    expect(vectorizer.idf).toHaveLength(3);
  });

  it('refuses unknown options of either', () => {
    expect(() => new TfidfVectorizer({ useidf: true } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_UNKNOWN_OPTION' }),
    );
  });
});
