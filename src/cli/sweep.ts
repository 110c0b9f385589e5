/** `corpuscle sweep`: how many clusters? The same documents for several numbers of them, and what speaks for each. */

import { Command, Option } from 'commander';
import {
  type BackendOptions,
  type CsrMatrix,
  type KMeansSweep,
  type Progress,
  type SweepRow,
  sweepKMeans,
  topTerms,
} from '../index.js';
import { assignmentChunks } from './assignments.js';
import { clusterResult } from './cluster-result.js';
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
import { sparkline } from './sparkline.js';
import { chosenRow, printed, score, shownInertia, sweepResult } from './sweep-result.js';
import { SweepState } from './sweep-state.js';
import { numberList, wholeNumber } from './values.js';
import { weighTerms } from './weigh-terms.js';
import { counted } from './words.js';

interface SweepFlags extends ReadingFlags, CountingFlags, KMeansFlags, BackendOptions, OutputFlags {
  clusters: readonly number[];
  seeds: number;
  silhouette: 'cosine' | 'sqeuclidean' | 'euclidean';
  choose: 'knee' | 'silhouette';
  resume?: string;
}

const files = ['sweep.json', 'assignments.csv'] as const;

const examples = `
Examples:
  corpuscle sweep reviews.csv --text-field text --min-df 10 --max-df 10% --clusters 5:50:5
  corpuscle sweep "docs/**/*.md" --stop-words english --clusters 2,3,5,8 --seeds 5 --choose silhouette
  corpuscle sweep reviews.jsonl.gz --text-field text --clusters 10:200:10 --resume sweep.jsonl --out sweep
`;

export function sweepCommand(session: Session): Command {
  const command = new Command('sweep')
    .description('Clusters documents into several numbers of groups, to find out how many there are.')
    .argument('<inputs...>', inputsHelp);
  addReadingOptions(command);
  addCountingOptions(command);
  command
    .optionsGroup('Clustering:')
    .addOption(
      numberList(
        '--clusters <numbers>',
        'how many clusters to try: first:last:step, or a list such as 5,10,20',
      ).default(
        [...Array(10).keys()].map((i) => 5 + 5 * i),
        '5:50:5',
      ),
    )
    .addOption(
      wholeNumber(
        '--seeds <n>',
        'starts from n seeds, --random-state and those after it, and tells how much they agree',
        1,
        1000,
      ).default(1),
    )
    .addOption(
      new Option('--silhouette <distance>', 'the distance of silhouettes; euclidean takes the square of the documents')
        .choices(['cosine', 'sqeuclidean', 'euclidean'])
        .default('cosine'),
    )
    .addOption(
      new Option('--choose <rule>', 'whose clusters to show: at the knee of the inertia, or of the highest silhouette')
        .choices(['knee', 'silhouette'])
        .default('knee'),
    )
    .option('--resume <file>', 'keep finished numbers in a file, and take from it those that are there already');
  addKMeansOptions(command);
  addComputingOptions(command);
  addOutputOptions(command, files);
  return command
    .addHelpText('after', examples)
    .action((inputs: string[], flags: SweepFlags) => sweep(inputs, flags, session));
}

async function sweep(inputs: readonly string[], flags: SweepFlags, session: Session): Promise<void> {
  const { signal, steps, print } = session;
  steps.quiet = flags.quiet ?? false;
  const folder = OutputFolder.of(flags, files);
  const state = flags.resume === undefined ? undefined : new SweepState(flags.resume);
  const { corpus, counts, vectorizer } = await countTerms(inputs, flags, session);
  const tfidf = await weighTerms(counts, flags, session);
  const { rows, knee } = await sweepRows(tfidf, flags, state, session);
  const { row, by } = chosenRow(rows, knee, flags.choose);
  const terms = topTerms(counts, row.model.labels, vectorizer.vocabulary, { n: flags.top });
  const result = sweepResult(rows, knee, clusterResult(counts, row.model, terms, row.nClusters), by);
  if (folder !== undefined) {
    await folder.write('sweep.json', [printed(result, 'json')], signal);
    await folder.write('assignments.csv', assignmentChunks(corpus, row.model.labels), signal);
    folder.commit();
  }
  await print(printed(result, flags.format));
  steps.finish();
}

/** Each number of clusters is a step, which leaves its line when its row has come. */
async function sweepRows(
  tfidf: CsrMatrix,
  flags: SweepFlags,
  state: SweepState | undefined,
  { signal, steps }: Session,
): ReturnType<KMeansSweep['all']> {
  let latest: Progress = { phase: '', done: 0, total: Number.NaN };
  const sweep = sweepKMeans(tfidf, {
    ...kMeansOptions(flags),
    ...computingOptions(flags),
    nClusters: flags.clusters,
    randomStates: Array.from({ length: flags.seeds }, (_, i) => (flags.randomState + i) % 2 ** 32),
    silhouetteMetric: flags.silhouette,
    ...(state !== undefined && { resumeFrom: state.rows }),
    signal,
    onProgress: (progress) => {
      latest = progress;
    },
  });
  const coming = sweep[Symbol.asyncIterator]();
  for (const [i, k] of flags.clusters.entries()) {
    const before = flags.seeds * flags.clusters.slice(0, i).reduce((sum, each) => sum + each, 0);
    const place = `${i + 1} of ${flags.clusters.length}`;
    await steps.run({
      name: `k = ${k}`,
      work: async () => {
        const { value } = await coming.next();
        state?.add(value as SweepRow, (message) => steps.warn(message));
      },
      sample: () => ({
        ...{ phase: '', done: Math.max(0, latest.done - before), total: flags.seeds * k, atMost: true },
        facts: () => [latest.phase.replace(/^k = \d+, /, ''), place],
      }),
      summary: () => summary(sweep.rows.slice(0, i + 1), flags.clusters.length),
    });
  }
  return sweep.all();
}

const longestCurve = 20;

/** What the last of the rows so far says, and the curves up to it; lines stand under each other. */
function summary(rows: readonly SweepRow[], all: number): string {
  const { inertia, silhouette, nIter, stability } = rows[rows.length - 1];
  const curve = (values: readonly (number | null)[]) =>
    sparkline(values.slice(-longestCurve)).padEnd(Math.min(all, longestCurve));
  return [
    `inertia ${shownInertia(inertia).padStart(7)} ${curve(rows.map((row) => row.inertia))}`,
    `silhouette ${score(silhouette).padStart(7)} ${curve(rows.map((row) => row.silhouette))}`,
    ...(stability === null ? [] : [`seeds agree ${score(stability.adjustedRand)}`]),
    counted(nIter, 'iteration'),
  ].join('  ');
}
