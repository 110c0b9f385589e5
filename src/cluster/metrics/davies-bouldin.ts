import type { Matrix } from '../../matrix/matrix.js';
import { byNumber, type ClusterLabels, clusterMeans } from './clusters.js';
import { type ClusterScoreOptions, dispersionOf } from './dispersion.js';

/** How alike each cluster is to the one most like it, and the mean of that. */
export interface DaviesBouldinSummary {
  readonly score: number;
  /** The value of each cluster, at its number; NaN where it has no row. */
  readonly clusterScores: Float64Array;
}

/**
 * How alike each cluster is to the one most like it, on average (Davies, Bouldin 1979): the sum of their mean Euclidean distances
 * to their own means over the distance of these; the smaller the better, and 0 the least. Values are scikit-learn's, the two
 * cases among them where it says 0: all rows at the means of their clusters, or all these means the same (to 1e-8).
 * @param X n rows x p columns, finite values
 * @param labels the cluster of each row, from 0; 2 to n - 1 different ones
 * @throws (rejects) TypeError for a wrong argument; RangeError for labels of another length, too few or too many clusters,
 * NaN or infinite values, `ERR_MEMORY_BUDGET`; `AbortError`
 */
export async function daviesBouldinScore(
  X: Matrix,
  labels: ClusterLabels,
  options: ClusterScoreOptions = {},
): Promise<number> {
  return (await summary('daviesBouldinScore', X, labels, options)).score;
}

/**
 * The same with the value of each cluster.
 * @throws (rejects) as `daviesBouldinScore`
 */
export function daviesBouldinSummary(
  X: Matrix,
  labels: ClusterLabels,
  options: ClusterScoreOptions = {},
): Promise<DaviesBouldinSummary> {
  return summary('daviesBouldinSummary', X, labels, options);
}

const isNothing = (distance: number) => distance <= 1e-8; // as NumPy's allclose has it

async function summary(
  name: string,
  X: Matrix,
  labels: ClusterLabels,
  options: ClusterScoreOptions,
): Promise<DaviesBouldinSummary> {
  const { toCenter, between, clusters } = await dispersionOf(name, X, labels, true, options);
  const k = clusters.nClusters;
  const spread = clusterMeans(clusters, toCenter.map(Math.sqrt));
  const distances = between.map(Math.sqrt);
  const values = new Float64Array(k);
  if (!spread.every(isNothing) && !distances.every(isNothing)) {
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) {
        const distance = distances[i * k + j];
        if (distance > 0) values[i] = Math.max(values[i], (spread[i] + spread[j]) / distance);
      }
    }
  }
  const score = values.reduce((sum, value) => sum + value, 0) / k;
  return { score, clusterScores: byNumber(clusters, values) };
}
