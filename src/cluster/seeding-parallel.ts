/** Where k-means starts, in few passes over the rows. */

import type { KMeansKernel } from '../backends/kernels.js';
import type { Job } from '../core/job.js';
import type { RandomState } from '../core/random.js';
import { weightedSum } from './lloyd.js';
import { kMeansPlusPlus } from './seeding.js';

const rounds = 5;

/** Runs `use` on a kernel that holds some of the rows alone, with other weights. */
export type Among = <T>(
  rows: Int32Array,
  weights: Float64Array,
  use: (kernel: KMeansKernel) => Promise<T>,
) => Promise<T>;

/**
 * k-means|| (Bahmani, Moseley, Vattani, Kumar, Vassilvitskii 2012): five rounds that take each row as a candidate with the
 * probability 2 nClusters x its share of the weighted distances to the candidates so far; then k-means++ among the candidates, each
 * of which weighs as much as the rows that it is nearest to. Fewer candidates than clusters: k-means++ among all rows.
 * @returns the numbers of the start rows
 */
export async function kMeansParallel(
  kernel: KMeansKernel,
  nClusters: number,
  weights: Float64Array,
  random: RandomState,
  among: Among,
  job: Job,
): Promise<Int32Array> {
  const candidates = [random.choice(weights)];
  const closest = new Float64Array(weights.length).fill(Number.POSITIVE_INFINITY);
  const nearest = new Int32Array(weights.length);
  let added = candidates.slice();
  for (let round = 1; added.length > 0; round++) {
    await meet(kernel, added, candidates.length - added.length, closest, nearest, job);
    job.report('choosing start centers', round, rounds + 1);
    if (round > rounds) break;
    const potential = weightedSum(closest, weights);
    const isTaken = (row: number) => random.randomSample() * potential < 2 * nClusters * weights[row] * closest[row];
    added = [...closest.keys()].filter(isTaken);
    for (const row of added) candidates.push(row);
  }
  if (candidates.length < nClusters) return kMeansPlusPlus(kernel, nClusters, weights, random, job);
  const own = new Float64Array(candidates.length);
  nearest.forEach((candidate, row) => {
    own[candidate] += weights[row];
  });
  const chosen = await among(Int32Array.from(candidates), own, (few) =>
    kMeansPlusPlus(few, nClusters, own, random, job),
  );
  return chosen.map((at) => candidates[at]);
}

/** Brings up to date to which candidate each row is nearest, and how near, with those that were added. */
async function meet(
  kernel: KMeansKernel,
  added: readonly number[],
  before: number,
  closest: Float64Array,
  nearest: Int32Array,
  job: Job,
): Promise<void> {
  await kernel.setCentersFromRows(Int32Array.from(added), job);
  await kernel.assign(job);
  const [distances, labels] = [await kernel.distances(job), await kernel.labels(job)];
  for (let row = 0; row < closest.length; row++) {
    if (!(distances[row] < closest[row])) continue;
    closest[row] = distances[row];
    nearest[row] = before + labels[row];
  }
}
