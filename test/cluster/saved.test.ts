import { describe, expect, it } from 'vitest';
import { BisectingKMeans, DenseMatrix, KMeans, MiniBatchKMeans } from '#src/index.js';
import { digest, randomMatrix, refusal } from '../support.js';

const X = randomMatrix({ rows: 80, columns: 30, density: 0.2, seed: 4 });
const more = randomMatrix({ rows: 50, columns: 30, density: 0.2, seed: 5 });
const throughJson = (model: KMeans | MiniBatchKMeans | BisectingKMeans) => JSON.parse(JSON.stringify(model));
const base64 = (...numbers: number[]) => Buffer.from(Float64Array.from(numbers).buffer).toString('base64');
const init = DenseMatrix.fromRows(X.toRows().slice(0, 4));

describe('KMeans', () => {
  it.each([{ randomState: 1, nInit: 2 }, { init }, { init: 'random' as const, maxIter: 2, tol: 0.5 }])(
    'is the same after JSON, to the last bit: %o',
    async (options) => {
      const model = await new KMeans({ nClusters: 4, ...options }).fit(X);
      const again = KMeans.fromJSON(throughJson(model), { backend: 'plain' });
      const state = async (of: KMeans) =>
        digest([of.labels, of.clusterCenters, of.inertia, of.nIter, await of.predict(more), await of.transform(more)]);
      expect(await state(again)).toEqual(await state(model));
      expect(throughJson(again)).toEqual(throughJson(model));
    },
  );

  it('has its options after JSON where it was not fitted, and finds what the other one finds', async () => {
    const model = new KMeans({ nClusters: 5, init: 'random', nInit: 3, randomState: 7 });
    const again = KMeans.fromJSON(throughJson(model));
    expect(await refusal(again.predict(X))).toMatchObject({ code: 'ERR_NOT_FITTED' });
    expect((await again.fit(X)).labels).toEqual((await model.fit(X)).labels);
  });
});

describe('MiniBatchKMeans', () => {
  it('goes on after JSON as the other one goes on, with the same draws', async () => {
    const options = { nClusters: 6, randomState: 2, reassignmentRatio: 0.5, maxNoImprovement: null };
    const model = await new MiniBatchKMeans(options).partialFit(X);
    const again = MiniBatchKMeans.fromJSON(throughJson(model));
    for (let i = 0; i < 4; i++) {
      const state = (of: MiniBatchKMeans) => digest([of.labels, of.clusterCenters.values, of.inertia, of.nSteps]);
      expect(state(again)).toEqual(state(model));
      await Promise.all([model.partialFit(more), again.partialFit(more)]);
    }
    expect(throughJson(again)).toEqual(throughJson(model));
  });

  it('has its options after JSON where it was not fitted, and finds what the other one finds', async () => {
    const model = new MiniBatchKMeans({ nClusters: 4, init, batchSize: 20, initSize: 30, tol: 0.01 });
    const again = MiniBatchKMeans.fromJSON(throughJson(model), { backend: 'plain' });
    expect(throughJson(again)).toEqual(throughJson(model));
    expect(() => again.labels).toThrow(expect.objectContaining({ code: 'ERR_NOT_FITTED' }));
  });
});

