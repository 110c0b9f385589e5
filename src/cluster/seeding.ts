/** Where k-means starts. */

import type { KMeansKernel } from '../backends/kernels.js';
import type { Job } from '../core/job.js';
import type { RandomState } from '../core/random.js';

/**
 * k-means++ (Arthur, Vassilvitskii 2007) with greedy trials, drawn as scikit-learn draws since 1.3: the first center by
 * weight, every further one as the best of 2 + floor(ln k) candidates drawn by weight x distance.
 * @returns the numbers of the start rows
 */
export async function kMeansPlusPlus(
  kernel: KMeansKernel,
  nClusters: number,
  weights: Float64Array,
  random: RandomState,
  job: Job,
): Promise<Int32Array> {
  const trials = 2 + Math.floor(Math.log(nClusters));
  const rows = new Int32Array(nClusters);
  rows[0] = random.choice(weights);
  let potential = await kernel.seedStart(rows[0], job);
  for (let j = 1; j < nClusters; j++) {
    const draws = Float64Array.from({ length: trials }, () => random.randomSample() * potential);
    const seed = await kernel.seedStep(draws, job);
    rows[j] = seed.row;
    potential = seed.potential;
    job.report('choosing start centers', j + 1, nClusters);
  }
  return rows;
}
