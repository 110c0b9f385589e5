import { describe, expect, it, vi } from 'vitest';
import { CsrMatrix, DenseMatrix, KMeans } from '#src/index.js';
import { computing, describeOnEach, digest, randomMatrix, refusal } from '../support.js';

const length = (row: number[]) => Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
const unit = (row: number[]) => (length(row) === 0 ? row : row.map((x) => x / length(row)));
const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** The definition, from given centers of length 1, until no label changes. */
function spherical(X: number[][], start: number[][]): { labels: number[]; centers: number[][]; inertia: number } {
  let centers = start;
  let labels: number[] = [];
  for (;;) {
    const next = X.map((row) => {
      const products = centers.map((center) => dot(row, center));
      return products.indexOf(Math.max(...products));
    });
    if (next.every((label, i) => label === labels[i])) break;
    labels = next;
    centers = centers.map((center, j) => {
      const own = X.filter((_, i) => labels[i] === j);
      return own.length === 0 ? center : unit(center.map((_, c) => own.reduce((sum, row) => sum + row[c], 0)));
    });
  }
  return { labels, centers, inertia: X.reduce((sum, row, i) => sum + 1 - dot(row, centers[labels[i]]), 0) };
}

// Two directions: along the first axis and along the second one, at very different lengths.
const rays = CsrMatrix.fromRows([
  [100, 0, 0],
  [0, 0, 0],
  [3, 4, 0],
  [0, 0.001, 0],
  [0, 7, 0],
]);
const axes = DenseMatrix.fromRows([
  [5, 0, 0],
  [0, 0.5, 0],
]);

describeOnEach('KMeans by cosine', (configuration) => {
  const options = { metric: 'cosine' as const, ...computing(configuration) };

  it('gives the clusters that one computes by hand for four directions and a row of zeros', async () => {
    const model = await new KMeans({ nClusters: 2, init: axes, ...options }).fit(rays);
    // (3, 4) is nearer to (0, 1), by 0.8 against 0.6; the sum (0.6, 2.8) has the length sqrt(8.2)
    const along = [0.6 / Math.sqrt(8.2), 2.8 / Math.sqrt(8.2)];
    expect([...model.labels]).toEqual([0, 0, 1, 1, 1]);
    expect(model.clusterCenters.toRows()[0]).toEqual([1, 0, 0]);
    model.clusterCenters.toRows()[1].forEach((cell, c) => {
      expect(cell).toBeCloseTo([...along, 0][c], 15);
    });
    expect(model.inertia).toBeCloseTo(3 - Math.sqrt(8.2), 14);
    expect([...(await model.predict(rays))]).toEqual([...model.labels]);
    expect(await model.score(rays)).toBeCloseTo(-model.inertia, 14);
    const [first, zeros, third] = (await model.transform(rays)).toRows();
    expect([first[0], ...zeros]).toEqual([0, 1, 1]);
    expect(third[0]).toBeCloseTo(0.4, 15);
    expect(third[1]).toBeCloseTo(1 - (0.6 * along[0] + 0.8 * along[1]), 15);
  });

  it('follows the definition', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const X = randomMatrix({ rows: 120, columns: 25, density: 0.3, seed });
      const rows = X.toRows().map(unit);
      const start = rows.filter((row) => length(row) > 0).slice(0, 5);
      const wanted = spherical(rows, start);
      const init = DenseMatrix.fromRows(start);
      const model = await new KMeans({ nClusters: 5, init, tol: 0, ...options }).fit(X);
      expect([...model.labels]).toEqual(wanted.labels);
      expect(Math.abs(model.inertia - wanted.inertia)).toBeLessThan(1e-12 * wanted.inertia);
      for (const [j, center] of model.clusterCenters.toRows().entries()) {
        expect(length(center)).toBeCloseTo(1, 14);
        expect(dot(center, wanted.centers[j])).toBeCloseTo(1, 13);
      }
    }
  });

  it('has the same bits for rows of any length, and twice the inertia for twice the weight', async () => {
    const X = randomMatrix({ rows: 60, columns: 20, density: 0.3, seed: 9 });
    const scaled = new CsrMatrix({
      ...X,
      shape: X.shape,
      indptr: X.indptr,
      indices: X.indices,
      values: X.values.slice(),
    });
    for (let row = 0; row < 60; row++) {
      for (let q = X.indptr[row]; q < X.indptr[row + 1]; q++) scaled.values[q] *= 2 ** ((row % 7) - 3);
    }
    const fit = (of: CsrMatrix, fitOptions = {}) =>
      new KMeans({ nClusters: 4, randomState: 3, nInit: 2, ...options }).fit(of, fitOptions);
    const state = (model: KMeans) => digest([model.labels, model.clusterCenters.values, model.inertia, model.nIter]);
    expect(state(await fit(scaled))).toEqual(state(await fit(X)));
    const doubled = await fit(X, { sampleWeight: new Array(60).fill(2) });
    expect([...doubled.labels]).toEqual([...(await fit(X)).labels]);
    expect(doubled.inertia).toBeCloseTo(2 * (await fit(X)).inertia, 10);
  });
});

