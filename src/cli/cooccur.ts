/** `corpuscle cooccur`: which terms are found in the same documents, and in how many. */

import { Command, Option } from 'commander';
import { scoreNames } from '../backends/kernels.js';
import {
  association,
  type BackendOptions,
  type CountVectorizer,
  type CsrMatrix,
  cooccurrence,
  type ScoreName,
  type Vocabulary,
} from '../index.js';
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
import { LargestPairs, type Pair, pairsOf, type ScoredPairs, scanPairs } from './pairs.js';
import type { Session } from './session.js';
import { wholeNumber } from './values.js';
import { counted, grouped } from './words.js';

interface CooccurFlags extends ReadingFlags, CountingFlags, BackendOptions, OutputFlags {
  top: number;
  term?: string;
  minCount: number;
  score: ScoreName;
}

const files = ['cooccurrence.json', 'pairs.csv'] as const;

const examples = `
Examples:
  corpuscle cooccur reviews.jsonl.gz --text-field text --min-df 10 --max-df 10%
  corpuscle cooccur "docs/**/*.md" --stop-words english --term cache --top 10
  corpuscle cooccur reviews.csv --text-field text --term coffee --score llr --top 20
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
  const { counts, vectorizer } = await countTerms(inputs, flags, session);
  const { vocabulary } = vectorizer;
  const term = flags.term === undefined ? undefined : columnOf(flags.term, vectorizer);
  const pairs = await scoredPairs(await countPairs(counts, flags, session), counts.nRows, flags, session);
  const { sum, largest } = await largestPairs(pairs, term, flags, session);
  const result = cooccurResult(counts, pairs, sum, largest, vocabulary);
  if (folder !== undefined) {
    await folder.write('cooccurrence.json', [printed(result, 'json')], signal);
    await writePairs(folder, pairs, term, vocabulary, flags.minCount, session);
    folder.commit();
  }
  await print(printed(result, flags.format));
  steps.finish();
}

/** The column of the term asked for, or of the one term that it is analyzed as; refuses others with the reason and those that are
 * spelled alike. */
function columnOf(term: string, vectorizer: CountVectorizer): number {
  const { vocabulary } = vectorizer;
  const { column, analyzedAs } = vectorizer.explainTerm(term);
  const wanted = column < 0 && analyzedAs.length === 1 ? analyzedAs[0] : term;
  const explanation = vectorizer.explainTerm(wanted);
  if (explanation.column >= 0) return explanation.column;
  const near = nearestTerms(wanted, vocabulary, 3).map((each) => `"${each}"`);
  const hint = near.length === 0 ? '.' : `; did you mean ${near.join(' or ')}?`;
  throw new CommandError('ERR_UNKNOWN_TERM', `${explanation.message.replace(/\.$/, '')}${hint}`);
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

async function scoredPairs(
  upper: CsrMatrix<Int32Array>,
  nDocuments: number,
  flags: CooccurFlags,
  { signal, steps }: Session,
): Promise<ScoredPairs> {
  const { score } = flags;
  if (score === 'count') return { counts: upper };
  const scored = await steps.run({
    name: 'scores',
    work: (onProgress) => association(upper, { nDocuments, score, ...computingOptions(flags), signal, onProgress }),
    summary: () => score,
  });
  return { counts: upper, scores: scored.values, score };
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
      return folder.write('pairs.csv', chunks, signal);
    },
    summary: () => 'pairs.csv',
  });
}
