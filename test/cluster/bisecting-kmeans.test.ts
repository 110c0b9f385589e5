import { describe, expect, it, vi } from 'vitest';
import { BisectingKMeans, CsrMatrix } from '#src/index.js';
import { computing, configurations, describeOnEach, golden, randomMatrix, refusal } from '../support.js';

const { matrices } = golden('kmeans');
const { cases } = golden('bisecting');

function matrixOf(name: string): CsrMatrix<Float64Array> {
  const { nRows, nColumns, indptr, indices, values } = matrices[name];
  const arrays = {
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(indices),
    values: Float64Array.from(values),
  };
  return new CsrMatrix({ shape: [nRows, nColumns], ...arrays });
}

/** The rows from the last to the first, halved. */
function halvedAndReversed(X: CsrMatrix): CsrMatrix {
  const rows = X.toRows().reverse();
  return CsrMatrix.fromRows(rows.map((row) => row.map((cell) => cell / 2)));
}

const isAbout = (value: number, wanted: number) =>
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1e-3, Math.abs(wanted)));

// Three groups on a line: around 0, around 10 and around 100.
const line = CsrMatrix.fromRows([[0], [1], [10], [12], [100], [103]]);

/** Equality over all of them is tested in backends/equality.test.ts. */
const onThese = configurations.filter(({ threads }) => threads === undefined || threads === 3);

describeOnEach(
  'BisectingKMeans',
  (configuration) => {
    const options = computing(configuration);

    it.each(cases)('answers as scikit-learn, for every smaller k as well: $name', async (example) => {
      const X = matrixOf(example.matrix);
      const { sampleWeight } = example;
      const model = await new BisectingKMeans({ ...example.options, ...options }).fit(
        X,
        sampleWeight && { sampleWeight },
      );
      expect([...model.labels]).toEqual(example.labels);
      isAbout(model.inertia, example.inertia);
      model.clusterCenters.toRows().forEach((row, j) => {
        isAbout(
          row.reduce((sum, cell, c) => sum + cell * (c + 1), 0),
          example.projections[j],
        );
      });
      expect([...(await model.predict(halvedAndReversed(X)))]).toEqual(example.predicted);
      example.cuts.forEach((labels: number[], i: number) => {
        expect([...model.labelsAt(i + 2)]).toEqual(labels);
      });
    });

    it('divides the cluster of the biggest inertia, as one computes by hand', async () => {
      const model = await new BisectingKMeans({
        nClusters: 4,
        init: 'k-means++',
        nInit: 5,
        randomState: 0,
        ...options,
      }).fit(line);
      const groups = (k: number) => {
        const labels = [...model.labelsAt(k)];
        return [...new Set(labels)].map((label) => labels.flatMap((other, row) => (other === label ? [row] : [])));
      };
      expect(groups(1)).toEqual([[0, 1, 2, 3, 4, 5]]);
      expect(groups(2)).toEqual([
        [0, 1, 2, 3],
        [4, 5],
      ]);
      expect(groups(3)).toEqual([
        [0, 1],
        [2, 3],
        [4, 5],
      ]);
      expect(groups(4)).toEqual([[0, 1], [2, 3], [4], [5]]); // 4.5 is more than 0.5 and 2
      const squares = (...rows: number[]) => {
        const mean = rows.reduce((a, b) => a + b) / rows.length;
        return rows.reduce((sum, x) => sum + (x - mean) ** 2, 0);
      };
      expect(model.inertiaAt(1)).toBeCloseTo(squares(0, 1, 10, 12, 100, 103), 9);
      expect(model.inertiaAt(2)).toBeCloseTo(squares(0, 1, 10, 12) + 4.5, 9);
      expect(model.inertiaAt(3)).toBeCloseTo(0.5 + 2 + 4.5, 12);
      expect(model.inertia).toBeCloseTo(0.5 + 2, 12);
      expect(model.clusterCentersAt(1).toRows()[0][0]).toBeCloseTo(226 / 6, 12);
    });

    it('labels the rows of fit as it did, from the top of the tree', async () => {
      const X = matrixOf('text, 200 x 80');
      const model = await new BisectingKMeans({ nClusters: 9, randomState: 5, ...options }).fit(X);
      expect([...(await model.predict(X))]).toEqual([...model.labels]);
      const distances = (await model.transform(X)).toRows();
      const inertia = distances.reduce((sum, row, i) => sum + row[model.labels[i]] ** 2, 0);
      isAbout(inertia, model.inertia);
      isAbout(await model.score(X), -distances.reduce((sum, row) => sum + Math.min(...row) ** 2, 0));
    });
  },
  onThese,
);

