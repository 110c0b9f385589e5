/** Options: values of the right type that no call can use, and options that do not fit each other or the data. */

import * as lib from '../../../../dist/esm/index.js';

const {
  CsrMatrix,
  cooccurrence,
  topCooccurrences,
  association,
  planCooccurrence,
  KMeans,
  TfidfTransformer,
  CountVectorizer,
} = lib;
const { HashingVectorizer, TfidfVectorizer, topTerms, readDocuments } = lib;
const value = 'ERR_INVALID_ARG_VALUE';
const type = 'ERR_INVALID_ARG_TYPE';
const range = 'ERR_OUT_OF_RANGE';
const unknown = 'ERR_UNKNOWN_OPTION';
const budget = 'ERR_MEMORY_BUDGET';

const X = CsrMatrix.fromRows([
  [1, 0, 2],
  [0, 3, 1],
  [4, 0, 0],
]);
const documents = ['one two', 'two three', 'three one'];
const wide = new CsrMatrix({
  shape: [1, 2 ** 31 - 1],
  indptr: Int32Array.of(0, 1),
  indices: Int32Array.of(2 ** 31 - 2),
  values: Float64Array.of(1),
});
const refuses = (name, call, code, names) => ({ name, call, code, names });
const count = (options) => () => new CountVectorizer(options).fitTransform(documents);
const cluster = (options) => () => new KMeans({ randomState: 0, ...options }).fit(X);

const numbers = [
  ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, -(2 ** 31)].map((n) =>
    refuses(`nClusters ${n}`, cluster({ nClusters: n }), range, /nClusters/),
  ),
  ...[0, -1, 0.5, Number.NaN, 2 ** 31].map((n) =>
    refuses(`nInit ${n}`, cluster({ nClusters: 2, nInit: n }), range, /nInit/),
  ),
  ...[0, -1, 2.5, 2 ** 40].map((n) => refuses(`maxIter ${n}`, cluster({ nClusters: 2, maxIter: n }), range, /maxIter/)),
  ...[-1e-9, Number.NaN, Number.POSITIVE_INFINITY].map((n) =>
    refuses(`tol ${n}`, cluster({ nClusters: 2, tol: n }), range, /tol/),
  ),
  ...[-1, 2 ** 32, 0.5, Number.NaN].map((n) =>
    refuses(`randomState ${n}`, cluster({ nClusters: 2, randomState: n }), range, /randomState/),
  ),
  ...[0, -1, 1025, 1e9, 1.5, Number.NaN].map((n) =>
    refuses(`threads ${n}`, () => cooccurrence(X, { threads: n }), range, /threads/),
  ),
  ...[-1, Number.NaN, Number.POSITIVE_INFINITY].map((n) =>
    refuses(`maxBytes ${n}`, () => cooccurrence(X, { maxBytes: n }), range, /maxBytes/),
  ),
  ...[0, -5, 1.5, 2 ** 31].map((n) => refuses(`k ${n}`, () => topCooccurrences(X, { k: n }), range, /\bk\b/)),
  ...[0, -5, 1.5].map((n) => refuses(`minCount ${n}`, () => topCooccurrences(X, { minCount: n }), range, /minCount/)),
  ...[0, 0.5, Number.NaN].map((n) =>
    refuses(`shift ${n}`, () => topCooccurrences(X, { score: 'ppmi', shift: n }), range, /shift/),
  ),
  ...[0, -1, 1.01, Number.NaN].map((n) =>
    refuses(`smoothing ${n}`, () => topCooccurrences(X, { score: 'ppmi', smoothing: n }), range, /smoothing/),
  ),
  ...[[-1], [3], [0.5], ['0'], [2 ** 32], [Number.NaN]].map((rows) =>
    refuses(`rows ${rows}`, () => topCooccurrences(X, { rows }), range, /rows/),
  ),
  ...[-1, 1.5, 2 ** 31].map((n) =>
    refuses(`nDocuments ${n}`, async () => association(await cooccurrence(X), { nDocuments: n }), range, /nDocuments/),
  ),
  refuses(
    'nDocuments below a frequency',
    async () => association(await cooccurrence(X), { nDocuments: 1 }),
    range,
    /nDocuments/,
  ),
  ...[-0.1, 1.5, Number.NaN, '101%', '-1%', '10', 'ten%', '%', '1e2%'].flatMap((df) => [
    refuses(`minDf ${df}`, count({ minDf: df }), range, /minDf/),
    refuses(`maxDf ${df}`, count({ maxDf: df }), range, /maxDf/),
  ]),
  refuses('minDf above the documents', count({ minDf: 4 }), range, /minDf/),
  refuses('maxDf below minDf', count({ minDf: 3, maxDf: 2 }), range, /maxDf/),
  refuses('maxDf of no documents', count({ maxDf: 0 }), range, /maxDf/),
  ...[0, -1, 1.5, Number.NaN].map((n) => refuses(`maxFeatures ${n}`, count({ maxFeatures: n }), range, /maxFeatures/)),
  ...[
    [0, 1],
    [2, 1],
    [1, 1001],
    [1.5, 2],
    [Number.NaN, 1],
    [-1, 1],
  ].map((r) => refuses(`ngramRange ${r}`, count({ ngramRange: r }), range, /ngramRange/)),
  ...[[], [1], [1, 2, 3]].map((r) =>
    refuses(`ngramRange of ${r.length}`, count({ ngramRange: r }), type, /ngramRange/),
  ),
  ...[0, -1, 2 ** 31, 0.5].map((n) =>
    refuses(`nFeatures ${n}`, () => new HashingVectorizer({ nFeatures: n }).transform(documents), range, /nFeatures/),
  ),
  ...[0, -1, 1.5].map((n) =>
    refuses(
      `n ${n} of topTerms`,
      () => topTerms(X, Int32Array.of(0, 0, 0), new CountVectorizer({ vocabulary: ['a', 'b', 'c'] }).vocabulary, { n }),
      range,
      /\bn\b/,
    ),
  ),
];

