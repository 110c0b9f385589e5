import { describe, expect, it, vi } from 'vitest';
import { CsrMatrix, DenseMatrix, KMeans, type KMeansOptions } from '#src/index.js';
import { computing, describeOnEach, golden, refusal } from '../support.js';

const { matrices, cases } = golden('kmeans');

function matrixOf(name: string): CsrMatrix<Float64Array> {
  const { nRows, nColumns, indptr, indices, values } = matrices[name];
  const arrays = {
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(indices),
    values: Float64Array.from(values),
  };
  return new CsrMatrix({ shape: [nRows, nColumns], ...arrays });
}

function optionsOf(options: Record<string, unknown>): KMeansOptions {
  return Array.isArray(options.init) ? { ...options, init: DenseMatrix.fromRows(options.init) } : options;
}

/** Numbers clusters in the order in which rows show them. */
function renumbered(labels: Iterable<number>): number[] {
  const numbers = new Map<number, number>();
  return [...labels].map((label) => {
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label) as number;
  });
}

const relative = (value: number, wanted: number) => Math.abs(value - wanted) / Math.max(1e-300, Math.abs(wanted));
const square = CsrMatrix.fromRows([
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [1, 1],
]);
const corners = DenseMatrix.fromRows([
  [0, 0],
  [1, 1],
]);

describeOnEach('KMeans', (configuration) => {
  const options = computing(configuration);

  it.each(cases)('answers as scikit-learn: $name', async (example) => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const model = new KMeans({ ...optionsOf(example.options), ...options });
    const { sampleWeight } = example;
    await model.fit(matrixOf(example.matrix), sampleWeight === undefined ? {} : { sampleWeight });
    warnings.mockRestore();
    expect(model.nIter).toBe(example.nIter);
    expect(Math.abs(model.inertia - example.inertia)).toBeLessThanOrEqual(1e-10 * Math.max(1e-4, example.inertia));
    if (example.upToPermutation) {
      expect(renumbered(model.labels)).toEqual(renumbered(example.labels));
      return;
    }
    expect([...model.labels]).toEqual(example.labels);
    model.clusterCenters.toRows().forEach((center, j) => {
      center.forEach((cell, column) => {
        expect(Math.abs(cell - example.clusterCenters[j][column])).toBeLessThanOrEqual(
          1e-10 * Math.max(1e-3, Math.abs(cell)),
        );
      });
    });
  });

  it('gives the clusters that one computes by hand for four points', async () => {
    const model = await new KMeans({ nClusters: 2, init: corners, ...options }).fit(square, {
      sampleWeight: [3, 1, 1, 3],
    });
    expect([...model.labels]).toEqual([0, 0, 1, 1]);
    expect(model.clusterCenters.toRows()).toEqual([
      [0.125, 0],
      [0.875, 1],
    ]);
    expect([model.inertia, model.nIter]).toEqual([0.375, 2]);
  });

  it('labels the rows of fit as it did, and tells their distances', async () => {
    const X = matrixOf('text, 60 x 40');
    const model = await new KMeans({ nClusters: 4, randomState: 0, ...options }).fit(X);
    expect([...(await model.predict(X))]).toEqual([...model.labels]);
    expect(relative(await model.score(X), -model.inertia)).toBeLessThan(1e-14);
    const distances = await model.transform(X);
    expect(distances.shape).toEqual([60, 4]);
    distances.toRows().forEach((row, i) => {
      expect(row[model.labels[i]]).toBe(Math.min(...row));
    });
  });
});

