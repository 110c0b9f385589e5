/** What gate B times: calls of the public API on one small corpus, each as the package makes it. */

import { createHash } from 'node:crypto';
import type { CsrMatrix, CsrParts } from '#src/index.js';
import { spacedRows } from '../tasks/lloyd-steps.js';

export type Library = typeof import('#src/index.js');

/** Prepared once and given to both libraries. */
export interface Inputs {
  readonly texts: readonly string[];
  readonly counts: CsrParts<Int32Array>;
  readonly tfidf: CsrParts<Float64Array>;
  /** Counts of the commonest terms alone: more updates for each pair that is written. */
  readonly common: CsrParts<Int32Array>;
}

export interface GateRow {
  run(): Promise<unknown>;
  /** A fingerprint of every bit of what `run` gave. */
  answer(): Promise<string>;
}

const counting = { minDf: 10, maxDf: '10%', backend: 'native' } as const;
const countingCommon = { maxDf: '50%', maxFeatures: 1000, backend: 'native' } as const;

/** The row of each name, for one of the libraries. */
export const rows: Record<string, (library: Library, inputs: Inputs) => GateRow> = {
  counts({ CountVectorizer }, { texts }) {
    const run = async () => {
      const vectorizer = new CountVectorizer(counting);
      return { matrix: await vectorizer.fitTransform(texts), vectorizer };
    };
    return row(run, ({ matrix, vectorizer }) => [
      ...arraysOf(matrix),
      Buffer.from(vectorizer.getFeatureNamesOut().join(' ')),
    ]);
  },
  tfidf({ TfidfTransformer, CsrMatrix }, inputs) {
    const counts = new CsrMatrix(repeated(inputs.counts, 3));
    return row(() => new TfidfTransformer({ backend: 'native' }).fitTransform(counts), arraysOf);
  },
  cooccurrence({ cooccurrence, CsrMatrix }, inputs) {
    const counts = new CsrMatrix(inputs.common);
    return row(() => cooccurrence(counts, { backend: 'native' }), arraysOf);
  },
  'cooccurrence-dense'({ cooccurrence, CsrMatrix }, inputs) {
    const counts = new CsrMatrix(inputs.common);
    return row(
      () => cooccurrence(counts, { output: 'dense', backend: 'native' }),
      ({ values }) => [values],
    );
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
};

/** The row that times equal code: head against a copy of head. */
export const sameRow = 'same';
export const sameRowAs = 'kmeans';

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

/** What the rows work on, made by one library from texts. */
export async function inputsOf(
  { CountVectorizer, TfidfTransformer }: Library,
  texts: readonly string[],
): Promise<Inputs> {
  const counts = await new CountVectorizer(counting).fitTransform(texts);
  const tfidf = await new TfidfTransformer({ backend: 'native' }).fitTransform(counts);
  const common = await new CountVectorizer(countingCommon).fitTransform(texts);
  return { texts, counts, tfidf, common };
}
