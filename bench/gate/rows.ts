/** What gate B times: calls of the public API on one small corpus, each as the package makes it. */

import { createHash } from 'node:crypto';
import type { CsrMatrix, CsrParts } from '#src/index.js';
import { spacedRows } from '../tasks/lloyd-steps.js';
import { counting, type Inputs, type Library } from './inputs.js';

export interface GateRow {
  run(): Promise<unknown>;
  /** A fingerprint of every bit of what `run` gave. */
  answer(): Promise<string>;
}

const native = { backend: 'native' } as const;

/** The row of each name, for one of the libraries. */
export const rows: Record<string, (library: Library, inputs: Inputs) => GateRow> = {
  counts: (library, { texts }) => counts(library, texts, [1, 1]),
  bigrams: (library, { texts }) => counts(library, texts.slice(0, 800), [1, 2]),
  transform({ CountVectorizer }, { texts, vocabulary }) {
    const vectorizer = new CountVectorizer({ vocabulary, ...native });
    return row(() => vectorizer.transform(texts), arraysOf);
  },
  hashing({ HashingVectorizer }, { texts }) {
    return row(() => new HashingVectorizer(native).transform(texts), arraysOf);
  },
  tfidf({ TfidfTransformer, CsrMatrix }, inputs) {
    const counts = new CsrMatrix(repeated(inputs.counts, 3));
    return row(() => new TfidfTransformer(native).fitTransform(counts), arraysOf);
  },
  cooccurrence({ cooccurrence, CsrMatrix }, inputs) {
    const counts = new CsrMatrix(inputs.common);
    return row(() => cooccurrence(counts, native), arraysOf);
  },
  'cooccurrence-dense'({ cooccurrence, CsrMatrix }, inputs) {
    const counts = new CsrMatrix(inputs.common);
    return row(
      () => cooccurrence(counts, { output: 'dense', backend: 'native' }),
      ({ values }) => [values],
    );
  },
  'top-cooccurrence'({ topCooccurrences, CsrMatrix }, inputs) {
    const counts = new CsrMatrix(inputs.counts);
    return row(
      () => topCooccurrences(counts, { k: 10, score: 'llr', ...native }),
      ({ offsets, partners, counts, scores }) => [offsets, partners, counts, scores],
    );
  },
  window({ windowCooccurrence, TokenStreams }, inputs) {
    const streams = new TokenStreams(inputs.streams);
    return row(() => windowCooccurrence(streams, { window: 5, ...native }), arraysOf);
  },
  kmeans: (library, inputs) => kmeans(library, inputs, 'native', 10),
  'kmeans-plain': (library, inputs) => kmeans(library, inputs, 'plain', 4),
  seeding({ KMeans, CsrMatrix }, inputs) {
    const X = new CsrMatrix(inputs.tfidf);
    const options = { nClusters: 50, maxIter: 1, randomState: 0, backend: 'native' } as const;
    return row(
      () => new KMeans(options).fit(X),
      ({ labels, clusterCenters }) => [labels, clusterCenters.values],
    );
  },
  'kmeans-dense'({ KMeans, DenseMatrix }, inputs) {
    const X = new DenseMatrix(inputs.dense);
    const options = { nClusters: 50, init: 'random', nInit: 1, maxIter: 5, tol: 0, randomState: 0, ...native } as const;
    return row(
      () => new KMeans(options).fit(X),
      ({ labels, clusterCenters }) => [labels, clusterCenters.values],
    );
  },
  'mini-batch'({ MiniBatchKMeans, CsrMatrix }, inputs) {
    const X = new CsrMatrix(inputs.tfidf);
    const options = {
      nClusters: 50,
      init: 'random',
      nInit: 1,
      batchSize: 256,
      maxIter: 2,
      randomState: 0,
      ...native,
    } as const;
    return row(
      () => new MiniBatchKMeans(options).fit(X),
      ({ labels, clusterCenters }) => [labels, clusterCenters.values],
    );
  },
  silhouette({ silhouetteSamples, CsrMatrix }, inputs) {
    const X = new CsrMatrix(inputs.tfidf);
    const labels = Int32Array.from({ length: X.nRows }, (_, i) => i % 50);
    return row(
      () => silhouetteSamples(X, labels, { metric: 'cosine', ...native }),
      (samples) => [samples],
    );
  },
};

/** The row that times equal code: head against a copy of head. */
export const sameRow = 'same';
export const sameRowAs = 'kmeans';

function counts(
  { CountVectorizer }: Library,
  texts: readonly string[],
  ngramRange: readonly [number, number],
): GateRow {
  const run = async () => {
    const vectorizer = new CountVectorizer({ ...counting, ngramRange });
    return { matrix: await vectorizer.fitTransform(texts), vectorizer };
  };
  return row(run, ({ matrix, vectorizer }) => [
    ...arraysOf(matrix),
    Buffer.from(vectorizer.getFeatureNamesOut().join(' ')),
  ]);
}

/** Lloyd's iterations from rows at even distances. */
function kmeans(
  { KMeans, CsrMatrix, DenseMatrix }: Library,
  inputs: Inputs,
  backend: 'native' | 'plain',
  maxIter: number,
): GateRow {
  const X = new CsrMatrix(inputs.tfidf);
  const k = 20;
  const init = new DenseMatrix({ shape: [k, X.nColumns], values: spacedRows(X, k) });
  const options = { nClusters: k, init, maxIter, tol: 0, backend };
  return row(
    () => new KMeans(options).fit(X),
    ({ labels, clusterCenters }) => [labels, clusterCenters.values],
  );
}

/** The rows of a matrix, so many times over: for calls that are too short. */
function repeated({ shape, indptr, indices, values }: CsrParts<Int32Array>, times: number): CsrParts<Int32Array> {
  const nnz = indices.length;
  const rowEnds = Array.from({ length: times }, (_, t) => indptr.slice(1).map((end) => end + t * nnz));
  const all = { indices: new Int32Array(times * nnz), values: new Int32Array(times * nnz) };
  for (let t = 0; t < times; t++) {
    all.indices.set(indices, t * nnz);
    all.values.set(values, t * nnz);
  }
  return {
    shape: [times * shape[0], shape[1]],
    indptr: Int32Array.from([0, ...rowEnds.flatMap((ends) => [...ends])]),
    ...all,
  };
}

const arraysOf = ({ indptr, indices, values }: CsrMatrix): NodeJS.ArrayBufferView[] => [indptr, indices, values];

function row<R>(run: () => Promise<R>, arrays: (result: R) => NodeJS.ArrayBufferView[]): GateRow {
  const answer = async () => {
    const hash = createHash('sha256');
    for (const array of arrays(await run())) hash.update(`${array.byteLength} `).update(array);
    return hash.digest('hex');
  };
  return { run, answer };
}
