import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import {
  AbortError,
  adjustedRandScore,
  CsrMatrix,
  calinskiHarabaszScore,
  clusterJaccard,
  DenseMatrix,
  daviesBouldinScore,
  findKnee,
  KMeans,
  type Progress,
  type SweepOptions,
  type SweepRow,
  silhouetteScore,
  sweepKMeans,
} from '#src/index.js';
import {
  computing,
  configurations,
  describeOnEach,
  dice,
  digest,
  randomMatrix,
  refusal,
  withoutNative,
} from '../support.js';

const X = randomMatrix({ rows: 200, columns: 90, density: 0.06, seed: 31 });
const random = dice(4);
const sampleWeight = Float64Array.from({ length: X.nRows }, () => (random() < 0.1 ? 0 : random() * 3));

/** The bits of a model, and of a row. */
const model = ({ labels, clusterCenters, inertia, nIter }: KMeans) =>
  digest([labels, clusterCenters.values, inertia, nIter]);
const bits = (row: SweepRow) => [
  model(row.model),
  digest({ ...row, model: 0, seconds: 0, runs: row.runs.map((run) => ({ ...run, seconds: 0 })) }),
];

describeOnEach('Every row of a sweep', (configuration) => {
  const options = computing(configuration);
  const nClusters = [9, 2, 15, 8];
  const randomStates = [3, 0];

  it.each<[string, Partial<SweepOptions>]>([
    ['k-means++', {}],
    ['several starts, weights', { nInit: 2, sampleWeight, maxIter: 5 }],
    ['by cosine', { metric: 'cosine', maxIter: 4 }],
    ['random starts, few iterations', { init: 'random', nInit: 3, maxIter: 3, tol: 0.1 }],
  ])('is what KMeans finds alone: %s', async (_, more) => {
    const { sampleWeight, ...kmeans } = more;
    const alone = (nClusters: number, randomState: number) =>
      new KMeans({ ...(kmeans as object), nClusters, randomState, ...options }).fit(
        X,
        sampleWeight ? { sampleWeight } : {},
      );
    const { rows } = await sweepKMeans(X, { nClusters, randomStates, metrics: [], ...more, ...options }).all();
    expect(rows.map((row) => row.nClusters)).toEqual(nClusters);
    for (const row of rows) {
      const [first, second] = [await alone(row.nClusters, 3), await alone(row.nClusters, 0)];
      const found = ({ labels, inertia, nIter }: { labels: Int32Array; inertia: number; nIter: number }) =>
        digest([labels, inertia, nIter]);
      expect(row.runs.map(found)).toEqual([found(first), found(second)]);
      const best = first.inertia <= second.inertia ? first : second;
      expect(model(row.model)).toEqual(model(best));
      expect(row.randomState).toBe(best === first ? 3 : 0);
    }
  });
});

