/** `corpuscle cluster`: documents to groups of similar ones, each with the terms that it holds most. */

import { Command, Option } from 'commander';
import {
  type BackendOptions,
  type CsrMatrix,
  KMeans,
  type KMeansOptions,
  TfidfTransformer,
  topTerms,
} from '../index.js';
import { type ClusterResult, clusterResult, printed } from './cluster-result.js';
import type { Corpus } from './corpus.js';
import { countTerms } from './count-terms.js';
import { csvChunks } from './csv.js';
import {
  addComputingOptions,
  addCountingOptions,
  addOutputOptions,
  addReadingOptions,
  type CountingFlags,
  computingOptions,
  inputsHelp,
  type OutputFlags,
  pick,
  type ReadingFlags,
} from './option-groups.js';
import { OutputFolder } from './output-folder.js';
import type { Session } from './session.js';
import { numberFromZero, wholeNumber, wholeNumberOrAuto } from './values.js';
import { counted } from './words.js';

interface ClusterFlags
  extends ReadingFlags,
    CountingFlags,
    BackendOptions,
    OutputFlags,
    Omit<KMeansOptions, 'init' | 'nClusters'> {
  clusters: number;
  init: 'k-means++' | 'random';
  top: number;
}

const files = ['clusters.json', 'assignments.csv'] as const;

const examples = `
Examples:
  corpuscle cluster reviews.jsonl.gz --text-field text --min-df 10 --max-df 10% --clusters 10
  corpuscle cluster "docs/**/*.md" --stop-words english --clusters 5 --format json
  corpuscle cluster yelp_review_full_csv.tgz --member train.csv --text-field 2 --out clusters
`;

export function clusterCommand(session: Session): Command {
  const command = new Command('cluster')
    .description('Groups documents by their words: term counts, TF-IDF, k-means.')
    .argument('<inputs...>', inputsHelp);
  addReadingOptions(command);
  addCountingOptions(command);
  command
    .optionsGroup('Clustering:')
    .addOption(wholeNumber('--clusters <k>', 'how many clusters').default(8))
    .addOption(new Option('--init <method>', 'how to start').choices(['k-means++', 'random']).default('k-means++'))
    .addOption(wholeNumberOrAuto('--n-init <n>', "starts, of which the best stays (default: 1, or 10 for 'random')"))
    .addOption(wholeNumber('--max-iter <n>', 'most iterations of one start').default(300))
    .addOption(numberFromZero('--tol <number>', 'end when the centers move less').default(1e-4))
    .addOption(wholeNumber('--random-state <seed>', 'the same seed gives the same clusters', 0, 2 ** 32 - 1).default(0))
    .addOption(wholeNumber('--top <n>', 'terms to show of each cluster').default(10));
  addComputingOptions(command);
  addOutputOptions(command, files);
  return command
    .addHelpText('after', examples)
    .action((inputs: string[], flags: ClusterFlags) => cluster(inputs, flags, session));
}

async function cluster(inputs: readonly string[], flags: ClusterFlags, session: Session): Promise<void> {
  const { signal, steps, print } = session;
  steps.quiet = flags.quiet ?? false;
  const folder = OutputFolder.of(flags, files);
  const { corpus, counts, vectorizer } = await countTerms(inputs, flags, session);
  const tfidf = await steps.run({
    name: 'tf-idf',
    work: () => new TfidfTransformer({ ...computingOptions(flags), signal }).fitTransform(counts),
    summary: ({ nnz }) => counted(nnz, 'weight'),
  });
  const model = await kMeans(tfidf, flags, session);
  const terms = topTerms(counts, model.labels, vectorizer.vocabulary, { n: flags.top });
  const result = clusterResult(counts, model, terms, flags.clusters);
  if (folder !== undefined) await writeFiles(folder, result, corpus, model.labels, signal);
  await print(printed(result, flags.format));
  steps.finish();
}

function kMeans(tfidf: CsrMatrix, flags: ClusterFlags, { signal, steps }: Session): Promise<KMeans> {
  const options: KMeansOptions = {
    ...pick(flags, ['init', 'nInit', 'maxIter', 'tol', 'randomState']),
    ...computingOptions(flags),
    nClusters: flags.clusters,
    signal,
  };
  return steps.run({
    name: 'k-means',
    work: (onProgress) => new KMeans({ ...options, onProgress }).fit(tfidf),
    sample: (latest) => ({
      ...latest,
      atMost: latest.phase.startsWith('clustering'), // it ends when it has converged
      facts: () => (latest.phase === '' ? [] : [`${latest.phase}, ${latest.done} of ${latest.total}`]),
    }),
    summary: ({ nIter }) => `${counted(flags.clusters, 'cluster')}, ${counted(nIter, 'iteration')}`,
  });
}

async function writeFiles(
  folder: OutputFolder,
  result: ClusterResult,
  corpus: Corpus,
  labels: Int32Array,
  signal: AbortSignal,
): Promise<void> {
  await folder.write('clusters.json', [printed(result, 'json')], signal);
  await folder.write(
    'assignments.csv',
    csvChunks(['document', 'source', 'line', 'cluster'], assignments(corpus, labels)),
    signal,
  );
  folder.commit();
}

function* assignments(corpus: Corpus, labels: Int32Array): Generator<(string | number)[]> {
  let document = 0;
  for (const { source, line } of corpus.origins()) {
    yield [document, source, line, labels[document]];
    document++;
  }
}
