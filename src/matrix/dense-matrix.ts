import { brandOf, isBranded } from '../core/brand.js';
import { checkInteger, failure, itemsOf, shown } from '../core/check.js';
import { checkRowLength, isValueArray, type NumberRow, type ValueArray } from './csr-matrix.js';

const brand: unique symbol = brandOf('DenseMatrix') as never;

/** A dense matrix, row-major: the cell of row r and column c is values[r * columns + c]. */
export class DenseMatrix<V extends ValueArray = ValueArray> {
  /** @internal */
  get [brand](): true {
    return true;
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, brand);
  }

  readonly shape: readonly [number, number];
  readonly values: V;

  /**
   * Takes the array as it is, without copying it.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` where shape and values do not fit
   */
  constructor(parts: { readonly shape: readonly [number, number]; readonly values: V }) {
    if (parts === null || typeof parts !== 'object') {
      throw failure('ERR_INVALID_ARG_TYPE', `The matrix must be { shape, values }, but is ${shown(parts)}.`);
    }
    const { shape, values } = parts;
    if (!Array.isArray(shape) || shape.length !== 2 || !shape.every((n) => Number.isInteger(n) && n >= 0)) {
      throw failure(
        'ERR_INVALID_ARG_TYPE',
        `shape must be two whole numbers of rows and columns, but is ${shown(shape)}.`,
      );
    }
    if (!isValueArray(values)) {
      const arrays = 'an Int32Array, a Float32Array or a Float64Array';
      throw failure('ERR_INVALID_ARG_TYPE', `values must be ${arrays}, but is ${shown(values)}.`);
    }
    const [nRows, nColumns] = shape as readonly [number, number];
    if (values.length !== nRows * nColumns) {
      const cells = `${nRows} x ${nColumns} = ${nRows * nColumns} numbers`;
      throw failure('ERR_INVALID_ARG_VALUE', `values must hold ${cells}, but holds ${values.length}.`);
    }
    this.shape = Object.freeze([nRows, nColumns] as const);
    this.values = values;
  }

  /** A matrix from rows of numbers of equal length: in single precision where all rows are, such as embeddings, else in double. */
  static fromRows(rows: readonly Exclude<NumberRow, Float32Array>[]): DenseMatrix<Float64Array>;
  static fromRows(rows: readonly Float32Array[]): DenseMatrix<Float32Array>;
  static fromRows(rows: readonly NumberRow[]): DenseMatrix<Float32Array | Float64Array>;
  static fromRows(rows: readonly NumberRow[]): DenseMatrix<Float32Array | Float64Array> {
    if (!Array.isArray(rows as unknown))
      throw failure('ERR_INVALID_ARG_TYPE', `rows must be an array, but is ${shown(rows)}.`);
    const nColumns = rows[0]?.length ?? 0;
    const checked = itemsOf(rows, (row, r): asserts row is NumberRow => checkRowLength(row, r, nColumns));
    const areSingle = checked.length > 0 && checked.every((row) => row instanceof Float32Array);
    const values = new (areSingle ? Float32Array : Float64Array)(checked.length * nColumns);
    for (const [r, row] of checked.entries()) values.set(row, r * nColumns);
    return new DenseMatrix({ shape: [checked.length, nColumns], values });
  }

  get nRows(): number {
    return this.shape[0];
  }

  get nColumns(): number {
    return this.shape[1];
  }

  /** A view of row `r`. @throws TypeError, RangeError for what is no row */
  row(r: number): V {
    checkInteger(r, 'r', 0, this.nRows - 1);
    return this.values.subarray(r * this.nColumns, (r + 1) * this.nColumns) as V;
  }

  /** The rows as arrays of numbers. */
  toRows(): number[][] {
    return Array.from({ length: this.nRows }, (_, r) => Array.from(this.row(r)));
  }
}
