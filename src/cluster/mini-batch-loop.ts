/** The loop of k-means by small batches (Sculley 2010), as scikit-learn has it, over the steps of a kernel. */

import type { MiniBatchKernel } from '../backends/kernels.js';
import type { Job } from '../core/job.js';
import type { RandomState } from '../core/random.js';

/** What steps leave to the next one beside the centers. */
export interface ClusterCounts {
  /** The weight of all rows that each cluster ever got. */
  weights: Float64Array;
  /** Rows since clusters of little weight were last given new centers. */
  rowsSinceReassignment: number;
}

export interface StepOptions {
  readonly nClusters: number;
  /** Rows of a step, by which is counted when clusters of little weight are looked for. */
  readonly batchSize: number;
  readonly reassignmentRatio: number;
}

/**
 * Labels a batch and moves the centers; returns its inertia before that, and the sum of squares of how far centers moved.
 * @param meanwhile is called once nothing more is drawn, while the centers move
 */
export async function miniBatchStep(
  kernel: MiniBatchKernel,
  batch: Int32Array,
  counts: ClusterCounts,
  { nClusters, batchSize, reassignmentRatio }: StepOptions,
  random: RandomState,
  job: Job,
  meanwhile: () => void = () => {},
): Promise<{ inertia: number; shift: number }> {
  counts.rowsSinceReassignment += batchSize;
  const due = counts.weights.includes(0) || counts.rowsSinceReassignment >= 10 * nClusters;
  if (due) counts.rowsSinceReassignment = 0;
  const { inertia, weights } = await kernel.assign(batch, job);
  counts.weights.forEach((weight, j) => {
    weights[j] += weight;
  });
  const light = due && reassignmentRatio > 0 ? lightClusters(weights, reassignmentRatio, batch.length) : [];
  const rows = light.length === 0 ? [] : random.permutation(batch.length).slice(0, light.length);
  const kept = leastWithout(weights, light);
  for (const j of light) weights[j] = kept; // so that they are not the lightest again at once
  const update = kernel.update(
    weights,
    Int32Array.from(light),
    Int32Array.from(rows, (position) => batch[position]),
    job,
  );
  meanwhile();
  const shift = await update;
  counts.weights = weights;
  return { inertia, shift };
}

/** The clusters below a share of the heaviest one; if they are more than half of the batch's rows, so many of the lightest, on
 * a tie those that come first. */
function lightClusters(weights: Float64Array, ratio: number, batchLength: number): number[] {
  const heaviest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const light = [...weights.keys()].filter((j) => weights[j] < ratio * heaviest);
  if (light.length <= 0.5 * batchLength) return light;
  light.sort((a, b) => weights[a] - weights[b] || a - b);
  return light.slice(0, Math.floor(0.5 * batchLength)).sort((a, b) => a - b);
}

/** The least weight of the clusters that are not named. */
function leastWithout(weights: Float64Array, named: readonly number[]): number {
  const others = weights.slice();
  for (const j of named) others[j] = Number.POSITIVE_INFINITY;
  return others.reduce((least, weight) => Math.min(least, weight), Number.POSITIVE_INFINITY);
}

export interface LoopOptions extends StepOptions {
  readonly nRows: number;
  readonly maxIter: number;
  /** In the unit of `shift`; 0: it is not looked at. */
  readonly tolerance: number;
  readonly maxNoImprovement: number | null;
}

/**
 * Steps until the centers move by no more than the tolerance, or the inertia of batches, smoothed by an exponentially weighted
 * average, has not reached a new low for `maxNoImprovement` steps, or `maxIter` x rows are taken. Returns the number of steps.
 */
export async function miniBatchLoop(
  kernel: MiniBatchKernel,
  draw: () => Int32Array,
  counts: ClusterCounts,
  options: LoopOptions,
  random: RandomState,
  job: Job,
): Promise<number> {
  const { nRows, batchSize, maxIter, tolerance, maxNoImprovement } = options;
  const steps = Math.floor((maxIter * nRows) / batchSize);
  const share = Math.min(1, (batchSize * 2) / (nRows + 1));
  let average: number | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  let withoutImprovement = 0;
  let batch = draw();
  const drawNext = () => {
    batch = draw();
  };
  for (let step = 1; ; step++) {
    const { inertia, shift } = await miniBatchStep(kernel, batch, counts, options, random, job, drawNext);
    job.report('clustering', step, steps);
    if (step === steps) return step;
    if (step === 1) continue; // its inertia is that of the start
    const mean = inertia / batchSize;
    average = average === undefined ? mean : average * (1 - share) + mean * share;
    if (tolerance > 0 && shift <= tolerance) return step;
    if (average < lowest) {
      lowest = average;
      withoutImprovement = 0;
    } else {
      withoutImprovement += 1;
    }
    if (maxNoImprovement !== null && withoutImprovement >= maxNoImprovement) return step;
  }
}
