import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { loadAddon } from '#src/backends/native/addon.js';
import {
  AbortError,
  type BackendOptions,
  CsrMatrix,
  calinskiHarabaszScore,
  daviesBouldinSummary,
  type Progress,
  silhouetteSamples,
  silhouetteSummary,
} from '#src/index.js';
import {
  computing,
  configurations,
  describeOnEach,
  digest,
  matrices,
  randomMatrix,
  refusal,
  simdLevels,
  withoutNative,
  withSimd,
} from '../../support.js';
import { randomLabels } from './support.js';

const [plain, ...others] = configurations;
type Task = (X: CsrMatrix, labels: Int32Array, options: BackendOptions) => Promise<unknown>;

const tasks: Record<string, Task> = {
  'silhouettes, cosine': (X, labels, options) => silhouetteSamples(X, labels, { metric: 'cosine', ...options }),
  'silhouettes, sqeuclidean': (X, labels, options) =>
    silhouetteSamples(X, labels, { metric: 'sqeuclidean', ...options }),
  'silhouettes, euclidean': async (X, labels, options) =>
    X.nRows < 1000
      ? silhouetteSamples(X, labels, options)
      : silhouetteSummary(X, labels, { sampleSize: 300, randomState: 1, ...options }),
  'Calinski-Harabasz': calinskiHarabaszScore,
  'Davies-Bouldin': daviesBouldinSummary,
};

const names = Object.keys(matrices).filter((name) => matrices[name].nRows > 2);

describe.skipIf(withoutNative).each(Object.keys(tasks))('%s', (task) => {
  it.each(names)('has the same bits on every backend and number of threads: %s', async (name) => {
    const X = matrices[name];
    for (const k of X.nRows < 1000 ? [2, 20] : [19]) {
      const labels = randomLabels(X.nRows, Math.min(k, X.nRows - 1), k);
      const wanted = digest(await tasks[task](X, labels, computing(plain)));
      for (const configuration of others) {
        expect(digest(await tasks[task](X, labels, computing(configuration))), configuration.name).toEqual(wanted);
      }
    }
  });
});

describe.skipIf(withoutNative)('silhouettes', () => {
  it.each(simdLevels)('have the same bits by vector instructions: %s', async (level) => {
    const X = randomMatrix({ rows: 300, columns: 200, density: 0.1, seed: 12 });
    for (const k of [9, 17, 40, 59]) {
      const labels = randomLabels(300, k, k);
      const samples = (backend: 'plain' | 'native') => silhouetteSamples(X, labels, { metric: 'cosine', backend });
      expect(digest(await withSimd(level, () => samples('native')))).toEqual(digest(await samples('plain')));
    }
  });
});

describe.skipIf(withoutNative)('the binding', () => {
  const X = CsrMatrix.fromRows([[1], [2], [3]]);
  const rows = { ...X, nRows: 3, nColumns: 1 };
  const options = () => ({ threads: 1, maxBytes: 1e9, control: new Int32Array(new SharedArrayBuffer(8)) });

  it.each([
    ['labels beyond the clusters', [0, 1, 2], 2, [0]],
    ['negative labels', [0, -1, 1], 2, [0]],
    ['labels of another length', [0, 1], 2, [0]],
    ['more clusters than rows', [0, 1, 1], 4, [0]],
    ['a sample beyond the rows', [0, 1, 1], 2, [3]],
    ['a negative sample', [0, 1, 1], 2, [-1]],
  ])('refuses %s', async (_, labels, nClusters, sample) => {
    const { addon } = loadAddon();
    const numbers = Int32Array.from(labels);
    const error = await refusal(
      addon.silhouette(rows, numbers, nClusters, 'cosine', Int32Array.from(sample), options()),
    );
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    if (sample[0] !== 0) return;
    expect(await refusal(addon.dispersion(rows, numbers, nClusters, true, options()))).toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
    });
  });
});

const wanted = configurations.filter(({ threads }) => threads === undefined || threads === 2);

describeOnEach(
  'a silhouette',
  (configuration) => {
    const options = computing(configuration);
    const X = randomMatrix({ rows: 4000, columns: 1000, density: 0.05, seed: 8 });
    const labels = randomLabels(4000, 12, 9);

    it('ends soon after it is aborted, and tells how far it came', async () => {
      const abort = new AbortController();
      const told: Progress[] = [];
      const onProgress = (progress: Progress) => told.push(progress);
      const running = refusal(silhouetteSamples(X, labels, { ...options, signal: abort.signal, onProgress }));
      await wait(20);
      const aborted = performance.now();
      abort.abort();
      expect(await running).toBeInstanceOf(AbortError);
      expect(performance.now() - aborted).toBeLessThan(1000); // 100 ms is promised; a loaded machine gets more here
      expect(told.every(({ phase, total }) => phase === 'measuring silhouettes' && total === 4000)).toBe(true);
    });

    it('is that of the arrays as they were when it was asked for', async () => {
      const arrays = {
        indptr: Int32Array.from(X.indptr),
        indices: X.indices.slice(),
        values: Float64Array.from(X.values),
      };
      const own = new CsrMatrix({ shape: X.shape, ...arrays });
      const numbers = labels.slice();
      const running = silhouetteSamples(own, numbers, { metric: 'cosine', ...options });
      for (const array of [...Object.values(arrays), numbers]) array.fill(7);
      expect(digest(await running)).toEqual(
        digest(await silhouetteSamples(X, labels, { metric: 'cosine', ...options })),
      );
    });

    it('of a matrix that was broken since it was made is refused', async () => {
      const broken = new CsrMatrix({ shape: X.shape, indptr: X.indptr, indices: X.indices.slice(), values: X.values });
      broken.indices[5] = 1_000_000;
      for (const task of Object.values(tasks)) {
        expect(await refusal(task(broken, labels, options))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
      }
    });
  },
  wanted,
);