describe('BisectingKMeans', () => {
  it('divides what can be divided where rows are equal, down to a cluster for each row', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const rows = [[1], [1], [1], [1], [5]];
    const model = await new BisectingKMeans({ nClusters: 5, randomState: 0 }).fit(CsrMatrix.fromRows(rows));
    expect(warnings).toHaveBeenCalledWith(expect.stringMatching(/2 distinct/), { code: 'CORPUSCLE_FEWER_CLUSTERS' });
    warnings.mockRestore();
    expect(model.inertia).toBe(0);
    expect(new Set(model.labels).size).toBe(2);
    expect(model.labels[0]).not.toBe(model.labels[4]);
  });

  it('finds a cluster for each row where all are different', async () => {
    const model = await new BisectingKMeans({ nClusters: 6, randomState: 1 }).fit(line);
    expect(new Set(model.labels).size).toBe(6);
    expect(model.inertia).toBe(0);
  });

  it('never divides a cluster without two rows that have a weight', async () => {
    const sampleWeight = [1, 0, 1, 0, 0, 1];
    const model = await new BisectingKMeans({ nClusters: 3, randomState: 0 }).fit(line, { sampleWeight });
    const [a, , b, , , c] = model.labels;
    expect(new Set([a, b, c]).size).toBe(3);
  });

  it('works on the rows as they were when it was called', async () => {
    const X = randomMatrix({ rows: 80, columns: 30, density: 0.2, seed: 4 });
    const fit = () => new BisectingKMeans({ nClusters: 6, randomState: 0 }).fit(X);
    const wanted = await fit();
    const running = fit();
    X.values.fill(3);
    X.indices.fill(0);
    expect((await running).labels).toEqual(wanted.labels);
  });

  it.each([
    ['more clusters than rows', { nClusters: 7 }, line, {}, 'ERR_OUT_OF_RANGE', /nClusters is 7, but X has 6 rows/],
    [
      'more clusters than rows with a weight',
      { nClusters: 2 },
      line,
      { sampleWeight: [1, 0, 0, 0, 0, 0] },
      'ERR_OUT_OF_RANGE',
      /1 rows have a weight/,
    ],
    ['NaN', { nClusters: 1 }, CsrMatrix.fromRows([[1], [Number.NaN]]), {}, 'ERR_OUT_OF_RANGE', /row 1 .*NaN/],
    ['what is no matrix', { nClusters: 1 }, [[1]], {}, 'ERR_INVALID_ARG_TYPE', /X must be a CsrMatrix/],
    ['a budget too small', { nClusters: 2, maxBytes: 100 }, line, {}, 'ERR_MEMORY_BUDGET', /maxBytes is 100 bytes/],
  ])('refuses %s', async (_, options, X, fit, code, message) => {
    const error = await refusal(new BisectingKMeans(options).fit(X as CsrMatrix, fit));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    [{ nClusters: 0 }, 'ERR_OUT_OF_RANGE', /nClusters/],
    [{ init: 'best' }, 'ERR_INVALID_ARG_VALUE', /"best"/],
    [{ nInit: 0 }, 'ERR_OUT_OF_RANGE', /nInit/],
    [{ tol: -1 }, 'ERR_OUT_OF_RANGE', /tol/],
    [{ bisectingStrategy: 'biggest_inertia' }, 'ERR_INVALID_ARG_VALUE', /'biggestInertia', 'largestCluster'/],
    [{ metric: 'cosine' }, 'ERR_UNKNOWN_OPTION', /"metric"/],
  ])('refuses the options %o', (options, code, message) => {
    expect(() => new BisectingKMeans(options as never)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it('refuses to tell of clusters before fit, of more than it has, and rows of other columns', async () => {
    const model = new BisectingKMeans({ nClusters: 2, randomState: 0 });
    expect(() => model.labels).toThrow(expect.objectContaining({ code: 'ERR_NOT_FITTED' }));
    expect(await refusal(model.predict(line))).toMatchObject({ code: 'ERR_NOT_FITTED' });
    await model.fit(line);
    for (const k of [0, 3, 1.5]) {
      expect(() => model.labelsAt(k)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    }
    expect(await refusal(model.predict(CsrMatrix.fromRows([[1, 2]])))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  });
});