describe('KMeans', () => {
  it('gives the same centers, to the last bit, in whatever order rows come', async () => {
    const X = matrixOf('text, 200 x 80');
    const rows = X.toRows();
    const init = DenseMatrix.fromRows([rows[3], rows[50], rows[70], rows[150]]);
    const forth = await new KMeans({ nClusters: 4, init }).fit(X);
    const back = await new KMeans({ nClusters: 4, init }).fit(CsrMatrix.fromRows(rows.reverse()));
    expect(back.clusterCenters).toEqual(forth.clusterCenters);
    expect(back.labels.reverse()).toEqual(forth.labels);
  });

  it('gives other clusters for another seed and the same ones for the same', async () => {
    const X = matrixOf('text, 200 x 80');
    const fit = (randomState: number) => new KMeans({ nClusters: 6, randomState }).fit(X);
    const [first, again, other] = [await fit(1), await fit(1), await fit(2)];
    expect(again.labels).toEqual(first.labels);
    expect(other.labels).not.toEqual(first.labels);
  });

  it('keeps its clusters when a later fit is refused or stopped', async () => {
    const X = matrixOf('text, 60 x 40');
    const model = await new KMeans({ nClusters: 4, randomState: 0 }).fit(X);
    const { labels, nIter } = model;
    const abort = new AbortController();
    const stopped = refusal(model.fit(square, { signal: abort.signal }));
    abort.abort();
    expect(await stopped).toMatchObject({ name: 'AbortError' });
    expect(await refusal(model.fit(CsrMatrix.fromRows([[1]])))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    await model.predict(X); // behind whatever the stopped call still did
    expect([model.labels, model.nIter]).toEqual([labels, nIter]);
  });

  it('leaves start centers alone, and takes them as they are when it is made', async () => {
    const init = DenseMatrix.fromRows([
      [0, 0],
      [1, 1],
    ]);
    const model = new KMeans({ nClusters: 2, init });
    init.values.fill(5);
    await model.fit(square);
    expect([...model.labels]).toEqual([0, 0, 1, 1]);
    expect([...init.values]).toEqual([5, 5, 5, 5]);
  });

  it('warns of fewer clusters than asked for', async () => {
    const warning = new Promise((resolve) => process.once('warning', resolve));
    await new KMeans({ nClusters: 3, randomState: 0 }).fit(CsrMatrix.fromRows([[1], [1], [2]]));
    expect(await warning).toMatchObject({
      code: 'CORPUSCLE_FEWER_CLUSTERS',
      message: expect.stringMatching(/2 distinct.*\(3\)/),
    });
  });

  it.each([
    [[58, 1, 1], [/one of 3 clusters holds 58 of 60 rows, and 2 hold a single one; .*minDf/]],
    [[57, 2, 1], [/57 of 60 rows, and 1 holds/]],
    [[56, 2, 2], []], // no single row
    [[50, 9, 1], []], // 50 of 60 are not nearly all
  ])('warns where one cluster holds nearly all rows and others hold one: %o', async ([most, some, few], messages) => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const group = (size: number, row: number[]) => Array.from({ length: size }, () => row);
    const rows = [...group(most, [1, 0, 0]), ...group(some, [0, 1, 0]), ...group(few, [0, 0, 1])];
    const init = DenseMatrix.fromRows([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    await new KMeans({ nClusters: 3, init }).fit(CsrMatrix.fromRows(rows));
    const told = warnings.mock.calls.map(([message, options]) => [message, options]);
    warnings.mockRestore();
    const code = { code: 'CORPUSCLE_DEGENERATE_CLUSTERS' };
    expect(told).toEqual(messages.map((message) => [expect.stringMatching(message), code]));
  });

  it.each([
    ['more clusters than rows', { nClusters: 5 }, square, {}, 'ERR_OUT_OF_RANGE', /nClusters is 5, but X has 4 rows/],
    ['no rows', { nClusters: 1 }, CsrMatrix.fromRows([], 2), {}, 'ERR_OUT_OF_RANGE', /X has 0 rows/],
    ['NaN', { nClusters: 1 }, CsrMatrix.fromRows([[1], [Number.NaN]]), {}, 'ERR_OUT_OF_RANGE', /row 1 .*NaN/],
    [
      'an infinite value',
      { nClusters: 1 },
      CsrMatrix.fromRows([[Number.POSITIVE_INFINITY]]),
      {},
      'ERR_OUT_OF_RANGE',
      /row 0/,
    ],
    ['a start of another shape', { nClusters: 3, init: corners }, square, {}, 'ERR_OUT_OF_RANGE', /2 x 2.*3 x 2/],
    ['too few weights', { nClusters: 2 }, square, { sampleWeight: [1] }, 'ERR_OUT_OF_RANGE', /1 numbers.*4 rows/],
    [
      'a value whose square is infinite',
      { nClusters: 1 },
      CsrMatrix.fromRows([[1], [1e200]]),
      {},
      'ERR_OUT_OF_RANGE',
      /row 1 .*too large/,
    ],
    [
      'a weight without an inverse',
      { nClusters: 2 },
      square,
      { sampleWeight: [1, 1e-310, 1, 1] },
      'ERR_OUT_OF_RANGE',
      /number 1 is 1e-310/,
    ],
    [
      'a weight that is no number',
      { nClusters: 2 },
      square,
      { sampleWeight: [1, '3', 1, 1] },
      'ERR_OUT_OF_RANGE',
      /number 1 is "3"/,
    ],
    [
      'a negative weight',
      { nClusters: 2 },
      square,
      { sampleWeight: [1, -1, 1, 1] },
      'ERR_OUT_OF_RANGE',
      /number 1 is -1/,
    ],
    [
      'weights that are all 0',
      { nClusters: 2 },
      square,
      { sampleWeight: [0, 0, 0, 0] },
      'ERR_OUT_OF_RANGE',
      /all are 0/,
    ],
    [
      'weights that are no numbers',
      { nClusters: 2 },
      square,
      { sampleWeight: 'x' },
      'ERR_INVALID_ARG_TYPE',
      /sampleWeight/,
    ],
    [
      'fewer rows with weight than random starts',
      { nClusters: 2, init: 'random' },
      square,
      { sampleWeight: [1, 0, 0, 0] },
      'ERR_OUT_OF_RANGE',
      /1 rows? with a weight/,
    ],
    ['what is no matrix', { nClusters: 1 }, [[1]], {}, 'ERR_INVALID_ARG_TYPE', /X must be a CsrMatrix/],
    ['a budget too small', { nClusters: 2, maxBytes: 100 }, square, {}, 'ERR_MEMORY_BUDGET', /maxBytes is 100 bytes/],
  ])('refuses %s', async (_, options, X, fit, code, message) => {
    const error = await refusal(new KMeans(options as KMeansOptions).fit(X as CsrMatrix, fit as object));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    [{ nClusters: 0 }, 'ERR_OUT_OF_RANGE', /nClusters.*0/],
    [{ nClusters: 2.5 }, 'ERR_OUT_OF_RANGE', /2\.5/],
    [{ nClusters: '3' }, 'ERR_INVALID_ARG_TYPE', /"3"/],
    [{ init: 'best' }, 'ERR_INVALID_ARG_TYPE', /"best"/],
    [{ init: DenseMatrix.fromRows([[Number.NaN]]) }, 'ERR_OUT_OF_RANGE', /init/],
    [{ nInit: 0 }, 'ERR_OUT_OF_RANGE', /nInit/],
    [{ maxIter: 0 }, 'ERR_OUT_OF_RANGE', /maxIter/],
    [{ tol: -1 }, 'ERR_OUT_OF_RANGE', /tol/],
    [{ tol: Number.NaN }, 'ERR_OUT_OF_RANGE', /tol.*NaN/],
    [{ randomState: -1 }, 'ERR_OUT_OF_RANGE', /randomState.*-1/],
    [{ randomState: 2 ** 32 }, 'ERR_OUT_OF_RANGE', /randomState/],
    [{ n_clusters: 3 }, 'ERR_UNKNOWN_OPTION', /"n_clusters"/],
  ])('refuses the options %o', (options, code, message) => {
    expect(() => new KMeans(options as never)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it('refuses to tell of clusters before fit, and rows of other columns after it', async () => {
    const model = new KMeans({ nClusters: 1 });
    expect(() => model.labels).toThrow(expect.objectContaining({ code: 'ERR_NOT_FITTED' }));
    expect(await refusal(model.predict(square))).toMatchObject({ code: 'ERR_NOT_FITTED' });
    await model.fit(square);
    expect(await refusal(model.predict(CsrMatrix.fromRows([[1]])))).toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
      message: expect.stringMatching(/1 columns.*with 2/),
    });
  });
});
