import { failure } from '../core/check.js';
import { type CsrMatrix, checkedArrays } from '../matrix/csr-matrix.js';
import type { Vocabulary } from './vocabulary.js';

/** The terms of each row whose values are not zero, in order of their columns. */
export function inverted(matrix: CsrMatrix, vocabulary: Vocabulary): string[][] {
  const { nRows, nColumns, indptr, indices, values } = checkedArrays(matrix, 'counts');
  if (nColumns !== vocabulary.size) {
    const sizes = `counts has ${nColumns} columns, but the vocabulary ${vocabulary.size} terms`;
    throw failure('ERR_OUT_OF_RANGE', `${sizes}; use the matrix of the same vectorizer.`);
  }
  const terms = vocabulary.toArray();
  return Array.from({ length: nRows }, (_, row) => {
    const found: string[] = [];
    for (let q = indptr[row]; q < indptr[row + 1]; q++) if (values[q] !== 0) found.push(terms[indices[q]]);
    return found;
  });
}
