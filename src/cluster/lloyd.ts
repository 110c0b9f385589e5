/** Lloyd's loop (Lloyd 1982) over the steps of a kernel: convergence, empty clusters, restarts, all of it once. */

import { type KMeansKernel, sumBlock } from '../backends/kernels.js';
import type { Job } from '../core/job.js';

/** What one run of the loop leaves. */
export interface LloydResult {
  readonly labels: Int32Array;
  readonly centers: Float64Array;
  /** Weighted sum of the squared distances of rows to their centers. */
  readonly inertia: number;
  readonly nIter: number;
}

/**
 * Runs until no label changes, or the centers move by no more than `tolerance` (sum of squares), or `maxIter` iterations.
 * In the last two cases rows are labelled once more, so that labels belong to the centers.
 * @param average makes the sums of the clusters, of these weights, the centers; returns the sum of squares of how far they moved
 */
export async function lloyd(
  kernel: KMeansKernel,
  weights: Float64Array | null,
  { maxIter, tolerance, phase }: { maxIter: number; tolerance: number; phase: string },
  job: Job,
  average: (clusterWeights: Float64Array) => Promise<number> = (clusterWeights) => kernel.average(clusterWeights, job),
): Promise<LloydResult> {
  let nIter = 0;
  let settled = false;
  for (;;) {
    nIter += 1;
    const changed = await kernel.assign(job);
    const clusterWeights = await kernel.sum(job);
    await fillEmptyClusters(kernel, clusterWeights, weights, job);
    const shift = await average(clusterWeights);
    job.report(phase, nIter, maxIter);
    settled = changed === 0;
    if (settled || shift <= tolerance || nIter === maxIter) break;
  }
  if (!settled) await kernel.assign(job);
  const inertia = weightedSum(await kernel.distances(job), weights);
  return { labels: await kernel.labels(job), centers: await kernel.centers(job), inertia, nIter };
}

/**
 * Gives each empty cluster one of the rows that lie farthest from their centers, as scikit-learn does, where it leaves the
 * order among several to chance: here the farthest comes first, on a tie the row that comes first.
 */
async function fillEmptyClusters(
  kernel: KMeansKernel,
  clusterWeights: Float64Array,
  weights: Float64Array | null,
  job: Job,
): Promise<void> {
  const empty = [...clusterWeights.keys()].filter((j) => clusterWeights[j] === 0);
  if (empty.length === 0) return;
  const distances = await kernel.distances(job);
  const labels = await kernel.labels(job);
  const farthest = largest(distances, empty.length);
  if (distances[farthest[0]] === 0) return;
  for (const [i, to] of empty.entries()) {
    const row = farthest[i];
    const from = labels[row];
    const weight = weights === null ? 1 : weights[row];
    await kernel.move(row, from, to, job);
    clusterWeights[to] = weight;
    clusterWeights[from] -= weight;
  }
}

/** The positions of the `count` largest values, the largest first, ties in order; `count` is small. */
function largest(values: Float64Array, count: number): number[] {
  const top: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (top.length === count && !(values[i] > values[top[count - 1]])) continue;
    const at = top.findIndex((other) => values[i] > values[other]);
    top.splice(at < 0 ? top.length : at, 0, i);
    if (top.length > count) top.pop();
  }
  return top;
}

/** Sum of values x weights by blocks, as the kernels sum. */
export function weightedSum(values: Float64Array, weights: Float64Array | null): number {
  let total = 0;
  for (let begin = 0; begin < values.length; begin += sumBlock) {
    let sum = 0;
    for (let i = begin; i < Math.min(values.length, begin + sumBlock); i++) {
      sum += weights === null ? values[i] : values[i] * weights[i];
    }
    total += sum;
  }
  return total;
}
