/**
 * Every argument of every public function and method, as a table: [what, the argument's name, a call with a value in its
 * place]. A new function takes a line here and one in `accepted.json`, which `npm run test:hostile -- --accept` writes.
 */

import * as lib from '../../../dist/esm/index.js';

const { CsrMatrix, DenseMatrix, CountVectorizer, TfidfTransformer, TfidfVectorizer, HashingVectorizer, KMeans } = lib;
const { cooccurrence, topCooccurrences, planCooccurrence, association, topTerms, fingerprint } = lib;
const { readDocuments, DocumentReader } = lib;
const { cooccurrenceBlocks, spillCooccurrence, windowCooccurrence, topWindowCooccurrences, TokenStreams } = lib;
const named = (name) => Object.entries(lib).find(([own]) => own === name)[1];
const { MiniBatchKMeans, BisectingKMeans, sweepKMeans, findKnee, representativeDocuments, clusterSimilarity } = lib;

const documents = ['one two', 'two three', 'three four one'];
const counted = await new CountVectorizer().fit(documents);
const X = await counted.transform(documents);
const pairs = await cooccurrence(X);
const best = await topCooccurrences(X, { k: 2 });
const weighed = await new TfidfTransformer().fit(X);
const tfidf = await new TfidfVectorizer().fit(documents);
const model = await new KMeans({ nClusters: 2, randomState: 0 }).fit(X);
const saved = JSON.parse(JSON.stringify(counted));
const parts = {
  shape: [2, 3],
  indptr: Int32Array.of(0, 2, 3),
  indices: Int32Array.of(0, 2, 1),
  values: Float64Array.of(1, 2, 3),
};
const dense = { shape: [1, 2], values: Float64Array.of(1, 2) };
const bytes = new TextEncoder().encode('onetwo');
const streams = await counted.tokenIds(documents);
const tokens = { offsets: streams.offsets, ids: streams.ids, nTerms: streams.nTerms };
const labels = [0, 1, 0];
const batches = await new MiniBatchKMeans({ nClusters: 2, randomState: 0 }).fit(X);
const tree = await new BisectingKMeans({ nClusters: 2, randomState: 0 }).fit(X);

const computing = ['backend', 'threads', 'maxBytes', 'signal', 'onProgress'];
const analyzing = [
  'lowercase',
  'stripAccents',
  'preprocessor',
  'tokenizer',
  'tokenPattern',
  'analyzer',
  'ngramRange',
  'stopWords',
  'decodeError',
];
const counting = [...analyzing, 'minDf', 'maxDf', 'maxFeatures', 'vocabulary', 'binary'];
const weighing = ['norm', 'useIdf', 'smoothIdf', 'sublinearTf'];

/** One target for each option of a call, and one for the options as a whole. */
function options(what, names, call, base = {}, whole = 'options|option|nDocuments') {
  return [[what, whole, call], ...names.map((name) => [what, name, (value) => call({ ...base, [name]: value })])];
}

/** An async iterable of what a caller puts there. */
const stream = (value) => ({
  async *[Symbol.asyncIterator]() {
    yield value;
  },
});

const drained = async (iterable) => {
  for await (const _ of iterable) break;
};

/** The calls of a vectorizer that take documents. */
function documentTargets(what, make, methods) {
  return methods.flatMap((method) => [
    [`${what}.${method}`, 'documents?|vocabulary', async (value) => (await make())[method](value)],
    [`${what}.${method}`, 'options?', async (value) => (await make())[method](documents, value)],
  ]);
}

