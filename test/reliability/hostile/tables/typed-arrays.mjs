/** Typed arrays: detached, resized, shared, views at an offset, of the wrong type, too large. */

import * as lib from '../../../../dist/esm/index.js';

const {
  CsrMatrix,
  DenseMatrix,
  cooccurrence,
  topCooccurrences,
  KMeans,
  TfidfTransformer,
  CountVectorizer,
  topTerms,
  association,
} = lib;
const value = 'ERR_INVALID_ARG_VALUE';
const type = 'ERR_INVALID_ARG_TYPE';
const range = 'ERR_OUT_OF_RANGE';

const rows = [
  [1, 0, 2],
  [0, 3, 1],
  [4, 0, 0],
];
const plain = () => CsrMatrix.fromRows(rows);
const wanted = async (call) => JSON.stringify(await call(plain()));

/** The same arrays, made otherwise. */
const rehoused = (house) => {
  const { shape, indptr, indices, values } = plain();
  return new CsrMatrix({ shape, indptr: house(indptr), indices: house(indices), values: house(values) });
};
const atOffset = (array) => {
  const wide = new array.constructor(array.length + 7);
  wide.fill(-99);
  wide.set(array, 3);
  return wide.subarray(3, 3 + array.length);
};
const shared = (array) => {
  const own = new array.constructor(new SharedArrayBuffer(array.byteLength));
  own.set(array);
  return own;
};
const resizable = (array) => {
  const own = new array.constructor(new ArrayBuffer(array.byteLength, { maxByteLength: 4 * array.byteLength }));
  own.set(array);
  return own;
};
const tracking = resizable; // without a length of its own, so that it follows its buffer
const holed = (list, at) => {
  delete list[at];
  return list;
};
const detach = (array) => structuredClone(array, { transfer: [array.buffer] });

const takers = {
  cooccurrence: async (X) => [...(await cooccurrence(X)).values],
  topCooccurrences: async (X) => [...(await topCooccurrences(X)).scores],
  KMeans: async (X) => [...(await new KMeans({ nClusters: 2, randomState: 0 }).fit(X)).clusterCenters.values],
  TfidfTransformer: async (X) => [...(await new TfidfTransformer().fitTransform(X)).values],
};

const same = Object.entries(takers).flatMap(([taker, call]) =>
  Object.entries({
    'views at an offset': atOffset,
    'shared memory': shared,
    'memory that can be resized': resizable,
  }).map(([how, house]) => ({
    name: `${taker} over ${how} gives the same`,
    call: async () => JSON.stringify(await call(rehoused(house))) === (await wanted(call)),
    gives: (equal) => equal === true,
  })),
);

const gone = Object.entries(takers).flatMap(([taker, call]) => [
  ...['indptr', 'indices', 'values'].flatMap((name) => [
    {
      name: `${taker} with ${name} transferred before`,
      call: () => {
        const X = plain();
        detach(X[name]);
        return call(X);
      },
      code: value,
      names: /X|counts|matrix/,
    },
    {
      name: `${taker} with ${name} shrunk before`,
      call: () => {
        const X = rehoused(tracking);
        X[name].buffer.resize(4);
        return call(X);
      },
      code: value,
      names: /X|counts|matrix/,
    },
    {
      name: `${taker} with ${name} transferred meanwhile`,
      call: async () => {
        const X = plain();
        const running = call(X);
        detach(X[name]);
        return JSON.stringify(await running) === (await wanted(call));
      },
      gives: (equal) => equal === true,
    },
    {
      name: `${taker} with ${name} filled with nonsense meanwhile`,
      call: async () => {
        const X = plain();
        const running = call(X);
        X[name].fill(-7);
        return JSON.stringify(await running) === (await wanted(call));
      },
      gives: (equal) => equal === true,
    },
  ]),
]);

const counted = new CountVectorizer({ vocabulary: ['a', 'b', 'c'] });
const bytes = new TextEncoder().encode('one two three');
const batch = (parts) => new CountVectorizer().fit({ bytes, offsets: Float64Array.of(0, 7, 13), ...parts });
const weights = (sampleWeight) => new KMeans({ nClusters: 2, randomState: 0 }).fit(plain(), { sampleWeight });
const start = (values) => new KMeans({ nClusters: 2, init: new DenseMatrix({ shape: [2, 3], values }) }).fit(plain());
const pairs = () => cooccurrence(plain());

