import { describe, expect, it, vi } from 'vitest';
import { RandomState } from '#src/core/random.js';
import {
  BisectingKMeans,
  CsrMatrix,
  calinskiHarabaszScore,
  DenseMatrix,
  daviesBouldinScore,
  KMeans,
  MiniBatchKMeans,
  representativeDocuments,
  silhouetteScore,
  sweepKMeans,
} from '#src/index.js';
import { computing, describeOnEach, refusal } from '../support.js';

/** Rows around three points, some of their cells zero. */
function blobs(): number[][] {
  const random = new RandomState(3);
  return Array.from({ length: 120 }, (_, row) =>
    Array.from({ length: 6 }, (_, column) => (column === row % 6 ? 0 : (row % 3) * 4 + random.randomSample())),
  );
}

const rows = blobs();
const dense = DenseMatrix.fromRows(rows);
const sparse = CsrMatrix.fromRows(rows);

describeOnEach('dense rows', (configuration) => {
  const options = { nClusters: 3, randomState: 0, ...computing(configuration) };

  it.each([
    ['KMeans', (X: CsrMatrix | DenseMatrix) => new KMeans(options).fit(X)],
    ['KMeans by cosine', (X: CsrMatrix | DenseMatrix) => new KMeans({ ...options, metric: 'cosine' }).fit(X)],
    ['KMeans from k-means||', (X: CsrMatrix | DenseMatrix) => new KMeans({ ...options, init: 'k-means||' }).fit(X)],
    ['MiniBatchKMeans', (X: CsrMatrix | DenseMatrix) => new MiniBatchKMeans({ ...options, batchSize: 40 }).fit(X)],
    ['MiniBatchKMeans in parts', (X: CsrMatrix | DenseMatrix) => new MiniBatchKMeans(options).partialFit(X)],
    ['BisectingKMeans', (X: CsrMatrix | DenseMatrix) => new BisectingKMeans(options).fit(X)],
  ])('have the clusters of the sparse ones: %s', async (_, fit) => {
    const [ofDense, ofSparse] = [await fit(dense), await fit(sparse)];
    expect(ofDense.labels).toEqual(ofSparse.labels);
    expect(new Set(ofDense.labels).size).toBe(3);
    expect(await ofDense.predict(dense)).toEqual(ofDense.labels);
    expect((await ofDense.transform(dense)).values).toEqual((await ofDense.transform(sparse)).values);
    expect(await ofDense.score(dense)).toBe(await ofDense.score(sparse));
  });

  it('have the same sweep and the same scores', async () => {
    const found = [];
    for (const X of [dense, sparse]) {
      const { rows } = await sweepKMeans(X, {
        nClusters: [2, 3],
        randomStates: [0],
        ...computing(configuration),
      }).all();
      const { labels, clusterCenters } = rows[1].model;
      const silhouettes = ['cosine', 'euclidean', 'sqeuclidean'] as const;
      found.push([
        rows.map(({ inertia }) => inertia),
        [...labels],
        await Promise.all(silhouettes.map((metric) => silhouetteScore(X, labels, { metric }))),
        await daviesBouldinScore(X, labels),
        await calinskiHarabaszScore(X, labels),
        await representativeDocuments(X, { labels, clusterCenters }, { n: 2 }),
      ]);
    }
    expect(found[0]).toEqual(found[1]);
  });

  it('may hold single precision, or whole numbers', async () => {
    const whole = rows.map((row) => row.map(Math.round));
    const shape = dense.shape;
    const wanted = (await new KMeans(options).fit(DenseMatrix.fromRows(whole))).labels;
    for (const values of [Float32Array.from(whole.flat()), Int32Array.from(whole.flat())]) {
      expect((await new KMeans(options).fit(new DenseMatrix({ shape, values }))).labels).toEqual(wanted);
    }
  });

  it('take the memory of their cells, and of nothing more where C++ computes', async () => {
    const random = new RandomState(5);
    const values = Float32Array.from({ length: 4000 * 50 }, () => random.randomSample());
    const fit = (X: CsrMatrix | DenseMatrix) => new KMeans({ ...options, maxIter: 2, maxBytes: 2.5e6 }).fit(X);
    const fitted = fit(new DenseMatrix({ shape: [4000, 50], values }));
    if (configuration.backend === 'plain')
      expect(await refusal(fitted)).toMatchObject({ code: 'ERR_MEMORY_BUDGET' }); // it has columns, too
    else expect((await fitted).labels).toHaveLength(4000);
    const indices = Int32Array.from(values, (_, at) => at % 50);
    const indptr = Int32Array.from({ length: 4001 }, (_, row) => row * 50);
    const asSparse = new CsrMatrix({ shape: [4000, 50], indptr, indices, values });
    expect(await refusal(fit(asSparse))).toMatchObject({ code: 'ERR_MEMORY_BUDGET' });
  });

  it('are taken as they are when fit is called', async () => {
    const values = Float64Array.from(rows.flat());
    const fitted = new KMeans(options).fit(new DenseMatrix({ shape: dense.shape, values }));
    values.fill(Number.NaN);
    expect((await fitted).labels).toEqual((await new KMeans(options).fit(dense)).labels);
  });
});

describe('dense rows are refused', () => {
  const fit = (X: unknown) => refusal(new KMeans({ nClusters: 2, backend: 'plain' }).fit(X as DenseMatrix));

  it('that hold what is no number', async () => {
    const values = Float64Array.from(rows.flat());
    values[13] = Number.NaN;
    expect((await fit(new DenseMatrix({ shape: dense.shape, values }))).message).toMatch(/row 2 /);
  });

  it('whose array is gone', async () => {
    const X = DenseMatrix.fromRows(rows);
    structuredClone(X.values, { transfer: [X.values.buffer as ArrayBuffer] });
    expect(await fit(X)).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });

  it('without columns, and of another number of columns than the centers', async () => {
    const empty = new DenseMatrix({ shape: [5, 0], values: new Float64Array(0) });
    expect(await fit(empty)).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    const model = await new KMeans({ nClusters: 2, backend: 'plain' }).fit(dense);
    const error = await refusal(model.predict(DenseMatrix.fromRows([[1, 2]])));
    expect(error).toBeInstanceOf(RangeError);
  });

  it('for which the system has no memory', async () => {
    vi.stubGlobal(
      'Int32Array',
      class extends Int32Array {
        constructor(length: number) {
          if (length === 720) throw new RangeError('Array buffer allocation failed');
          super(length);
        }
      },
    );
    const error = await fit(dense).finally(() => vi.unstubAllGlobals());
    expect(error).toMatchObject({ code: 'ERR_OUT_OF_MEMORY' });
  });

  it('where they are neither sparse nor dense', async () => {
    expect(await fit(rows)).toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
      message: expect.stringMatching(/X must be a CsrMatrix or a DenseMatrix/),
    });
  });
});
