import { failure } from '../core/check.js';
import { type CsrArrays, type CsrMatrix, csrArrays, type ValueArray } from './csr-matrix.js';
import { DenseMatrix } from './dense-matrix.js';

/** Rows to cluster: of text sparse ones, of embeddings dense ones, whose every cell counts as an entry. */
export type Matrix = CsrMatrix | DenseMatrix;

/** The rows of an argument that must be a matrix whose arrays are still there. */
export function rowArrays(matrix: unknown, name: string): CsrArrays {
  if (matrix instanceof DenseMatrix) return denseArrays(matrix, name);
  return csrArrays(matrix, name, 'a CsrMatrix or a DenseMatrix');
}

function denseArrays(matrix: DenseMatrix, name: string): CsrArrays {
  const { shape, values } = new DenseMatrix(matrix); // checked anew: its array may have been transferred
  const [nRows, nColumns] = shape;
  if (nColumns === 0 && nRows > 0) throw failure('ERR_INVALID_ARG_VALUE', `${name} must have columns, but has none.`);
  return fullRows(nRows, nColumns, values);
}

/** Rows that have a value for each column. */
export function fullRows(nRows: number, nColumns: number, values: ValueArray): CsrArrays {
  const indptr = allocated(() => (values.length < 2 ** 31 ? new Int32Array(nRows + 1) : new Float64Array(nRows + 1)));
  for (let row = 0; row < nRows; row++) indptr[row + 1] = indptr[row] + nColumns;
  let indices: Int32Array | undefined;
  return {
    nRows,
    nColumns,
    indptr,
    values,
    isFull: true,
    get indices() {
      indices ??= everyColumn(nRows, nColumns);
      return indices;
    },
  };
}

/** 0 to nColumns - 1, once a row. */
function everyColumn(nRows: number, nColumns: number): Int32Array {
  const indices = allocated(() => new Int32Array(nRows * nColumns));
  for (let column = 0; column < Math.min(nColumns, indices.length); column++) indices[column] = column;
  for (let filled = nColumns; filled < indices.length; filled *= 2) indices.copyWithin(filled, 0, filled);
  return indices;
}

function allocated<A>(allocate: () => A): A {
  try {
    return allocate();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw failure('ERR_OUT_OF_MEMORY', `The system has no more memory for the rows of a matrix (${error.message}).`);
  }
}
