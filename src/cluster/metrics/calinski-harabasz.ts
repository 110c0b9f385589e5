import type { Matrix } from '../../matrix/matrix.js';
import { weightedSum } from '../lloyd.js';
import type { ClusterLabels } from './clusters.js';
import { type ClusterScoreOptions, dispersionOf } from './dispersion.js';

/**
 * How far clusters are from each other over how far they reach (Calinski, Harabasz 1974), by squared Euclidean distances: the
 * larger the better. 1 where all rows are the means of their clusters. Values are scikit-learn's.
 * @param X n rows x p columns, finite values
 * @param labels the cluster of each row, from 0; 2 to n - 1 different ones
 * @throws (rejects) TypeError for a wrong argument; RangeError for labels of another length, too few or too many clusters,
 * NaN or infinite values, `ERR_MEMORY_BUDGET`; `AbortError`
 */
export async function calinskiHarabaszScore(
  X: Matrix,
  labels: ClusterLabels,
  options: ClusterScoreOptions = {},
): Promise<number> {
  const { toCenter, toMean, clusters } = await dispersionOf('calinskiHarabaszScore', X, labels, false, options);
  const { nClusters } = clusters;
  const n = toCenter.length;
  const sizes = new Float64Array(nClusters);
  for (const cluster of clusters.labels) sizes[cluster]++;
  const within = weightedSum(toCenter, null);
  const between = weightedSum(toMean, sizes);
  return within === 0 ? 1 : (between * (n - nClusters)) / (within * (nClusters - 1));
}
