/** The tree of a bisecting k-means: each cluster that was divided has two below it. */

/** A cluster of some k, or of several: from the division that it comes from to its own. */
export interface ClusterNode {
  readonly center: Float64Array;
  /** Weighted sum of the squared distances of its rows to its center. */
  readonly inertia: number;
  /** The numbers of its rows, ascending. */
  readonly rows: Int32Array;
  division?: Division;
}

export interface Division {
  /** 0 for the first division of the tree, and so on. */
  readonly order: number;
  readonly left: ClusterNode;
  readonly right: ClusterNode;
}

/** The clusters into which the tree divides the rows for k = nClusters, from left to right. */
export function leavesAt(root: ClusterNode, nClusters: number): ClusterNode[] {
  return [...walk(root, nClusters)].filter(({ division }) => division === undefined || division.order >= nClusters - 1);
}

/** All clusters of the tree, each before those below it, the left before the right. */
export function allNodes(root: ClusterNode): ClusterNode[] {
  return [...walk(root, Number.POSITIVE_INFINITY)];
}

/** Those that are divided, in the same order. */
export function dividedNodes(root: ClusterNode): (ClusterNode & { readonly division: Division })[] {
  return allNodes(root).filter(
    (node): node is ClusterNode & { readonly division: Division } => node.division !== undefined,
  );
}

/** The clusters of all k up to nClusters: each before those below it, the left before the right. */
function* walk(root: ClusterNode, nClusters: number): Generator<ClusterNode> {
  const ahead = [root];
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    yield node;
    if (node.division !== undefined && node.division.order < nClusters - 1) {
      ahead.push(node.division.right, node.division.left);
    }
  }
}

/** The number of the cluster of each row for k = nClusters. */
export function labelsOf(root: ClusterNode, nClusters: number): Int32Array {
  const labels = new Int32Array(root.rows.length);
  leavesAt(root, nClusters).forEach(({ rows }, label) => {
    for (const row of rows) labels[row] = label;
  });
  return labels;
}
