import { describe, expect, it, vi } from 'vitest';
import { RandomState } from '#src/core/random.js';
import { CsrMatrix, DenseMatrix, KMeans } from '#src/index.js';
import { randomMatrix, refusal } from '../support.js';

const square = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0);

/** k-means|| by the definition, up to the candidates and what they weigh. */
function candidatesOf(X: number[][], nClusters: number, random: RandomState): { rows: number[]; weights: number[] } {
  const rows = [random.choice(new Float64Array(X.length).fill(1))];
  const distance = (row: number[]) => Math.min(...rows.map((candidate) => square(row, X[candidate])));
  for (let round = 0; round < 5; round++) {
    const distances = X.map(distance);
    const potential = distances.reduce((sum, d) => sum + d);
    rows.push(...[...X.keys()].filter((i) => random.randomSample() * potential < 2 * nClusters * distances[i]));
  }
  const weights = rows.map(() => 0);
  for (const row of X) {
    const distances = rows.map((candidate) => square(row, X[candidate]));
    weights[distances.indexOf(Math.min(...distances))]++;
  }
  return { rows, weights };
}

/** Greedy k-means++ among weighted rows by the definition. */
function plusPlus(X: number[][], weights: number[], nClusters: number, random: RandomState): number[] {
  const chosen = [random.choice(Float64Array.from(weights))];
  const potentialWith = (rows: number[]) =>
    X.map((row, i) => weights[i] * Math.min(...rows.map((other) => square(row, X[other]))));
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  while (chosen.length < nClusters) {
    const shares = potentialWith(chosen);
    const draws = Array.from(
      { length: 2 + Math.floor(Math.log(nClusters)) },
      () => random.randomSample() * sum(shares),
    );
    const trials = draws.map((draw) => {
      const running = shares.map((_, i) => sum(shares.slice(0, i + 1)));
      return running.findIndex((reached) => reached >= draw);
    });
    const potentials = trials.map((row) => sum(potentialWith([...chosen, row])));
    chosen.push(trials[potentials.indexOf(Math.min(...potentials))]);
  }
  return chosen;
}

describe("KMeans with init 'k-means||'", () => {
  it.each([1, 2, 3])('starts as the definition does, seed %i', async (seed) => {
    const nClusters = 4;
    const X = randomMatrix({ rows: 150, columns: 20, density: 0.4, seed });
    const rows = X.toRows();
    const random = new RandomState(seed);
    const { rows: candidates, weights } = candidatesOf(rows, nClusters, random);
    expect(candidates.length).toBeGreaterThan(2 * nClusters);
    const few = candidates.map((row) => rows[row]);
    const start = plusPlus(few, weights, nClusters, random).map((at) => few[at]);
    const init = DenseMatrix.fromRows(start);
    const wanted = await new KMeans({ nClusters, init, maxIter: 1 }).fit(X);
    const model = await new KMeans({ nClusters, init: 'k-means||', randomState: seed, maxIter: 1 }).fit(X);
    expect([...model.labels]).toEqual([...wanted.labels]);
    expect(model.inertia).toBe(wanted.inertia);
  });

  it('falls back on k-means++ where there are too few candidates', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const X = CsrMatrix.fromRows([[1], [1], [1], [4]]);
    const model = await new KMeans({ nClusters: 3, init: 'k-means||', randomState: 0 }).fit(X);
    warnings.mockRestore();
    expect(new Set(model.labels).size).toBe(2);
    expect(model.inertia).toBe(0);
  });

  it('leaves rows without weight out of its choice, and works on rows as they were when it was called', async () => {
    const X = randomMatrix({ rows: 120, columns: 20, density: 0.4, seed: 7 });
    const sampleWeight = Array.from({ length: 120 }, (_, i) => i % 3);
    const fit = () =>
      new KMeans({ nClusters: 5, init: 'k-means||', randomState: 1, nInit: 2 }).fit(X, { sampleWeight });
    const wanted = await fit();
    const running = fit();
    X.values.fill(1);
    X.indices.fill(0);
    expect((await running).labels).toEqual(wanted.labels);
    expect(wanted.inertia).toBeGreaterThan(0);
  });

  it('counts the memory of its candidates', async () => {
    const X = randomMatrix({ rows: 100, columns: 3000, density: 0.01, seed: 7 });
    const fit = (init: 'k-means||' | 'k-means++') => new KMeans({ nClusters: 50, init, maxBytes: 10e6 }).fit(X);
    expect(await refusal(fit('k-means||'))).toMatchObject({ code: 'ERR_MEMORY_BUDGET' });
    await expect(fit('k-means++')).resolves.toBeInstanceOf(KMeans);
  });
});
