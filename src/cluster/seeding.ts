/** Where k-means starts. */

import type { KMeansKernel } from '../backends/kernels.js';
import type { Job } from '../core/job.js';
import type { RandomState } from '../core/random.js';

/** How many candidates there are for each further center, as scikit-learn has it. */
export function greedyTrials(nClusters: number): number {
  return 2 + Math.floor(Math.log(nClusters));
}

/**
 * k-means++ (Arthur, Vassilvitskii 2007) with greedy trials, drawn as scikit-learn draws since 1.3: the first center by
 * weight, every further one as the best of 2 + floor(ln k) candidates drawn by weight x distance.
 * @returns the numbers of the start rows
 */
export function kMeansPlusPlus(
  kernel: KMeansKernel,
  nClusters: number,
  weights: Float64Array,
  random: RandomState,
  job: Job,
): Promise<Int32Array> {
  const trials = greedyTrials(nClusters);
  const first = random.choice(weights);
  const draws = Float64Array.from({ length: (nClusters - 1) * trials }, () => random.randomSample());
  return job.watch('choosing start centers', nClusters, kernel.seed(first, trials, draws, job));
}
