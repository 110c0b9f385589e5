/** `corpuscle cooccur`: which terms are found in the same documents, and in how many; or near each other, and how near. */

import { basename, dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { scoreNames } from '../backends/kernels.js';
import { mostFractions, widestWindow } from '../cooccurrence/windows.js';
import type { BackendOptions, ScoreName, Vocabulary } from '../index.js';
import { pairsOfDocuments, pairsOfWindows } from './cooccur-pairs.js';
import { cooccurResult, pairChunks, partnerChunks, printed } from './cooccur-result.js';
import { usageError } from './errors.js';
import {
  addComputingOptions,
  addCountingOptions,
  addOutputOptions,
  addReadingOptions,
  type CountingFlags,
  inputsHelp,
  type OutputFlags,
  type ReadingFlags,
} from './option-groups.js';
import { OutputFolder } from './output-folder.js';
import { LargestPairs, type Pair, pairsOf, type ScoredPairs, scanPairs, type WindowFacts } from './pairs.js';
import type { Session } from './session.js';
import { wholeNumber } from './values.js';
import { counted } from './words.js';

export interface CooccurFlags extends ReadingFlags, CountingFlags, BackendOptions, OutputFlags, Partial<WindowFacts> {
  top: number;
  term?: string;
  minCount: number;
  score: ScoreName;
  output?: string;
}

const files = ['cooccurrence.json', 'pairs.csv'] as const;

const examples = `
Examples:
  corpuscle cooccur reviews.jsonl.gz --text-field text --min-df 10 --max-df 10%
  corpuscle cooccur "docs/**/*.md" --stop-words english --term cache --top 10
  corpuscle cooccur reviews.csv --text-field text --term coffee --score llr --top 20
  corpuscle cooccur reviews.csv --text-field text --window 5 --term coffee --output pairs.csv
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
    .addOption(wholeNumber('--top <n>', 'pairs to show, those with the highest scores').default(20))
    .option('--term <term>', 'only pairs with this term')
    .addOption(
      new Option('--score <name>', 'what the pairs shown are the highest of').choices(scoreNames).default('count'),
    )
    .addOption(
      wholeNumber(
        '--min-count <n>',
        'leave out pairs in fewer documents, or of less weight (files hold all others)',
      ).default(1),
    )
    .addOption(wholeNumber('--window <n>', 'weigh words up to n apart, instead of counting documents', 1, widestWindow))
    .addOption(new Option('--weights <form>', 'of words d apart in a window (default: 1/d)').choices(['1/d', 'flat']))
    .addOption(
      new Option(
        '--oov <rule>',
        'words that are no terms keep their place in a window, or are skipped (default: gap)',
      ).choices(['gap', 'skip']),
    );
  addComputingOptions(command);
  addOutputOptions(command, files);
  command.option('--output <file>', 'write all pairs into a csv file');
  return command
    .addHelpText('after', examples)
    .action((inputs: string[], flags: CooccurFlags) => cooccur(inputs, flags, session));
}

async function cooccur(inputs: readonly string[], flags: CooccurFlags, session: Session): Promise<void> {
  const { signal, steps, print } = session;
  steps.quiet = flags.quiet ?? false;
  const windows = windowsOf(flags);
  const folder = OutputFolder.of(flags, files);
  const file = outputFile(flags);
  const { pairs, documents, vectorizer, term } =
    windows === undefined
      ? await pairsOfDocuments(inputs, flags, session)
      : await pairsOfWindows(inputs, windows, flags, session);
  const { vocabulary } = vectorizer;
  const { sum, largest } = await largestPairs(pairs, term, flags, session);
  const result = cooccurResult(documents, pairs, sum, largest, vocabulary);
  if (folder !== undefined) {
    await folder.write('cooccurrence.json', [printed(result, 'json')], signal);
    await writePairs(folder, 'pairs.csv', pairs, term, vocabulary, flags.minCount, session);
  }
  if (file !== undefined) await writePairs(file.folder, file.name, pairs, term, vocabulary, flags.minCount, session);
  folder?.commit();
  file?.folder.commit();
  await print(printed(result, flags.format));
  steps.finish();
}

/** The windows asked for; refuses what goes with windows alone, and what goes with documents alone. */
function windowsOf({ window, weights, oov, score }: CooccurFlags): WindowFacts | undefined {
  if (window === undefined) {
    const [first] = Object.entries({ weights, oov }).filter(([, value]) => value !== undefined);
    if (first === undefined) return undefined;
    throw usageError('ERR_INVALID_ARG_VALUE', `--${first[0]} belongs to --window, which is missing.`);
  }
  if (score !== 'count') {
    const why = 'is made of numbers of documents, and --window counts none; leave out one of the two';
    throw usageError('ERR_INVALID_ARG_VALUE', `--score ${score} ${why}.`);
  }
  const facts = { window, weights: weights ?? '1/d', oov: oov ?? 'gap' } as const;
  if (facts.weights === 'flat' || window <= mostFractions) return facts;
  const why = 'with weights of 1/d, which are added without loss';
  throw usageError(
    'ERR_OUT_OF_RANGE',
    `--window must be at most ${mostFractions} ${why}, but is ${window}; take --weights flat.`,
  );
}

/** The file of `--output`, as the one file of its folder. */
function outputFile({ output, out, force }: CooccurFlags): { folder: OutputFolder; name: string } | undefined {
  if (output === undefined) return undefined;
  if (out !== undefined && files.some((name) => resolve(output) === resolve(join(out, name)))) {
    throw usageError('ERR_INVALID_ARG_VALUE', `--output names a file that --out writes, ${output}.`);
  }
  const name = basename(output);
  return { folder: new OutputFolder(dirname(output), [name], force ?? false), name };
}

function largestPairs(
  pairs: ScoredPairs,
  term: number | undefined,
  { top, minCount }: CooccurFlags,
  { signal, steps }: Session,
): Promise<{ sum: number; largest: readonly Pair[] }> {
  const largest = new LargestPairs(top, minCount);
  return steps.run({
    name: 'largest',
    work: async (onProgress) => {
      const sum = await scanPairs(pairs, term === undefined ? largest : undefined, { signal, onProgress });
      if (term !== undefined) for (const pair of pairsOf(term, pairs)) largest.add(pair);
      return { sum, largest: largest.sorted() };
    },
    summary: (found) => counted(found.largest.length, 'pair'),
  });
}

function writePairs(
  folder: OutputFolder,
  name: string,
  pairs: ScoredPairs,
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
          ? pairChunks(pairs, vocabulary, minCount, onProgress)
          : partnerChunks(term, pairs, vocabulary, minCount);
      return folder.write(name, chunks, signal);
    },
    summary: () => name,
  });
}
