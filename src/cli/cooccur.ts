/** `corpuscle cooccur`: which terms are found in the same documents, and in how many. */

import { Command } from 'commander';
import { type BackendOptions, type CsrMatrix, cooccurrence, type Vocabulary } from '../index.js';
import { cooccurResult, pairChunks, partnerChunks, printed } from './cooccur-result.js';
import { countTerms } from './count-terms.js';
import { CommandError } from './errors.js';
import { nearestTerms } from './nearest-terms.js';
import {
  addComputingOptions,
  addCountingOptions,
  addOutputOptions,
  addReadingOptions,
  type CountingFlags,
  computingOptions,
  inputsHelp,
  type OutputFlags,
  type ReadingFlags,
} from './option-groups.js';
import { OutputFolder } from './output-folder.js';
import { LargestPairs, type Pair, pairsOf, scanPairs } from './pairs.js';
import type { Session } from './session.js';
import { clipped } from './table.js';
import { wholeNumber } from './values.js';
import { counted, grouped } from './words.js';

interface CooccurFlags extends ReadingFlags, CountingFlags, BackendOptions, OutputFlags {
  top: number;
  term?: string;
  minCount: number;
}

const files = ['cooccurrence.json', 'pairs.csv'] as const;

const examples = `
Examples:
  corpuscle cooccur reviews.jsonl.gz --text-field text --min-df 10 --max-df 10%
  corpuscle cooccur "docs/**/*.md" --stop-words english --term cache --top 10
  corpuscle cooccur reviews.csv --text-field text --min-count 100 --out pairs
`;

export function cooccurCommand(session: Session): Command {
  const command = new Command('cooccur')
    .description('Counts for each pair of terms the documents that hold both.')
    .argument('<inputs...>', inputsHelp);
  addReadingOptions(command);
  addCountingOptions(command);
  command
    .optionsGroup('Pairs:')
    .addOption(wholeNumber('--top <n>', 'pairs to show, those with the largest counts').default(20))
    .option('--term <term>', 'only pairs with this term')
    .addOption(
      wholeNumber('--min-count <n>', 'leave out pairs in fewer documents (pairs.csv holds all others)').default(1),
    );
  addComputingOptions(command);
  addOutputOptions(command, files);
  return command
    .addHelpText('after', examples)
    .action((inputs: string[], flags: CooccurFlags) => cooccur(inputs, flags, session));
}

async function cooccur(inputs: readonly string[], flags: CooccurFlags, session: Session): Promise<void> {
  const { signal, steps, print } = session;
  steps.quiet = flags.quiet ?? false;
  const folder = OutputFolder.of(flags, files);
  const { counts, vocabulary } = await countTerms(inputs, flags, session);
  const term = flags.term === undefined ? undefined : columnOf(flags.term, vocabulary, flags.lowercase ?? true);
  const upper = await countPairs(counts, flags, session);
  const { sum, largest } = await largestPairs(upper, term, flags, session);
  const result = cooccurResult(counts, upper, sum, largest, vocabulary);
  if (folder !== undefined) {
    await folder.write('cooccurrence.json', [printed(result, 'json')], signal);
    await writePairs(folder, upper, term, vocabulary, flags.minCount, session);
    folder.commit();
  }
  await print(printed(result, flags.format));
  steps.finish();
}

/** The column of the term asked for; refuses an unknown one with those that are spelled alike. */
function columnOf(term: string, vocabulary: Vocabulary, lowercase: boolean): number {
  const exact = vocabulary.index(term);
  const column = exact < 0 && lowercase ? vocabulary.index(term.toLowerCase()) : exact;
  if (column >= 0) return column;
  const near = nearestTerms(term, vocabulary, 3).map((each) => `"${each}"`);
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  const left = `the ${counted(vocabulary.size, 'term')} that --min-df, --max-df and their kind left`;
  throw new CommandError('ERR_UNKNOWN_TERM', `"${clipped(term, 40)}" is not among ${left}${hint || '.'}`);
}

function countPairs(
  counts: CsrMatrix,
  flags: CooccurFlags,
  { signal, steps }: Session,
): Promise<CsrMatrix<Int32Array>> {
  return steps.run({
    name: 'pairs',
    work: (onProgress) => cooccurrence(counts, { ...computingOptions(flags), signal, onProgress }),
    sample: (latest) => ({ ...latest, facts: (seconds) => [`${grouped(latest.done / seconds)} terms/s`] }),
    summary: ({ nnz }) => `${counted(nnz, 'non-zero')}`,
  });
}

function largestPairs(
  upper: CsrMatrix<Int32Array>,
  term: number | undefined,
  { top, minCount }: CooccurFlags,
  { signal, steps }: Session,
): Promise<{ sum: number; largest: readonly Pair[] }> {
  const largest = new LargestPairs(top, minCount);
  return steps.run({
    name: 'largest',
    work: async (onProgress) => {
      const sum = await scanPairs(upper, term === undefined ? largest : undefined, { signal, onProgress });
      if (term !== undefined) for (const pair of pairsOf(term, upper)) largest.add(pair);
      return { sum, largest: largest.sorted() };
    },
    summary: (found) => counted(found.largest.length, 'pair'),
  });
}

function writePairs(
  folder: OutputFolder,
  upper: CsrMatrix<Int32Array>,
  term: number | undefined,
  vocabulary: Vocabulary,
  minCount: number,
  { signal, steps }: Session,
): Promise<void> {
  return steps.run({
    name: 'writing',
    work: (onProgress) => {
      const chunks =
        term === undefined
          ? pairChunks(upper, vocabulary, minCount, onProgress)
          : partnerChunks([...pairsOf(term, upper)], vocabulary, minCount);
      return folder.write('pairs.csv', chunks, signal);
    },
    summary: () => 'pairs.csv',
  });
}