const others = [
  {
    name: 'offsets as an Int32Array',
    call: () => batch({ offsets: Int32Array.of(0, 7, 13) }),
    code: type,
    names: /offsets/,
  },
  {
    name: 'offsets that fall',
    call: () => batch({ offsets: Float64Array.of(0, 7, 5) }),
    code: value,
    names: /offsets/,
  },
  {
    name: 'offsets beyond the bytes',
    call: () => batch({ offsets: Float64Array.of(0, 7, 14) }),
    code: value,
    names: /offsets/,
  },
  {
    name: 'offsets that start at 1',
    call: () => batch({ offsets: Float64Array.of(1, 7, 13) }),
    code: value,
    names: /offsets/,
  },
  {
    name: 'offsets with a fraction',
    call: () => batch({ offsets: Float64Array.of(0, 7.5, 13) }),
    code: value,
    names: /offsets/,
  },
  {
    name: 'offsets with NaN',
    call: () => batch({ offsets: Float64Array.of(0, Number.NaN, 13) }),
    code: value,
    names: /offsets/,
  },
  {
    name: 'offsets with infinity',
    call: () => batch({ offsets: Float64Array.of(0, 7, Number.POSITIVE_INFINITY) }),
    code: value,
    names: /offsets/,
  },
  { name: 'no offsets', call: () => batch({ offsets: new Float64Array(0) }), code: value, names: /offsets/ },
  {
    name: 'offsets below zero',
    call: () => batch({ offsets: Float64Array.of(0, -1, 13) }),
    code: value,
    names: /offsets/,
  },
  {
    name: 'one offset, no documents',
    call: () => batch({ offsets: Float64Array.of(0) }),
    code: ['ERR_NO_DOCUMENTS'],
    names: /documents/,
  },
  { name: 'bytes as a list', call: () => batch({ bytes: [...bytes] }), code: type, names: /bytes/ },
  { name: 'bytes as an Int8Array', call: () => batch({ bytes: Int8Array.from(bytes) }), code: type, names: /bytes/ },
  {
    name: 'bytes transferred before',
    call: () => {
      const own = bytes.slice();
      detach(own);
      return batch({ bytes: own });
    },
    code: value,
    names: /offsets|bytes/,
  },
  {
    name: 'bytes transferred meanwhile',
    call: () => {
      const own = bytes.slice();
      const running = batch({ bytes: own });
      detach(own);
      return running;
    },
    gives: (v) => v.vocabulary.size === 3,
  },
  {
    name: 'bytes at an offset',
    call: () => batch({ bytes: atOffset(bytes) }),
    gives: (v) => v.vocabulary.toArray().join() === 'one,three,two',
  },
  { name: 'shared bytes', call: () => batch({ bytes: shared(bytes) }), gives: (v) => v.vocabulary.size === 3 },
  {
    name: 'bytes of a Buffer from the pool',
    call: () => batch({ bytes: Buffer.from('one two three') }),
    gives: (v) => v.vocabulary.size === 3,
  },
  {
    name: 'sampleWeight of another length',
    call: () => weights(Float64Array.of(1, 1)),
    code: range,
    names: /sampleWeight/,
  },
  {
    name: 'sampleWeight with NaN',
    call: () => weights(Float64Array.of(1, Number.NaN, 1)),
    code: range,
    names: /sampleWeight/,
  },
  {
    name: 'sampleWeight below zero',
    call: () => weights(Float64Array.of(1, -1, 1)),
    code: range,
    names: /sampleWeight/,
  },
  {
    name: 'sampleWeight infinite',
    call: () => weights([1, Number.POSITIVE_INFINITY, 1]),
    code: range,
    names: /sampleWeight/,
  },
  { name: 'sampleWeight all zero', call: () => weights([0, 0, 0]), code: range, names: /sampleWeight/ },
  { name: 'sampleWeight of texts', call: () => weights(['1', '1', '1']), code: range, names: /sampleWeight/ },
  {
    name: 'sampleWeight as a Float32Array',
    call: () => weights(Float32Array.of(1, 1, 1)),
    code: type,
    names: /sampleWeight/,
  },
  {
    name: 'sampleWeight transferred',
    call: () => {
      const own = Float64Array.of(1, 1, 1);
      detach(own);
      return weights(own);
    },
    code: range,
    names: /sampleWeight/,
  },
  { name: 'sampleWeight with a hole', call: () => weights(holed([1, 1, 1], 1)), code: range, names: /sampleWeight/ },
  { name: 'init with NaN', call: () => start(Float64Array.of(1, 2, Number.NaN, 4, 5, 6)), code: range, names: /init/ },
  {
    name: 'init with infinity',
    call: () => start(Float64Array.of(1, 2, 3, 4, 5, Number.NEGATIVE_INFINITY)),
    code: range,
    names: /init/,
  },
  {
    name: 'init of another shape',
    call: () => new KMeans({ nClusters: 2, init: DenseMatrix.fromRows([[1], [2]]) }).fit(plain()),
    code: range,
    names: /init/,
  },
  {
    name: 'init transferred',
    call: () => {
      const own = Float64Array.of(1, 2, 3, 4, 5, 6);
      const init = new DenseMatrix({ shape: [2, 3], values: own });
      detach(own);
      return new KMeans({ nClusters: 2, init });
    },
    code: [value, type],
    names: /init|values/,
  },
  {
    name: 'X with NaN',
    call: () => new KMeans({ nClusters: 1 }).fit(CsrMatrix.fromRows([[1, Number.NaN]])),
    code: range,
    names: /X/,
  },
  {
    name: 'X with infinity',
    call: () => new KMeans({ nClusters: 1 }).fit(CsrMatrix.fromRows([[1, Number.POSITIVE_INFINITY]])),
    code: range,
    names: /X/,
  },
  {
    name: 'X whose squares overflow',
    call: () => new KMeans({ nClusters: 1 }).fit(CsrMatrix.fromRows([[1e200, 1]])),
    code: range,
    names: /X/,
  },
  {
    name: 'counts with NaN to tf-idf',
    call: () => new TfidfTransformer().fitTransform(CsrMatrix.fromRows([[Number.NaN, 1]])),
    code: [range, value],
    names: /counts|row/,
  },
  {
    name: 'counts below zero, sublinear',
    call: () => new TfidfTransformer({ sublinearTf: true }).fitTransform(CsrMatrix.fromRows([[-1, 1]])),
    code: range,
    names: /counts/,
  },
  {
    name: 'labels as a list',
    call: () => topTerms(plain(), [0, 0, 0], counted.vocabulary),
    code: type,
    names: /labels/,
  },
  {
    name: 'labels of another length',
    call: () => topTerms(plain(), Int32Array.of(0), counted.vocabulary),
    code: range,
    names: /labels/,
  },
  {
    name: 'labels below zero',
    call: () => topTerms(plain(), Int32Array.of(0, -1, 0), counted.vocabulary),
    code: range,
    names: /labels/,
  },
  {
    name: 'labels of 2^31 - 1',
    call: () => topTerms(plain(), Int32Array.of(0, 2 ** 31 - 1, 0), counted.vocabulary),
    code: range,
    names: /labels/,
  },
  {
    name: 'labels transferred',
    call: () => {
      const own = Int32Array.of(0, 0, 0);
      detach(own);
      return topTerms(plain(), own, counted.vocabulary);
    },
    code: range,
    names: /labels/,
  },
  {
    name: 'idf as a Float32Array',
    call: () => {
      new TfidfTransformer().idf = Float32Array.of(1);
    },
    code: type,
    names: /idf/,
  },
  {
    name: 'idf with NaN',
    call: () => {
      new TfidfTransformer().idf = Float64Array.of(Number.NaN);
    },
    code: range,
    names: /idf/,
  },
  {
    name: 'idf of another length',
    call: async () => {
      (await new TfidfTransformer().fit(plain())).idf = Float64Array.of(1);
    },
    code: range,
    names: /idf/,
  },
  {
    name: 'documentFrequency of another length',
    call: async () => association(await pairs(), { nDocuments: 3, documentFrequency: Int32Array.of(1) }),
    code: range,
    names: /documentFrequency/,
  },
  {
    name: 'documentFrequency below zero',
    call: async () => association(await pairs(), { nDocuments: 3, documentFrequency: Int32Array.of(-1, 1, 1) }),
    code: range,
    names: /documentFrequency/,
  },
  {
    name: 'documentFrequency above nDocuments',
    call: async () => association(await pairs(), { nDocuments: 3, documentFrequency: Int32Array.of(4, 1, 1) }),
    code: range,
    names: /documentFrequency/,
  },
  {
    name: 'documentFrequency too low for the pairs',
    call: async () => association(await pairs(), { nDocuments: 3, documentFrequency: Int32Array.of(0, 0, 0) }),
    code: value,
    names: /Terms/,
  },
  {
    name: 'documentFrequency as a Float64Array',
    call: async () => association(await pairs(), { nDocuments: 3, documentFrequency: Float64Array.of(2, 2, 2) }),
    code: type,
    names: /documentFrequency/,
  },
];

export const cases = [...same, ...gone, ...others];
