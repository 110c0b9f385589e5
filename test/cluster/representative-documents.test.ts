import { describe, expect, it } from 'vitest';
import { CsrMatrix, DenseMatrix, KMeans, representativeDocuments } from '#src/index.js';
import { computing, configurations, describeOnEach, matrices, refusal } from '../support.js';

const X = CsrMatrix.fromRows([
  [0, 0],
  [2, 0],
  [4, 0],
  [10, 0],
  [7, 0],
  [10, 0],
]);
const clusterCenters = DenseMatrix.fromRows([
  [1, 0],
  [10, 0],
  [5, 5],
]);
const labels = Int32Array.of(0, 0, 0, 1, 1, 1);

describeOnEach(
  'representativeDocuments',
  (configuration) => {
    const options = computing(configuration);

    it('finds the rows nearest to a center, and those nearest to the next one', async () => {
      const [first, second, none] = await representativeDocuments(X, { labels, clusterCenters }, { n: 2, ...options });
      expect(first.representative.map(({ row, distance }) => [row, distance])).toEqual([
        [0, 1],
        [1, 1],
      ]);
      const gapTo = (x: number) => Math.hypot(x - 5, 5);
      expect(first.borderline.map(({ row, nextCluster, gap }) => [row, nextCluster, gap])).toEqual([
        [2, 2, expect.closeTo(gapTo(4) - 3, 12)],
        [1, 2, expect.closeTo(gapTo(2) - 1, 12)],
      ]);
      expect(second.representative.map(({ row, distance }) => [row, distance])).toEqual([
        [3, 0],
        [5, 0],
      ]);
      expect(second.borderline[0]).toEqual({
        row: 4,
        distance: 3,
        nextCluster: 2,
        gap: expect.closeTo(gapTo(7) - 3, 12),
      });
      expect(none).toEqual({ representative: [], borderline: [] });
    });

    it('takes a fitted model, and says the same as its distances', async () => {
      const rows = matrices.weights;
      const model = await new KMeans({ nClusters: 5, randomState: 0, maxIter: 3, ...options }).fit(rows);
      const found = await representativeDocuments(rows, model, { n: 3, ...options });
      const distances = (await model.transform(rows)).toRows();
      for (const [cluster, { representative, borderline }] of found.entries()) {
        const members = [...model.labels.keys()].filter((row) => model.labels[row] === cluster);
        const others = (row: number) => distances[row].filter((_, j) => j !== cluster);
        const gap = (row: number) => Math.min(...others(row)) - distances[row][cluster];
        const nearest = [...members].sort((a, b) => distances[a][cluster] - distances[b][cluster] || a - b);
        expect(representative.map(({ row }) => row)).toEqual(nearest.slice(0, 3));
        expect(borderline.map(({ row }) => row)).toEqual(
          [...members].sort((a, b) => gap(a) - gap(b) || a - b).slice(0, 3),
        );
        for (const { row, gap: told } of borderline) expect(told).toBe(gap(row));
      }
    });
  },
  configurations.filter(({ threads }) => threads === undefined || threads === 2),
);

describe('representativeDocuments', () => {
  it('has no next cluster where there is one alone', async () => {
    const one = DenseMatrix.fromRows([[0, 0]]);
    const [{ borderline }] = await representativeDocuments(X, { labels: new Int32Array(6), clusterCenters: one });
    expect(borderline[0]).toEqual({ row: 0, distance: 0, nextCluster: -1, gap: Number.POSITIVE_INFINITY });
    expect(borderline.map(({ row }) => row)).toEqual([0, 1, 2, 3, 4]);
  });

  it.each([
    ['no clusters', null, {}, 'ERR_INVALID_ARG_TYPE', /clusters must be a fitted model/],
    ['a model that is not fitted', new KMeans(), {}, 'ERR_NOT_FITTED', /call fit first/],
    ['labels as an array', { labels: [0, 1], clusterCenters }, {}, 'ERR_INVALID_ARG_TYPE', /labels/],
    [
      'labels of another length',
      { labels: new Int32Array(2), clusterCenters },
      {},
      'ERR_OUT_OF_RANGE',
      /2 numbers.*6 rows/,
    ],
    [
      'a label without a center',
      { labels: labels.map((label) => label + 2), clusterCenters },
      {},
      'ERR_OUT_OF_RANGE',
      /holds 3/,
    ],
    [
      'centers of other columns',
      { labels, clusterCenters: DenseMatrix.fromRows([[1]]) },
      {},
      'ERR_OUT_OF_RANGE',
      /1 x 1/,
    ],
    ['no centers', { labels, clusterCenters: [[1, 0]] }, {}, 'ERR_INVALID_ARG_TYPE', /clusterCenters/],
    [
      'centers with NaN',
      {
        labels,
        clusterCenters: DenseMatrix.fromRows([
          [0, 0],
          [Number.NaN, 0],
        ]),
      },
      {},
      'ERR_OUT_OF_RANGE',
      /NaN/,
    ],
    ['n of 0', { labels, clusterCenters }, { n: 0 }, 'ERR_OUT_OF_RANGE', /n must be/],
    ['a budget too small', { labels, clusterCenters }, { maxBytes: 10 }, 'ERR_MEMORY_BUDGET', /6 rows to 3 centers/],
  ])('refuses %s', async (_, clusters, options, code, message) => {
    const error = await refusal(representativeDocuments(X, clusters as KMeans, options));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('refuses rows that are not finite', async () => {
    const bad = CsrMatrix.fromRows([
      [1, 0],
      [Number.NaN, 1],
    ]);
    const error = await refusal(representativeDocuments(bad, { labels: new Int32Array(2), clusterCenters }));
    expect(error).toMatchObject({ code: 'ERR_OUT_OF_RANGE', message: expect.stringMatching(/row 1 holds NaN/) });
  });
});