describe('KMeans by cosine', () => {
  it('leaves rows of zeros out: the other rows get the clusters that they get without them', async () => {
    const rows = randomMatrix({ rows: 50, columns: 15, density: 0.3, seed: 6 })
      .toRows()
      .filter((row) => length(row) > 0);
    const zeros = new Array(15).fill(0);
    const mixed = [zeros, ...rows.slice(0, 20), zeros, zeros, ...rows.slice(20), zeros];
    const fit = (of: number[][]) =>
      new KMeans({ nClusters: 4, metric: 'cosine', randomState: 0 }).fit(CsrMatrix.fromRows(of));
    const [without, between] = [await fit(rows), await fit(mixed)];
    expect(digest(between.clusterCenters.values)).toEqual(digest(without.clusterCenters.values));
    expect(between.inertia).toBe(without.inertia);
    const labels = [...between.labels];
    expect(labels.filter((_, i) => length(mixed[i]) > 0)).toEqual([...without.labels]);
    expect(labels.filter((_, i) => length(mixed[i]) === 0)).toEqual([0, 0, 0, 0]);
  });

  it('gives a cluster whose rows cancel out the center of the one with the longest sum', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const X = CsrMatrix.fromRows([
      [1, 0, 0],
      [-1, 0, 0],
      [0, 0, 5],
      [0, 0, 6],
    ]);
    const init = DenseMatrix.fromRows([
      [0, 1, 0],
      [0, 0, 1],
    ]);
    const model = await new KMeans({ nClusters: 2, init, metric: 'cosine', maxIter: 1 }).fit(X);
    warnings.mockRestore();
    expect(model.clusterCenters.toRows()).toEqual([
      [0, 0, 1],
      [0, 0, 1],
    ]);
  });

  it('is the same after JSON', async () => {
    const model = await new KMeans({ nClusters: 2, init: axes, metric: 'cosine' }).fit(rays);
    const again = KMeans.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(await again.score(rays)).toBe(await model.score(rays));
    expect((await again.fit(rays)).inertia).toBe(model.inertia);
  });

  it.each([
    [
      'too few rows that have a direction',
      { nClusters: 5 },
      rays,
      {},
      'ERR_OUT_OF_RANGE',
      /nClusters is 5, but 4 rows/,
    ],
    [
      'rows with a direction that all weigh nothing',
      { nClusters: 1 },
      rays,
      { sampleWeight: [0, 1, 0, 0, 0] },
      'ERR_OUT_OF_RANGE',
      /none of them a weight/,
    ],
    [
      'too few rows with a direction and a weight for random starts',
      { nClusters: 2, init: 'random' },
      rays,
      { sampleWeight: [1, 1, 0, 0, 0] },
      'ERR_OUT_OF_RANGE',
      /1 row with a weight/,
    ],
    ['NaN', { nClusters: 1 }, CsrMatrix.fromRows([[1], [Number.NaN]]), {}, 'ERR_OUT_OF_RANGE', /row 1 /],
    ['infinite squares', { nClusters: 1 }, CsrMatrix.fromRows([[1e200]]), {}, 'ERR_OUT_OF_RANGE', /row 0 /],
  ])('refuses %s', async (_, options, X, fit, code, message) => {
    const error = await refusal(new KMeans({ ...options, metric: 'cosine' } as never).fit(X, fit as object));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    [{ metric: 'manhattan' }, 'ERR_INVALID_ARG_VALUE', /"manhattan"/],
    [{ metric: 'cosine', init: DenseMatrix.fromRows([[0, 0]]) }, 'ERR_OUT_OF_RANGE', /row 0 has the length 0/],
    [
      { metric: 'cosine', init: DenseMatrix.fromRows([[1e200, 0]]) },
      'ERR_OUT_OF_RANGE',
      /row 0 has the length Infinity/,
    ],
  ])('refuses the options %o', (options, code, message) => {
    expect(() => new KMeans(options as never)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
