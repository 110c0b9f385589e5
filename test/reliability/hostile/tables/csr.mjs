/** Matrices: every broken invariant, through the constructor and in matrices that were changed since they were made. */

import * as lib from '../../../../dist/esm/index.js';

const {
  CsrMatrix,
  DenseMatrix,
  cooccurrence,
  topCooccurrences,
  planCooccurrence,
  association,
  KMeans,
  TfidfTransformer,
} = lib;
const { topTerms, CountVectorizer, fingerprint } = lib;

const valid = () => ({
  shape: [3, 4],
  indptr: Int32Array.of(0, 2, 2, 5),
  indices: Int32Array.of(0, 3, 0, 1, 3),
  values: Float64Array.of(1, 2, 3, 4, 5),
});
const value = 'ERR_INVALID_ARG_VALUE';
const type = 'ERR_INVALID_ARG_TYPE';
const holed = (list, at) => {
  delete list[at];
  return list;
};
const i32 = (...numbers) => Int32Array.from(numbers);
const f64 = (...numbers) => Float64Array.from(numbers);

/** What is wrong, the parts that are wrong, the code, and what the sentence names. */
const defects = [
  ['indptr starts at 1', { indptr: i32(1, 2, 2, 5) }, value, /indptr/],
  ['indptr starts at -1', { indptr: i32(-1, 2, 2, 5) }, value, /indptr/],
  ['indptr falls', { indptr: i32(0, 3, 2, 5) }, value, /indptr/],
  ['indptr falls below zero', { indptr: i32(0, -3, 2, 5) }, value, /indptr/],
  ['indptr ends one early', { indptr: i32(0, 2, 2, 4) }, value, /indptr/],
  ['indptr ends one late', { indptr: i32(0, 2, 2, 6) }, value, /indptr/],
  ['indptr ends at 2^31 - 1', { indptr: i32(0, 2, 2, 2 ** 31 - 1) }, value, /indptr/],
  ['indptr rises to 10^9 and comes back', { indptr: i32(0, 1e9, 1e9, 5) }, value, /indptr/],
  ['indptr is the smallest number', { indptr: i32(0, -(2 ** 31), 2, 5) }, value, /indptr/],
  ['indptr has a fraction', { indptr: f64(0, 1.5, 2, 5) }, value, /indptr/],
  ['indptr has NaN', { indptr: f64(0, Number.NaN, 2, 5) }, value, /indptr/],
  ['indptr has infinity', { indptr: f64(0, Number.POSITIVE_INFINITY, 2, 5) }, value, /indptr/],
  ['indptr has minus infinity', { indptr: f64(0, 2, 2, Number.NEGATIVE_INFINITY) }, value, /indptr/],
  ['indptr has 2^53 + 2', { indptr: f64(0, 2 ** 53 + 2, 2, 5) }, value, /indptr/],
  ['indptr has 1e300', { indptr: f64(0, 2, 2, 1e300) }, value, /indptr/],
  ['indptr begins with NaN', { indptr: f64(Number.NaN, 2, 2, 5) }, value, /indptr/],
  ['an index is the number of columns', { indices: i32(0, 4, 0, 1, 3) }, value, /row 0/],
  ['an index is -1', { indices: i32(-1, 3, 0, 1, 3) }, value, /row 0/],
  ['an index is 2^31 - 1', { indices: i32(0, 2 ** 31 - 1, 0, 1, 3) }, value, /row 0/],
  ['an index is -2^31', { indices: i32(-(2 ** 31), 3, 0, 1, 3) }, value, /row 0/],
  ['an index stands twice', { indices: i32(0, 3, 1, 1, 3) }, value, /row 2/],
  ['indices fall', { indices: i32(3, 0, 0, 1, 3) }, value, /row 0/],
  ['the last index of the last row is too large', { indices: i32(0, 3, 0, 1, 4) }, value, /row 2/],
];
/** Wrong in ways that the arrays of a matrix cannot become later, other than by being put in the place of others. */
const misfits = [
  ['indptr is too short', { indptr: i32(0, 2, 5) }, value, /indptr/],
  ['indptr is too long', { indptr: i32(0, 2, 2, 5, 5) }, value, /indptr/],
  ['indptr is empty', { indptr: i32() }, value, /indptr/],
  ['there is a value too few', { values: f64(1, 2, 3, 4) }, value, /values|indptr/],
  ['there is a value too many', { values: f64(1, 2, 3, 4, 5, 6) }, value, /values|indptr/],
  ['there are no values', { values: f64() }, value, /values|indptr/],
  ['there are no indices', { indices: i32() }, value, /indptr|indices/],
  ['shape has one number', { shape: [3] }, type, /shape/],
  ['shape has three numbers', { shape: [3, 4, 5] }, type, /shape/],
  ['shape is negative', { shape: [-3, 4] }, type, /shape/],
  ['shape has a fraction', { shape: [3, 4.5] }, type, /shape/],
  ['shape has NaN', { shape: [3, Number.NaN] }, type, /shape/],
  ['shape has 2^31 columns', { shape: [3, 2 ** 31] }, type, /shape/],
  ['shape has 2^31 rows', { shape: [2 ** 31, 4] }, type, /shape/],
  ['shape has texts', { shape: ['3', '4'] }, type, /shape/],
  ['shape is a typed array', { shape: i32(3, 4) }, type, /shape/],
  ['shape has no columns, but there are indices', { shape: [3, 0] }, value, /row 0/],
  ['indptr is a list', { indptr: [0, 2, 2, 5] }, type, /indptr/],
  ['indptr is a Uint32Array', { indptr: Uint32Array.of(0, 2, 2, 5) }, type, /indptr/],
  ['indptr is a BigInt64Array', { indptr: BigInt64Array.of(0n, 2n, 2n, 5n) }, type, /indptr/],
  ['indptr is a Float32Array', { indptr: Float32Array.of(0, 2, 2, 5) }, type, /indptr/],
  ['indices are a Uint32Array', { indices: Uint32Array.of(0, 3, 0, 1, 3) }, type, /indices/],
  ['indices are a Float64Array', { indices: f64(0, 3, 0, 1, 3) }, type, /indices/],
  ['indices are an Int16Array', { indices: Int16Array.of(0, 3, 0, 1, 3) }, type, /indices/],
  ['indices are a list', { indices: [0, 3, 0, 1, 3] }, type, /indices/],
  ['values are a list', { values: [1, 2, 3, 4, 5] }, type, /values/],
  ['values are a Uint8Array', { values: Uint8Array.of(1, 2, 3, 4, 5) }, type, /values/],
  ['values are a BigInt64Array', { values: BigInt64Array.of(1n, 2n, 3n, 4n, 5n) }, type, /values/],
];

