import { describe, expect, it } from 'vitest';
import { CsrMatrix, type SilhouetteMetric, silhouetteSamples, silhouetteScore, silhouetteSummary } from '#src/index.js';
import { computing, describeOnEach, type Example, golden, matrices, randomMatrix, refusal } from '../../support.js';
import { goldenMatrix, largestDifference, randomLabels, slowSilhouettes } from './support.js';

const { clusterings } = golden('cluster-metrics') as Record<string, Example[]>;
const metrics = ['cosine', 'sqeuclidean', 'euclidean'] as const;

/** Dissimilarities of twelve countries, below the diagonal, and silhouettes of two clusterings (Rousseeuw 1987, tables 1 to 3). */
const table = `5.58
  7.00 6.50
  7.08 7.00 3.83
  4.83 5.08 8.17 5.83
  2.17 5.75 6.67 6.92 4.92
  6.42 5.00 5.58 6.00 4.67 6.42
  3.42 5.50 6.42 6.42 5.00 3.92 6.17
  2.50 4.92 6.25 7.33 4.50 2.25 6.33 2.75
  6.08 6.67 4.25 2.67 6.00 6.17 6.17 6.92 6.17
  5.25 6.83 4.50 3.75 5.75 5.42 6.08 5.83 6.67 3.67
  4.75 3.00 6.08 6.67 5.00 5.58 4.83 6.17 5.67 6.50 6.92`;
const countries = [
  {
    labels: [1, 1, 2, 2, 1, 1, 2, 1, 1, 2, 2, 1],
    silhouettes: [0.39, 0.22, 0.33, 0.4, 0.2, 0.35, -0.04, 0.3, 0.43, 0.34, 0.26, 0.19],
    score: 0.28,
  },
  {
    labels: [1, 2, 3, 3, 1, 1, 2, 1, 1, 3, 3, 2],
    silhouettes: [0.42, 0.25, 0.31, 0.48, 0.02, 0.44, 0.17, 0.37, 0.47, 0.44, 0.31, 0.28],
    score: 0.33,
  },
];

/** Points whose squared distances are the table's: the Cholesky factor of their products, seen from the last country. */
function embedded(): CsrMatrix<Float64Array> {
  const lower = [[], ...table.split('\n').map((line) => line.trim().split(' ').map(Number))];
  const dissimilarity = (i: number, j: number) => (i === j ? 0 : lower[Math.max(i, j)][Math.min(i, j)]);
  const last = lower.length - 1;
  const rows = lower.map(() => new Array<number>(last).fill(0));
  for (let i = 0; i < last; i++) {
    for (let j = 0; j <= i; j++) {
      let product = (dissimilarity(i, last) + dissimilarity(j, last) - dissimilarity(i, j)) / 2;
      for (let c = 0; c < j; c++) product -= rows[i][c] * rows[j][c];
      rows[i][j] = i === j ? Math.sqrt(product) : product / rows[j][j];
    }
  }
  return CsrMatrix.fromRows(rows);
}

