import { type BackendOptions, backendOptionNames, openKernels } from '../backends/index.js';
import { noDiagonal } from '../backends/kernels.js';
import { used } from '../backends/used.js';
import { checkInteger, checkOptions, failure, shown } from '../core/check.js';
import { Job, type JobOptions, jobOptionNames } from '../core/job.js';
import { checkBudget } from '../core/memory.js';
import { CsrMatrix, csrArrays } from '../matrix/csr-matrix.js';
import { checkScoreOptions, type ScoreOptions, scoreOptionNames, scoringOf, takesLogs } from './scores.js';

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
 * Scores each pair of a sparse matrix of pair counts, as `cooccurrence` gives it; each by itself, so that two triangles which differ are not
 * told.
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
    const arrays = csrArrays(pairs, 'pairs');
    const { nRows, nColumns, indptr, indices, values } = arrays;
    if (nRows !== nColumns || !(values instanceof Int32Array)) {
      const what = `a square matrix of whole numbers, but is ${nRows} x ${nColumns} of ${values.constructor.name}`;
      throw failure('ERR_INVALID_ARG_VALUE', `pairs must be ${what}.`);
    }
    const kernels = openKernels(options);
    const copies =
      2 * indices.byteLength + values.byteLength + 8 * indices.length + indptr.byteLength + 8 * indptr.length;
    const logs = takesLogs(options.score) ? 16 * nDocuments : 0;
    const bytes = copies + logs + (60 + kernels.threads) * nColumns;
    checkBudget(bytes, kernels.maxBytes, 'Scoring pairs', 'score fewer pairs or raise maxBytes');
    const given = documentFrequency === undefined ? undefined : checkedFrequency(documentFrequency, nColumns);
    const own = indptr.slice(); // the caller may change its arrays while this waits
    return used(kernels.createPairs(arrays), async (kernel) => {
      const diagonal = await kernel.diagonal(job); // and the pairs are checked
      const frequency = given ?? pairedFrequency(diagonal);
      checkRange(frequency, nDocuments, given === undefined ? 'the diagonal of pairs' : 'documentFrequency');
      const scoring = await scoringOf(options, frequency, nDocuments, job);
      const scored = await job.watch('scoring pairs', nRows, kernel.associate(scoring, job));
      return CsrMatrix.trusted({
        shape: [nRows, nColumns],
        indptr: own,
        indices: scored.indices,
        values: scored.scores,
      });
    });
  });
}

/** The diagonal, where each term that has pairs has a cell there. */
function pairedFrequency(diagonal: Int32Array): Int32Array {
  const missing = diagonal.indexOf(noDiagonal);
  if (missing < 0) return diagonal;
  const advice = 'count with diagonal: true, or give documentFrequency';
  throw failure('ERR_INVALID_ARG_VALUE', `pairs has no diagonal for term ${missing}; ${advice}.`);
}

function checkRange(frequency: Int32Array, nDocuments: number, where: string): void {
  const term = frequency.findIndex((f) => f < 0 || f > nDocuments);
  if (term < 0) return;
  const range = `from 0 to nDocuments (${nDocuments}), but is ${frequency[term]} for term ${term}`;
  throw failure('ERR_OUT_OF_RANGE', `${where} must be ${range}.`);
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
