import { describe, expect, it } from 'vitest';
import { CsrMatrix, DenseMatrix } from '#src/index.js';

const valid = {
  shape: [2, 3] as [number, number],
  indptr: Int32Array.of(0, 2, 3),
  indices: Int32Array.of(0, 2, 1),
  values: Float64Array.of(1, 2, 3),
};

describe('CsrMatrix', () => {
  it('takes arrays as they are and reads as rows', () => {
    const matrix = new CsrMatrix(valid);
    expect(matrix.values).toBe(valid.values);
    expect(matrix.toRows()).toEqual([
      [1, 0, 2],
      [0, 3, 0],
    ]);
    expect([matrix.nRows, matrix.nColumns, matrix.nnz]).toEqual([2, 3, 3]);
    expect(matrix.row(1)).toEqual({ indices: Int32Array.of(1), values: Float64Array.of(3) });
  });

  it('takes row ends as Float64Array, and views into larger buffers', () => {
    const buffer = new Float64Array([9, 1, 2, 3, 9]);
    const matrix = new CsrMatrix({ ...valid, indptr: Float64Array.of(0, 2, 3), values: buffer.subarray(1, 4) });
    expect(matrix.toRows()).toEqual([
      [1, 0, 2],
      [0, 3, 0],
    ]);
  });

  it.each([
    ['CsrMatrix', CsrMatrix],
    ['DenseMatrix', DenseMatrix],
  ])('%s refuses rows of different lengths, rows of other things, and no rows', (_, matrix) => {
    for (const rows of [[[1, 2], [3]], [[3], [1, 2]], [['1']], [1, 2], null, 'rows']) {
      expect(() => matrix.fromRows(rows as never)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^ERR_INVALID_ARG/) }),
      );
    }
  });

  it.each([
    ['CsrMatrix', CsrMatrix],
    ['DenseMatrix', DenseMatrix],
  ])('%s takes rows that are typed arrays, but not of big integers or bytes', (_, matrix) => {
    const rows = [[1, 0.5], Float32Array.of(0, 2), Float64Array.of(-3, 0), Int32Array.of(4, 5)];
    expect(matrix.fromRows(rows).toRows()).toEqual(rows.map((row) => [...row]));
    for (const row of [BigInt64Array.of(1n, 2n), Uint8Array.of(1, 2), Float32Array.of(1)]) {
      expect(() => matrix.fromRows([[1, 2], row as never])).toThrow(
        expect.objectContaining({
          code: 'ERR_INVALID_ARG_VALUE',
          message: expect.stringMatching(/^Row 1 must hold 2/),
        }),
      );
    }
  });

  it('DenseMatrix keeps single precision where all rows have it', () => {
    const single = DenseMatrix.fromRows([Float32Array.of(1, 0.1), Float32Array.of(2, 3)]);
    expect(single.values).toEqual(Float32Array.of(1, 0.1, 2, 3));
    for (const rows of [[Float32Array.of(1, 0.5), [2, 3]], [Float64Array.of(1, 0.5)], []]) {
      expect(DenseMatrix.fromRows(rows).values).toBeInstanceOf(Float64Array);
    }
  });

  it('keeps its shape, whatever is tried', () => {
    const { shape } = new CsrMatrix(valid);
    expect(() => Object.assign(shape, { 1: Number.NaN })).toThrow(TypeError);
  });

  it('leaves zeros out of rows of numbers', () => {
    expect(
      CsrMatrix.fromRows([
        [0, 5],
        [0, 0],
      ]),
    ).toEqual(
      new CsrMatrix({
        shape: [2, 2],
        indptr: Int32Array.of(0, 1, 1),
        indices: Int32Array.of(1),
        values: Float64Array.of(5),
      }),
    );
  });

  it.each([
    ['nothing', null, 'ERR_INVALID_ARG_TYPE', /null/],
    ['a shape of one number', { ...valid, shape: [2] }, 'ERR_INVALID_ARG_TYPE', /shape/],
    ['a negative shape', { ...valid, shape: [-1, 3] }, 'ERR_INVALID_ARG_TYPE', /shape/],
    ['a shape of 2^31 columns', { ...valid, shape: [2, 2 ** 31] }, 'ERR_INVALID_ARG_TYPE', /shape/],
    ['indptr as an array', { ...valid, indptr: [0, 2, 3] }, 'ERR_INVALID_ARG_TYPE', /indptr/],
    ['indices of another type', { ...valid, indices: Uint32Array.of(0, 2, 1) }, 'ERR_INVALID_ARG_TYPE', /indices/],
    ['values of another type', { ...valid, values: BigInt64Array.of(1n, 2n, 3n) }, 'ERR_INVALID_ARG_TYPE', /values/],
    ['indptr that is too short', { ...valid, indptr: Int32Array.of(0, 3) }, 'ERR_INVALID_ARG_VALUE', /indptr/],
    [
      'indptr that does not start at 0',
      { ...valid, indptr: Int32Array.of(1, 2, 3) },
      'ERR_INVALID_ARG_VALUE',
      /start at 0/,
    ],
    ['indptr that falls', { ...valid, indptr: Int32Array.of(0, 3, 2) }, 'ERR_INVALID_ARG_VALUE', /after row 1/],
    ['indptr that ends early', { ...valid, indptr: Int32Array.of(0, 2, 2) }, 'ERR_INVALID_ARG_VALUE', /end at/],
    ['indptr with fractions', { ...valid, indptr: Float64Array.of(0, 1.5, 3) }, 'ERR_INVALID_ARG_VALUE', /row 0/],
    ['indptr with NaN', { ...valid, indptr: Float64Array.of(0, Number.NaN, 3) }, 'ERR_INVALID_ARG_VALUE', /row 0/],
    ['fewer values than indices', { ...valid, values: Float64Array.of(1, 2) }, 'ERR_INVALID_ARG_VALUE', /values/],
    ['an index beyond the columns', { ...valid, indices: Int32Array.of(0, 3, 1) }, 'ERR_INVALID_ARG_VALUE', /row 0/],
    ['a negative index', { ...valid, indices: Int32Array.of(-1, 2, 1) }, 'ERR_INVALID_ARG_VALUE', /row 0/],
    ['an index twice in a row', { ...valid, indices: Int32Array.of(2, 2, 1) }, 'ERR_INVALID_ARG_VALUE', /row 0/],
    ['unsorted indices', { ...valid, indices: Int32Array.of(2, 0, 1) }, 'ERR_INVALID_ARG_VALUE', /row 0/],
  ])('refuses %s', (_, parts, code, message) => {
    expect(() => new CsrMatrix(parts as never)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

describe('DenseMatrix', () => {
  it('reads as rows', () => {
    const matrix = new DenseMatrix({ shape: [2, 2], values: Int32Array.of(1, 2, 3, 4) });
    expect(matrix.toRows()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(matrix.row(1)).toEqual(Int32Array.of(3, 4));
    expect(
      DenseMatrix.fromRows([
        [1, 2],
        [3, 4],
      ]).toRows(),
    ).toEqual(matrix.toRows());
  });

  it.each([
    ['another number of values', { shape: [2, 2], values: new Float64Array(3) }, 'ERR_INVALID_ARG_VALUE'],
    ['a fractional shape', { shape: [1.5, 2], values: new Float64Array(3) }, 'ERR_INVALID_ARG_TYPE'],
    ['an array of numbers', { shape: [1, 2], values: [1, 2] }, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses %s', (_, parts, code) => {
    expect(() => new DenseMatrix(parts as never)).toThrow(expect.objectContaining({ code }));
  });
});
