/** Labels of rows, as the metrics take them. */

import type { Clustering } from '../../backends/kernels.js';
import { failure, shown } from '../../core/check.js';

/** The number of each row's cluster, from 0; numbers may be missing. */
export type ClusterLabels = Int32Array | readonly number[];

const mostClusters = 2 ** 24;

/** Clusters that have rows, renumbered without gaps. */
export interface Clusters extends Clustering {
  /** The number that each cluster had. */
  readonly numbers: Int32Array;
  /** One more than the largest number. */
  readonly range: number;
}

/** Copies and checks labels; they are renumbered in order of their numbers. */
export function clustersOf(labels: unknown, name = 'labels'): Clusters {
  if (!(labels instanceof Int32Array) && !Array.isArray(labels)) {
    const kinds = 'an Int32Array or an array of whole numbers';
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be ${kinds}, but is ${shown(labels)}.`);
  }
  const copy = new Int32Array(labels.length);
  let range = 0;
  for (let row = 0; row < copy.length; row++) {
    const label = labels[row];
    if (!Number.isInteger(label) || label < 0 || label >= mostClusters) {
      const rule = `numbers of clusters from 0 to ${mostClusters - 1}, but number ${row} is ${shown(label)}`;
      throw failure('ERR_OUT_OF_RANGE', `${name} must hold ${rule}.`);
    }
    copy[row] = label;
    if (label >= range) range = label + 1;
  }
  const places = new Int32Array(range);
  for (let row = 0; row < copy.length; row++) places[copy[row]] = 1;
  const numbers = new Int32Array(places.reduce((sum, used) => sum + used, 0));
  let nClusters = 0;
  places.forEach((used, label) => {
    if (used === 0) return;
    places[label] = nClusters;
    numbers[nClusters++] = label;
  });
  for (let row = 0; row < copy.length; row++) copy[row] = places[copy[row]];
  return { labels: copy, nClusters, numbers, range };
}

/** Refuses clusters that do not number the rows, or of which there are not 2 to one less than there are rows. */
export function checkClusters({ labels, nClusters }: Clustering, nRows: number): void {
  if (labels.length !== nRows) {
    throw failure('ERR_OUT_OF_RANGE', `labels holds ${labels.length} numbers, but X has ${nRows} rows.`);
  }
  if (nClusters >= 2 && nClusters < nRows) return;
  const found = `${nClusters} distinct ${nClusters === 1 ? 'number' : 'numbers'} for ${nRows} rows`;
  throw failure('ERR_OUT_OF_RANGE', `labels holds ${found}; there must be from 2 to one less than rows.`);
}

/** What the sums of the clusters' rows take. */
export function sumsBytes({ nClusters }: Clustering, nColumns: number): number {
  return 8 * nColumns * nClusters;
}

/** Values of the clusters that have rows, each at the number of its cluster; NaN where a number has no row. */
export function byNumber({ numbers, range }: Clusters, values: Float64Array): Float64Array {
  const out = new Float64Array(range).fill(Number.NaN);
  numbers.forEach((number, j) => {
    out[number] = values[j];
  });
  return out;
}

/** The mean of the values of each cluster, added in order; NaN where it has none. `rows` tells whose each value is. */
export function clusterMeans({ labels, nClusters }: Clustering, values: Float64Array, rows?: Int32Array): Float64Array {
  const sums = new Float64Array(nClusters);
  const counts = new Float64Array(nClusters);
  values.forEach((value, i) => {
    const cluster = labels[rows === undefined ? i : rows[i]];
    sums[cluster] += value;
    counts[cluster]++;
  });
  return sums.map((sum, j) => sum / counts[j]);
}