describeOnEach('silhouetteSamples', (configuration) => {
  const options = computing(configuration);

  it.each(clusterings)('answers as scikit-learn: $matrix', async ({ matrix, labels, silhouettes }) => {
    const X = goldenMatrix(matrix);
    for (const [metric, wanted] of Object.entries<{ samples: number[]; score: number }>(silhouettes)) {
      const values = await silhouetteSamples(X, labels, { metric: metric as SilhouetteMetric, ...options });
      expect(largestDifference(values, wanted.samples), metric).toBeLessThan(1e-12);
      const score = await silhouetteScore(X, labels, { metric: metric as SilhouetteMetric, ...options });
      expect(Math.abs(score - wanted.score), metric).toBeLessThan(1e-12);
    }
  });

  it.each(countries)("has Rousseeuw's silhouettes of twelve countries: $score", async (example) => {
    const values = await silhouetteSamples(embedded(), example.labels, { metric: 'sqeuclidean', ...options });
    expect(largestDifference(values, example.silhouettes)).toBeLessThan(0.0101); // two digits, as he printed them
    expect(values.reduce((sum, value) => sum + value, 0) / 12).toBeCloseTo(example.score, 2);
  });

  it('has the silhouettes that one computes by hand', async () => {
    const X = CsrMatrix.fromRows([
      [0, 0],
      [3, 4],
      [6, 8],
      [0, 5],
    ]);
    const labels = [0, 0, 1, 1];
    // a = 5, 5, sqrt 45, sqrt 45; b = 7.5, (5 + sqrt 10) / 2, 7.5, (5 + sqrt 10) / 2
    const near = (5 + Math.sqrt(10)) / 2;
    const far = Math.sqrt(45);
    const wanted = [2.5 / 7.5, (near - 5) / 5, (7.5 - far) / 7.5, (near - far) / far];
    expect(largestDifference(await silhouetteSamples(X, labels, options), wanted)).toBeLessThan(1e-15);
    const squared = [(62.5 - 25) / 62.5, (17.5 - 25) / 25, (62.5 - 45) / 62.5, (17.5 - 45) / 45];
    const values = await silhouetteSamples(X, labels, { metric: 'sqeuclidean', ...options });
    expect(largestDifference(values, squared)).toBeLessThan(1e-15);
  });

  it('gives a row that is alone in its cluster 0, as it gives rows that are the same everywhere', async () => {
    const X = CsrMatrix.fromRows([
      [0.1, 0.7],
      [0.1, 0.7],
      [0.1, 0.7],
      [5, 0],
      [0.1, 0.7],
    ]);
    for (const metric of metrics) {
      const values = await silhouetteSamples(X, [0, 0, 1, 2, 1], { metric, ...options });
      expect([...values], metric).toEqual([0, 0, 0, 0, 0]);
      const together = await silhouetteSamples(X, [0, 0, 0, 1, 0], { metric, ...options });
      expect([...together], metric).toEqual([1, 1, 1, 0, 1]);
    }
  });

  it('takes a row of zeros to be at right angles to all rows, other rows of zeros among them', async () => {
    const X = CsrMatrix.fromRows([
      [0, 0],
      [0, 0],
      [1, 0],
      [1, 0],
    ]);
    expect([...(await silhouetteSamples(X, [0, 0, 1, 1], { metric: 'cosine', ...options }))]).toEqual([0, 0, 1, 1]);
    expect([...(await silhouetteSamples(X, [0, 0, 1, 1], options))]).toEqual([1, 1, 1, 1]);
  });
});

describe('silhouetteSamples', () => {
  it.each(metrics)('follows the definition on random matrices: %s', async (metric) => {
    for (const [seed, values] of (
      ['weights', 'counts', 'floats', 'with zeros', 'weights', 'counts'] as const
    ).entries()) {
      const X = randomMatrix({ rows: 20 + 13 * seed, columns: 6 + 7 * seed, density: 0.3, seed: seed + 1, values });
      const labels = randomLabels(X.nRows, 3 + 4 * seed, seed + 50);
      const found = await silhouetteSamples(X, labels, { metric });
      // Euclidean distances of nearly equal rows lose half of their digits; equal ones are exactly 0.
      expect(largestDifference(found, slowSilhouettes(X, labels, metric)), `${seed}`).toBeLessThan(1e-12);
    }
  });

  it('measures rows of length 1 alike by cosine and by squared Euclidean distance', async () => {
    const X = goldenMatrix('text, 60 x 40');
    const labels = randomLabels(60, 4, 3);
    const unit = new Float64Array(X.values);
    for (let row = 0; row < 60; row++) {
      const length = Math.hypot(...X.row(row).values);
      for (let q = X.indptr[row]; q < X.indptr[row + 1]; q++) unit[q] /= length;
    }
    const rows = new CsrMatrix({ ...X, values: unit });
    const [cosine, squared] = await Promise.all(
      (['cosine', 'sqeuclidean'] as const).map((metric) => silhouetteSamples(rows, labels, { metric })),
    );
    expect(largestDifference(cosine, squared)).toBeLessThan(1e-13);
  });

  it('takes labels as an array and with gaps between numbers', async () => {
    const X = goldenMatrix('integers');
    const labels = randomLabels(50, 5, 8);
    const wanted = await silhouetteSamples(X, labels);
    expect(
      await silhouetteSamples(
        X,
        Array.from(labels, (label) => 7 * label + 3),
      ),
    ).toEqual(wanted);
  });
});

