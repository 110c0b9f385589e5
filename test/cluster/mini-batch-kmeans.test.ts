import { describe, expect, it, vi } from 'vitest';
import { CsrMatrix, DenseMatrix, MiniBatchKMeans, type MiniBatchKMeansOptions } from '#src/index.js';
import { computing, configurations, describeOnEach, dice, digest, golden, randomMatrix, refusal } from '../support.js';

const { matrices } = golden('kmeans');
const { cases } = golden('mini-batch');

function matrixOf(name: string, [from, to] = [0, matrices[name].nRows]): CsrMatrix<Float64Array> {
  const { nColumns, indptr, indices, values } = matrices[name];
  const [begin, end] = [indptr[from], indptr[to]];
  return new CsrMatrix({
    shape: [to - from, nColumns],
    indptr: Int32Array.from(indptr.slice(from, to + 1), (at: number) => at - begin),
    indices: Int32Array.from(indices.slice(begin, end)),
    values: Float64Array.from(values.slice(begin, end)),
  });
}

function optionsOf(options: Record<string, unknown>): MiniBatchKMeansOptions {
  return Array.isArray(options.init) ? { ...options, init: DenseMatrix.fromRows(options.init) } : options;
}

const closeTo = (wanted: number, scale = 1e-3) => ({
  asymmetricMatch: (value: number) => Math.abs(value - wanted) <= 1e-9 * Math.max(scale, Math.abs(wanted)),
  toString: () => `about ${wanted}`,
});

const quietly = () => vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
const line = CsrMatrix.fromRows([[0], [2], [10], [14]]);
const ends = DenseMatrix.fromRows([[0], [10]]);

/** Equality over all of them is tested in backends/equality.test.ts. */
const onThese = configurations.filter(({ threads }) => threads === undefined || threads === 3);

describeOnEach(
  'MiniBatchKMeans',
  (configuration) => {
    const options = computing(configuration);

    it.each(cases)('answers as scikit-learn: $name', async (example) => {
      const warnings = quietly();
      const model = new MiniBatchKMeans({ ...optionsOf(example.options), ...options });
      const { sampleWeight, batches } = example;
      for (const [from, to] of batches ?? []) {
        const weights = sampleWeight && { sampleWeight: sampleWeight.slice(from, to) };
        await model.partialFit(matrixOf(example.matrix, [from, to]), weights);
      }
      if (batches === undefined) await model.fit(matrixOf(example.matrix), sampleWeight && { sampleWeight });
      warnings.mockRestore();
      expect([...model.labels]).toEqual(example.labels);
      expect([model.nSteps, model.nIter]).toEqual([example.nSteps, example.nIter ?? 0]);
      expect(model.inertia).toEqual(closeTo(example.inertia));
      const projections = model.clusterCenters
        .toRows()
        .map((row) => row.reduce((sum, cell, i) => sum + cell * (i + 1), 0));
      expect(projections).toEqual(example.projections.map((wanted: number) => closeTo(wanted)));
    });

    it('moves each center to the mean of all rows that it ever got, as one computes by hand', async () => {
      const model = new MiniBatchKMeans({ nClusters: 2, init: ends, reassignmentRatio: 0, ...options });
      await model.partialFit(line); // rows 0, 2 | 10, 14; the start weighs nothing
      expect(model.clusterCenters.toRows()).toEqual([[1], [12]]);
      expect([[...model.labels], model.inertia, model.nSteps]).toEqual([[0, 0, 1, 1], 1 + 1 + 4 + 4, 1]);
      await model.partialFit(CsrMatrix.fromRows([[4], [16]]), { sampleWeight: [2, 1] });
      expect(model.clusterCenters.toRows()).toEqual([[(0 + 2 + 2 * 4) / 4], [(10 + 14 + 16) * (1 / 3)]]);
      expect(model.inertia).toBeCloseTo(2 * 1.5 ** 2 + (16 - 40 / 3) ** 2, 12);
    });

    it('labels the rows of fit as predict does, and tells their distances', async () => {
      const X = matrixOf('text, 200 x 80');
      const model = await new MiniBatchKMeans({ nClusters: 7, batchSize: 30, randomState: 4, ...options }).fit(X);
      expect([...(await model.predict(X))]).toEqual([...model.labels]);
      expect(await model.score(X)).toEqual(closeTo(-model.inertia));
      const distances = await model.transform(X);
      distances.toRows().forEach((row, i) => {
        expect(row[model.labels[i]]).toBe(Math.min(...row));
      });
    });

    it('keeps the norms of its centers right where rows cancel each other', async () => {
      const huge = CsrMatrix.fromRows([
        [1e8, 1],
        [-1e8, 1],
        [0, 30],
      ]);
      const init = DenseMatrix.fromRows([
        [0, 0],
        [0, 30],
      ]);
      const model = new MiniBatchKMeans({ nClusters: 2, init, reassignmentRatio: 0, ...options });
      await model.partialFit(huge); // the first center becomes (0, 1), of squared norm 1 = 1e16 - 1e16 + ...
      expect(model.clusterCenters.toRows()).toEqual([
        [0, 1],
        [0, 30],
      ]);
      expect([
        ...(await model.predict(
          CsrMatrix.fromRows([
            [0, 15.4],
            [0, 15.6],
          ]),
        )),
      ]).toEqual([0, 1]);
    });
  },
  onThese,
);

