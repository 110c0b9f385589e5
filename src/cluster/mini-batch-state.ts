import { DenseMatrix } from '../matrix/dense-matrix.js';

/** What `fit` and `partialFit` leave to each other. */
export interface MiniBatchState {
  readonly nColumns: number;
  /** nClusters x nColumns, row-major: the sum of all rows that each cluster ever got, or, where it weighs nothing, its center. */
  readonly sums: Float64Array;
  /** The weight of all rows that each cluster ever got. */
  readonly weights: Float64Array;
  readonly labels: Int32Array;
  readonly inertia: number;
  readonly nIter: number;
  readonly nSteps: number;
  readonly batchSize: number;
  readonly rowsSinceReassignment: number;
}

/** The centers. */
export function meansOf({ nColumns, sums, weights }: MiniBatchState): DenseMatrix<Float64Array> {
  const values = sums.slice();
  weights.forEach((weight, j) => {
    const factor = weight > 0 ? 1 / weight : 1;
    for (let at = j * nColumns; at < (j + 1) * nColumns; at++) values[at] *= factor;
  });
  return new DenseMatrix({ shape: [weights.length, nColumns], values });
}
