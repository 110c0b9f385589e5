import { brandOf, isBranded } from '../core/brand.js';
import { checkInteger, failure, shown } from '../core/check.js';

const brand: unique symbol = brandOf('CsrMatrix') as never;

/** Arrays that hold the values of a sparse matrix. */
export type ValueArray = Int32Array | Float32Array | Float64Array;

/** The numbers of a row, as embeddings come from models and parsers. */
export type NumberRow = readonly number[] | ValueArray;

/** The parts of a sparse matrix in compressed sparse row form. */
export interface CsrParts<V extends ValueArray = ValueArray> {
  /** [rows, columns] */
  readonly shape: readonly [number, number];
  /** Row r holds the entries from indptr[r] to indptr[r + 1]; Float64Array above 2^31 - 1 entries. */
  readonly indptr: Int32Array | Float64Array;
  /** The column of each entry, ascending within a row, each at most once. */
  readonly indices: Int32Array;
  /** The value of each entry. */
  readonly values: V;
}

/**
 * A sparse matrix in compressed sparse row form, as SciPy's `csr_matrix` with sorted indices. The library never changes
 * one; a call that takes one works on the arrays as they were when it was called.
 */
export class CsrMatrix<V extends ValueArray = ValueArray> implements CsrParts<V> {
  /** @internal */
  get [brand](): true {
    return true;
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, brand);
  }

  readonly shape: readonly [number, number];
  readonly indptr: Int32Array | Float64Array;
  readonly indices: Int32Array;
  readonly values: V;

  /**
   * Takes the arrays as they are, without copying them.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` where they do not form a matrix
   */
  constructor(parts: CsrParts<V>) {
    checkParts(parts);
    const { shape, indptr, indices, values } = parts;
    const defect = csrDefect({ nRows: shape[0], nColumns: shape[1], indptr, indices, values });
    if (defect !== undefined) throw failure('ERR_INVALID_ARG_VALUE', defect);
    this.shape = Object.freeze([shape[0], shape[1]] as const);
    this.indptr = indptr;
    this.indices = indices;
    this.values = values;
  }

  /** A matrix from rows of numbers of equal length; zeros are left out. */
  static fromRows(rows: readonly NumberRow[], nColumns = rows?.[0]?.length ?? 0): CsrMatrix<Float64Array> {
    if (!Array.isArray(rows as unknown))
      throw failure('ERR_INVALID_ARG_TYPE', `rows must be an array, but is ${shown(rows)}.`);
    checkInteger(nColumns, 'nColumns', 0, 2 ** 31 - 1);
    const indices: number[] = [];
    const values: number[] = [];
    const ends = [0];
    for (const [r, row] of rows.entries()) {
      checkRowLength(row, r, nColumns);
      row.forEach((value: number, column: number) => {
        if (value !== 0) {
          indices.push(column);
          values.push(value);
        }
      });
      ends.push(indices.length);
    }
    return new CsrMatrix({
      shape: [ends.length - 1, nColumns],
      indptr: Int32Array.from(ends),
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    });
  }

  /** @internal For results of kernels, which are valid by construction. */
  static trusted<V extends ValueArray>(parts: CsrParts<V>): CsrMatrix<V> {
    const shape = Object.freeze([...parts.shape]);
    return Object.assign(Object.create(CsrMatrix.prototype) as CsrMatrix<V>, { ...parts, shape });
  }

  get nRows(): number {
    return this.shape[0];
  }

  get nColumns(): number {
    return this.shape[1];
  }

  /** The number of stored entries. */
  get nnz(): number {
    return this.indices.length;
  }

  /** Views of the entries of row `r`. @throws TypeError, RangeError for what is no row */
  row(r: number): { indices: Int32Array; values: V } {
    checkInteger(r, 'r', 0, this.nRows - 1);
    const begin = this.indptr[r];
    const end = this.indptr[r + 1];
    return { indices: this.indices.subarray(begin, end), values: this.values.subarray(begin, end) as V };
  }

  /** The rows as arrays of numbers, zeros included: for small matrices and for looking at them. */
  toRows(): number[][] {
    return Array.from({ length: this.nRows }, (_, r) => {
      const dense = new Array<number>(this.nColumns).fill(0);
      const { indices, values } = this.row(r);
      indices.forEach((column, i) => {
        dense[column] = values[i];
      });
      return dense;
    });
  }
}

