import { describe, expect, it } from 'vitest';
import { CsrMatrix, type SavedSweepRow, type SweepOptions, silhouetteScore, sweepKMeans } from '#src/index.js';
import { digest, type Example, randomMatrix, refusal } from '../support.js';

const X = randomMatrix({ rows: 120, columns: 50, density: 0.08, seed: 7 });
const options = { nClusters: [2, 4, 6], randomStates: [0, 3] };

const sweep = (more: Partial<SweepOptions> = {}, matrix = X) => sweepKMeans(matrix, { ...options, ...more }).all();
const asJson = ({ rows }: { rows: readonly unknown[] }): SavedSweepRow[] => JSON.parse(JSON.stringify(rows));
const saved = async (more: Partial<SweepOptions> = {}) => asJson(await sweep(more));

/** All that a row holds, and its model. */
const whole = ({ rows }: Awaited<ReturnType<typeof sweep>>) =>
  rows.map((row) => {
    const { labels, clusterCenters, inertia, nIter } = row.model;
    return digest([{ ...row, model: 0 }, labels, clusterCenters.values, inertia, nIter]);
  });

describe('A sweep that goes on from saved rows', () => {
  it('takes them bit for bit and fits the others alone', async () => {
    const some = (await saved()).filter(({ nClusters }) => nClusters !== 4);
    const resumed = await sweep({ resumeFrom: some });
    const fresh = await sweep();
    const untimed = ({ rows }: typeof fresh) => JSON.stringify(rows).replace(/"seconds":[\d.e-]+/g, '');
    expect(untimed(resumed)).toBe(untimed(fresh));
    expect(resumed.knee?.nClusters).toBe(fresh.knee?.nClusters);
    expect(whole(await sweep({ resumeFrom: asJson(resumed) }))).toEqual(whole(resumed));
    expect([...(await resumed.rows[0].model.predict(X))]).toEqual([...resumed.rows[0].model.labels]);
  });

  it('fits nothing where all are there, and takes their seeds where none are given', async () => {
    const phases: string[] = [];
    const { randomStates: _, ...others } = options;
    const resumeFrom = await saved();
    const onProgress = ({ phase }: { phase: string }) => phases.push(phase);
    const { rows } = await sweepKMeans(X, { ...others, resumeFrom, onProgress }).all();
    expect(rows.map(({ runs }) => runs.map(({ randomState }) => randomState))).toEqual([
      [0, 3],
      [0, 3],
      [0, 3],
    ]);
    expect(phases.filter((phase) => /clustering|start centers/.test(phase))).toEqual([]);
  });

  it('measures what was not measured, or by another distance', async () => {
    const resumeFrom = await saved({ metrics: [] });
    expect(resumeFrom[0].measures.silhouette).toBeNull();
    const [row] = (await sweep({ resumeFrom })).rows;
    expect(row.silhouette).toBe(await silhouetteScore(X, row.model.labels, { metric: 'sqeuclidean' }));
    const cosine = (await sweep({ resumeFrom: await saved(), silhouetteMetric: 'cosine' })).rows[0];
    expect(cosine.silhouette).toBe(await silhouetteScore(X, row.model.labels, { metric: 'cosine' }));
    expect(cosine.silhouette).not.toBe(row.silhouette);
  });

  it('lets rows of other k be, whatever they are of', async () => {
    const resumeFrom = await saved({ nClusters: [7], tol: 0.5 });
    expect((await sweep({ resumeFrom })).rows.map(({ nClusters }) => nClusters)).toEqual([2, 4, 6]);
  });

  const changed = (change: (values: Float64Array, indices: Int32Array) => void) => {
    const { shape, indptr } = X;
    const [indices, values] = [X.indices.slice(), Float64Array.from(X.values)];
    change(values, indices);
    return new CsrMatrix({ shape, indptr, indices, values });
  };
  const swapped = changed((values) => {
    [values[0], values[1]] = [values[1], values[0]];
  });
  const larger = changed((values) => {
    values[300] += 1;
  });

  it.each<[string, Partial<SweepOptions>, CsrMatrix, RegExp]>([
    ['another tolerance', { tol: 0.01 }, X, /row of k = 2 in resumeFrom was found with tol 0.0001, not 0.01\./],
    ['another start', { init: 'random' }, X, /with init "k-means\+\+", not "random"/],
    ['other seeds', { randomStates: [0] }, X, /with seeds \[0,3\], not \[0\]/],
    ['weights', { sampleWeight: new Array(120).fill(2) }, X, /with other weights/],
    [
      'another matrix',
      {},
      randomMatrix({ rows: 100, columns: 50, density: 0.08, seed: 7 }),
      /on rows of 120 x 50 with/,
    ],
    ["two values in each other's place", {}, swapped, /on other rows of the same size/],
    ['one other value', {}, larger, /on other rows of the same size/],
  ])('refuses rows that were saved before there was %s', async (_, more, matrix, message) => {
    const error = await refusal(sweep({ resumeFrom: await saved(), ...more }, matrix));
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE', message: expect.stringMatching(message) });
  });

  const breaks: [string, (row: Example) => void, RegExp][] = [
    ['no type', (row) => delete row.type, /resumeFrom\[0\] must be what toJSON/],
    ['a run too few', (row) => row.runs.pop(), /resumeFrom\[0\]/],
    ['no runs', (row) => delete row.runs, /resumeFrom\[0\]/],
    ['an inertia that is text', (row) => (row.runs[0].inertia = '7'), /resumeFrom\[0\]/],
    ['a measure that is text', (row) => (row.measures.silhouette = 'good'), /resumeFrom\[0\]/],
    ['half of the labels', (row) => (row.runs[0].labels = row.runs[0].labels.slice(0, 40)), /k = 2 .* broken labels/],
    ['labels that are numbers', (row) => (row.runs[0].labels = [1, 2]), /broken labels/],
    ['a label too large', (row) => (row.runs[0].labels = `////${row.runs[0].labels.slice(4)}`), /broken labels/],
    ['no centers', (row) => delete row.centers, /broken centers/],
    ['centers that are no numbers', (row) => (row.centers = `//////////8${row.centers.slice(11)}`), /broken centers/],
    ['another k', (row) => (row.nClusters = 4), /broken/],
  ];

  it.each(breaks)('refuses a row with %s', async (_, change, message) => {
    const [row] = JSON.parse(JSON.stringify(await saved({ nClusters: [2] })));
    change(row);
    const resumed = (async () => sweep({ resumeFrom: [row] }))();
    expect(await refusal(resumed)).toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringMatching(message),
    });
  });
});