/** All that takes a sparse matrix. */
const takers = {
  cooccurrence: (X) => cooccurrence(X),
  'cooccurrence, dense': (X) => cooccurrence(X, { output: 'dense' }),
  topCooccurrences: (X) => topCooccurrences(X),
  planCooccurrence: (X) => planCooccurrence(X),
  'KMeans.fit': (X) => new KMeans({ nClusters: 2, randomState: 0 }).fit(X),
  'KMeans.predict': async (X) => {
    const model = await new KMeans({ nClusters: 2, randomState: 0 }).fit(new CsrMatrix(valid()));
    return model.predict(X);
  },
  'TfidfTransformer.fit': (X) => new TfidfTransformer().fit(X),
  'TfidfTransformer.fitTransform': (X) => new TfidfTransformer().fitTransform(X),
  'TfidfTransformer, sublinear': (X) => new TfidfTransformer({ sublinearTf: true }).fitTransform(X),
  association: (X) => {
    // Square and of whole numbers, with the same defects.
    const matrix = CsrMatrix.trusted({ ...X, shape: [3, 3], values: Int32Array.from(X.values) });
    return association(matrix, { nDocuments: 100, documentFrequency: i32(100, 100, 100) });
  },
  topTerms: (X) => topTerms(X, i32(0, 1, 0), new CountVectorizer({ vocabulary: ['a', 'b', 'c', 'd'] }).vocabulary),
  inverseTransform: (X) => new CountVectorizer({ vocabulary: ['a', 'b', 'c', 'd'] }).inverseTransform(X),
};