const words = [
  refuses('backend fast', () => cooccurrence(X, { backend: 'fast' }), value, /backend/),
  refuses('backend constructor', () => cooccurrence(X, { backend: 'constructor' }), value, /backend/),
  refuses('output csr', () => cooccurrence(X, { output: 'csr' }), value, /output/),
  refuses('triangle lower', () => cooccurrence(X, { triangle: 'lower' }), value, /triangle/),
  refuses('score PMI', () => topCooccurrences(X, { score: 'PMI' }), value, /score/),
  refuses('score __proto__', () => topCooccurrences(X, { score: '__proto__' }), value, /score/),
  refuses('shift without ppmi', () => topCooccurrences(X, { score: 'pmi', shift: 2 }), value, /shift/),
  refuses('smoothing without ppmi', () => topCooccurrences(X, { smoothing: 0.5 }), value, /smoothing/),
  refuses('init k-means', cluster({ init: 'k-means' }), type, /init/),
  refuses('nInit many', cluster({ nClusters: 2, nInit: 'many' }), type, /nInit/),
  refuses('norm l3', () => new TfidfTransformer({ norm: 'l3' }), value, /norm/),
  refuses('analyzer words', count({ analyzer: 'words' }), value, /analyzer/),
  refuses('stripAccents utf8', count({ stripAccents: 'utf8' }), value, /stripAccents/),
  refuses('decodeError nothing', count({ decodeError: 'nothing' }), value, /decodeError/),
  refuses('stopWords german', count({ stopWords: 'german' }), type, /stopWords/),
  refuses('tokenPattern with two groups', count({ tokenPattern: /(a)(b)/ }), value, /tokenPattern/),
  refuses('tokenPattern as text', count({ tokenPattern: '\\w+' }), type, /tokenPattern/),
  refuses('format xml', () => readDocuments('a.csv', { format: 'xml' }), value, /format/),
  refuses('delimiter of two', () => readDocuments('a.csv', { delimiter: '::' }), value, /delimiter/),
  refuses('delimiter as a quote', () => readDocuments('a.csv', { delimiter: '"' }), value, /delimiter/),
  refuses('delimiter as a line end', () => readDocuments('a.csv', { delimiter: '\n' }), value, /delimiter/),
  refuses('delimiter as a NUL', () => readDocuments('a.csv', { delimiter: '\0' }), value, /delimiter/),
  refuses('textField 0', () => readDocuments('a.csv', { textField: 0 }), range, /textField/),
  refuses(
    'textField by name without a header',
    () => readDocuments('a.csv', { textField: 'text', header: false }),
    value,
    /textField/,
  ),
  refuses('member empty', () => readDocuments('a.tar', { member: '' }), type, /member/),
  refuses('limit 0', () => readDocuments('a.csv', { limit: 0 }), range, /limit/),
  refuses(
    'maxLineBytes beyond a string',
    () => readDocuments('a.csv', { maxLineBytes: 2 ** 40 }),
    range,
    /maxLineBytes/,
  ),
];

