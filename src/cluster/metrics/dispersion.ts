import { type BackendOptions, backendOptionNames, openKernels } from '../../backends/index.js';
import type { Dispersion } from '../../backends/kernels.js';
import { checkOptions } from '../../core/check.js';
import { Job, type JobOptions, jobOptionNames } from '../../core/job.js';
import { checkBudget } from '../../core/memory.js';
import { type Matrix, rowArrays } from '../../matrix/matrix.js';
import { type ClusterLabels, type Clusters, checkClusters, clustersOf, sumsBytes } from './clusters.js';

/** How a score of clusters computes. */
export interface ClusterScoreOptions extends BackendOptions, JobOptions {}

/** What the scores of means and distances are made of; `name` is the function that the caller called. */
export async function dispersionOf(
  name: string,
  X: Matrix,
  labels: ClusterLabels,
  between: boolean,
  options: ClusterScoreOptions,
): Promise<Dispersion & { readonly clusters: Clusters }> {
  checkOptions(options, name, [...backendOptionNames, ...jobOptionNames]);
  return Job.run(options, async (job) => {
    const rows = rowArrays(X, 'X');
    const clusters = clustersOf(labels);
    checkClusters(clusters, rows.nRows);
    const kernels = openKernels(options);
    const { nClusters, range } = clusters;
    const pairs = between
      ? 8 * nClusters * nClusters + 8 * (nClusters + Math.min(64, rows.nColumns)) * (nClusters + 7)
      : 0;
    const sums = sumsBytes(clusters, rows.nColumns);
    checkBudget(
      24 * rows.values.length + 56 * rows.nRows + 8 * rows.nColumns + sums + 16 * range + pairs,
      kernels.maxBytes,
      `The means of ${nClusters} clusters`,
      'use fewer clusters, fewer columns or a larger maxBytes',
    );
    const kernel = kernels.dispersion(rows, clusters, between, job);
    return { ...(await job.watch('measuring clusters', rows.nRows, kernel)), clusters };
  });
}
