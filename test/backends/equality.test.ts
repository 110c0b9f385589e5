import { describe, expect, it, vi } from 'vitest';
import {
  type BackendOptions,
  BisectingKMeans,
  CountVectorizer,
  type CsrMatrix,
  cooccurrence,
  KMeans,
  MiniBatchKMeans,
  sweepKMeans,
  TfidfTransformer,
} from '#src/index.js';
import { computing, configurations, dice, digest, matrices, simdLevels, withoutNative, withSimd } from '../support.js';

const [plain, ...others] = configurations;

type Task = (X: CsrMatrix, options: BackendOptions) => Promise<unknown>;

const clusters =
  (more: object): Task =>
  async (X, options) => {
    const nClusters = Math.min(7, X.nRows);
    const model = await new KMeans({ nClusters, randomState: 3, ...more, ...options }).fit(X);
    const distances = await model.transform(X);
    return [
      model.labels,
      model.clusterCenters.values,
      model.inertia,
      model.nIter,
      distances.values,
      await model.score(X),
    ];
  };

const tasks: Record<string, Task> = {
  'pairs, upper': (X, options) => cooccurrence(X, options),
  'pairs, full, without diagonal': (X, options) => cooccurrence(X, { ...options, triangle: 'full', diagonal: false }),
  'TF-IDF': async (X, options) => {
    const transformer = new TfidfTransformer({ ...options, smoothIdf: false });
    return [(await transformer.fitTransform(X)).values, transformer.idf];
  },
  'TF-IDF, l1, without idf': async (X, options) =>
    (await new TfidfTransformer({ ...options, norm: 'l1', useIdf: false }).fitTransform(X)).values,
  'k-means++': clusters({}),
  'k-means, random starts': clusters({ init: 'random', nInit: 3 }),
  'k-means, sweep': async (X, options) => {
    const { rows } = await sweepKMeans(X, { nClusters: [1, 2, 3], randomStates: [0, 1], ...options }).all();
    return rows.map(({ model, runs, silhouette, stability }) => [
      ...[model.labels, model.clusterCenters.values, silhouette, stability],
      runs.map(({ labels, inertia, nIter }) => [labels, inertia, nIter]),
    ]);
  },
  'k-means||': clusters({ init: 'k-means||' }),
  'k-means by cosine': async (X, options) => {
    const clustered = clusters({ metric: 'cosine', nInit: 2 })(X, options);
    return clustered.catch(({ code, message }) => [code, message]); // too few rows that have a direction
  },
  'k-means, weights': async (X, options) => {
    const random = dice(11);
    const sampleWeight = Float64Array.from({ length: X.nRows }, () => (random() < 0.1 ? 0 : random() * 3));
    const model = await new KMeans({ nClusters: 3, randomState: 1, ...options }).fit(X, { sampleWeight });
    return [model.labels, model.clusterCenters.values, model.inertia, model.nIter];
  },
};

const batches =
  (more: object): Task =>
  async (X, options) => {
    const nClusters = Math.min(7, X.nRows);
    const all = { nClusters, batchSize: 100, maxIter: 1, reassignmentRatio: 0.3, randomState: 3, ...more, ...options };
    const model = await new MiniBatchKMeans(all).fit(X);
    const fitted = [model.labels, model.clusterCenters.values, model.inertia, model.nSteps];
    const random = dice(12);
    const sampleWeight = Float64Array.from({ length: X.nRows }, () => (random() < 0.1 ? 0 : random() * 3));
    for (let i = 0; i < 3; i++) await model.partialFit(X, { sampleWeight });
    return [fitted, model.labels, model.clusterCenters.values, model.inertia];
  };

const divisions =
  (more: object): Task =>
  async (X, options) => {
    const nClusters = Math.min(6, X.nRows);
    const model = await new BisectingKMeans({ nClusters, randomState: 3, ...more, ...options }).fit(X);
    const cuts = Array.from({ length: nClusters }, (_, i) => [model.labelsAt(i + 1), model.inertiaAt(i + 1)]);
    return [cuts, model.clusterCenters.values, await model.predict(X), (await model.transform(X)).values];
  };

Object.assign(tasks, {
  'k-means by divisions': divisions({}),
  'k-means by divisions, k-means++': divisions({ init: 'k-means++', nInit: 2, bisectingStrategy: 'largestCluster' }),
  'k-means, small batches': batches({}),
  'k-means, small batches, random starts and a tolerance': batches({ init: 'random', tol: 0.01 }),
});

const rowsNeeded = (task: string) => (task.startsWith('k-means') ? 3 : 0);

describe.skipIf(withoutNative).each(Object.keys(tasks))('%s', (task) => {
  it.each(Object.keys(matrices).filter((name) => matrices[name].nRows >= rowsNeeded(task)))(
    'has the same bits on every backend and number of threads: %s',
    async (name) => {
      vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const wanted = digest(await tasks[task](matrices[name], computing(plain)));
      for (const configuration of others) {
        expect(digest(await tasks[task](matrices[name], computing(configuration))), configuration.name).toEqual(wanted);
      }
      vi.restoreAllMocks();
    },
  );
});

/** Text out of pieces that tokenizers get wrong: scripts, marks, sigmas, surrogates, names that objects have. */
function hostileText(random: () => number): string {
  const pieces = [
    'a',
    'Ab',
    'ΑΣ',
    'σς',
    "Σ'",
    'İ',
    'ß',
    'é',
    'e\u0301',
    'हिन्दी',
    '東京',
    '\u{10400}x',
    '\u{1F600}',
    '\ud800',
    '\udc00',
  ];
  const more = [
    ' ',
    ' ',
    '-',
    '_',
    '\0',
    '\n',
    '1',
    '٣',
    '½',
    '__proto__',
    'constructor',
    'x'.repeat(70),
    '\u00ad',
    '\u200d',
    '\ufeff',
  ];
  const all = [...pieces, ...more];
  return Array.from({ length: Math.floor(random() * 40) }, () => all[Math.floor(random() * all.length)]).join('');
}

describe.skipIf(withoutNative)('counts', () => {
  it.each([
    {},
    { lowercase: false },
    { minDf: 5, maxDf: 0.5 },
    { maxFeatures: 50, binary: true },
    { stopWords: ['aa', 'ab', 'ας'] },
  ])('are the same on every backend, number of threads and level of SIMD for hostile text: %o', async (options) => {
    const random = dice(17);
    const documents = Array.from({ length: 3000 }, () => hostileText(random));
    const count = async (computing: BackendOptions) => {
      const vectorizer = new CountVectorizer({ ...options, ...computing });
      const counts = await vectorizer.fitTransform(documents);
      const again = await vectorizer.transform(documents.slice(0, 100));
      return digest([counts, vectorizer.getFeatureNamesOut(), again]);
    };
    const wanted = await count(computing(plain));
    for (const configuration of others) {
      expect(await count(computing(configuration)), configuration.name).toEqual(wanted);
    }
    for (const level of simdLevels) {
      expect(await withSimd(level, () => count({ backend: 'native' })), level).toEqual(wanted);
    }
  });
});
