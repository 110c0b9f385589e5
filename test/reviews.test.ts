import { existsSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type BackendOptions,
  CountVectorizer,
  type CsrMatrix,
  cooccurrence,
  DenseMatrix,
  KMeans,
  readDocuments,
  TfidfTransformer,
} from '#src/index.js';
import { computing, configurations, itOnEach, lesserSimdLevels, sha256, withoutNative, withSimd } from './support.js';

// 50,000 film reviews and scikit-learn's answers on them lie beside a checkout, not in it.
const folder = process.env.CORPUSCLE_DATA ?? '../shared/data';
const available = existsSync(`${folder}/imdb-reviews.jsonl.gz`);
const expected = available ? JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) : {};
const fast = configurations.filter(({ threads }) => threads === undefined || threads === 2 || threads === 3);
const fastest = configurations[withoutNative ? 0 : 3];

describe.skipIf(!available)('50,000 reviews', () => {
  let documents: string[];
  let counts: CsrMatrix<Int32Array>;
  let tfidf: CsrMatrix<Float64Array>;

  beforeAll(async () => {
    documents = [];
    for await (const text of readDocuments(`${folder}/imdb-reviews.jsonl.gz`, { textField: 'text' }))
      documents.push(text);
    counts = await new CountVectorizer({ minDf: 10, maxDf: 0.1 }).fitTransform(documents);
    tfidf = await new TfidfTransformer().fitTransform(counts);
  }, 60_000);

  function expectCounts(matrix: CsrMatrix<Int32Array>, terms: string[], wanted: Record<string, unknown>) {
    expect([matrix.shape, matrix.nnz]).toEqual([wanted.shape, wanted.nnz]);
    expect(sha256(matrix.indptr)).toBe(wanted.indptr_int32_sha256);
    expect(sha256(matrix.indices)).toBe(wanted.indices_int32_sha256);
    expect(sha256(matrix.values)).toBe(wanted.counts_int32_sha256);
    expect(sha256(terms.join('\n'))).toBe(wanted.vocabulary_utf8_newline_joined_sha256);
  }

  itOnEach(
    'are counted as scikit-learn counts them, pruned and whole',
    async (configuration) => {
      for (const [options, name] of [
        [{ minDf: 10, maxDf: '10%' }, 'count_min_df_10_max_df_0.1'],
        [{}, 'count_defaults'],
      ] as const) {
        const vectorizer = new CountVectorizer({ ...options, ...computing(configuration) });
        expectCounts(await vectorizer.fitTransform(documents), vectorizer.getFeatureNamesOut(), expected[name]);
      }
    },
    fast,
    60_000,
  );

  itOnEach(
    'are counted as scikit-learn counts them, by words and pairs of words',
    async (configuration) => {
      const options = { ngramRange: [1, 2], stopWords: 'english', minDf: 20, maxDf: 0.5 } as const;
      const vectorizer = new CountVectorizer({ ...options, ...computing(configuration) });
      const matrix = await vectorizer.fitTransform(documents.slice(0, 10_000));
      const wanted = expected['count_first_10000_docs_bigrams_english_min_df_20_max_df_0.5'];
      expectCounts(matrix, vectorizer.getFeatureNamesOut(), wanted);
    },
    fast.filter(({ name }) => name !== 'native' && name !== 'parallel x 3'),
    60_000,
  );

  it.skipIf(withoutNative)(
    'are counted alike with every level of vector instructions',
    async () => {
      for (const level of lesserSimdLevels) {
        for (const [options, name] of [
          [{ minDf: 10, maxDf: '10%' }, 'count_min_df_10_max_df_0.1'],
          [{}, 'count_defaults'],
        ] as const) {
          const vectorizer = new CountVectorizer({ ...options, backend: 'native' });
          const matrix = await withSimd(level, () => vectorizer.fitTransform(documents));
          expectCounts(matrix, vectorizer.getFeatureNamesOut(), expected[name]);
        }
      }
    },
    60_000,
  );

  itOnEach(
    'are weighed as scikit-learn weighs them',
    async (configuration) => {
      const transformer = new TfidfTransformer(computing(configuration));
      const { values, indices } = await transformer.fitTransform(counts);
      const sum = (numbers: Float64Array) => numbers.reduce((total, value) => total + value, 0);
      const { first_row_indices, first_row_values, idf_sum, values_sum } = expected.tfidf;
      expect([...indices.subarray(0, first_row_indices.length)]).toEqual(first_row_indices);
      expect([...values.subarray(0, first_row_values.length)]).toEqual(first_row_values);
      expect(Math.abs(sum(transformer.idf) / idf_sum - 1)).toBeLessThan(1e-12); // summed in another order
      expect(Math.abs(sum(values) / values_sum - 1)).toBeLessThan(1e-12);
    },
    fast,
    60_000,
  );

  itOnEach(
    'have the pairs that SciPy counts',
    async (configuration) => {
      const pairs = await cooccurrence(counts, computing(configuration));
      const { upper_nnz, upper_indptr_int64_sha256, upper_indices_int32_sha256, upper_counts_int32_sha256 } =
        expected.cooccurrence_binary;
      expect(pairs.nnz).toBe(upper_nnz);
      expect(sha256(BigInt64Array.from(pairs.indptr as Int32Array, BigInt))).toBe(upper_indptr_int64_sha256);
      expect(sha256(pairs.indices)).toBe(upper_indices_int32_sha256);
      expect(sha256(pairs.values)).toBe(upper_counts_int32_sha256);
    },
    fast,
    60_000,
  );

  interface Run {
    n_clusters: number;
    init_rows?: number[];
    random_state?: number;
    n_iter: number;
    inertia: number;
    labels_int32_sha256: string;
  }

  async function expectClusters(run: Run, options: BackendOptions) {
    const { n_clusters: nClusters, init_rows, random_state } = run;
    const start =
      init_rows === undefined ? { randomState: random_state as number } : { init: rowsOf(tfidf, init_rows) };
    const model = await new KMeans({ nClusters, ...start, ...options }).fit(tfidf);
    expect([model.nIter, sha256(model.labels)]).toEqual([run.n_iter, run.labels_int32_sha256]);
    expect(Math.abs(model.inertia / run.inertia - 1)).toBeLessThan(1e-10);
    return model;
  }

  it.each(available ? (expected.kmeans as Run[]) : [])(
    'fall into the clusters that scikit-learn finds: $n_clusters, $init',
    async (run) => {
      await expectClusters(run, computing(fastest));
    },
    120_000,
  );

  itOnEach(
    'fall into the same clusters, bit for bit',
    async (configuration) => {
      const wanted = await new KMeans({ nClusters: 5, randomState: 0, maxIter: 4, ...computing(fastest) }).fit(tfidf);
      const model = await new KMeans({ nClusters: 5, randomState: 0, maxIter: 4, ...computing(configuration) }).fit(
        tfidf,
      );
      expect([model.inertia, sha256(model.labels), sha256(model.clusterCenters.values)]).toEqual([
        wanted.inertia,
        sha256(wanted.labels),
        sha256(wanted.clusterCenters.values),
      ]);
    },
    fast,
    60_000,
  );

  it('leave the event loop free while they are counted, weighed and clustered', async () => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const own = await new TfidfTransformer().fitTransform(
      await new CountVectorizer({ minDf: 10, maxDf: 0.1 }).fitTransform(documents),
    );
    await new KMeans({ nClusters: 10, randomState: 0 }).fit(own);
    delay.disable();
    expect(delay.percentile(99) / 1e6).toBeLessThan(50);
  }, 60_000);
});

function rowsOf(matrix: CsrMatrix<Float64Array>, rows: number[]): DenseMatrix<Float64Array> {
  const values = new Float64Array(rows.length * matrix.nColumns);
  for (const [j, row] of rows.entries()) {
    const { indices, values: cells } = matrix.row(row);
    indices.forEach((column, i) => {
      values[j * matrix.nColumns + column] = cells[i];
    });
  }
  return new DenseMatrix({ shape: [rows.length, matrix.nColumns], values });
}