/** A valid matrix into whose arrays the defect is written. */
function changed(parts) {
  const base = valid();
  if (parts.indptr instanceof Float64Array) base.indptr = f64(0, 2, 2, 5);
  const matrix = new CsrMatrix(base);
  for (const [name, array] of Object.entries(parts)) matrix[name].set(array);
  return matrix;
}

const constructed = [...defects, ...misfits].map(([name, parts, code, names]) => ({
  name: `new CsrMatrix: ${name}`,
  call: () => new CsrMatrix({ ...valid(), ...parts }),
  code,
  names,
}));

const later = Object.entries(takers).flatMap(([taker, call]) =>
  defects.map(([name, parts]) => ({
    name: `${taker}, changed since: ${name}`,
    call: () => call(changed(parts)),
    code: [value, type, 'ERR_OUT_OF_RANGE'],
  })),
);

const replaced = Object.entries(takers)
  .filter(([taker]) => taker !== 'association')
  .flatMap(([taker, call]) =>
    [
      ['indptr', null],
      ['indices', [0, 3, 0, 1, 3]],
      ['values', undefined],
      ['shape', [3, 2 ** 31]],
    ].map(([name, part]) => ({
      name: `${taker}: ${name} put in another's place`,
      call: () => call(Object.assign(new CsrMatrix(valid()), { [name]: part })),
      code: [value, type],
      names: new RegExp(name),
    })),
  );

const others = [
  {
    name: 'DenseMatrix with a value too few',
    call: () => new DenseMatrix({ shape: [2, 2], values: f64(1, 2, 3) }),
    code: value,
    names: /values/,
  },
  {
    name: 'DenseMatrix of 2^16 x 2^16 without values',
    call: () => new DenseMatrix({ shape: [65536, 65536], values: f64() }),
    code: value,
    names: /values/,
  },
  {
    name: 'DenseMatrix with a negative shape',
    call: () => new DenseMatrix({ shape: [-1, -4], values: f64(1, 2, 3, 4) }),
    code: type,
    names: /shape/,
  },
  {
    name: 'fromRows with rows of two lengths',
    call: () => CsrMatrix.fromRows([[1], [1, 2]]),
    code: value,
    names: /Row 1/,
  },
  {
    name: 'fromRows with a hole in a row',
    call: () => CsrMatrix.fromRows([new Array(3)]),
    code: value,
    names: /Row 0/,
  },
  {
    name: 'fromRows with a hole between rows',
    call: () => CsrMatrix.fromRows(holed([[1], [1], [2]], 1)),
    code: value,
    names: /Row 1/,
  },
  { name: 'row -1', call: () => new CsrMatrix(valid()).row(-1), code: 'ERR_OUT_OF_RANGE', names: /\br\b/ },
  { name: 'row 3 of three', call: () => new CsrMatrix(valid()).row(3), code: 'ERR_OUT_OF_RANGE', names: /\br\b/ },
  {
    name: 'row of a DenseMatrix beyond its end',
    call: () => DenseMatrix.fromRows([[1]]).row(1),
    code: 'ERR_OUT_OF_RANGE',
    names: /\br\b/,
  },
  {
    name: 'association of a matrix that is not square',
    call: () => association(new CsrMatrix({ ...valid(), values: i32(1, 2, 3, 4, 5) }), { nDocuments: 9 }),
    code: value,
    names: /pairs/,
  },
  {
    name: 'association of weights',
    call: () => association(CsrMatrix.fromRows([[1]]), { nDocuments: 9 }),
    code: value,
    names: /pairs/,
  },
  {
    name: 'fingerprint of a matrix whose arrays were taken',
    call: () => {
      const matrix = new CsrMatrix(valid());
      structuredClone(matrix.indices, { transfer: [matrix.indices.buffer] });
      return fingerprint({ matrix });
    },
    code: value,
    names: /matrix/,
  },
  ...[
    [0, 0],
    [0, 4],
    [3, 0],
  ].map((shape) => ({
    name: `an empty matrix of ${shape.join(' x ')} is taken`,
    call: () =>
      cooccurrence(new CsrMatrix({ shape, indptr: new Int32Array(shape[0] + 1), indices: i32(), values: f64() })),
    gives: ({ nnz }) => nnz === 0,
  })),
];

export const cases = [...constructed, ...later, ...replaced, ...others];