describe('silhouetteSummary', () => {
  const X = randomMatrix({ rows: 200, columns: 40, density: 0.2, seed: 4 });
  const labels = Int32Array.from(randomLabels(200, 4, 5), (label) => 2 * label);

  it('tells the mean of all rows and of each cluster, without error where all are measured', async () => {
    const samples = await silhouetteSamples(X, labels, { metric: 'cosine' });
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const sampleSize of [undefined, 200, 1000]) {
      const more = sampleSize === undefined ? {} : { sampleSize };
      const summary = await silhouetteSummary(X, labels, { metric: 'cosine', ...more });
      expect(summary.score).toBeCloseTo(mean(samples), 14);
      expect(summary.standardError).toBe(0);
      expect(summary.clusterScores.length).toBe(7);
      summary.clusterScores.forEach((score, cluster) => {
        if (cluster % 2 === 1) expect(score).toBeNaN();
        else expect(score).toBeCloseTo(mean(samples.filter((_, row) => labels[row] === cluster)), 14);
      });
    }
  });

  it.each(metrics)('measures some rows, those that scikit-learn draws, against all: %s', async (metric) => {
    const samples = await silhouetteSamples(X, labels, { metric });
    for (const { seed, rows } of golden('cluster-metrics').samples) {
      const options = { metric, sampleSize: 20, randomState: seed };
      const { score, standardError, clusterScores } = await silhouetteSummary(X, labels, options);
      const drawn: number[] = rows.map((row: number) => samples[row]);
      const mean = drawn.reduce((sum, value) => sum + value, 0) / 20;
      expect(score).toBeCloseTo(mean, 14);
      const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 19;
      expect(standardError).toBeCloseTo(Math.sqrt((variance / 20) * (1 - 20 / 200)), 14);
      const inFirst = rows.filter((row: number) => labels[row] === 0);
      const first = inFirst.reduce((sum: number, row: number) => sum + samples[row], 0) / inFirst.length;
      expect(clusterScores[0]).toBeCloseTo(first, 14);
      expect(await silhouetteScore(X, labels, options)).toBe(score);
    }
  });

  it('estimates without bias, and its standard error says how well', async () => {
    const { score } = await silhouetteSummary(X, labels);
    let sum = 0;
    let within = 0;
    const draws = 100;
    for (let randomState = 0; randomState < draws; randomState++) {
      const estimate = await silhouetteSummary(X, labels, { sampleSize: 30, randomState });
      sum += estimate.score;
      if (Math.abs(estimate.score - score) < 2 * estimate.standardError) within++;
      if (randomState === 0) expect(estimate.standardError).toBeGreaterThan(0);
    }
    const { standardError } = await silhouetteSummary(X, labels, { sampleSize: 30, randomState: 0 });
    expect(Math.abs(sum / draws - score)).toBeLessThan((4 * standardError) / Math.sqrt(draws));
    expect(within / draws).toBeGreaterThan(0.88); // 0.95, were they spread as a normal distribution
  });

  it('has NaN for a cluster of which no row was drawn', async () => {
    const lonely = new Int32Array(200);
    lonely.fill(1, 100);
    const { rows } = golden('cluster-metrics').samples[0];
    const absent = [...lonely.keys()].find((row) => !rows.includes(row)) as number;
    lonely[absent] = 2;
    const { clusterScores } = await silhouetteSummary(X, lonely, { sampleSize: 20, randomState: 0 });
    expect(clusterScores[2]).toBeNaN();
    expect(clusterScores[0]).not.toBeNaN();
  });
});

