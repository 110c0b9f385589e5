import { describe, expect, it } from 'vitest';
import { clusterSimilarity, DenseMatrix } from '#src/index.js';
import { computing, configurations, describeOnEach, dice, digest, refusal, withoutNative } from '../support.js';

function randomCenters(k: number, p: number): DenseMatrix<Float64Array> {
  const random = dice(k);
  const values = Float64Array.from({ length: k * p }, () => (random() < 0.4 ? 0 : random() - 0.3));
  return new DenseMatrix({ shape: [k, p], values });
}

describeOnEach('clusterSimilarity', (configuration) => {
  const options = computing(configuration);

  it('has the cosines that one computes by hand', async () => {
    const centers = DenseMatrix.fromRows([
      [3, 4],
      [30, 40],
      [4, -3],
      [0, 0],
      [-1, 0],
      [1e300, 1e-300],
    ]);
    const similarity = await clusterSimilarity(centers, options);
    const wanted = [
      [1, 1, 0, 0, -0.6, 0.6],
      [1, 1, 0, 0, -0.6, 0.6],
      [0, 0, 1, 0, -0.8, 0.8],
      [0, 0, 0, 0, 0, 0],
      [-0.6, -0.6, -0.8, 0, 1, -1],
      [0.6, 0.6, 0.8, 0, -1, 1],
    ];
    similarity.toRows().forEach((row, i) => {
      expect(row).toEqual(wanted[i].map((cosine) => expect.closeTo(cosine, 14)));
    });
  });
});

describe('clusterSimilarity', () => {
  it('follows the definition, is symmetric and 1 on its diagonal', async () => {
    const centers = randomCenters(19, 40);
    const similarity = await clusterSimilarity(centers);
    const rows = centers.toRows();
    const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * y[i], 0);
    for (let i = 0; i < 19; i++) {
      expect(similarity.row(i)[i]).toBe(1);
      for (let j = 0; j < 19; j++) {
        expect(similarity.row(i)[j]).toBe(similarity.row(j)[i]);
        const cosine = dot(rows[i], rows[j]) / Math.sqrt(dot(rows[i], rows[i]) * dot(rows[j], rows[j]));
        expect(similarity.row(i)[j]).toBeCloseTo(cosine, 14);
      }
    }
  });

  it.skipIf(withoutNative)('has the same bits on every backend and number of threads', async () => {
    const centers = randomCenters(21, 1300);
    const wanted = digest(await clusterSimilarity(centers, { backend: 'plain' }));
    for (const configuration of configurations) {
      expect(digest(await clusterSimilarity(centers, computing(configuration))), configuration.name).toEqual(wanted);
    }
  });

  it('compares no centers, and centers without columns', async () => {
    expect((await clusterSimilarity(DenseMatrix.fromRows([]))).shape).toEqual([0, 0]);
    const values = new Float64Array(0);
    expect((await clusterSimilarity(new DenseMatrix({ shape: [2, 0], values }))).toRows()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it.each([
    ['what is no matrix', [[1]], {}, 'ERR_INVALID_ARG_TYPE', /centers must be a DenseMatrix/],
    [
      'values that are not finite',
      DenseMatrix.fromRows([[1], [Number.NaN]]),
      {},
      'ERR_OUT_OF_RANGE',
      /row 1 holds NaN/,
    ],
    ['an unknown option', DenseMatrix.fromRows([[1]]), { n: 3 }, 'ERR_UNKNOWN_OPTION', /"n"/],
    ['a budget too small', DenseMatrix.fromRows([[1]]), { maxBytes: 10 }, 'ERR_MEMORY_BUDGET', /1 clusters/],
  ])('refuses %s', async (_, centers, options, code, message) => {
    const error = await refusal(clusterSimilarity(centers as DenseMatrix, options as object));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
