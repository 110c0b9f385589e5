/** Properties that hold for random input, by fast-check. `node properties.mjs RUNS` runs each so often, with seeds that it tells. */

import fc from 'fast-check';
import * as lib from '../../../dist/esm/index.js';

const {
  CsrMatrix,
  cooccurrence,
  topCooccurrences,
  CountVectorizer,
  TfidfTransformer,
  HashingVectorizer,
  KMeans,
  fingerprint,
  backendInfo,
} = lib;
const runs = Number(process.argv[2] ?? 500);
process.removeAllListeners('warning');
const others = backendInfo().available.includes('native')
  ? [{ backend: 'native' }, { backend: 'parallel', threads: 3 }]
  : [{ backend: 'plain' }];

const rows = (cell, most = 12) =>
  fc
    .integer({ min: 1, max: most })
    .chain((columns) =>
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: most }),
    );
const weight = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.double({ min: -100, max: 100, noNaN: true }));
const whole = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 9 }));
const word = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'aa', 'AA', 'ab', 'é', 'éé', 'ΟΔΟΣ', 'x1', '_'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const documents = fc.array(
  fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
  { minLength: 1, maxLength: 8 },
);
const equal = (a, b, what) => {
  if (fingerprint({ a }) !== fingerprint({ a: b })) throw new Error(`${what} differ`);
};
const refused = async (promise) => {
  try {
    return await promise;
  } catch (error) {
    if (typeof error.code !== 'string') throw error;
    return error.code;
  }
};

