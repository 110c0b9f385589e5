import { failure } from '../../core/check.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { PairSelection, Scoring, TopPairs, Weighting } from '../kernels.js';
import type { Run } from './run.js';
import { topCooccurrences } from './top-cooccurrences.js';

/** The counts of documents. */
export class Counts {
  constructor(private readonly counts: CsrArrays) {}

  /** TF-IDF weights (Salton, Buckley 1988; formulas as scikit-learn's), row by row. */
  weigh(run: Run, { idf, frequencies, norm }: Weighting): Float64Array {
    const { nRows, indptr, indices, values } = this.counts;
    run.take(8 * indices.length);
    const weights = new Float64Array(indices.length);
    for (let row = 0; row < nRows; row++) {
      if (row % 1024 === 0) run.checkStopped();
      let total = 0;
      for (let q = indptr[row + 1] - 1; q >= indptr[row]; q--) {
        let weight = frequencies === null ? values[q] : frequencies[values[q]];
        if (idf !== null && weight !== 0) weight *= idf[indices[q]]; // a stored zero stays one, were idf infinite
        weights[q] = weight;
        if (norm === 'l2') total += weight * weight;
        if (norm === 'l1') total += Math.abs(weight);
      }
      if (total === 0) continue; // an empty row, or no norm asked for
      if (!Number.isFinite(total)) throw failure('ERR_OUT_OF_RANGE', `The weights of row ${row} have no finite norm.`);
      if (norm === 'l2') total = Math.sqrt(total);
      for (let q = indptr[row]; q < indptr[row + 1]; q++) weights[q] = weights[q] / total;
    }
    return weights;
  }

  documentFrequency(run: Run): Int32Array {
    const { nRows, nColumns, indptr, indices, values } = this.counts;
    const frequency = new Int32Array(nColumns);
    for (let row = 0; row < nRows; row++) {
      if (row % 1024 === 0) run.checkStopped();
      for (let q = indptr[row]; q < indptr[row + 1]; q++) {
        if (values[q] !== 0) frequency[indices[q]]++;
      }
    }
    return frequency;
  }

  topCooccurrences(run: Run, selection: PairSelection, scoring: Scoring): TopPairs {
    return topCooccurrences(run, this.counts, selection, scoring);
  }
}
