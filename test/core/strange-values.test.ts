import { describe, expect, it } from 'vitest';
import { shown } from '#src/core/check.js';
import {
  association,
  CountVectorizer,
  CsrMatrix,
  cooccurrence,
  DenseMatrix,
  fingerprint,
  KMeans,
  planCooccurrence,
  readDocuments,
  topCooccurrences,
} from '#src/index.js';
import { refusal } from '../support.js';

/** Two thousand million holes: whoever goes through all of them, or copies them, hangs or ends the process. */
const holes = new Array(2 ** 32 - 1) as never[];
const matrix = () =>
  CsrMatrix.fromRows([
    [1, 0, 2],
    [0, 3, 1],
    [4, 0, 0],
  ]);
const refused = (call: () => unknown) => refusal((async () => call())());

describe('A list of holes', () => {
  it.each<[string, () => unknown]>([
    ['fromRows', () => CsrMatrix.fromRows(holes)],
    ['fromRows of DenseMatrix', () => DenseMatrix.fromRows(holes)],
    ['stopWords', () => new CountVectorizer({ stopWords: holes })],
    ['vocabulary', () => new CountVectorizer({ vocabulary: holes })],
    ['documents', () => new CountVectorizer().fit(holes)],
    ['rows of topCooccurrences', () => topCooccurrences(matrix(), { rows: holes })],
    ['inputs of readDocuments', () => readDocuments(holes)],
    [
      'fromJSON',
      () => CountVectorizer.fromJSON({ type: 'CountVectorizer', options: { stopWords: holes }, learnt: null }),
    ],
  ])('is refused at its first: %s', async (_, call) => {
    expect(await refused(call)).toMatchObject({ code: expect.stringMatching(/^ERR_(INVALID_ARG|OUT_OF_RANGE)/) });
  });

  it('is no row of zeros', async () => {
    expect(await refused(() => CsrMatrix.fromRows([new Array(3)]))).toMatchObject({
      message: expect.stringMatching(/Row 0/),
    });
  });
});

describe('A value that misbehaves when it is looked at', () => {
  it('is shown all the same', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(shown(proxy)).toBe('a value that cannot be looked at');
  });

  it.each([new Map(), new Set(), new Date(), Promise.resolve(), new Uint8Array(0)])(
    'is no list of options: %o',
    async (value) => {
      expect(await refused(() => cooccurrence(matrix(), value as never))).toMatchObject({
        code: 'ERR_INVALID_ARG_TYPE',
      });
    },
  );

  it('is no iterable because it says so', async () => {
    const stopWords = { [Symbol.iterator]: 5 } as never;
    expect(await refused(() => new CountVectorizer({ stopWords }))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
});

describe('A matrix that was changed since it was made', () => {
  it.each<[string, (X: CsrMatrix) => unknown]>([
    ['planCooccurrence', (X) => planCooccurrence(X)],
    ['association', (X) => association(X as CsrMatrix<Int32Array>, { nDocuments: 9 })],
    ['inverseTransform', (X) => new CountVectorizer({ vocabulary: ['a', 'b', 'c'] }).inverseTransform(X)],
  ])('is checked anew where the event loop goes through it: %s', async (_, call) => {
    const rows = matrix();
    const X = new CsrMatrix({ ...rows, values: Int32Array.from(rows.values) });
    X.indptr[1] = 2 ** 31 - 1;
    expect(await refused(() => call(X))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });

  it('is refused where an array was put in the place of another', async () => {
    const X = Object.assign(matrix(), { indptr: null });
    expect(await refused(() => cooccurrence(X as never))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });

  it('gives no row that it does not have', () => {
    for (const row of [-1, 3, 0.5, Number.NaN, '0']) {
      expect(() => matrix().row(row as never)).toThrow(/\br must be an integer/);
      expect(() => DenseMatrix.fromRows([[1], [2], [3]]).row(row as never)).toThrow(/\br must be an integer/);
    }
  });

  it('is no start of clusters once it is gone', () => {
    const init = DenseMatrix.fromRows([[1, 2]]);
    structuredClone(init.values, { transfer: [init.values.buffer as ArrayBuffer] });
    expect(() => new KMeans({ nClusters: 1, init })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
    );
  });
});

describe('All partners of two thousand million terms', () => {
  it('are refused before a list of them is made', async () => {
    const wide = new CsrMatrix({
      shape: [1, 2 ** 31 - 1],
      indptr: Int32Array.of(0, 1),
      indices: Int32Array.of(5),
      values: Float64Array.of(1),
    });
    expect(await refusal(topCooccurrences(wide, { maxBytes: 1e9 }))).toMatchObject({ code: 'ERR_MEMORY_BUDGET' });
  });
});

describe('fromJSON', () => {
  const json = (options: object) => ({ type: 'CountVectorizer', options, learnt: null });

  it.each([5, 'a', null, {}, { source: '(', flags: '' }, { source: 'a', flags: 'zz' }])(
    'refuses %o for a tokenPattern',
    (tokenPattern) => {
      if (tokenPattern === null) return;
      expect(() => CountVectorizer.fromJSON(json({ tokenPattern }))).toThrow(
        /tokenPattern must hold the source and flags/,
      );
    },
  );

  it('tells defaults from what JSON writes alike', () => {
    expect(() => CountVectorizer.fromJSON(json({ stripAccents: Number.NaN }))).toThrow(/stripAccents/);
  });
});

describe('fingerprint', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, 5n, /a/, Promise.resolve(), new Error('a'), () => 1])(
    'refuses %o, which JSON would lose',
    (mine) => {
      expect(() => fingerprint({ mine })).toThrow(/mine.*JSON would lose/);
    },
  );

  it('takes a matrix alone where it asks for one', async () => {
    const fitted = await new CountVectorizer().fit(['one two']);
    expect(() => fitted.fingerprint(5 as never)).toThrow(/matrix must be a CsrMatrix/);
    expect(() => fingerprint(null as never)).toThrow(/parts of a fingerprint/);
  });
});