describe('the silhouette functions', () => {
  const X = matrices.counts;
  const labels = Int32Array.from({ length: 300 }, (_, row) => row % 3);

  it.each([
    ['what is no matrix', [[1]], labels, {}, 'ERR_INVALID_ARG_TYPE', /X must be a CsrMatrix/],
    ['labels of another length', X, [0, 1], {}, 'ERR_OUT_OF_RANGE', /2 numbers.*300 rows/],
    ['one cluster', X, new Int32Array(300), {}, 'ERR_OUT_OF_RANGE', /1 distinct number for 300 rows/],
    ['as many clusters as rows', X, labels.map((_, row) => row), {}, 'ERR_OUT_OF_RANGE', /300 distinct/],
    ['a negative label', X, labels.map((label) => label - 1), {}, 'ERR_OUT_OF_RANGE', /number 0 is -1/],
    ['a label too large', X, labels.map((label) => label * 2 ** 28), {}, 'ERR_OUT_OF_RANGE', /16777215.*268435456/],
    ['a label that is no number', X, ['0', 1], {}, 'ERR_OUT_OF_RANGE', /number 0 is "0"/],
    ['labels of another kind', X, new Float64Array(300), {}, 'ERR_INVALID_ARG_TYPE', /Float64Array\(300\)/],
    ['no labels', X, undefined, {}, 'ERR_INVALID_ARG_TYPE', /labels must be/],
    ['an unknown metric', X, labels, { metric: 'manhattan' }, 'ERR_INVALID_ARG_VALUE', /metric must be one of/],
    ['an unknown option', X, labels, { sample_size: 3 }, 'ERR_UNKNOWN_OPTION', /sample_size/],
    ['too small a sample', X, labels, { sampleSize: 1 }, 'ERR_OUT_OF_RANGE', /sampleSize.*from 2/],
    ['a seed out of range', X, labels, { sampleSize: 9, randomState: -1 }, 'ERR_OUT_OF_RANGE', /randomState/],
    [
      'a budget too small',
      X,
      labels,
      { maxBytes: 1000 },
      'ERR_MEMORY_BUDGET',
      /300 rows in 3 clusters.*maxBytes is 1.0 kB/,
    ],
  ])('refuse %s', async (_, matrix, numbers, options, code, message) => {
    const error = await refusal(silhouetteScore(matrix as CsrMatrix, numbers as Int32Array, options as object));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('refuses a sample where all rows are asked for', async () => {
    expect(await refusal(silhouetteSamples(X, labels, { sampleSize: 9 } as object))).toMatchObject({
      code: 'ERR_UNKNOWN_OPTION',
    });
  });
});

describeOnEach('silhouettes', (configuration) => {
  const options = computing(configuration);

  it.each(metrics)('refuse values that are not finite, or whose squares are not: %s', async (metric) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e200]) {
      const X = CsrMatrix.fromRows([[1], [2], [value], [value]]);
      expect(await refusal(silhouetteSamples(X, [0, 1, 0, 1], { metric, ...options }))).toMatchObject({
        code: 'ERR_OUT_OF_RANGE',
        message:
          'X must hold finite numbers with finite squares, but row 2 holds NaN, an infinite or a too large value.',
      });
    }
  });

  it('of the largest and the smallest values are numbers', async () => {
    const X = CsrMatrix.fromRows([[1e140], [-1e140], [1e-300], [0], [1e-170], [1e140]]);
    for (const metric of metrics) {
      const values = await silhouetteSamples(X, [0, 0, 1, 1, 1, 2], { metric, ...options });
      expect(
        values.every((value) => value >= -1 && value <= 1),
        metric,
      ).toBe(true);
    }
  });
});
