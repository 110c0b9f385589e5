/** The flags of `corpuscle cooccur`, and which of them go together. */

import { mostFractions } from '../cooccurrence/windows.js';
import type { BackendOptions, ScoreName } from '../index.js';
import { usageError } from './errors.js';
import type { CountingFlags, OutputFlags, ReadingFlags } from './option-groups.js';

export interface CooccurFlags extends ReadingFlags, CountingFlags, BackendOptions, OutputFlags, Partial<WindowFacts> {
  top: number;
  term?: string;
  minCount: number;
  score: ScoreName;
  output?: string;
}

/** What the weights of windows hang on. */
export interface WindowFacts {
  readonly window: number;
  readonly weights: '1/d' | 'flat';
  readonly oov: 'gap' | 'skip';
}

/** The windows asked for; refuses what goes with windows alone, and what goes with documents alone. */
export function windowsOf({ window, weights, oov, score }: CooccurFlags): WindowFacts | undefined {
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
