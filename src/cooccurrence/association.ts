import { type BackendOptions, backendOptionNames, openKernels } from '../backends/index.js';
import { checkInteger, checkOptions, failure, shown } from '../core/check.js';
import { Job, type JobOptions, jobOptionNames } from '../core/job.js';
import { checkBudget } from '../core/memory.js';
import { type CsrArrays, CsrMatrix, checkedArrays } from '../matrix/csr-matrix.js';
import { checkScoreOptions, type ScoreOptions, scoreOptionNames, scoringOf } from './scores.js';

/** Options of `association`. */
export interface AssociationOptions extends ScoreOptions, BackendOptions, JobOptions {
  /** How many documents were counted. */
  nDocuments: number;
  /** In how many documents each term is. @default the diagonal of the pairs */
  documentFrequency?: Int32Array;
}

const optionNames = [
  ...['nDocuments', 'documentFrequency'],
  ...scoreOptionNames,
  ...backendOptionNames,
  ...jobOptionNames,
];

/**
 * Scores each pair of a sparse matrix of pair counts, as `cooccurrence` gives it.
 * @param pairs n terms x n terms, either triangle or both
 * @returns a matrix of the same entries; a stored zero stays one
 * @throws (rejects) TypeError `ERR_INVALID_ARG_VALUE` for counts that no documents could give, or without a diagonal or
 * `documentFrequency`; RangeError `ERR_OUT_OF_RANGE` for frequencies above `nDocuments`, `ERR_MEMORY_BUDGET`; `AbortError`
 */
export async function association(
  pairs: CsrMatrix<Int32Array>,
  options: AssociationOptions,
): Promise<CsrMatrix<Float64Array>> {
  checkOptions(options, 'association', optionNames);
  checkScoreOptions(options);
  const { nDocuments, documentFrequency } = options;
  checkInteger(nDocuments, 'nDocuments', 0, 2 ** 31 - 1);
  return Job.run(options, async (job) => {
    const arrays = checkedArrays(pairs, 'pairs');
    const { nRows, nColumns, indptr, indices, values } = arrays;
    if (nRows !== nColumns || !(values instanceof Int32Array)) {
      const what = `a square matrix of whole numbers, but is ${nRows} x ${nColumns} of ${values.constructor.name}`;
      throw failure('ERR_INVALID_ARG_VALUE', `pairs must be ${what}.`);
    }
    const kernels = openKernels(options);
    const bytes =
      indptr.byteLength + 2 * (indices.byteLength + values.byteLength) + 8 * indices.length + 16 * nDocuments;
    checkBudget(bytes, kernels.maxBytes, 'Scoring pairs', 'score fewer pairs or raise maxBytes');
    const frequency =
      documentFrequency === undefined ? diagonalOf(arrays) : checkedFrequency(documentFrequency, nColumns);
    frequency.forEach((f, term) => {
      if (f >= 0 && f <= nDocuments) return;
      const where = documentFrequency === undefined ? 'the diagonal of pairs' : 'documentFrequency';
      throw failure(
        'ERR_OUT_OF_RANGE',
        `${where} must be from 0 to nDocuments (${nDocuments}), but is ${f} for term ${term}.`,
      );
    });
    // The logarithms take turns of the event loop, and the caller may change its arrays in between.
    const own = { nRows, nColumns, indptr: indptr.slice(), indices: indices.slice(), values: values.slice() };
    const scoring = await scoringOf(options, frequency, nDocuments, job);
    const scores = await job.watch('scoring pairs', nRows, kernels.associate(own, scoring, job));
    return CsrMatrix.trusted({ shape: [nRows, nColumns], indptr: own.indptr, indices: own.indices, values: scores });
  });
}

function diagonalOf({ nRows, indptr, indices, values }: CsrArrays): Int32Array {
  const diagonal = new Int32Array(nRows);
  const hasDiagonal = new Uint8Array(nRows);
  const isPaired = new Uint8Array(nRows);
  for (let row = 0; row < nRows; row++) {
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      isPaired[row] = isPaired[indices[q]] = 1;
      if (indices[q] !== row) continue;
      diagonal[row] = values[q];
      hasDiagonal[row] = 1;
    }
  }
  const missing = isPaired.findIndex((paired, term) => paired === 1 && hasDiagonal[term] === 0);
  if (missing < 0) return diagonal;
  const advice = 'count with diagonal: true, or give documentFrequency';
  throw failure('ERR_INVALID_ARG_VALUE', `pairs has no diagonal for term ${missing}; ${advice}.`);
}

function checkedFrequency(frequency: unknown, nColumns: number): Int32Array {
  if (!(frequency instanceof Int32Array)) {
    throw failure('ERR_INVALID_ARG_TYPE', `documentFrequency must be an Int32Array, but is ${shown(frequency)}.`);
  }
  if (frequency.length !== nColumns) {
    const sizes = `${nColumns} numbers, one a term, but has ${frequency.length}`;
    throw failure('ERR_OUT_OF_RANGE', `documentFrequency must have ${sizes}.`);
  }
  return frequency.slice();
}