export const targets = [
  ['new CsrMatrix', 'matrix|shape', (value) => new CsrMatrix(value)],
  ...Object.keys(parts).map((name) => ['new CsrMatrix', name, (value) => new CsrMatrix({ ...parts, [name]: value })]),
  ['CsrMatrix.fromRows', 'rows?|nColumns', (value) => CsrMatrix.fromRows(value)],
  ['CsrMatrix.fromRows', 'nColumns|Row 0', (value) => CsrMatrix.fromRows([[1, 2]], value)],
  ['CsrMatrix.row', 'r', (value) => new CsrMatrix(parts).row(value)],
  ['new DenseMatrix', 'matrix|shape', (value) => new DenseMatrix(value)],
  ...Object.keys(dense).map((name) => [
    'new DenseMatrix',
    name,
    (value) => new DenseMatrix({ ...dense, [name]: value }),
  ]),
  ['DenseMatrix.fromRows', 'rows?', (value) => DenseMatrix.fromRows(value)],
  ['DenseMatrix.row', 'r', (value) => new DenseMatrix(dense).row(value)],

  ['cooccurrence', 'counts', (value) => cooccurrence(value)],
  ...options('cooccurrence', ['output', 'triangle', 'diagonal', ...computing], (given) => cooccurrence(X, given)),
  ['topCooccurrences', 'counts', (value) => topCooccurrences(value)],
  ...options('topCooccurrences', ['k', 'minCount', 'rows', 'score', ...computing], (given) =>
    topCooccurrences(X, given),
  ),
  ...['shift', 'smoothing'].map((name) => [
    'topCooccurrences',
    name,
    (value) => topCooccurrences(X, { score: 'ppmi', [name]: value }),
  ]),
  ['TopCooccurrences.of', 'term', (value) => best.of(value)],
  ['planCooccurrence', 'counts', (value) => planCooccurrence(value)],
  ...options('planCooccurrence', computing, (given) => planCooccurrence(X, given)),
  ['association', 'pairs', (value) => association(value, { nDocuments: 3 })],
  ...options('association', ['nDocuments', 'score', ...computing], (given) => association(pairs, given), {
    nDocuments: 3,
  }),

  [
    'association',
    'documentFrequency|Terms',
    (value) => association(pairs, { nDocuments: 3, documentFrequency: value }),
  ],

  ...options(
    'new KMeans',
    ['nClusters', 'init', 'nInit', 'maxIter', 'tol', 'randomState', ...computing],
    (given) => new KMeans(given),
  ),
  ['KMeans.fit', 'X', (value) => new KMeans({ nClusters: 2 }).fit(value)],
  ...options('KMeans.fit', ['sampleWeight', 'signal', 'onProgress'], (given) =>
    new KMeans({ nClusters: 2, randomState: 0 }).fit(X, given),
  ),
  ...['predict', 'transform', 'score'].flatMap((method) => [
    [`KMeans.${method}`, 'X', (value) => model[method](value)],
    [`KMeans.${method}`, 'options?', (value) => model[method](X, value)],
  ]),
  ['cooccurrenceBlocks', 'counts', (value) => drained(cooccurrenceBlocks(value))],
  ...options('cooccurrenceBlocks', ['output', 'triangle', 'diagonal', 'blockTerms', ...computing], (given) =>
    drained(cooccurrenceBlocks(X, given)),
  ),
  ['spillCooccurrence', 'options|directory', (value) => spillCooccurrence(X, value)],
  ['new TokenStreams', 'streams|offsets|ids|nTerms', (value) => new TokenStreams(value)],
  ...Object.keys(tokens).map((name) => [
    'new TokenStreams',
    name === 'nTerms' ? 'nTerms|ids' : name,
    (value) => new TokenStreams({ ...tokens, [name]: value }),
  ]),
  ...[windowCooccurrence, topWindowCooccurrences].flatMap((call) => [
    [call.name, 'input', (value) => call(value)],
    [call.name, 'input|vectorizer', (value) => call(documents, { vectorizer: value })],
    ...options(
      call.name,
      [
        ...['window', 'weights', 'direction', 'oov', 'vectorizer', ...computing],
        ...(call === windowCooccurrence ? ['output', 'triangle'] : ['k', 'rows']),
      ],
      (given) => call(streams, given),
    ),
  ]),

  ...options(
    'new MiniBatchKMeans',
    [
      ...['nClusters', 'init', 'maxIter', 'batchSize', 'tol', 'maxNoImprovement', 'initSize', 'nInit'],
      ...['reassignmentRatio', 'randomState', ...computing],
    ],
    (given) => new MiniBatchKMeans(given),
  ),
  ...['fit', 'partialFit'].flatMap((method) => [
    [`MiniBatchKMeans.${method}`, 'X', (value) => new MiniBatchKMeans({ nClusters: 2 })[method](value)],
    [
      `MiniBatchKMeans.${method}`,
      'sampleWeight',
      (value) => new MiniBatchKMeans({ nClusters: 2 })[method](X, { sampleWeight: value }),
    ],
  ]),
  ...options(
    'new BisectingKMeans',
    ['nClusters', 'init', 'nInit', 'maxIter', 'tol', 'bisectingStrategy', 'randomState', ...computing],
    (given) => new BisectingKMeans(given),
  ),
  ['BisectingKMeans.fit', 'X', (value) => new BisectingKMeans({ nClusters: 2 }).fit(value)],
  ['BisectingKMeans.labelsAt', 'k|nClusters', (value) => tree.labelsAt(value)],
  ...[batches, tree].flatMap((fitted) =>
    ['predict', 'transform', 'score']
      .filter((method) => typeof fitted[method] === 'function')
      .flatMap((method) => [
        [`${fitted.constructor.name}.${method}`, 'X', (value) => fitted[method](value)],
        [`${fitted.constructor.name}.${method}`, 'options?', (value) => fitted[method](X, value)],
      ]),
  ),
  ['KMeans.fromJSON', 'json|KMeans|saved', (value) => KMeans.fromJSON(value)],
  ['MiniBatchKMeans.fromJSON', 'json|KMeans|saved', (value) => MiniBatchKMeans.fromJSON(value)],
  ['BisectingKMeans.fromJSON', 'json|KMeans|saved', (value) => BisectingKMeans.fromJSON(value)],

  ['sweepKMeans', 'X', (value) => sweepKMeans(value, { nClusters: [1, 2] }).all()],
  ...options(
    'sweepKMeans',
    [
      ...['nClusters', 'init', 'nInit', 'maxIter', 'tol', 'metric', 'randomStates', 'sampleWeight', 'metrics'],
      ...['silhouetteMetric', 'resumeFrom', ...computing],
    ],
    (given) => sweepKMeans(X, given).all(),
    { nClusters: [1, 2] },
    'options|nClusters',
  ),
  ['findKnee', 'x', (value) => findKnee(value, [3, 2, 1])],
  ['findKnee', 'y', (value) => findKnee([1, 2, 3], value)],

  ...['silhouetteScore', 'silhouetteSamples', 'silhouetteSummary', 'daviesBouldinScore', 'daviesBouldinSummary']
    .concat('calinskiHarabaszScore')
    .flatMap((name) => [
      [name, 'X', (value) => named(name)(value, labels)],
      [name, 'labels', (value) => named(name)(X, value)],
      ...options(name, computing, (given) => named(name)(X, labels, given)),
    ]),
  ...['metric', 'sampleSize', 'randomState'].map((name) => [
    'silhouetteScore',
    name,
    (value) => lib.silhouetteScore(X, labels, { sampleSize: 2, [name]: value }),
  ]),
  ...['adjustedRandScore', 'normalizedMutualInfoScore', 'vMeasureScore', 'homogeneityScore', 'completenessScore']
    .concat('clusterJaccard')
    .flatMap((name) => [
      [name, 'a|labels|labelsTrue', (value) => named(name)(value, labels)],
      [name, 'b|labels|labelsPred', (value) => named(name)(labels, value)],
    ]),
  ['representativeDocuments', 'X', (value) => representativeDocuments(value, model)],
  ['representativeDocuments', 'model|clusters|labels', (value) => representativeDocuments(X, value)],
  ...options('representativeDocuments', ['n', ...computing], (given) => representativeDocuments(X, model, given)),
  ['clusterSimilarity', 'centers|clusterCenters', (value) => clusterSimilarity(value)],

  ['topTerms', 'counts', (value) => topTerms(value, model.labels, counted.vocabulary)],
  ['topTerms', 'labels', (value) => topTerms(X, value, counted.vocabulary)],
  ['topTerms', 'vocabulary', (value) => topTerms(X, model.labels, value)],
  ...options('topTerms', ['n'], (given) => topTerms(X, model.labels, counted.vocabulary, given)),

  ...options('new CountVectorizer', [...counting, ...computing], (given) => new CountVectorizer(given)),
  ...options(
    'CountVectorizer, used',
    ['preprocessor', 'tokenizer', 'analyzer', 'stripAccents', 'tokenPattern', 'ngramRange', 'stopWords'],
    async (given) => {
      await new CountVectorizer(given).fit(documents).catch((error) => {
        if (error.code !== 'ERR_EMPTY_VOCABULARY') throw error;
      });
    },
  ),
  [
    'CountVectorizer, giving',
    'preprocessor|vocabulary',
    (value) => new CountVectorizer({ preprocessor: () => value }).fit(documents),
  ],
  [
    'CountVectorizer, giving',
    'tokenizer|vocabulary',
    (value) => new CountVectorizer({ tokenizer: () => value }).fit(documents),
  ],
  [
    'CountVectorizer, used, one of',
    'tokenizer|vocabulary',
    (value) => new CountVectorizer({ tokenizer: () => [value] }).fit(documents),
  ],
  ...documentTargets('CountVectorizer', async () => new CountVectorizer().fit(documents), [
    'fit',
    'fitTransform',
    'transform',
    'partialFit',
  ]),
  ['CountVectorizer.fit', 'Document 0|vocabulary', (value) => new CountVectorizer().fit([value, 'some text'])],
  ['CountVectorizer.fit, streamed', 'Document 0|vocabulary', (value) => new CountVectorizer().fit(stream(value))],
  [
    'CountVectorizer.fit',
    'bytes|vocabulary',
    (value) => new CountVectorizer().fit({ bytes: value, offsets: Float64Array.of(0, 3) }),
  ],
  ['CountVectorizer.fit', 'offsets|documents', (value) => new CountVectorizer().fit({ bytes, offsets: value })],
  ['CountVectorizer.merge', 'other', (value) => new CountVectorizer().merge(value)],
  ['CountVectorizer.inverseTransform', 'counts', (value) => counted.inverseTransform(value)],
  ['CountVectorizer.explainTerm', 'term', (value) => counted.explainTerm(value)],
  ['CountVectorizer.buildAnalyzer', 'document', (value) => counted.buildAnalyzer()(value)],
  ['CountVectorizer.fingerprint', 'matrix', (value) => counted.fingerprint(value)],
  ['CountVectorizer.fromJSON', 'json', (value) => CountVectorizer.fromJSON(value)],
  ...['options', 'learnt'].map((name) => [
    'CountVectorizer.fromJSON',
    name,
    (value) => CountVectorizer.fromJSON({ ...saved, [name]: value }),
  ]),
  ...counting.map((name) => [
    'CountVectorizer.fromJSON',
    name,
    (value) => CountVectorizer.fromJSON({ ...saved, options: { ...saved.options, [name]: value } }),
  ]),
  ...Object.keys(saved.learnt).map((name) => [
    'CountVectorizer.fromJSON',
    name,
    (value) => CountVectorizer.fromJSON({ ...saved, learnt: { ...saved.learnt, [name]: value } }),
  ]),
  ['CountVectorizer.fromJSON, own', 'options?', (value) => CountVectorizer.fromJSON(saved, value)],
  ['Vocabulary.term', 'i', (value) => counted.vocabulary.term(value)],
  ['Vocabulary.index', 'term', (value) => counted.vocabulary.index(value)],

  ...options('new TfidfTransformer', [...weighing, ...computing], (given) => new TfidfTransformer(given)),
  ...['fit', 'transform', 'fitTransform'].flatMap((method) => [
    [`TfidfTransformer.${method}`, 'counts', (value) => weighed[method](value)],
    [`TfidfTransformer.${method}`, 'options?', (value) => weighed[method](X, value)],
  ]),
  [
    'TfidfTransformer.idf',
    'idf',
    (value) => {
      new TfidfTransformer().idf = value;
    },
  ],
  ...options('new TfidfVectorizer', [...counting, ...weighing, ...computing], (given) => new TfidfVectorizer(given)),
  ...documentTargets('TfidfVectorizer', async () => new TfidfVectorizer().fit(documents), [
    'fit',
    'fitTransform',
    'transform',
  ]),
  [
    'TfidfVectorizer.idf',
    'idf',
    (value) => {
      tfidf.idf = value;
    },
  ],
  ['TfidfVectorizer.inverseTransform', 'counts', (value) => tfidf.inverseTransform(value)],
  ['TfidfVectorizer.explainTerm', 'term', (value) => tfidf.explainTerm(value)],
  ...options(
    'new HashingVectorizer',
    [...analyzing, 'nFeatures', 'alternateSign', 'norm', 'binary', ...computing],
    (given) => new HashingVectorizer(given),
  ),
  ...documentTargets('HashingVectorizer', async () => new HashingVectorizer({ nFeatures: 64 }), [
    'fitTransform',
    'transform',
  ]),

  ['fingerprint', 'parts?', (value) => fingerprint(value)],
  ['fingerprint', 'mine', (value) => fingerprint({ mine: value })],
  ['readDocuments', 'inputs|does not exist|cannot be read', (value) => drained(readDocuments(value))],
  ['readDocuments, one of', 'inputs|does not exist|cannot be read', (value) => drained(readDocuments([value]))],
  ...options(
    'readDocuments',
    [
      'format',
      'textField',
      'header',
      'delimiter',
      'quotes',
      'member',
      'limit',
      'skipBadLines',
      'maxLineBytes',
      'maxUnpackRatio',
      'maxUnpackedBytes',
      'signal',
    ],
    (given) => readDocuments('absent.csv', given),
  ),
  ...options('new DocumentReader', ['limit'], (given) => new DocumentReader('absent.csv', given)),
];