/** The same loop by the definition: centers are means, distances are sums of squares. */
function slowStream(batches: number[][][], start: number[][]): { centers: number[][]; weights: number[] } {
  const centers = start.map((row) => [...row]);
  const weights = start.map(() => 0);
  for (const batch of batches) {
    const square = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0);
    const labels = batch.map((row) => {
      const distances = centers.map((center) => square(row, center));
      return distances.indexOf(Math.min(...distances));
    });
    centers.forEach((center, j) => {
      const own = batch.filter((_, i) => labels[i] === j);
      if (own.length === 0) return;
      centers[j] = center.map(
        (cell, c) => (cell * weights[j] + own.reduce((sum, row) => sum + row[c], 0)) / (weights[j] + own.length),
      );
      weights[j] += own.length;
    });
  }
  return { centers, weights };
}

describe('MiniBatchKMeans', () => {
  it('follows the definition through 60 batches', async () => {
    const X = randomMatrix({ rows: 600, columns: 40, density: 0.2, seed: 5 }).toRows();
    const batches = Array.from({ length: 60 }, (_, i) => X.slice(10 * i, 10 * i + 10));
    const start = X.slice(0, 6);
    const model = new MiniBatchKMeans({ nClusters: 6, init: DenseMatrix.fromRows(start), reassignmentRatio: 0 });
    for (const batch of batches) await model.partialFit(CsrMatrix.fromRows(batch, 40));
    const { centers } = slowStream(batches, start);
    model.clusterCenters.toRows().forEach((row, j) => {
      row.forEach((cell, c) => {
        expect(Math.abs(cell - centers[j][c])).toBeLessThan(1e-12);
      });
    });
  });

  it('draws rows by their weight: one without weight is in no batch', async () => {
    const X = CsrMatrix.fromRows([[1], [1], [1], [1000]]);
    const model = new MiniBatchKMeans({ nClusters: 1, batchSize: 4, randomState: 0 });
    await model.fit(X, { sampleWeight: [1, 2, 1, 0] });
    expect(model.clusterCenters.toRows()).toEqual([[1]]);
    expect(model.inertia).toBe(0);
  });

  it('takes calls of partialFit that overlap one after the other, as they were when they came', async () => {
    const parts = [matrixOf('text, 200 x 80', [0, 70]), matrixOf('text, 200 x 80', [70, 200])];
    const stream = async (wait: boolean) => {
      const model = new MiniBatchKMeans({ nClusters: 5, randomState: 0 });
      const own = parts.map(
        ({ shape, indptr, indices, values }) =>
          new CsrMatrix({ shape, indptr: indptr.slice(), indices: indices.slice(), values: values.slice() }),
      );
      const first = model.partialFit(own[0]);
      if (wait) await first;
      const second = model.partialFit(own[1]);
      own[1].values.fill(7);
      await Promise.all([first, second]);
      return digest([model.labels, model.clusterCenters.values, model.inertia, model.nSteps]);
    };
    expect(await stream(false)).toEqual(await stream(true));
  });

  it('is as it was after a call that was stopped or refused, also in what it draws next', async () => {
    const [first, second] = [matrixOf('text, 200 x 80', [0, 70]), matrixOf('text, 200 x 80', [70, 200])];
    const make = () => new MiniBatchKMeans({ nClusters: 9, randomState: 1, reassignmentRatio: 0.5 }).partialFit(first);
    const [model, other] = [await make(), await make()];
    const abort = new AbortController();
    const stopped = refusal(model.partialFit(second, { signal: abort.signal }));
    abort.abort();
    expect(await stopped).toMatchObject({ name: 'AbortError' });
    expect(await refusal(model.partialFit(line))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    await Promise.all([model.partialFit(second), other.partialFit(second)]);
    const state = (of: MiniBatchKMeans) => digest([of.labels, of.clusterCenters.values, of.inertia, of.nSteps]);
    expect(state(model)).toEqual(state(other));
  });

  it('goes on from fit with partialFit', async () => {
    const X = matrixOf('text, 200 x 80');
    const model = await new MiniBatchKMeans({ nClusters: 5, randomState: 0, batchSize: 40 }).fit(X);
    const { nSteps, nIter } = model;
    const before = model.clusterCenters;
    await model.partialFit(matrixOf('text, 200 x 80', [0, 20]));
    expect([model.nSteps, model.nIter, model.labels.length]).toEqual([nSteps + 1, nIter, 20]);
    const moved = Math.max(...model.clusterCenters.values.map((cell, i) => Math.abs(cell - before.values[i])));
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(0.1); // a center that weighs much moves little
  });

  it('warns of a sample smaller than the clusters, and of fewer clusters than asked for', async () => {
    const warnings = quietly();
    new MiniBatchKMeans({ nClusters: 5, initSize: 4 });
    await new MiniBatchKMeans({ nClusters: 3, randomState: 0, nInit: 1 }).fit(CsrMatrix.fromRows([[1], [1], [2]]));
    const codes = warnings.mock.calls.map(([, options]) => (options as { code: string }).code);
    warnings.mockRestore();
    expect(codes).toEqual(['CORPUSCLE_UNUSED_OPTION', 'CORPUSCLE_FEWER_CLUSTERS']);
  });

  it.each([
    ['more clusters than rows', { nClusters: 5 }, line, {}, 'ERR_OUT_OF_RANGE', /nClusters is 5, but X has 4 rows/],
    ['NaN', { nClusters: 1 }, CsrMatrix.fromRows([[1], [Number.NaN]]), {}, 'ERR_OUT_OF_RANGE', /row 1 .*NaN/],
    [
      'NaN, with a tolerance',
      { nClusters: 1, tol: 1 },
      CsrMatrix.fromRows([[Number.NaN]]),
      {},
      'ERR_OUT_OF_RANGE',
      /row 0/,
    ],
    ['a square that is infinite', { nClusters: 1 }, CsrMatrix.fromRows([[1e200]]), {}, 'ERR_OUT_OF_RANGE', /row 0/],
    ['a start of another shape', { nClusters: 3, init: ends }, line, {}, 'ERR_OUT_OF_RANGE', /2 x 1.*3 x 1/],
    ['too few weights', {}, line, { sampleWeight: [1] }, 'ERR_OUT_OF_RANGE', /nClusters|1 numbers/],
    [
      'a negative weight',
      { nClusters: 2 },
      line,
      { sampleWeight: [1, -1, 1, 1] },
      'ERR_OUT_OF_RANGE',
      /number 1 is -1/,
    ],
    [
      'too few rows with weight for random starts',
      { nClusters: 2, init: 'random' },
      line,
      { sampleWeight: [1, 0, 0, 0] },
      'ERR_OUT_OF_RANGE',
      /needs 2 rows with a weight above 0.* hold 1; raise initSize/,
    ],
    ['what is no matrix', { nClusters: 1 }, [[1]], {}, 'ERR_INVALID_ARG_TYPE', /X must be a CsrMatrix/],
    ['a budget too small', { nClusters: 2, maxBytes: 100 }, line, {}, 'ERR_MEMORY_BUDGET', /maxBytes is 100 bytes/],
    ['an unknown option of the call', { nClusters: 2 }, line, { weights: [] }, 'ERR_UNKNOWN_OPTION', /"weights"/],
  ])('refuses %s, in fit and in partialFit', async (_, options, X, fit, code, message) => {
    const wanted = { code, message: expect.stringMatching(message) };
    expect(await refusal(new MiniBatchKMeans(options as never).fit(X as never, fit as object))).toMatchObject(wanted);
    const partial = new MiniBatchKMeans(options as never).partialFit(X as never, fit as object);
    expect(await refusal(partial)).toMatchObject(wanted);
  });

  it.each([
    [{ nClusters: 0 }, 'ERR_OUT_OF_RANGE', /nClusters.*0/],
    [{ batchSize: 0 }, 'ERR_OUT_OF_RANGE', /batchSize/],
    [{ batchSize: 1.5 }, 'ERR_OUT_OF_RANGE', /batchSize.*1\.5/],
    [{ maxNoImprovement: -1 }, 'ERR_OUT_OF_RANGE', /maxNoImprovement/],
    [{ maxNoImprovement: '1' }, 'ERR_INVALID_ARG_TYPE', /maxNoImprovement/],
    [{ initSize: 0 }, 'ERR_OUT_OF_RANGE', /initSize/],
    [{ reassignmentRatio: 1.1 }, 'ERR_OUT_OF_RANGE', /reassignmentRatio.*1\.1/],
    [{ tol: Number.NaN }, 'ERR_OUT_OF_RANGE', /tol/],
    [{ nInit: 0 }, 'ERR_OUT_OF_RANGE', /nInit/],
    [{ init: 'best' }, 'ERR_INVALID_ARG_TYPE', /"best"/],
    [{ randomState: -1 }, 'ERR_OUT_OF_RANGE', /randomState/],
    [{ batch_size: 3 }, 'ERR_UNKNOWN_OPTION', /"batch_size"/],
  ])('refuses the options %o', (options, code, message) => {
    expect(() => new MiniBatchKMeans(options as never)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it('refuses to tell of clusters before fit, and rows of other columns after it', async () => {
    const model = new MiniBatchKMeans({ nClusters: 1 });
    expect(() => model.labels).toThrow(expect.objectContaining({ code: 'ERR_NOT_FITTED' }));
    expect(await refusal(model.predict(line))).toMatchObject({ code: 'ERR_NOT_FITTED' });
    await model.fit(line);
    const none = await refusal(model.partialFit(CsrMatrix.fromRows([], 1)));
    expect(none).toMatchObject({ code: 'ERR_OUT_OF_RANGE', message: expect.stringMatching(/0 rows/) });
    const wide = CsrMatrix.fromRows([[1, 2]]);
    for (const call of [model.predict(wide), model.partialFit(wide)]) {
      expect(await refusal(call)).toMatchObject({
        code: 'ERR_OUT_OF_RANGE',
        message: expect.stringMatching(/2 columns.*with 1/),
      });
    }
  });
});

describe('a stream of weighted rows', () => {
  it('has the same bits whichever way its batches are cut, as long as labels do not change', async () => {
    const random = dice(3);
    const rows = Array.from({ length: 64 }, (_, i) => [
      i % 2 === 0 ? 100 + random() : 0,
      i % 2 === 0 ? 0 : 100 + random(),
    ]);
    const init = DenseMatrix.fromRows([
      [100, 0],
      [0, 100],
    ]);
    const inBatchesOf = async (size: number) => {
      const model = new MiniBatchKMeans({ nClusters: 2, init, reassignmentRatio: 0 });
      for (let at = 0; at < 64; at += size) await model.partialFit(CsrMatrix.fromRows(rows.slice(at, at + size), 2));
      return digest(model.clusterCenters.values);
    };
    expect(await inBatchesOf(8)).toEqual(await inBatchesOf(64));
    expect(await inBatchesOf(2)).toEqual(await inBatchesOf(64));
  });
});
