import { type BackendOptions, backendOptionNames, openKernels } from '../backends/index.js';
import { checkOptions, failure, shown } from '../core/check.js';
import { Job, type JobOptions, jobOptionNames } from '../core/job.js';
import { checkBudget } from '../core/memory.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { everyRow } from './kernel-rows.js';

/**
 * The cosine of each center with each: 1 for the same direction, 0 at right angles, and for a center of zeros 0 with all, itself
 * among them. Which clusters are alike, and which are perhaps one.
 * @param centers k rows x p columns, finite values
 * @returns k x k, symmetric
 * @throws (rejects) TypeError for a wrong argument; RangeError for values that are not finite, `ERR_MEMORY_BUDGET`; `AbortError`
 */
export async function clusterSimilarity(
  centers: DenseMatrix,
  options: BackendOptions & JobOptions = {},
): Promise<DenseMatrix<Float64Array>> {
  checkOptions(options, 'clusterSimilarity', [...backendOptionNames, ...jobOptionNames]);
  return Job.run(options, async (job) => {
    if (!(centers instanceof DenseMatrix)) {
      throw failure('ERR_INVALID_ARG_TYPE', `centers must be a DenseMatrix, but is ${shown(centers)}.`);
    }
    const [k, p] = centers.shape;
    if (k === 0) return new DenseMatrix({ shape: [0, 0], values: new Float64Array(0) });
    const kernels = openKernels(options);
    const advice = 'compare fewer clusters or raise maxBytes';
    checkBudget(60 * k * p + 72 * k * k, kernels.maxBytes, `The similarity of ${k} clusters`, advice);
    const rows = unitRows(centers);
    const labels = everyRow(k);
    const alone = { labels, nClusters: k }; // each center is the mean of a cluster of its own
    const { between } = await job.watch('comparing clusters', k, kernels.dispersion(rows, alone, true, job));
    // Of unit vectors, |x - y|^2 = 2 - 2 cos.
    const isZero = (j: number) => rows.indptr[j] === rows.indptr[j + 1];
    const values = between.map((squared, cell) => {
      return isZero(Math.floor(cell / k)) || isZero(cell % k) ? 0 : Math.max(-1, 1 - squared / 2);
    });
    return new DenseMatrix({ shape: [k, k], values });
  });
}

/** The centers at length 1, their zeros left out. */
function unitRows({ shape: [k, p], values }: DenseMatrix): CsrArrays {
  const nnz = (values as Float64Array).reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
  const indptr = nnz < 2 ** 31 ? new Int32Array(k + 1) : new Float64Array(k + 1);
  const rows = { indices: new Int32Array(nnz), values: new Float64Array(nnz) };
  let at = 0;
  for (let j = 0; j < k; j++) {
    let squares = 0;
    let largest = 0;
    for (let c = j * p; c < (j + 1) * p; c++) {
      if (!Number.isFinite(values[c])) {
        throw failure('ERR_OUT_OF_RANGE', `centers must hold finite numbers, but row ${j} holds ${values[c]}.`);
      }
      largest = Math.max(largest, Math.abs(values[c]));
    }
    for (let c = j * p; c < (j + 1) * p; c++) squares += (values[c] / largest) ** 2; // no square leaves the range of numbers
    const length = Math.sqrt(squares);
    for (let c = j * p; c < (j + 1) * p; c++) {
      if (values[c] === 0) continue;
      rows.indices[at] = c - j * p;
      rows.values[at++] = values[c] / largest / length;
    }
    indptr[j + 1] = at;
  }
  return { nRows: k, nColumns: p, indptr, ...rows };
}
