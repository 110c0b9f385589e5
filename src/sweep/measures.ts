/** What is measured of each model beside its inertia. */

import type { BackendOptions } from '../backends/index.js';
import type { SilhouetteMetric } from '../backends/kernels.js';
import { calinskiHarabaszScore } from '../cluster/metrics/calinski-harabasz.js';
import { daviesBouldinScore } from '../cluster/metrics/davies-bouldin.js';
import { silhouetteScore } from '../cluster/metrics/silhouette.js';
import type { JobOptions } from '../core/job.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import type { Matrix } from '../matrix/matrix.js';

export const sweepMetrics = ['silhouette', 'daviesBouldin', 'calinskiHarabasz'] as const;
/** What a sweep can measure. */
export type SweepMetric = (typeof sweepMetrics)[number];

/** Of each row's model; null where that was not asked for, or is not defined: for one cluster, or one for each row. */
export type SweepMeasures = { readonly [M in SweepMetric]: number | null };

export interface Measuring {
  readonly metrics: ReadonlySet<SweepMetric>;
  readonly silhouetteMetric: SilhouetteMetric;
  readonly computing: BackendOptions & JobOptions;
}

/** Measures clusters, but for what is known of them. */
export async function measure(
  X: Matrix,
  labels: Int32Array,
  { metrics, silhouetteMetric, computing }: Measuring,
  known: Partial<SweepMeasures>,
): Promise<SweepMeasures> {
  const scores = {
    silhouette: () => silhouetteScore(X, labels, { ...computing, metric: silhouetteMetric }),
    daviesBouldin: () => daviesBouldinScore(X, labels, computing),
    calinskiHarabasz: () => calinskiHarabaszScore(X, labels, computing),
  };
  const distinct = new Set(labels).size;
  const isDefined = distinct > 1 && distinct < labels.length;
  const measures = { silhouette: null, daviesBouldin: null, calinskiHarabasz: null } as Record<
    SweepMetric,
    number | null
  >;
  for (const metric of sweepMetrics) {
    if (metrics.has(metric) && isDefined) measures[metric] = known[metric] ?? (await scores[metric]());
  }
  return measures;
}

/** What any of these takes at most: copies of rows and columns, results, and the sums of k clusters. */
export function measureBytes({ nRows, nColumns, values }: CsrArrays, nClusters: number, threads: number): number {
  const stride = Math.ceil(nClusters / 8) * 8;
  const pairs = 8 * nClusters * nClusters + 64 * stride * threads;
  return 44 * values.length + (56 + 8 * threads) * nRows + 8 * (stride + 2) * nColumns + 16 * nClusters + pairs;
}