const properties = {
  'rows to a CsrMatrix and back': fc.asyncProperty(rows(weight), async (dense) => {
    const back = CsrMatrix.fromRows(dense).toRows();
    if (JSON.stringify(back) !== JSON.stringify(dense.map((row) => row.map((x) => x + 0)))) throw new Error('differ');
  }),
  'any indptr and indices: a matrix is refused, or every kernel takes it': fc.asyncProperty(
    fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 5 }),
    fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 5 }),
    fc.integer({ min: 0, max: 4 }),
    async (indptr, indices, columns) => {
      const values = Float64Array.from(indices, () => 1);
      const shape = [Math.max(0, indptr.length - 1), columns];
      const made = await refused(
        (async () =>
          new CsrMatrix({ shape, indptr: Int32Array.from(indptr), indices: Int32Array.from(indices), values }))(),
      );
      const forged = CsrMatrix.trusted({
        shape,
        indptr: Int32Array.from(indptr),
        indices: Int32Array.from(indices),
        values,
      });
      for (const options of [{ backend: 'plain' }, ...others]) {
        const counted = await refused(cooccurrence(forged, options));
        if ((typeof made === 'string') !== (typeof counted === 'string'))
          throw new Error(`${options.backend}: ${made} and ${counted}`);
      }
    },
  ),
  'co-occurrence is its slow formula': fc.asyncProperty(
    rows(whole),
    fc.boolean(),
    fc.boolean(),
    async (dense, full, diagonal) => {
      const n = dense[0].length;
      for (const options of [{ backend: 'plain' }, ...others]) {
        const { values } = await cooccurrence(CsrMatrix.fromRows(dense), {
          ...options,
          output: 'dense',
          triangle: full ? 'full' : 'upper',
          diagonal,
        });
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            const counted = (i === j ? diagonal : full || i < j)
              ? dense.filter((row) => row[i] !== 0 && row[j] !== 0).length
              : 0;
            if (values[i * n + j] !== counted) throw new Error(`${options.backend}: ${i} ${j}`);
          }
        }
      }
    },
  ),
  'sparse and dense co-occurrence are one': fc.asyncProperty(rows(whole), async (dense) => {
    for (const options of [{ backend: 'plain' }, ...others]) {
      const X = CsrMatrix.fromRows(dense);
      const sparse = await cooccurrence(X, options);
      const whole = await cooccurrence(X, { ...options, output: 'dense' });
      if (JSON.stringify(sparse.toRows()) !== JSON.stringify(whole.toRows())) throw new Error(options.backend);
    }
  }),
  'the best pairs of backends are equal': fc.asyncProperty(
    rows(whole),
    fc.constantFrom('count', 'pmi', 'npmi', 'ppmi', 'llr', 'dice', 'jaccard', 'chi2', 't'),
    fc.integer({ min: 1, max: 5 }),
    async (dense, score, k) => {
      const X = CsrMatrix.fromRows(dense);
      const wanted = await topCooccurrences(X, { score, k, backend: 'plain' });
      for (const options of others) {
        const found = await topCooccurrences(X, { score, k, ...options });
        for (const part of ['offsets', 'partners', 'counts', 'scores']) equal(found[part], wanted[part], part);
      }
    },
  ),
  'tf-idf of backends is equal, and its rows have norm 1': fc.asyncProperty(
    rows(whole),
    fc.constantFrom('l1', 'l2', null),
    fc.boolean(),
    async (dense, norm, sublinearTf) => {
      const X = CsrMatrix.fromRows(dense);
      const wanted = await new TfidfTransformer({ norm, sublinearTf, backend: 'plain' }).fitTransform(X);
      for (const options of others)
        equal(await new TfidfTransformer({ norm, sublinearTf, ...options }).fitTransform(X), wanted, 'weights');
      for (const row of norm === 'l2' ? wanted.toRows() : []) {
        const length = Math.hypot(...row);
        if (length !== 0 && Math.abs(length - 1) > 1e-12) throw new Error(`norm ${length}`);
      }
    },
  ),
  'vectorizers of backends are equal': fc.asyncProperty(
    documents,
    fc.constantFrom('word', 'char', 'charWb'),
    fc.constantFrom(undefined, 'ascii', 'unicode'),
    fc.integer({ min: 1, max: 3 }),
    async (texts, analyzer, accents, n) => {
      const options = { analyzer, ngramRange: [1, n], ...(accents !== undefined && { stripAccents: accents }) };
      const fit = async (computing) => {
        const vectorizer = new CountVectorizer({ ...options, ...computing });
        const matrix = await refused(vectorizer.fitTransform(texts));
        return typeof matrix === 'string' ? { matrix } : { matrix, vocabulary: vectorizer.vocabulary };
      };
      const wanted = fingerprint(await fit({ backend: 'plain' }));
      for (const computing of others)
        if (fingerprint(await fit(computing)) !== wanted) throw new Error(computing.backend);
    },
  ),
  'a vectorizer is its slow formula': fc.asyncProperty(documents, async (texts) => {
    const vectorizer = new CountVectorizer();
    const matrix = await refused(vectorizer.fitTransform(texts));
    const analyze = vectorizer.buildAnalyzer();
    const counted = texts.map((text) => {
      const counts = new Map();
      for (const term of analyze(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
      return counts;
    });
    if (typeof matrix === 'string') {
      if (counted.some(({ size }) => size > 0)) throw new Error(matrix);
      return;
    }
    matrix.toRows().forEach((row, r) => {
      row.forEach((count, column) => {
        if (count !== (counted[r].get(vectorizer.vocabulary.term(column)) ?? 0))
          throw new Error(`row ${r}, ${vectorizer.vocabulary.term(column)}`);
      });
    });
    if (matrix.values.length !== counted.reduce((sum, { size }) => sum + size, 0)) throw new Error('a term is missing');
  }),
  'parts learnt apart and merged are the whole': fc.asyncProperty(documents, documents, async (one, other) => {
    const whole = await refused(new CountVectorizer().fit([...one, ...other]));
    const parts = await refused(
      (async () =>
        (await new CountVectorizer().partialFit(one)).merge(await new CountVectorizer().partialFit(other)))(),
    );
    if (typeof whole === 'string') return;
    equal(parts.vocabulary, whole.vocabulary, 'vocabularies');
    equal(parts.documentFrequency, whole.documentFrequency, 'frequencies');
  }),
  'a vectorizer to JSON and back': fc.asyncProperty(documents, async (texts) => {
    const fitted = await refused(new CountVectorizer().fit(texts));
    if (typeof fitted === 'string') return;
    const back = CountVectorizer.fromJSON(JSON.parse(JSON.stringify(fitted)));
    if (back.fingerprint() !== fitted.fingerprint()) throw new Error('differ');
  }),
  'hashes of backends are equal': fc.asyncProperty(
    documents,
    fc.integer({ min: 1, max: 40 }),
    async (texts, nFeatures) => {
      const wanted = await new HashingVectorizer({ nFeatures, backend: 'plain' }).transform(texts);
      for (const options of others)
        equal(await new HashingVectorizer({ nFeatures, ...options }).transform(texts), wanted, 'matrices');
    },
  ),
  'k-means of backends is equal, and its inertia is the slow formula': fc.asyncProperty(
    rows(weight),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 0, max: 1000 }),
    fc.constantFrom('k-means++', 'random'),
    async (dense, k, randomState, init) => {
      const X = CsrMatrix.fromRows(dense);
      const fit = async (options) => {
        const model = await refused(
          new KMeans({
            nClusters: Math.min(k, dense.length),
            init,
            nInit: 1,
            maxIter: 20,
            randomState,
            ...options,
          }).fit(X),
        );
        return typeof model === 'string' ? model : model;
      };
      const wanted = await fit({ backend: 'plain' });
      for (const options of others) {
        const found = await fit(options);
        equal(found.labels, wanted.labels, 'labels');
        equal(found.clusterCenters, wanted.clusterCenters, 'centers');
        if (found.inertia !== wanted.inertia) throw new Error('inertia');
      }
      const centers = wanted.clusterCenters.toRows();
      const slow = dense.reduce(
        (sum, row, i) => sum + row.reduce((s, x, j) => s + (x - centers[wanted.labels[i]][j]) ** 2, 0),
        0,
      );
      const size = dense.reduce((sum, row) => sum + row.reduce((s, x) => s + x * x, 0), 0);
      if (Math.abs(slow - wanted.inertia) > 1e-9 * (size + 1))
        throw new Error(`inertia ${wanted.inertia}, not ${slow}`);
    },
  ),
};

let failed = 0;
let total = 0;
for (const [name, property] of Object.entries(properties)) {
  const seed = process.argv[3] === undefined ? Date.now() % 2 ** 31 : Number(process.argv[3]);
  const result = await fc.check(property, { numRuns: runs, seed });
  total += result.numRuns;
  if (result.failed) {
    failed++;
    console.log(
      JSON.stringify({
        name,
        seed,
        runs: result.numRuns,
        counterexample: fc.stringify(result.counterexample).slice(0, 600),
        error: String(result.errorInstance ?? result.error).slice(0, 300),
      }),
    );
  } else {
    console.log(JSON.stringify({ name, seed, runs: result.numRuns }));
  }
}
console.log(JSON.stringify({ all: total }));
process.exitCode = failed === 0 ? 0 : 1;
