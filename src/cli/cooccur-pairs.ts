/** The pairs that `corpuscle cooccur` shows: of terms in the same documents, or of terms near each other. */

import {
  association,
  type CountVectorizer,
  type CsrMatrix,
  cooccurrence,
  type TokenStreams,
  windowCooccurrence,
} from '../index.js';
import type { CooccurFlags } from './cooccur.js';
import { countTerms, readTokenIds } from './count-terms.js';
import { CommandError } from './errors.js';
import { nearestTerms } from './nearest-terms.js';
import { computingOptions } from './option-groups.js';
import type { ScoredPairs, WindowFacts } from './pairs.js';
import type { Session } from './session.js';
import { counted, grouped } from './words.js';

export interface CountedPairs {
  readonly pairs: ScoredPairs;
  readonly documents: number;
  readonly vectorizer: CountVectorizer;
  /** The column of `--term`. */
  readonly term: number | undefined;
}

export async function pairsOfDocuments(
  inputs: readonly string[],
  flags: CooccurFlags,
  session: Session,
): Promise<CountedPairs> {
  const { counts, vectorizer } = await countTerms(inputs, flags, session);
  const term = columnOf(flags.term, vectorizer); // before pairs are counted, which may last
  const pairs = await scoredPairs(await countPairs(counts, flags, session), counts.nRows, flags, session);
  return { pairs, documents: counts.nRows, vectorizer, term };
}

export async function pairsOfWindows(
  inputs: readonly string[],
  windows: WindowFacts,
  flags: CooccurFlags,
  session: Session,
): Promise<CountedPairs> {
  const { result: streams, vectorizer } = await readTokenIds(inputs, flags, session);
  const term = columnOf(flags.term, vectorizer); // before pairs are counted, which may last
  const counts = await weighPairs(streams, windows, flags, session);
  return { pairs: { counts, windows }, documents: streams.nDocuments, vectorizer, term };
}

/** The column of the term asked for, or of the one term that it is analyzed as; refuses others with the reason and those that are
 * spelled alike. */
function columnOf(term: string | undefined, vectorizer: CountVectorizer): number | undefined {
  if (term === undefined) return undefined;
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

function weighPairs(
  streams: TokenStreams,
  windows: WindowFacts,
  flags: CooccurFlags,
  { signal, steps }: Session,
): Promise<CsrMatrix<Float64Array>> {
  return steps.run({
    name: 'pairs',
    work: (onProgress) => windowCooccurrence(streams, { ...windows, ...computingOptions(flags), signal, onProgress }),
    sample: (latest) => ({ ...latest, facts: (seconds) => [`${grouped(latest.done / seconds)} terms/s`] }),
    summary: ({ nnz }) => `${counted(streams.ids.length, 'word')}, ${counted(nnz, 'non-zero')}`,
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
