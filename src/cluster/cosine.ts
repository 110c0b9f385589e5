/**
 * k-means by cosine, "spherical k-means" (Dhillon, Modha 2001): rows and centers of length 1, on which squared Euclidean distances
 * are 2 (1 - cosine). Rows without a direction (no value, or none whose square is a number above 0) lie outside of it.
 */

import type { Kernels, KMeansKernel } from '../backends/kernels.js';
import { used } from '../backends/used.js';
import { failure, isCorpuscleError } from '../core/check.js';
import type { Job } from '../core/job.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { fullRows } from '../matrix/matrix.js';
import type { FitRows } from './fit-rows.js';
import { everyRow, gathered } from './kernel-rows.js';

/** Rows scaled to length 1. */
export interface UnitRows {
  readonly rows: CsrArrays;
  /** The numbers of rows without a direction, which are as they were. */
  readonly empty: readonly number[];
}

/** Scales copies of rows, made before the first wait. */
export async function unitRows(kernels: Kernels, rows: CsrArrays, job: Job): Promise<UnitRows> {
  const kernel = kernels.createCounts(rows);
  const ofUnits = unitRowsOf(rows);
  try {
    const unit = ofUnits(await used(kernel, () => kernel.weigh({ idf: null, frequencies: null, norm: 'l2' }, job)));
    return { rows: unit, empty: rowsWithoutDirection(unit) };
  } catch (error) {
    if (!isCorpuscleError(error) || error.code !== 'ERR_OUT_OF_RANGE') throw error;
    const why = error.message.replace('The weights of row', 'but those of row');
    throw failure('ERR_OUT_OF_RANGE', `X must hold finite numbers with finite squares, ${why}`);
  }
}

/** Rows of other values, to be given later: what else they have is copied now. */
function unitRowsOf(rows: CsrArrays): (values: Float64Array) => CsrArrays {
  const { nRows, nColumns } = rows;
  if (rows.isFull) return (values) => fullRows(nRows, nColumns, values);
  const own = { nRows, nColumns, indptr: rows.indptr.slice(), indices: rows.indices.slice() };
  return (values) => ({ ...own, values });
}

function rowsWithoutDirection({ nRows, indptr, values }: CsrArrays): number[] {
  const found: number[] = [];
  for (let row = 0; row < nRows; row++) {
    let q = indptr[row];
    while (q < indptr[row + 1] && values[q] * values[q] === 0) q++;
    if (q >= indptr[row + 1]) found.push(row);
  }
  return found;
}

/**
 * What a fit works on: the rows that have a direction, with their weights. Those without one have the label 0; the inertia is the
 * sum of weight x (1 - cosine).
 */
export function directionsOf({ rows, empty }: UnitRows, weights: Float64Array | null): Omit<FitRows, 'among'> {
  const outside = new Set(empty);
  const inside = everyRow(rows.nRows).filter((row) => !outside.has(row));
  const own = weights === null ? null : weights.filter((_, row) => !outside.has(row));
  return {
    rows: empty.length === 0 ? rows : gathered(rows, inside),
    weights: own,
    check: (nClusters) => {
      if (inside.length >= nClusters && !own?.every((weight) => weight === 0)) return;
      const which = own === null ? 'have a direction' : 'have a direction, or none of them a weight';
      const sizes = `nClusters is ${nClusters}, but ${inside.length} rows of X ${which}`;
      throw failure('ERR_OUT_OF_RANGE', `${sizes}; by cosine, rows of zeros belong to no cluster.`);
    },
    whole: (result) => {
      const labels = new Int32Array(rows.nRows);
      inside.forEach((row, i) => {
        labels[row] = result.labels[i];
      });
      return { ...result, labels, inertia: result.inertia / 2 };
    },
  };
}

/** Given start centers, scaled to length 1. */
export function unitCenters({ shape, values }: DenseMatrix<Float64Array>): DenseMatrix<Float64Array> {
  const scaled = values.slice();
  for (let j = 0; j < shape[0]; j++) {
    const center = scaled.subarray(j * shape[1], (j + 1) * shape[1]);
    const length = Math.sqrt(center.reduce((sum, cell) => sum + cell * cell, 0));
    if (!(length > 0 && length < Number.POSITIVE_INFINITY)) {
      const what = `row ${j} has the length ${length}`;
      throw failure('ERR_OUT_OF_RANGE', `By cosine, init must hold centers with a direction, but ${what}.`);
    }
    for (let at = 0; at < center.length; at++) center[at] /= length;
  }
  return new DenseMatrix({ shape, values: scaled });
}

/** M-step, second half: the sums of clusters, scaled to length 1, become the centers. */
export async function averageDirections(kernel: KMeansKernel, job: Job): Promise<number> {
  const shift = await kernel.average(await kernel.sumLengths(job), job);
  await kernel.setUnitNorms(job);
  return shift;
}
