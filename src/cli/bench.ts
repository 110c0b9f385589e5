/** `corpuscle bench`: the variants of the whole job on the user's own documents, and which of them is fast enough. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { stages } from '../bench/stages.js';
import { writeText } from '../bench/text-files.js';
import { backendInfo } from '../index.js';
import { type BenchResult, printed } from './bench-result.js';
import type { StageFigures } from './bench-stages.js';
import { Corpus } from './corpus.js';
import {
  addCountingOptions,
  addReadingOptions,
  type CountingFlags,
  countingOptions,
  formatOption,
  inputsHelp,
  type OutputFlags,
  type ReadingFlags,
  readingOptions,
} from './option-groups.js';
import type { Session } from './session.js';
import { stopWordsOf } from './stop-words.js';
import { numberFromZero, wholeNumber } from './values.js';
import { counted } from './words.js';

interface BenchFlags extends ReadingFlags, CountingFlags, Pick<OutputFlags, 'quiet'> {
  format: 'table' | 'json';
  clusters: number;
  threads?: number;
  fastEnough: number;
  maxSeconds: number;
  rounds: number;
}

const examples = `
Examples:
  corpuscle bench mydata.jsonl --text-field text
  corpuscle bench reviews.csv --text-field text --min-df 10 --max-df 10% --fast-enough 2
`;

export function benchCommand(session: Session): Command {
  const command = new Command('bench')
    .description('Times the backends on your own documents, stage by stage, and says which one is fast enough.')
    .argument('<inputs...>', inputsHelp);
  addReadingOptions(command);
  addCountingOptions(command);
  return command
    .optionsGroup('Measuring:')
    .addOption(wholeNumber('--clusters <k>', 'clusters of the k-means stage').default(10))
    .addOption(numberFromZero('--fast-enough <seconds>', 'what the whole job may take').default(10))
    .addOption(numberFromZero('--max-seconds <seconds>', 'leave out stages that would take longer').default(60))
    .addOption(wholeNumber('--rounds <n>', 'fresh processes for each figure').default(3))
    .addOption(wholeNumber('--threads <n>', 'threads of the parallel backend (default: all cores)', 1, 1024))
    .optionsGroup('Output:')
    .addOption(formatOption(['table', 'json']))
    .option('--quiet', 'no progress on standard error')
    .option('--debug', 'show where an error comes from')
    .addHelpText('after', examples)
    .action((inputs: string[], flags: BenchFlags) => bench(inputs, flags, session));
}

async function bench(inputs: readonly string[], flags: BenchFlags, session: Session): Promise<void> {
  const { steps, print } = session;
  steps.quiet = flags.quiet ?? false;
  const folder = mkdtempSync(join(tmpdir(), 'corpuscle-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const documents = await read(inputs, folder, flags, session);
    const result = await measure(documents, folder, flags, session);
    await print(printed(result, flags.format));
    steps.finish();
  } finally {
    remove();
  }
}

function read(
  inputs: readonly string[],
  folder: string,
  flags: BenchFlags,
  { signal, steps }: Session,
): Promise<number> {
  const corpus = new Corpus(inputs, { ...readingOptions(flags), signal });
  return steps.run({
    name: 'reading',
    work: () => writeText(folder, corpus.texts(), signal),
    sample: () => ({ phase: '', done: corpus.progress.bytesRead, total: corpus.progress.bytesTotal ?? Number.NaN }),
    summary: (documents) => counted(documents, 'document'),
  });
}

async function measure(
  documents: number,
  folder: string,
  flags: BenchFlags,
  { signal, steps }: Session,
): Promise<BenchResult> {
  const { available, threads: allThreads } = backendInfo();
  const { clusters: nClusters, threads = allThreads, fastEnough } = flags;
  const counting = { ...countingOptions(flags), ...(await stopWordsOf(flags.stopWords)) };
  const { measureStage } = await import('./bench-stages.js'); // the suite, which no other command asks for
  const figures: StageFigures[] = [];
  for (const stage of stages) {
    const job = { stage, folder, counting, nClusters, threads };
    const measured = await steps.run({
      name: stage,
      work: () => measureStage(job, available, documents, { ...flags, signal }),
      summary: (each) => `${counted(each.length, 'backend')} compared`,
    });
    figures.push(...measured);
  }
  return { documents, threads, nClusters, fastEnough, figures };
}
