import { describe, expect, it } from 'vitest';
import { CsrMatrix, calinskiHarabaszScore, daviesBouldinScore, daviesBouldinSummary } from '#src/index.js';
import { computing, describeOnEach, type Example, golden, matrices, randomMatrix, refusal } from '../../support.js';
import { distance, goldenMatrix, meanRows, randomLabels } from './support.js';

const { clusterings } = golden('cluster-metrics') as Record<string, Example[]>;
const relative = (value: number, wanted: number) => Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));
const repeated = (rows: number[][], times: number) => Array.from({ length: times }, () => rows).flat();

/** Four clusters of ten rows, each of two places. */
const four = CsrMatrix.fromRows([
  ...repeated(
    [
      [0, 0],
      [1, 1],
    ],
    5,
  ),
  ...repeated(
    [
      [3, 3],
      [4, 4],
    ],
    5,
  ),
  ...repeated(
    [
      [0, 4],
      [1, 3],
    ],
    5,
  ),
  ...repeated(
    [
      [3, 1],
      [4, 0],
    ],
    5,
  ),
]);
const fourLabels = Int32Array.from({ length: 40 }, (_, row) => Math.floor(row / 10));
const same = CsrMatrix.fromRows(repeated([[1, 1]], 10));
const halves = Int32Array.from({ length: 10 }, (_, row) => Math.floor(row / 5));
const crossed = CsrMatrix.fromRows(
  repeated(
    [
      [-1, -1],
      [1, 1],
    ],
    10,
  ),
);
const crossedLabels = Int32Array.from({ length: 20 }, (_, row) => Math.floor(row / 10));

describeOnEach('calinskiHarabaszScore and daviesBouldinScore', (configuration) => {
  const options = computing(configuration);

  it.each(clusterings)('answer as scikit-learn: $matrix', async (example) => {
    const X = goldenMatrix(example.matrix);
    for (const [key, score] of [
      ['daviesBouldin', daviesBouldinScore],
      ['calinskiHarabasz', calinskiHarabaszScore],
    ] as const) {
      if (!(key in example)) continue;
      expect(relative(await score(X, example.labels, options), example[key]), key).toBeLessThan(1e-12);
    }
  });

  it('have the values that one computes by hand', async () => {
    expect(await calinskiHarabaszScore(four, fourLabels, options)).toBeCloseTo((45 * (40 - 4)) / (5 * (4 - 1)), 12);
    expect(await daviesBouldinScore(four, fourLabels, options)).toBeCloseTo((2 * Math.sqrt(0.5)) / 3, 14);
    const X = CsrMatrix.fromRows([
      [0, 0],
      [2, 2],
      [3, 3],
      [5, 5],
    ]);
    const { score, clusterScores } = await daviesBouldinSummary(X, [0, 0, 1, 2], options);
    expect(score).toBeCloseTo(5 / 4 / 3, 14);
    for (const [cluster, wanted] of [0.5, 0.5, 0.25].entries()) expect(clusterScores[cluster]).toBeCloseTo(wanted, 14);
  });

  it('have their values for rows that are all the same, and for means that are', async () => {
    expect(await calinskiHarabaszScore(same, halves, options)).toBe(1);
    expect(await daviesBouldinScore(same, halves, options)).toBe(0);
    expect(await calinskiHarabaszScore(crossed, crossedLabels, options)).toBe(0);
    expect(await daviesBouldinScore(crossed, crossedLabels, options)).toBe(0);
  });

  it('refuse values that are not finite', async () => {
    const X = CsrMatrix.fromRows([[1], [Number.NaN], [2]]);
    for (const score of [calinskiHarabaszScore, daviesBouldinScore]) {
      expect(await refusal(score(X, [0, 1, 1], options))).toMatchObject({
        code: 'ERR_OUT_OF_RANGE',
        message: expect.stringMatching(/row 1 holds NaN/),
      });
    }
  });
});

describe('calinskiHarabaszScore and daviesBouldinSummary', () => {
  it.each([1, 2, 3, 4, 5])('follow their definitions on random matrices: %d', async (seed) => {
    const X = randomMatrix({ rows: 30 * seed, columns: 5 + 9 * seed, density: 0.3, seed });
    const labels = Int32Array.from(
      randomLabels(X.nRows, 2 + 3 * seed, seed + 20),
      (label) => label + (label > 2 ? 2 : 0),
    );
    const rows = X.toRows();
    const centers = meanRows(X, labels);
    const center = rows[0].map((_, column) => rows.reduce((sum, row) => sum + row[column], 0) / rows.length);
    let [within, between] = [0, 0];
    rows.forEach((row, i) => {
      within += distance.sqeuclidean(row, centers.get(labels[i])!);
      between += distance.sqeuclidean(center, centers.get(labels[i])!);
    });
    const wanted = (between * (rows.length - centers.size)) / (within * (centers.size - 1));
    expect(relative(await calinskiHarabaszScore(X, labels), wanted)).toBeLessThan(1e-12);

    const spread = (cluster: number) => {
      const members = rows.filter((_, i) => labels[i] === cluster);
      return members.reduce((sum, row) => sum + distance.euclidean(row, centers.get(cluster)!), 0) / members.length;
    };
    const { score, clusterScores } = await daviesBouldinSummary(X, labels);
    const values = [...clusterScores.keys()].map((i) => {
      const others = [...centers.keys()].filter((j) => j !== i);
      if (!centers.has(i)) return Number.NaN;
      return Math.max(
        ...others.map((j) => (spread(i) + spread(j)) / distance.euclidean(centers.get(i)!, centers.get(j)!)),
      );
    });
    values.forEach((value, cluster) => {
      if (Number.isNaN(value)) expect(clusterScores[cluster]).toBeNaN();
      else expect(relative(clusterScores[cluster], value)).toBeLessThan(1e-12);
    });
    const real = values.filter((value) => !Number.isNaN(value));
    expect(relative(score, real.reduce((sum, value) => sum + value, 0) / real.length)).toBeLessThan(1e-12);
  });

  it.each([
    ['labels of another length', [0, 1], {}, 'ERR_OUT_OF_RANGE', /2 numbers.*300 rows/],
    ['one cluster', new Int32Array(300), {}, 'ERR_OUT_OF_RANGE', /1 distinct number/],
    ['an unknown option', new Int32Array(300), { metric: 'cosine' }, 'ERR_UNKNOWN_OPTION', /metric/],
    [
      'a budget too small',
      Int32Array.from({ length: 300 }, (_, i) => i % 2),
      { maxBytes: 9 },
      'ERR_MEMORY_BUDGET',
      /2 clusters/,
    ],
  ])('refuse %s', async (_, labels, options, code, message) => {
    for (const score of [calinskiHarabaszScore, daviesBouldinScore, daviesBouldinSummary]) {
      const error = await refusal(score(matrices.counts, labels, options as object));
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    }
  });
});
