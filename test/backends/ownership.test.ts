import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type BackendOptions, CountVectorizer, CsrMatrix, cooccurrence, KMeans, TfidfTransformer } from '#src/index.js';
import { computing, configurations, describeOnEach, digest, randomMatrix, refusal } from '../support.js';

const original = randomMatrix({ rows: 2000, columns: 400, density: 0.05, seed: 21 });

/** A copy whose buffers can be transferred and resized. */
function resizableCopy(): CsrMatrix<Float64Array> {
  const resizable = (bytes: number) =>
    new (ArrayBuffer as unknown as new (n: number, o: object) => ArrayBuffer)(bytes, { maxByteLength: bytes * 2 });
  const indptr = new Int32Array(resizable(original.indptr.byteLength));
  const indices = new Int32Array(resizable(original.indices.byteLength));
  const values = new Float64Array(resizable(original.values.byteLength));
  indptr.set(original.indptr);
  indices.set(original.indices);
  values.set(original.values);
  return new CsrMatrix({ shape: original.shape, indptr, indices, values });
}

function transferableCopy(): CsrMatrix<Float64Array> {
  const [indptr, indices] = [Int32Array.from(original.indptr), original.indices.slice()];
  return new CsrMatrix({ shape: original.shape, indptr, indices, values: Float64Array.from(original.values) });
}

type Mischief = (matrix: CsrMatrix) => void;
const arrays = ({ indptr, indices, values }: CsrMatrix) => [indptr, indices, values];
const mischiefs: Record<string, Mischief> = {
  'fills them with nonsense': (matrix) => {
    for (const array of arrays(matrix)) array.fill(-7);
  },
  'transfers them': (matrix) => {
    structuredClone(arrays(matrix), { transfer: arrays(matrix).map(({ buffer }) => buffer as ArrayBuffer) });
  },
  'shrinks them to nothing': (matrix) => {
    for (const { buffer } of arrays(matrix)) (buffer as unknown as { resize(n: number): void }).resize(0);
  },
};

const calls: Record<string, (X: CsrMatrix, options: BackendOptions) => Promise<unknown>> = {
  cooccurrence: (X, options) => cooccurrence(X, options),
  TfidfTransformer: (X, options) => new TfidfTransformer(options).fitTransform(X),
  'TfidfTransformer.fit': async (X, options) => (await new TfidfTransformer(options).fit(X)).idf,
  'TfidfTransformer.transform': async (X, options) => {
    const fitted = new TfidfTransformer({ ...options, useIdf: false });
    return fitted.transform(X);
  },
  KMeans: async (X, options) => (await new KMeans({ nClusters: 5, randomState: 0, ...options }).fit(X)).clusterCenters,
};

const wanted = configurations.filter(({ threads }) => threads !== 1 && threads !== 7);

describeOnEach(
  'a caller',
  (configuration) => {
    const options = computing(configuration);

    describe.each(Object.keys(calls))('%s', (call) => {
      it.each(Object.keys(mischiefs))(
        'gets the result of its arrays as they were, when it %s meanwhile',
        async (mischief) => {
          const wanted = digest(await calls[call](original, options));
          const matrix = mischief.startsWith('shrinks') ? resizableCopy() : transferableCopy();
          const running = calls[call](matrix, options);
          mischiefs[mischief](matrix);
          expect(digest(await running)).toEqual(wanted);
        },
      );

      it.each(['transfers them', 'shrinks them to nothing'])('is told, when it %s before', async (mischief) => {
        const matrix = mischief.startsWith('shrinks') ? resizableCopy() : transferableCopy();
        mischiefs[mischief](matrix);
        expect(await refusal(calls[call](matrix, options))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
      });

      it('is told, when it has broken them since they were checked', async () => {
        for (const broken of [{ indices: 1_000_000 }, { indices: -1 }, { indptr: 1_000_000 }, { indptr: -5 }]) {
          const matrix = transferableCopy();
          const [[name, value]] = Object.entries(broken);
          (matrix[name as 'indices'] as Int32Array)[5] = value;
          expect(await refusal(calls[call](matrix, options))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
        }
      });
    });

    it('may drop its arrays at once', async () => {
      const running = Promise.all(Array.from({ length: 5 }, () => cooccurrence(transferableCopy(), options)));
      globalThis.gc?.();
      const wanted = digest(await cooccurrence(original, options));
      for (const result of await running) expect(digest(result)).toEqual(wanted);
    });

    it('may change its list of documents, or their bytes, meanwhile', async () => {
      const documents = Array.from(
        { length: 30_000 },
        (_, i) => `some words ${i % 7} in document nr${i % 100} ${'more '.repeat(20)}`,
      );
      const bytes = new TextEncoder().encode(documents.join(''));
      const offsets = new Float64Array(documents.length + 1);
      for (const [i, document] of documents.entries()) offsets[i + 1] = offsets[i] + document.length;
      const wanted = digest(await new CountVectorizer(options).fitTransform(documents));
      const fromList = new CountVectorizer(options).fitTransform(documents);
      const fromBytes = new CountVectorizer(options).fitTransform({ bytes, offsets });
      documents.fill('other');
      documents.length = 10;
      bytes.fill(0x7a);
      offsets.fill(0);
      await wait(1);
      expect(digest(await fromList)).toEqual(wanted);
      expect(digest(await fromBytes)).toEqual(wanted);
    });

    it('may pass arrays over shared memory', async () => {
      const indices = new Int32Array(new SharedArrayBuffer(original.indices.byteLength));
      indices.set(original.indices);
      const shared = new CsrMatrix({ ...original, indices });
      expect(digest(await cooccurrence(shared, options))).toEqual(digest(await cooccurrence(original, options)));
    });
  },
  wanted,
);