describe('BisectingKMeans', () => {
  it.each([
    { randomState: 1 },
    { randomState: 2, init: 'k-means++' as const, bisectingStrategy: 'largestCluster' as const },
  ])('has the clusters of every k after JSON, to the last bit: %o', async (options) => {
    const model = await new BisectingKMeans({ nClusters: 9, ...options }).fit(X);
    const again = BisectingKMeans.fromJSON(throughJson(model), { backend: 'plain' });
    const state = async (of: BisectingKMeans) => {
      const cuts = Array.from({ length: 9 }, (_, i) => [
        of.labelsAt(i + 1),
        of.clusterCentersAt(i + 1),
        of.inertiaAt(i + 1),
      ]);
      return digest([cuts, await of.predict(more), await of.transform(more), await of.score(more)]);
    };
    expect(await state(again)).toEqual(await state(model));
    expect(throughJson(again)).toEqual(throughJson(model));
  });

  it('has its options after JSON where it was not fitted, and finds what the other one finds', async () => {
    const model = new BisectingKMeans({ nClusters: 3, nInit: 2, randomState: 7 });
    const again = BisectingKMeans.fromJSON(throughJson(model));
    expect(() => again.labels).toThrow(expect.objectContaining({ code: 'ERR_NOT_FITTED' }));
    expect((await again.fit(X)).labels).toEqual((await model.fit(X)).labels);
  });

  it('is one cluster after JSON where it was one', async () => {
    const model = await new BisectingKMeans({ nClusters: 1 }).fit(X);
    expect(BisectingKMeans.fromJSON(throughJson(model)).inertia).toBe(model.inertia);
  });
});

const kmeans = throughJson(
  await new KMeans({ nClusters: 2, init: DenseMatrix.fromRows(X.toRows().slice(0, 2)) }).fit(X),
);
const tree = throughJson(await new BisectingKMeans({ nClusters: 2, randomState: 0 }).fit(X));
const int32 = (...numbers: number[]) => Buffer.from(Int32Array.from(numbers).buffer).toString('base64');
const stream = throughJson(await new MiniBatchKMeans({ nClusters: 2, randomState: 0 }).partialFit(X));
const short = Buffer.from(kmeans.clusters.labels, 'base64').subarray(4).toString('base64');

type Change = [path: string, value: unknown, code: string];
const common: Change[] = [
  ['', null, 'ERR_INVALID_ARG_VALUE'],
  ['', 'text', 'ERR_INVALID_ARG_VALUE'],
  ['type', 'CountVectorizer', 'ERR_INVALID_ARG_VALUE'],
  ['options', null, 'ERR_INVALID_ARG_TYPE'],
  ['options.backend', 'plain', 'ERR_UNKNOWN_OPTION'],
  ['options.nClusters', 0, 'ERR_OUT_OF_RANGE'],
  ['options.nClusters', '2', 'ERR_INVALID_ARG_TYPE'],
  ['options.nClusters', 3, 'ERR_INVALID_ARG_VALUE'],
  ['options.init', { shape: 2, values: '' }, 'ERR_INVALID_ARG_TYPE'],
  ['options.init', { shape: [1, -1], values: '' }, 'ERR_OUT_OF_RANGE'],
  ['options.init', { shape: [1, 2], values: base64(1) }, 'ERR_INVALID_ARG_VALUE'],
  ['options.init', { shape: [1, 1], values: base64(Number.NaN) }, 'ERR_INVALID_ARG_VALUE'],
  ['options.randomState', -1, 'ERR_OUT_OF_RANGE'],
  ['clusters', [], 'ERR_INVALID_ARG_VALUE'],
  ['clusters', 'x', 'ERR_INVALID_ARG_VALUE'],
  ['clusters.nRows', 81, 'ERR_INVALID_ARG_VALUE'],
  ['clusters.nRows', 0, 'ERR_OUT_OF_RANGE'],
  ['clusters.nColumns', 29, 'ERR_INVALID_ARG_VALUE'],
  ['clusters.nColumns', 1.5, 'ERR_OUT_OF_RANGE'],
  ['clusters.labels', short, 'ERR_INVALID_ARG_VALUE'],
  ['clusters.labels', undefined, 'ERR_INVALID_ARG_VALUE'],
  ['clusters.labels', kmeans.clusters.labels.replace(/^..../, '////'), 'ERR_INVALID_ARG_VALUE'],
];
const fits: Change[] = [
  ['options.init', 'best', 'ERR_INVALID_ARG_TYPE'],
  ['clusters.inertia', null, 'ERR_INVALID_ARG_TYPE'],
  ['clusters.inertia', -1, 'ERR_OUT_OF_RANGE'],
  ['clusters.nIter', -1, 'ERR_OUT_OF_RANGE'],
];
const nan60 = base64(...new Array(60).fill(Number.NaN));