describe('sweepKMeans', () => {
  const two = { nClusters: [3, 5], randomStates: [0], metrics: [] } as const;

  it('gives rows as they come, and all of them with the knee', async () => {
    const sweep = sweepKMeans(X, { nClusters: [2, 3, 4, 6, 9], randomStates: [1] });
    const seen: SweepRow[] = [];
    for await (const row of sweep) {
      seen.push(row);
      if (seen.length === 1) expect(sweep.rows.length).toBeLessThan(5);
    }
    const { rows, knee } = await sweep.all();
    expect(seen).toEqual(rows);
    expect(sweep.rows).toEqual(rows);
    const curve = [rows.map((row) => row.nClusters), rows.map((row) => row.inertia)] as const;
    expect(knee?.nClusters ?? null).toBe(findKnee(...curve));
    for (const row of rows) {
      expect([...row.sizes]).toEqual(
        Array.from(row.sizes, (_, j) => row.model.labels.filter((label) => label === j).length),
      );
      expect(row.seconds).toBeGreaterThan(0);
      expect([row.inertia, row.nIter, row.stability]).toEqual([row.model.inertia, row.model.nIter, null]);
    }
  });

  it('finds the knee also where numbers of clusters are not in order', async () => {
    const randomStates = [1];
    const ordered = await sweepKMeans(X, { nClusters: [2, 3, 4, 6, 30], randomStates, metrics: [] }).all();
    const mixed = await sweepKMeans(X, { nClusters: [30, 3, 6, 2, 4], randomStates, metrics: [] }).all();
    expect(mixed.rows.map((row) => row.nClusters)).toEqual([30, 3, 6, 2, 4]);
    expect(mixed.knee?.nClusters).toBe(ordered.knee?.nClusters);
    expect(mixed.knee).not.toBeNull();
  });

  it('measures each model as the metrics do, where they are defined', async () => {
    const metrics = ['silhouette', 'daviesBouldin', 'calinskiHarabasz'] as const;
    for (const silhouetteMetric of ['cosine', 'sqeuclidean', 'euclidean'] as const) {
      const options = { nClusters: [1, 4], randomStates: [0], metrics, silhouetteMetric };
      const [one, four] = (await sweepKMeans(X, options).all()).rows;
      expect([one.silhouette, one.daviesBouldin, one.calinskiHarabasz]).toEqual([null, null, null]);
      const { labels } = four.model;
      expect([four.silhouette, four.daviesBouldin, four.calinskiHarabasz]).toEqual([
        await silhouetteScore(X, labels, { metric: silhouetteMetric }),
        await daviesBouldinScore(X, labels),
        await calinskiHarabaszScore(X, labels),
      ]);
    }
    const { rows } = await sweepKMeans(X, { nClusters: [4], randomStates: [0] }).all();
    expect(rows[0].silhouette).toBe(await silhouetteScore(X, rows[0].model.labels, { metric: 'sqeuclidean' }));
    expect(rows[0].daviesBouldin).toBeNull();
  });

  it('fits by cosine the rows that have a direction, and measures by it', async () => {
    const rows = CsrMatrix.fromRows([
      [0, 0],
      [1, 9],
      [0, 2],
      [3, 0],
      [0, 0],
      [8, 1],
      [1, 0],
    ]);
    const options = { nClusters: [2, 3], randomStates: [0], metric: 'cosine' } as const;
    const [two, three] = (await sweepKMeans(rows, options).all()).rows;
    const alone = await new KMeans({ nClusters: 3, randomState: 0, metric: 'cosine' }).fit(rows);
    expect(model(three.model)).toEqual(model(alone));
    expect(two.silhouette).toBe(await silhouetteScore(rows, two.model.labels, { metric: 'cosine' }));
    const error = await refusal(sweepKMeans(rows, { ...options, nClusters: [2, 6] }).all());
    expect(error).toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
      message: expect.stringMatching(/nClusters is 6, but 5 rows/),
    });
  });

  it('refuses fewer rows with weight than random starts before it fits anything', async () => {
    const sweep = sweepKMeans(X, { ...two, init: 'random', sampleWeight: [1, 1, 1, ...new Array(197).fill(0)] });
    expect(await refusal(sweep.all())).toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
      message: expect.stringMatching(/3 rows with a weight/),
    });
    expect(sweep.rows).toEqual([]);
  });

  it('tells how much the seeds agree', async () => {
    const { rows } = await sweepKMeans(X, { nClusters: [4], randomStates: [0, 1, 2], metrics: [] }).all();
    const [{ runs, stability, randomState }] = rows;
    const [a, b, c] = runs.map(({ labels }) => labels);
    const pairs = [adjustedRandScore(a, b), adjustedRandScore(a, c), adjustedRandScore(b, c)];
    expect([...stability!.adjustedRands]).toEqual(pairs);
    expect(stability!.adjustedRand).toBeCloseTo((pairs[0] + pairs[1] + pairs[2]) / 3, 14);
    const best = runs[randomState].labels;
    const others = [a, b, c].filter((labels) => labels !== best).map((labels) => clusterJaccard(best, labels));
    stability!.clusterJaccard.forEach((value, j) => {
      expect(value).toBeCloseTo((others[0][j] + others[1][j]) / 2, 14);
    });
  });

  it('agrees fully with itself where all seeds must find the same clusters', async () => {
    const apart = CsrMatrix.fromRows(
      Array.from({ length: 30 }, (_, i) => [0, 1, 2].map((j) => (i % 3 === j ? 1 + i / 1000 : 0))),
    );
    const [{ stability }] = (await sweepKMeans(apart, { nClusters: [3], randomStates: [0, 1, 2, 3] }).all()).rows;
    expect(stability).toMatchObject({ adjustedRand: 1, clusterJaccard: Float64Array.of(1, 1, 1) });
  });

  it('draws one seed where none is given, and tells which', async () => {
    const [first, other] = [sweepKMeans(X, { nClusters: [4] }), sweepKMeans(X, { nClusters: [4] })];
    const [row] = (await first.all()).rows;
    const alone = await new KMeans({ nClusters: 4, randomState: row.randomState }).fit(X);
    expect(model(row.model)).toEqual(model(alone));
    expect((await other.all()).rows[0].randomState).not.toBe(row.randomState);
  });

  it.skipIf(withoutNative)('has the same rows on every backend, with all that it measures', async () => {
    const metrics = ['silhouette', 'daviesBouldin', 'calinskiHarabasz'] as const;
    const sweep = (options: object) =>
      sweepKMeans(X, { nClusters: [2, 6], randomStates: [0, 5], metrics, ...options }).all();
    const wanted = (await sweep({ backend: 'plain' })).rows.map(bits);
    for (const configuration of configurations.filter(({ threads }) => threads !== 7)) {
      expect((await sweep(computing(configuration))).rows.map(bits), configuration.name).toEqual(wanted);
    }
  });

  it('works on its arguments as they were when it was called', async () => {
    const wanted = (await sweepKMeans(X, { nClusters: [3, 5], randomStates: [0] }).all()).rows.map(bits);
    const { indptr, indices, values } = X;
    const mine = new CsrMatrix({
      shape: X.shape,
      indptr: indptr.slice(),
      indices: indices.slice(),
      values: values.slice(),
    });
    const nClusters = [3, 5];
    const randomStates = [0];
    const sweep = sweepKMeans(mine, { nClusters, randomStates });
    for (const array of [mine.indptr, mine.indices, mine.values]) array.fill(-7);
    nClusters.push(-1);
    randomStates.fill(9);
    expect((await sweep.all()).rows.map(bits)).toEqual(wanted);
  });

  it('warns of fewer clusters than asked for, once a row', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const same = CsrMatrix.fromRows([[1], [1], [2], [2]]);
    const { rows } = await sweepKMeans(same, { nClusters: [2, 3], randomStates: [0, 1] }).all();
    const codes = warnings.mock.calls.map(([message, options]) => [String(message), options]);
    warnings.mockRestore();
    expect(codes).toEqual([[expect.stringMatching(/2 distinct.*\(3\)/), { code: 'CORPUSCLE_FEWER_CLUSTERS' }]]);
    expect(rows[1].sizes).toHaveLength(3);
    expect(rows[1].stability!.clusterJaccard.filter(Number.isNaN)).toHaveLength(1);
  });

  it('tells progress over the whole, never backwards, up to the whole', async () => {
    const told: Progress[] = [];
    const onProgress = (progress: Progress) => told.push(progress);
    const options = { nClusters: [3, 5], randomStates: [0, 1], init: 'random', nInit: 2, metrics: [] } as const;
    await sweepKMeans(X, { ...options, onProgress }).all();
    const done = told.map((progress) => progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(new Set(told.map(({ total }) => total))).toEqual(new Set([16]));
    expect(told.at(-1)).toMatchObject({ done: 16 });
    expect(told[0].phase).toMatch(/^k = 3, seed 0: /);
    expect(told.some(({ phase }) => phase === 'k = 5, seed 1: clustering, start 2 of 2')).toBe(true);
  });

  it('ends with the error of its listener', async () => {
    const onProgress = () => {
      throw new Error('the screen is gone');
    };
    expect((await refusal(sweepKMeans(X, { ...two, onProgress }).all())).message).toBe('the screen is gone');
  });

  it('ends soon after it is aborted, and keeps the rows that are finished', async () => {
    const abort = new AbortController();
    const large = randomMatrix({ rows: 3000, columns: 2000, density: 0.03, seed: 8 });
    const wanted = { nClusters: [2, 300, 3], randomStates: [0], tol: 0, metrics: [] } as const;
    const sweep = sweepKMeans(large, { ...wanted, signal: abort.signal });
    const seen: SweepRow[] = [];
    let aborted = Number.NaN;
    const loop = (async () => {
      for await (const row of sweep) {
        seen.push(row);
        setTimeout(() => {
          aborted = performance.now();
          abort.abort('enough');
        }, 20);
      }
    })();
    expect(await refusal(loop)).toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(performance.now() - aborted).toBeLessThan(1000);
    expect(seen.map(({ nClusters }) => nClusters)).toEqual([2]);
    expect(sweep.rows).toEqual(seen);
    expect(await refusal(sweep.all())).toBeInstanceOf(AbortError);
    const late: number[] = [];
    const again = (async () => {
      for await (const { nClusters } of sweep) late.push(nClusters);
    })();
    expect(await refusal(again)).toBeInstanceOf(AbortError);
    expect(late).toEqual([2]);
  });

  it('ends when its loop is left, and all() gives the rows until then', async () => {
    const large = randomMatrix({ rows: 3000, columns: 2000, density: 0.03, seed: 8 });
    const sweep = sweepKMeans(large, { nClusters: [2, 400], randomStates: [0], tol: 0, metrics: [] });
    for await (const { nClusters } of sweep) {
      expect(nClusters).toBe(2);
      break;
    }
    const left = performance.now();
    expect((await sweep.all()).rows.map(({ nClusters }) => nClusters)).toEqual([2]);
    expect(performance.now() - left).toBeLessThan(1000);
  });

  it('does not start once its signal has fired, and disturbs nobody who does not ask', async () => {
    const sweep = sweepKMeans(X, { ...two, signal: AbortSignal.abort('too late') });
    await wait(20);
    expect(await refusal(sweep.all())).toMatchObject({ name: 'AbortError', cause: 'too late' });
    expect(sweep.rows).toEqual([]);
  });

  it('its models live on without the signal of the sweep', async () => {
    const abort = new AbortController();
    const [row] = (await sweepKMeans(X, { ...two, signal: abort.signal }).all()).rows;
    abort.abort();
    expect([...(await row.model.predict(X))]).toEqual([...row.model.labels]);
  });

  it('refuses values that are no numbers when it has read them', async () => {
    const sweep = sweepKMeans(CsrMatrix.fromRows([[1], [Number.NaN]]), { nClusters: [1] });
    expect(await refusal(sweep.all())).toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
      message: expect.stringMatching(/row 1/),
    });
  });

  it('needs no more than the memory that it asks for', async () => {
    const metrics = ['silhouette', 'daviesBouldin', 'calinskiHarabasz'] as const;
    for (const silhouetteMetric of ['sqeuclidean', 'euclidean'] as const) {
      const options = { nClusters: [9, 20], randomStates: [0], metrics, silhouetteMetric };
      const refused = (() => {
        try {
          return sweepKMeans(X, { ...options, maxBytes: 1 });
        } catch (error) {
          return error as Error & { needed: number };
        }
      })() as Error & { needed: number };
      expect(refused).toMatchObject({
        code: 'ERR_MEMORY_BUDGET',
        message: expect.stringMatching(/^A sweep over 2 numbers/),
      });
      expect((await sweepKMeans(X, { ...options, maxBytes: refused.needed }).all()).rows).toHaveLength(2);
    }
  });

  it.each<[object, string, RegExp]>([
    [{}, 'ERR_INVALID_ARG_TYPE', /nClusters must be an array .* but is undefined/],
    [{ nClusters: 5 }, 'ERR_INVALID_ARG_TYPE', /nClusters must be an array .* but is 5/],
    [{ nClusters: [] }, 'ERR_INVALID_ARG_TYPE', /nClusters .* is empty/],
    [{ nClusters: [3, 0] }, 'ERR_OUT_OF_RANGE', /Number 1 of nClusters .* is 0/],
    [{ nClusters: [3, 5, 3] }, 'ERR_OUT_OF_RANGE', /nClusters .* has 3 twice/],
    [{ nClusters: [2, 201] }, 'ERR_OUT_OF_RANGE', /nClusters is 201, but X has 200 rows/],
    [{ nClusters: [2], randomStates: [-1] }, 'ERR_OUT_OF_RANGE', /Number 0 of randomStates .* is -1/],
    [{ nClusters: [2], randomStates: [1, 1] }, 'ERR_OUT_OF_RANGE', /randomStates .* has 1 twice/],
    [{ nClusters: [2], randomState: 1 }, 'ERR_UNKNOWN_OPTION', /sweepKMeans has no option "randomState".*randomStates/],
    [{ nClusters: [2], metrics: ['inertia'] }, 'ERR_INVALID_ARG_VALUE', /Number 0 of metrics .*"inertia"/],
    [{ nClusters: [2], metrics: 'silhouette' }, 'ERR_INVALID_ARG_TYPE', /metrics must be an array/],
    [{ nClusters: [2], silhouetteMetric: 'manhattan' }, 'ERR_INVALID_ARG_VALUE', /silhouetteMetric/],
    [{ nClusters: [2], init: DenseMatrix.fromRows([[1]]) }, 'ERR_INVALID_ARG_TYPE', /given centers are of one k/],
    [{ nClusters: [2], tol: -1 }, 'ERR_OUT_OF_RANGE', /tol/],
    [{ nClusters: [2], sampleWeight: [1] }, 'ERR_OUT_OF_RANGE', /sampleWeight holds 1 numbers/],
    [{ nClusters: [2], resumeFrom: 'file' }, 'ERR_INVALID_ARG_TYPE', /resumeFrom must be saved rows/],
    [{ nClusters: [2], resumeFrom: [null] }, 'ERR_INVALID_ARG_VALUE', /resumeFrom\[0\] must be what toJSON/],
    [{ nClusters: [2], backend: 'gpu' }, 'ERR_INVALID_ARG_VALUE', /backend/],
    [{ nClusters: [2], signal: 1 }, 'ERR_INVALID_ARG_TYPE', /signal/],
  ])('refuses %o at once', (options, code, message) => {
    expect(() => sweepKMeans(X, options as SweepOptions)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it('refuses what is no matrix, and no options', () => {
    expect(() => sweepKMeans([[1]] as never, two)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
    expect(() => sweepKMeans(X, undefined as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });
});
