import { byNumber, type ClusterLabels, clustersOf } from './clusters.js';
import { contingencyOf, type Labeling } from './contingency.js';

/**
 * For each cluster of a, how much of it comes again in b: the largest Jaccard index (items in both over items in either) with
 * a cluster of b, as in the stability of clusters of Hennig (2007). From above 0 to 1.
 * @param a the cluster of each item, from 0
 * @param b another labeling of the same items
 * @returns one number a cluster, at its number, up to the largest one in a; NaN where it has no item
 * @throws TypeError, RangeError for what is no labeling, or labelings of different lengths
 */
export function clusterJaccard(a: ClusterLabels, b: Labeling): Float64Array {
  const clusters = clustersOf(a, 'a');
  const { aSizes, bSizes, aLabels, aOf, bOf, shared } = contingencyOf(clusters.labels, b);
  const best = new Float64Array(clusters.nClusters);
  shared.forEach((both, cell) => {
    const cluster = aLabels[aOf[cell]] as number;
    best[cluster] = Math.max(best[cluster], both / (aSizes[aOf[cell]] + bSizes[bOf[cell]] - both));
  });
  return byNumber(clusters, best);
}