const keys = [
  ['cooccurrence', (o) => cooccurrence(X, o)],
  ['topCooccurrences', (o) => topCooccurrences(X, o)],
  ['planCooccurrence', (o) => planCooccurrence(X, o)],
  ['KMeans', (o) => new KMeans(o)],
  ['CountVectorizer', (o) => new CountVectorizer(o)],
  ['TfidfTransformer', (o) => new TfidfTransformer(o)],
  ['TfidfVectorizer', (o) => new TfidfVectorizer(o)],
  ['HashingVectorizer', (o) => new HashingVectorizer(o)],
  ['readDocuments', (o) => readDocuments('a.csv', o)],
].flatMap(([what, call]) => [
  refuses(`${what}: a key that is misspelt`, () => call({ bakcend: 'plain' }), unknown, /bakcend/),
  refuses(
    `${what}: the key __proto__ of JSON`,
    () => call(JSON.parse('{"__proto__": {"threads": 2}}')),
    unknown,
    /__proto__/,
  ),
  refuses(`${what}: the key constructor`, () => call({ constructor: 5 }), unknown, /constructor/),
  refuses(`${what}: options as a Map`, () => call(new Map([['backend', 'plain']])), type, /options/),
  refuses(`${what}: options as a list`, () => call([]), type, /options/),
]);

const fits = [
  refuses('more clusters than rows', cluster({ nClusters: 4 }), range, /nClusters/),
  refuses(
    'random start with fewer weights',
    () => new KMeans({ nClusters: 2, init: 'random' }).fit(X, { sampleWeight: [1, 0, 0] }),
    range,
    /nClusters/,
  ),
  refuses('vocabulary of none', count({ vocabulary: [] }), 'ERR_EMPTY_VOCABULARY', /vocabulary/),
  refuses('vocabulary with a term twice', count({ vocabulary: ['a', 'a'] }), value, /vocabulary/),
  refuses('vocabulary with a column left out', count({ vocabulary: { a: 0, b: 2 } }), value, /vocabulary/),
  refuses(
    'vocabulary with a column twice',
    count({
      vocabulary: new Map([
        ['a', 0],
        ['b', 0],
      ]),
    }),
    value,
    /vocabulary/,
  ),
  refuses('vocabulary with a fraction', count({ vocabulary: { a: 0.5 } }), value, /vocabulary/),
  refuses('vocabulary as a text', count({ vocabulary: 'one two' }), type, /vocabulary/),
  refuses('transform before fit', () => new CountVectorizer().transform(documents), 'ERR_NOT_FITTED', /fit/),
  refuses('predict before fit', () => new KMeans().predict(X), 'ERR_NOT_FITTED', /fit/),
  refuses('idf before fit', () => new TfidfTransformer().transform(X), 'ERR_NOT_FITTED', /fit/),
  refuses(
    'merge with what has learnt nothing',
    () => new CountVectorizer().merge(new CountVectorizer()),
    'ERR_NOT_FITTED',
    /fit/,
  ),
  refuses(
    'merge with other options',
    async () => new CountVectorizer().merge(await new CountVectorizer({ binary: true }).fit(documents)),
    value,
    /binary/,
  ),
  refuses('no documents', () => new CountVectorizer().fit([]), 'ERR_NO_DOCUMENTS', /documents/),
  refuses(
    'predict with other columns',
    async () => (await cluster({ nClusters: 2 })()).predict(CsrMatrix.fromRows([[1]])),
    range,
    /X/,
  ),
  refuses('a budget of nothing, co-occurrence', () => cooccurrence(X, { maxBytes: 0 }), budget, /maxBytes/),
  refuses('a budget of nothing, k-means', cluster({ nClusters: 2, maxBytes: 0 }), budget, /maxBytes/),
  refuses('a budget of nothing, tf-idf', () => new TfidfTransformer({ maxBytes: 0 }).fit(X), budget, /maxBytes/),
  refuses('a budget of nothing, counting', count({ maxBytes: 0 }), budget, /maxBytes/),
  refuses('a budget of nothing, best pairs', () => topCooccurrences(X, { maxBytes: 0 }), budget, /maxBytes/),
  refuses(
    'dense co-occurrence of 2^31 - 1 terms',
    () => cooccurrence(wide, { output: 'dense', maxBytes: 1e9 }),
    budget,
    /maxBytes|terms/,
  ),
  refuses(
    'dense co-occurrence of 2^31 - 1 terms, a large budget',
    () => cooccurrence(wide, { output: 'dense', maxBytes: 1e300 }),
    range,
    /terms/,
  ),
  refuses('sparse co-occurrence of 2^31 - 1 terms', () => cooccurrence(wide, { maxBytes: 1e9 }), budget, /maxBytes/),
  refuses(
    'k-means on 2^31 - 1 columns',
    () => new KMeans({ nClusters: 1, maxBytes: 1e9 }).fit(wide),
    budget,
    /maxBytes/,
  ),
  refuses('best pairs of 2^31 - 1 terms', () => topCooccurrences(wide, { maxBytes: 1e9 }), budget, /maxBytes/),
  refuses('tf-idf on 2^31 - 1 columns', () => new TfidfTransformer({ maxBytes: 1e9 }).fit(wide), budget, /maxBytes/),
];

export const cases = [...numbers, ...words, ...keys, ...fits];
