import { failure } from '../../core/check.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import { noDiagonal, type PairScores, type Scoring } from '../kernels.js';
import type { Run } from './run.js';
import { scoreOf } from './scores.js';

/** The counts of pairs, terms x terms. */
export class Pairs {
  constructor(private readonly pairs: CsrArrays) {}

  /** What the diagonal holds of each term; 0 for one without pairs; `noDiagonal` for one with pairs that has no cell there. */
  diagonal(run: Run): Int32Array {
    const { nRows, indptr, indices, values } = this.pairs;
    const diagonal = new Int32Array(nRows);
    const hasDiagonal = new Uint8Array(nRows);
    const isPaired = new Uint8Array(nRows);
    for (let row = 0; row < nRows; row++) {
      if (row % 64 === 0) run.checkStopped();
      for (let q = indptr[row]; q < indptr[row + 1]; q++) {
        isPaired[row] = isPaired[indices[q]] = 1;
        if (indices[q] !== row) continue;
        diagonal[row] = values[q];
        hasDiagonal[row] = 1;
      }
    }
    return diagonal.map((count, term) => (isPaired[term] > hasDiagonal[term] ? noDiagonal : count));
  }

  /** The score of each entry; of a stored zero, 0. */
  associate(run: Run, scoring: Scoring): PairScores {
    const { nRows, indptr, indices, values } = this.pairs;
    run.take(12 * indices.length);
    const { frequency, documents } = scoring;
    const score = scoreOf(scoring);
    const scores = new Float64Array(indices.length);
    for (let row = 0; row < nRows; row++) {
      if (row % 64 === 0) run.checkStopped();
      for (let q = indptr[row]; q < indptr[row + 1]; q++) {
        const [a, f, g] = [values[q], frequency[row], frequency[indices[q]]];
        if (a === 0) continue;
        if (a < 0 || a > f || a > g || f + g - a > documents) {
          const own = `with ${f} and ${g} of their own`;
          const what = `Terms ${row} and ${indices[q]} cannot share ${a} documents, ${own}.`;
          throw failure('ERR_INVALID_ARG_VALUE', what);
        }
        scores[q] = score(a, row, indices[q]);
      }
    }
    return { indices: indices.slice(), scores };
  }
}
