/** `corpuscle cluster`: documents to groups of similar ones, each with the terms that it holds most. */

import { Command } from 'commander';
import { type BackendOptions, type CsrMatrix, KMeans, type KMeansOptions, topTerms } from '../index.js';
import { assignmentChunks } from './assignments.js';
import { type ClusterResult, clusterResult, printed } from './cluster-result.js';
import type { Corpus } from './corpus.js';
import { countTerms } from './count-terms.js';
import {
  addComputingOptions,
  addCountingOptions,
  addKMeansOptions,
  addOutputOptions,
  addReadingOptions,
  type CountingFlags,
  computingOptions,
  inputsHelp,
  type KMeansFlags,
  kMeansOptions,
  type OutputFlags,
  type ReadingFlags,
} from './option-groups.js';
import { OutputFolder } from './output-folder.js';
import type { Session } from './session.js';
import { wholeNumber } from './values.js';
import { weighTerms } from './weigh-terms.js';
import { counted } from './words.js';

interface ClusterFlags extends ReadingFlags, CountingFlags, KMeansFlags, BackendOptions, OutputFlags {
  clusters: number;
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
  command.optionsGroup('Clustering:').addOption(wholeNumber('--clusters <k>', 'how many clusters').default(8));
  addKMeansOptions(command);
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
  const tfidf = await weighTerms(counts, flags, session);
  const model = await kMeans(tfidf, flags, session);
  const terms = topTerms(counts, model.labels, vectorizer.vocabulary, { n: flags.top });
  const result = clusterResult(counts, model, terms, flags.clusters);
  if (folder !== undefined) await writeFiles(folder, result, corpus, model.labels, signal);
  await print(printed(result, flags.format));
  steps.finish();
}

function kMeans(tfidf: CsrMatrix, flags: ClusterFlags, { signal, steps }: Session): Promise<KMeans> {
  const options: KMeansOptions = {
    ...kMeansOptions(flags),
    ...computingOptions(flags),
    randomState: flags.randomState,
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
  await folder.write('assignments.csv', assignmentChunks(corpus, labels), signal);
  folder.commit();
}
