import { CsrMatrix, type SilhouetteMetric } from '#src/index.js';
import { dice, golden } from '../../support.js';

const { matrices } = golden('cluster-metrics');

export function goldenMatrix(name: string): CsrMatrix<Float64Array> {
  const { nRows, nColumns, indptr, indices, values } = matrices[name];
  return new CsrMatrix({
    shape: [nRows, nColumns],
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(indices),
    values: Float64Array.from(values),
  });
}

/** Labels below k at random, small numbers more often. */
export function randomLabels(n: number, k: number, seed: number): Int32Array {
  const random = dice(seed);
  const labels = Int32Array.from({ length: n }, () => Math.floor(random() * random() * k));
  labels.set([0, 1]); // so that there are two clusters
  return labels;
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const dot = (x: number[], y: number[]) => sum(x.map((value, i) => value * y[i]));
const squared = (x: number[], y: number[]) => sum(x.map((value, i) => (value - y[i]) ** 2));

export const distance: Record<SilhouetteMetric, (x: number[], y: number[]) => number> = {
  cosine: (x, y) => 1 - dot(x, y) / (Math.sqrt(dot(x, x) * dot(y, y)) || 1),
  sqeuclidean: squared,
  euclidean: (x, y) => Math.sqrt(squared(x, y)),
};

/** Silhouettes by their definition. */
export function slowSilhouettes(X: CsrMatrix, labels: ArrayLike<number>, metric: SilhouetteMetric): number[] {
  const rows = X.toRows();
  const clusters = [...new Set(Array.from(labels))];
  return rows.map((row, i) => {
    const mean = (cluster: number) => {
      const others = [...rows.keys()].filter((j) => j !== i && labels[j] === cluster);
      return others.length === 0 ? Number.NaN : sum(others.map((j) => distance[metric](row, rows[j]))) / others.length;
    };
    const a = mean(labels[i]);
    const b = Math.min(...clusters.filter((cluster) => cluster !== labels[i]).map(mean));
    const larger = Math.max(a, b);
    return larger > 0 ? (b - a) / larger : 0; // NaN for a row alone in its cluster: 0
  });
}

/** The mean row of each cluster, by its number. */
export function meanRows(X: CsrMatrix, labels: ArrayLike<number>): Map<number, number[]> {
  const rows = X.toRows();
  return new Map(
    [...new Set(Array.from(labels))].map((cluster) => {
      const members = rows.filter((_, i) => labels[i] === cluster);
      return [cluster, rows[0].map((_, column) => sum(members.map((row) => row[column])) / members.length)];
    }),
  );
}

export function largestDifference(values: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (values.length !== wanted.length) return Number.POSITIVE_INFINITY;
  return Array.from(values, (value, i) => Math.abs(value - wanted[i])).reduce((a, b) => Math.max(a, b), 0);
}