/** Refuses a row of numbers of another length than its matrix has columns. */
export function checkRowLength(row: unknown, r: number, nColumns: number): asserts row is NumberRow {
  if (isValueArray(row) ? row.length === nColumns : isArrayOfNumbers(row, nColumns)) return;
  throw failure(
    'ERR_INVALID_ARG_VALUE',
    `Row ${r} must hold ${nColumns} numbers, as the first one does, but is ${shown(row)}.`,
  );
}

/** Looks at holes, too, as `every` does not. */
function isArrayOfNumbers(row: unknown, length: number): boolean {
  if (!Array.isArray(row) || row.length !== length) return false;
  for (const value of row) if (typeof value !== 'number') return false;
  return true;
}

export function isValueArray(values: unknown): values is ValueArray {
  return values instanceof Int32Array || values instanceof Float32Array || values instanceof Float64Array;
}

/** The arrays of a matrix as the kernels take them. */
export interface CsrArrays {
  readonly nRows: number;
  readonly nColumns: number;
  readonly indptr: Int32Array | Float64Array;
  readonly indices: Int32Array;
  readonly values: ValueArray;
  /** Each row has a value for each column; `indices` are then made when they are first asked for. */
  readonly isFull?: true;
}

/** The same for work on the event loop, which checks the whole matrix anew: its arrays may have been changed. */
export function checkedArrays(matrix: unknown, name: string): CsrArrays {
  const arrays = csrArrays(matrix, name);
  const defect = csrDefect(arrays);
  if (defect !== undefined) throw failure('ERR_INVALID_ARG_VALUE', defect);
  return arrays;
}

/** The arrays of an argument that must be a CsrMatrix whose arrays are still there; `wanted` says what else would do. */
export function csrArrays(matrix: unknown, name: string, wanted = 'a CsrMatrix'): CsrArrays {
  if (!(matrix instanceof CsrMatrix)) {
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be ${wanted}, but is ${shown(matrix)}.`);
  }
  checkParts(matrix);
  const { shape, indptr, indices, values } = matrix;
  if (indptr.length !== shape[0] + 1 || indices.length !== values.length || indptr[shape[0]] !== indices.length) {
    throw failure('ERR_INVALID_ARG_VALUE', `${name} is no longer valid: its arrays were transferred or resized.`);
  }
  return { nRows: shape[0], nColumns: shape[1], indptr, indices, values };
}

function checkParts(parts: unknown): asserts parts is CsrParts {
  const refuse = (name: string, what: string, value: unknown) => {
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be ${what}, but is ${shown(value)}.`);
  };
  if (parts === null || typeof parts !== 'object') refuse('The matrix', '{ shape, indptr, indices, values }', parts);
  const { shape, indptr, indices, values } = parts as CsrParts;
  const isSize = (n: unknown) => Number.isInteger(n) && (n as number) >= 0 && (n as number) < 2 ** 31;
  if (!Array.isArray(shape) || shape.length !== 2 || !shape.every(isSize)) {
    refuse('shape', 'two whole numbers of rows and columns below 2^31', shape);
  }
  if (!(indptr instanceof Int32Array || indptr instanceof Float64Array)) {
    refuse('indptr', 'an Int32Array or a Float64Array', indptr);
  }
  if (!(indices instanceof Int32Array)) refuse('indices', 'an Int32Array', indices);
  if (!isValueArray(values)) {
    refuse('values', 'an Int32Array, a Float32Array or a Float64Array', values);
  }
}

/** What is wrong with a matrix, in one sentence; the native backend checks its own copy by the same rules. */
export function csrDefect({ nRows, nColumns, indptr, indices, values }: CsrArrays): string | undefined {
  const invalid = (what: string) => `The matrix is not valid: ${what}`;
  if (indptr.length !== nRows + 1) return invalid('indptr must hold one number more than there are rows.');
  if (indptr[0] !== 0) return invalid('indptr must start at 0.');
  for (let row = 0; row < nRows; row++) {
    if (!Number.isInteger(indptr[row + 1]) || indptr[row + 1] < indptr[row])
      return invalid(`indptr falls after row ${row}.`);
  }
  if (indptr[nRows] !== indices.length || values.length !== indices.length) {
    return invalid('indptr must end at the number of indices and of values.');
  }
  for (let row = 0; row < nRows; row++) {
    let previous = -1;
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      const column = indices[q];
      if (column <= previous || column >= nColumns) {
        return invalid(`the indices of row ${row} must ascend strictly from 0 to ${nColumns - 1}.`);
      }
      previous = column;
    }
  }
  return undefined;
}
