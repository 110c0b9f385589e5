import { setImmediate } from 'node:timers/promises';
import { adjustedRandScore } from '../cluster/metrics/adjusted-rand.js';
import { clusterJaccard } from '../cluster/metrics/cluster-jaccard.js';
import type { Job } from '../core/job.js';
import { bestOf, type SweepRun } from './run.js';

/** How much the clusterings from several seeds agree. */
export interface SweepStability {
  /** The mean adjusted Rand index of all pairs of seeds: 1 where all found the same clusters, about 0 for chance. */
  readonly adjustedRand: number;
  /** That of each pair: of seeds 0 and 1, 0 and 2, ..., 1 and 2, ... */
  readonly adjustedRands: Float64Array;
  /**
   * How much of each cluster of the row's model comes again from other seeds: its mean, over these, of the largest Jaccard
   * index with one of their clusters (Hennig 2007, who calls clusters below 0.6 unstable). NaN where it has no row.
   */
  readonly clusterJaccard: Float64Array;
}

export async function stabilityOf(
  runs: readonly SweepRun[],
  nClusters: number,
  job: Job,
): Promise<SweepStability | null> {
  if (runs.length < 2) return null;
  const pairs: number[] = [];
  for (const [i, { labels }] of runs.entries()) {
    for (const other of runs.slice(i + 1)) {
      await turn(job);
      pairs.push(adjustedRandScore(labels, other.labels));
    }
  }
  const best = bestOf(runs);
  const sums = new Float64Array(nClusters);
  for (const other of runs) {
    if (other === best) continue;
    await turn(job);
    const found = clusterJaccard(best.labels, other.labels);
    for (let j = 0; j < nClusters; j++) sums[j] += found[j] ?? Number.NaN; // numbers above the last one in use have no row
  }
  return {
    adjustedRand: pairs.reduce((sum, each) => sum + each, 0) / pairs.length,
    adjustedRands: Float64Array.from(pairs),
    clusterJaccard: sums.map((sum) => sum / (runs.length - 1)),
  };
}

/** Leaves the event loop a turn: a pair of labelings takes time in proportion to the rows. */
async function turn(job: Job): Promise<void> {
  await setImmediate();
  job.throwIfStopped();
}
