import { afterAll, describe, expect, it } from 'vitest';
import { openKernels } from '#src/backends/index.js';
import type { KMeansKernel } from '#src/backends/kernels.js';
import { kMeansPlusPlus } from '#src/cluster/seeding.js';
import { Job } from '#src/core/job.js';
import { RandomState } from '#src/core/random.js';
import { SharedKernel } from '#src/sweep/shared-kernel.js';
import { randomMatrix } from '../support.js';

const { shape, indptr, indices, values } = randomMatrix({ rows: 150, columns: 60, density: 0.08, seed: 12 });
const rows = { nRows: shape[0], nColumns: shape[1], indptr, indices, values };
const ones = new Float64Array(rows.nRows).fill(1);
const open: KMeansKernel[] = [];
afterAll(() => {
  for (const kernel of open) kernel.dispose();
});

async function loaded(job: Job): Promise<KMeansKernel> {
  const kernel = openKernels({ backend: 'plain' }).createKMeans(rows, null);
  open.push(kernel);
  await kernel.load(job);
  return kernel;
}

/** A kernel, and how often it was asked to choose a start center or to find the variance. */
async function counting(job: Job) {
  const kernel = await loaded(job);
  const asked = { seed: 0, variance: 0 };
  const counted: KMeansKernel = Object.assign(Object.create(kernel), {
    seed: (...args: Parameters<KMeansKernel['seed']>) => {
      asked.seed++;
      return kernel.seed(...args);
    },
    meanVariance: (job: Job) => {
      asked.variance++;
      return kernel.meanVariance(job);
    },
  });
  return { shared: new SharedKernel(counted), asked };
}

const seeds = async (kernel: KMeansKernel, k: number, seed: number, job: Job) => [
  ...(await kMeansPlusPlus(kernel, k, ones, new RandomState(seed), job)),
];

describe('A kernel that fits share', () => {
  it('chooses the start centers of smaller k as the first of those of the largest with as many trials, once', () =>
    Job.run({}, async (job) => {
      const { shared, asked } = await counting(job);
      const largest = await seeds(shared, 20, 0, job);
      expect(asked).toEqual({ seed: 1, variance: 0 });
      for (const k of [8, 15, 20]) expect(await seeds(shared, k, 0, job)).toEqual(largest.slice(0, k));
      expect(asked).toEqual({ seed: 1, variance: 0 });
      const fewerTrials = await seeds(shared, 7, 0, job);
      expect(fewerTrials).toEqual(await seeds(await loaded(job), 7, 0, job));
      expect(fewerTrials).not.toEqual(largest.slice(0, 7));
    }));

  it('answers as a kernel of its own would, in whatever order it is asked', () =>
    Job.run({}, async (job) => {
      const { shared } = await counting(job);
      for (const [k, seed] of [
        [9, 1],
        [9, 2],
        [20, 1],
        [3, 1],
        [12, 2],
        [20, 2],
        [9, 1],
        [1, 1],
        [20, 3],
        [5, 1],
      ]) {
        expect(await seeds(shared, k, seed, job), `k ${k}, seed ${seed}`).toEqual(
          await seeds(await loaded(job), k, seed, job),
        );
      }
    }));

  it('answers from memory only what begins as a seeding before', () =>
    Job.run({}, async (job) => {
      const [{ shared, asked }, own] = [await counting(job), await loaded(job)];
      const paths: [first: number, trials: number, draws: number[], asked: number][] = [
        [4, 2, [0.1, 0.9, 0.3, 0.2, 0.7, 0.8], 1],
        [4, 2, [0.1, 0.9, 0.3, 0.2], 1],
        [4, 2, [], 1],
        [4, 2, [0.1, 0.9, 0.3, 0.2, 0.7, 0.1], 2],
        [4, 2, [0.1, 0.9, 0.3, 0.2, 0.7, 0.8, 0.6, 0.4], 3],
        [4, 3, [0.1, 0.9, 0.3], 4],
        [5, 2, [0.1, 0.9], 5],
      ];
      for (const [first, trials, shares, times] of paths) {
        const draws = Float64Array.from(shares);
        const rows = await shared.seed(first, trials, draws, job);
        expect(rows).toEqual(await own.seed(first, trials, draws, job));
        expect(asked.seed).toBe(times);
        rows.fill(-1); // what is given away is not what is remembered
      }
    }));

  it('finds the mean variance once', () =>
    Job.run({}, async (job) => {
      const { shared, asked } = await counting(job);
      const own = await (await loaded(job)).meanVariance(job);
      expect([await shared.meanVariance(job), await shared.meanVariance(job)]).toEqual([own, own]);
      expect(asked.variance).toBe(1);
    }));
});
