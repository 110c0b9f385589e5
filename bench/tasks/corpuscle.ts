/** The library itself: every task that it can do, on any backend; answers in the forms of bench/peers/answers.py. */

import {
  bestAnswer,
  countsAnswer,
  denseAnswer,
  hashedAnswer,
  sparseAnswer,
  weightsAnswer,
} from '#src/bench/answers.js';
import {
  type BackendName,
  CountVectorizer,
  cooccurrence,
  HashingVectorizer,
  TfidfTransformer,
  topCooccurrences,
  windowCooccurrence,
} from '#src/index.js';
import { loadCounts, loadStrings, loadText } from '../data/corpora.js';
import { clusterTasks } from './corpuscle-clusters.js';
import { type Prepare, type TaskArgs, variant } from './prepare.js';

const pruning = { minDf: 10, maxDf: 0.1 } as const;

const tasks: Readonly<Record<string, Prepare>> = {
  counts: async ({ folder, ...computing }) => counting(await loadStrings(folder), computing),
  'counts-bytes': async ({ folder, ...computing }) => counting(await loadText(folder), computing),
  'counts-bigrams': async ({ folder, ...computing }) => counting(await loadStrings(folder), computing, [1, 2]),
  hashing: async ({ folder, backend, threads }) => {
    const documents = await loadStrings(folder);
    return variant(() => new HashingVectorizer({ backend, threads }).transform(documents), hashedAnswer);
  },
  transform: async ({ folder, backend, threads }) => {
    const documents = await loadStrings(folder);
    const vectorizer = await new CountVectorizer({ ...pruning, backend, threads }).fit(documents);
    return variant(() => vectorizer.transform(documents), sparseAnswer);
  },
  tfidf: async ({ folder, backend, threads }) => {
    const { counts } = await loadCounts(folder);
    return variant(() => new TfidfTransformer({ backend, threads }).fitTransform(counts), weightsAnswer);
  },
  cooccurrence: async ({ folder, backend, threads }) => {
    const { counts } = await loadCounts(folder);
    return variant(() => cooccurrence(counts, { backend, threads }), sparseAnswer);
  },
  'cooccurrence-full': async ({ folder, backend, threads }) => {
    const { counts } = await loadCounts(folder);
    return variant(() => cooccurrence(counts, { triangle: 'full', backend, threads }), sparseAnswer);
  },
  'cooccurrence-dense': async ({ folder, backend, threads }) => {
    const { counts } = await loadCounts(folder);
    const options = { output: 'dense', triangle: 'full', backend, threads } as const;
    return variant(() => cooccurrence(counts, options), denseAnswer);
  },
  'top-cooccurrence': async ({ folder, backend, threads }) => {
    const { counts } = await loadCounts(folder);
    return variant(() => topCooccurrences(counts, { score: 'llr', backend, threads }), bestAnswer);
  },
  'cooccurrence-stop-words': async ({ folder, backend, threads }) => {
    const vectorizer = new CountVectorizer({ minDf: 10, backend, threads });
    const counts = await vectorizer.fitTransform(await loadText(folder));
    return variant(() => cooccurrence(counts, { backend, threads }), sparseAnswer);
  },
  window: async ({ folder, backend, threads }) => {
    const streams = await new CountVectorizer(pruning).fitTokenIds(await loadText(folder));
    const words = streams.ids.filter((id) => id >= 0).length;
    return variant(
      () => windowCooccurrence(streams, { window: 5, backend, threads }),
      (pairs) => ({ ...sparseAnswer(pairs), words }),
    );
  },
  ...clusterTasks,
};

/** The tasks that the library can do. */
export const ourTasks: readonly string[] = Object.keys(tasks);

export async function prepare(args: TaskArgs & { readonly task: string }) {
  const prepareTask = tasks[args.task];
  if (prepareTask === undefined) throw new Error(`The task ${args.task} is not built yet.`);
  return prepareTask(args);
}

function counting(
  documents: string[] | Awaited<ReturnType<typeof loadText>>,
  { backend, threads }: { backend: BackendName; threads: number },
  ngramRange: [number, number] = [1, 1],
) {
  return variant(
    async () => {
      const vectorizer = new CountVectorizer({ ...pruning, ngramRange, backend, threads });
      return { counts: await vectorizer.fitTransform(documents), vectorizer };
    },
    ({ counts, vectorizer }) => countsAnswer(counts, vectorizer.getFeatureNamesOut()),
  );
}