function changed(json: unknown, path: string, value: unknown): unknown {
  if (path === '') return value;
  const copy = structuredClone(json) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() as string;
  const owner = names.reduce((at, name) => at[name] as Record<string, unknown>, copy);
  owner[last] = value;
  return copy;
}

describe.each([
  [
    'KMeans',
    KMeans,
    kmeans,
    [...fits, ['clusters.centers', nan60, 'ERR_INVALID_ARG_VALUE'], ['clusters.centers', 3, 'ERR_INVALID_ARG_VALUE']],
  ],
  [
    'MiniBatchKMeans',
    MiniBatchKMeans,
    stream,
    [
      ...fits,
      ['clusters.sums', nan60, 'ERR_INVALID_ARG_VALUE'],
      ['clusters.weights', base64(1), 'ERR_INVALID_ARG_VALUE'],
      ['clusters.weights', base64(1, -1), 'ERR_OUT_OF_RANGE'],
      ['clusters.nSteps', 0, 'ERR_OUT_OF_RANGE'],
      ['clusters.batchSize', 0, 'ERR_OUT_OF_RANGE'],
      ['clusters.rowsSinceReassignment', '5', 'ERR_INVALID_ARG_TYPE'],
      ['random', 5, 'ERR_INVALID_ARG_VALUE'],
      ['random.position', 999, 'ERR_INVALID_ARG_VALUE'],
      ['random', undefined, 'ERR_INVALID_ARG_VALUE'],
    ],
  ],
  [
    'BisectingKMeans',
    BisectingKMeans,
    tree,
    [
      ['options.init', 'best', 'ERR_INVALID_ARG_VALUE'],
      ['clusters.centers', nan60, 'ERR_INVALID_ARG_VALUE'],
      ['clusters.inertias', base64(1, 1), 'ERR_INVALID_ARG_VALUE'],
      ['clusters.inertias', base64(1, 1, -1), 'ERR_OUT_OF_RANGE'],
      ['clusters.divisions', 5, 'ERR_INVALID_ARG_VALUE'],
      ['clusters.divisions', int32(0, -1), 'ERR_INVALID_ARG_VALUE'],
      ['clusters.divisions', int32(-1, -1, -1), 'ERR_INVALID_ARG_VALUE'],
      ['clusters.divisions', int32(-1, 0, -1), 'ERR_INVALID_ARG_VALUE'],
      ['clusters.divisions', int32(1, -1, -1), 'ERR_INVALID_ARG_VALUE'],
      ['clusters.divisions', int32(-2, -1, -1), 'ERR_INVALID_ARG_VALUE'],
      ['clusters.divisions', int32(0, 0, -1), 'ERR_INVALID_ARG_VALUE'],
    ],
  ],
] as [string, { fromJSON(json: unknown, computing?: object): unknown }, unknown, Change[]][])(
  '%s.fromJSON',
  (_, Model, json, own) => {
    it('takes what toJSON gave', () => {
      expect(() => Model.fromJSON(json)).not.toThrow();
    });

    it.each([...common, ...own])('refuses %s as %o', (path, value, code) => {
      const named = path.startsWith('clusters.') && !path.endsWith('nRows') && !path.endsWith('nColumns');
      expect(() => Model.fromJSON(changed(json, path, value))).toThrow(
        expect.objectContaining({ code, message: expect.stringContaining(named ? `json.${path}` : '') }),
      );
    });

    it('refuses options that are not of computing', () => {
      expect(() => Model.fromJSON(json, { nClusters: 3 })).toThrow(
        expect.objectContaining({ code: 'ERR_UNKNOWN_OPTION' }),
      );
    });
  },
);
