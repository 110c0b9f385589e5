import { checkInteger, checkOptions, failure, shown } from '../core/check.js';
import { type CsrMatrix, checkedArrays } from '../matrix/csr-matrix.js';
import { Vocabulary } from '../text/vocabulary.js';

/** A term of a cluster. */
export interface TopTerm {
  readonly term: string;
  /** The term's column. */
  readonly index: number;
  /** Sum of the term's values over the rows of the cluster. */
  readonly count: number;
  /** How many rows of the cluster hold the term. */
  readonly documents: number;
}

/**
 * The terms with the largest sums in each cluster; ties go to the lower column, terms without a positive sum are left out.
 * @param counts n rows x p columns: counts, or any weights
 * @param labels the cluster of each row, from 0
 * @param vocabulary the p terms
 * @returns one list a cluster, from 0 to the largest label
 * @throws TypeError, RangeError for arguments that do not fit together
 */
export function topTerms(
  counts: CsrMatrix,
  labels: Int32Array,
  vocabulary: Vocabulary,
  options: { /** Terms a cluster. @default 10 */ n?: number } = {},
): TopTerm[][] {
  checkOptions(options, 'topTerms', ['n']);
  const { n = 10 } = options;
  checkInteger(n, 'n', 1, 2 ** 31 - 1);
  const { nRows, nColumns, indptr, indices, values } = checkedArrays(counts, 'counts');
  if (!(labels instanceof Int32Array)) {
    throw failure('ERR_INVALID_ARG_TYPE', `labels must be an Int32Array, but is ${shown(labels)}.`);
  }
  if (!(vocabulary instanceof Vocabulary)) {
    throw failure('ERR_INVALID_ARG_TYPE', `vocabulary must be a Vocabulary, but is ${shown(vocabulary)}.`);
  }
  if (labels.length !== nRows) {
    throw failure('ERR_OUT_OF_RANGE', `labels holds ${labels.length} numbers, but counts has ${nRows} rows.`);
  }
  if (vocabulary.size !== nColumns) {
    throw failure('ERR_OUT_OF_RANGE', `vocabulary holds ${vocabulary.size} terms, but counts has ${nColumns} columns.`);
  }
  const sums = new Float64Array(nColumns);
  const documents = new Int32Array(nColumns);
  return rowsByLabel(labels).map((rows) => {
    sums.fill(0);
    documents.fill(0);
    for (const row of rows) {
      for (let q = indptr[row]; q < indptr[row + 1]; q++) {
        sums[indices[q]] += values[q];
        if (values[q] !== 0) documents[indices[q]]++;
      }
    }
    return largestSums(sums, n).map((index) => {
      return { term: vocabulary.term(index) as string, index, count: sums[index], documents: documents[index] };
    });
  });
}

/** The rows of each label, in order, by a counting sort. */
function rowsByLabel(labels: Int32Array): Int32Array[] {
  const ends: number[] = [];
  for (const label of labels) {
    if (label < 0 || label >= labels.length) {
      throw failure(
        'ERR_OUT_OF_RANGE',
        `labels must hold numbers from 0 to below the ${labels.length} rows, but holds ${label}.`,
      );
    }
    while (ends.length <= label) ends.push(0);
    ends[label]++;
  }
  for (let label = 1; label < ends.length; label++) ends[label] += ends[label - 1];
  const rows = new Int32Array(labels.length);
  const next = ends.map((_, label) => (label === 0 ? 0 : ends[label - 1]));
  labels.forEach((label, row) => {
    rows[next[label]++] = row;
  });
  return ends.map((end, label) => rows.subarray(label === 0 ? 0 : ends[label - 1], end));
}

/** The columns of the n largest positive sums, the largest first, ties by column. */
function largestSums(sums: Float64Array, n: number): number[] {
  const columns: number[] = [];
  for (let column = 0; column < sums.length; column++) if (sums[column] > 0) columns.push(column);
  return columns.sort((a, b) => sums[b] - sums[a] || a - b).slice(0, n);
}
