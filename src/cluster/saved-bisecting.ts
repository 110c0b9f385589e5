/** A BisectingKMeans as JSON: the clusters of its tree in a row, each before those below it, the left before the right. */

import { checkInteger, failure } from '../core/check.js';
import { int32FromBase64, toBase64 } from '../core/little-endian.js';
import {
  type BisectingKMeansOptions,
  clusteringOptionNames,
  type ResolvedBisectingOptions,
} from './bisecting-options.js';
import { allNodes, type ClusterNode, labelsOf } from './bisecting-tree.js';
import { inOneArray, rowsByLabel } from './kernel-rows.js';
import { maxCount } from './kmeans-options.js';
import {
  checkType,
  fieldsOf,
  labelsFrom,
  notNegativeFrom,
  numbersFrom,
  optionsFrom,
  savedOptions,
} from './saved-kmeans.js';

/** What `BisectingKMeans.toJSON` gives. Arrays are base64 of their little-endian bytes. */
export interface SavedBisectingKMeans {
  readonly type: 'BisectingKMeans';
  /** The options that clusters hang on. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Null before `fit`. */
  readonly clusters: {
    readonly nRows: number;
    readonly nColumns: number;
    /** A 32-bit number a row: its cluster where there are nClusters. */
    readonly labels: string;
    /** A 32-bit number for each of the 2 nClusters - 1 clusters of the tree: which division, from 0, divides it, or -1. */
    readonly divisions: string;
    /** A row of nColumns doubles for each of those clusters. */
    readonly centers: string;
    /** A double for each of them. */
    readonly inertias: string;
  } | null;
}

export function savedBisecting(options: ResolvedBisectingOptions, root: ClusterNode | undefined): SavedBisectingKMeans {
  const type = 'BisectingKMeans';
  const own = savedOptions(options);
  return { type, options: own, clusters: root === undefined ? null : saved(root, options.nClusters) };
}

function saved(root: ClusterNode, nClusters: number) {
  const nodes = allNodes(root);
  return {
    nRows: root.rows.length,
    nColumns: root.center.length,
    labels: toBase64(labelsOf(root, nClusters)),
    divisions: toBase64(Int32Array.from(nodes, ({ division }) => division?.order ?? -1)),
    centers: toBase64(inOneArray(nodes.map(({ center }) => center))),
    inertias: toBase64(Float64Array.from(nodes, ({ inertia }) => inertia)),
  };
}

/** @throws TypeError, RangeError for what `savedBisecting` would not give, with the name of the field */
export function fromSavedBisecting(json: unknown): { options: BisectingKMeansOptions; root: ClusterNode | undefined } {
  checkType(json, 'BisectingKMeans');
  const { options, clusters } = json as SavedBisectingKMeans;
  const own: BisectingKMeansOptions = optionsFrom(options, clusteringOptionNames);
  return { options: own, root: clusters === null ? undefined : treeFrom(clusters, own.nClusters as number) };
}

function treeFrom(clusters: unknown, nClusters: number): ClusterNode {
  const { nRows, nColumns, ...fields } = fieldsOf(clusters, 'json.clusters');
  checkInteger(nRows, 'json.clusters.nRows', nClusters, maxCount);
  checkInteger(nColumns, 'json.clusters.nColumns', 0, maxCount);
  const labels = labelsFrom(fields.labels, 'json.clusters.labels', nRows, nClusters);
  const nNodes = 2 * nClusters - 1;
  const centers = numbersFrom(fields.centers, 'json.clusters.centers', nNodes * nColumns);
  const inertias = notNegativeFrom(fields.inertias, 'json.clusters.inertias', nNodes);
  const divisions = int32FromBase64(fields.divisions, nNodes);
  const nodeAt = (at: number, rows: Int32Array): ClusterNode => {
    return { center: centers.slice(at * nColumns, (at + 1) * nColumns), inertia: inertias[at], rows };
  };
  const root = divisions && joined(divisions, rowsByLabel(labels, nClusters), nodeAt);
  if (root !== undefined) return root;
  const rule = `say for each of ${nNodes} clusters which of ${nClusters - 1} divisions divides it, or -1`;
  throw failure('ERR_INVALID_ARG_VALUE', `json.clusters.divisions must ${rule}, each before those below it.`);
}

/** Joins the leaves, whose rows are given, from the last to the first; undefined where the divisions are not those of a tree. */
function joined(
  divisions: Int32Array,
  leaves: Int32Array[],
  nodeAt: (at: number, rows: Int32Array) => ClusterNode,
): ClusterNode | undefined {
  const seen = new Set<number>();
  const done: ClusterNode[] = []; // whose clusters above are still to come, the leftmost last
  for (let at = divisions.length - 1; at >= 0; at--) {
    const order = divisions[at];
    if (order === -1) {
      const rows = leaves.pop();
      if (rows === undefined) return undefined;
      done.push(nodeAt(at, rows));
      continue;
    }
    const left = done.pop();
    const right = done.pop();
    if (left === undefined || right === undefined || seen.has(order) || order >= (divisions.length - 1) / 2)
      return undefined;
    if (order < 0 || [left, right].some(({ division }) => division !== undefined && division.order <= order))
      return undefined;
    seen.add(order);
    const rows = new Int32Array(left.rows.length + right.rows.length);
    rows.set(left.rows);
    rows.set(right.rows, left.rows.length);
    done.push({ ...nodeAt(at, rows.sort()), division: { order, left, right } });
  }
  return done.length === 1 ? done[0] : undefined;
}
