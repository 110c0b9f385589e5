/** The pairs that `corpuscle cooccur` shows: all of them or those of one term; of terms in the same documents, or near each other. */

import {
  association,
  type BackendOptions,
  type CountVectorizer,
  type CsrMatrix,
  cooccurrence,
  type JobOptions,
  type Progress,
  type TokenStreams,
  topCooccurrences,
  topWindowCooccurrences,
  windowCooccurrence,
} from '../index.js';
import type { CooccurFlags, WindowFacts } from './cooccur-flags.js';
import {
  type CooccurResult,
  type Counting,
  pairChunks,
  partnerChunks,
  resultOfPairs,
  resultOfPartners,
} from './cooccur-result.js';
import { countTerms, readTokenIds } from './count-terms.js';
import { CommandError } from './errors.js';
import { nearestTerms } from './nearest-terms.js';
import { computingOptions } from './option-groups.js';
import { bestPairs, type Partners, partnersOf, rowsOfMatrix, rowsOfPartners, type ScoredPairs } from './pairs.js';
import type { Session } from './session.js';
import { counted, grouped } from './words.js';

export interface FoundPairs {
  readonly result: CooccurResult;
  /** All pairs, or all of one term, as csv; to be read as often as there are files; where there are any. */
  readonly records?: Records;
}

export type Records = (onProgress: (progress: Progress) => void) => Iterable<string>;

/** Up to so many pairs are found without the matrix of all: among so many partners of each term. */
const mostPartners = 100;

/** How pairs are counted. */
interface Pairing extends Counting {
  readonly vectorizer: CountVectorizer;
  /** The k best partners of all terms, or of those asked for, without the matrix of all pairs. */
  readonly best: (k: number, rows: number[] | undefined, options: BackendOptions & JobOptions) => Promise<Partners>;
  readonly all: () => Promise<ScoredPairs>;
}

export async function findPairs(
  inputs: readonly string[],
  windows: WindowFacts | undefined,
  flags: CooccurFlags,
  session: Session,
): Promise<FoundPairs> {
  const pairing =
    windows === undefined
      ? await pairingByDocuments(inputs, flags, session)
      : await pairingByWindows(inputs, windows, flags, session);
  const term = columnOf(flags.term, pairing.vectorizer); // before pairs are counted, which may last
  return term === undefined ? bestOfAll(pairing, flags, session) : bestOfTerm(term, pairing, flags, session);
}

function bestOfAll(pairing: Pairing, flags: CooccurFlags, session: Session): Promise<FoundPairs> {
  const writesAll = flags.out !== undefined || flags.output !== undefined;
  return writesAll || flags.top > mostPartners
    ? bestOfMatrix(pairing, flags, session)
    : bestOfPartners(pairing, flags, session);
}

async function bestOfMatrix(pairing: Pairing, flags: CooccurFlags, { signal, steps }: Session): Promise<FoundPairs> {
  const all = await pairing.all();
  const pairs = await steps.run({
    name: 'best',
    work: (onProgress) => bestPairs(rowsOfMatrix(all), flags, { signal, onProgress }),
    summary: ({ length }) => counted(length, 'pair'),
  });
  return {
    result: resultOfPairs(pairing, pairs),
    records: (onProgress) => pairChunks(pairing, all, flags.minCount, onProgress),
  };
}

async function bestOfPartners(pairing: Pairing, flags: CooccurFlags, { signal, steps }: Session): Promise<FoundPairs> {
  const pairs = await steps.run({
    name: 'best',
    work: async (onProgress) => {
      const job = { signal, onProgress };
      const partners = await pairing.best(flags.top, undefined, { ...computingOptions(flags), ...job });
      return bestPairs(rowsOfPartners(partners), flags, job);
    },
    summary: ({ length }) => counted(length, 'pair'),
  });
  return { result: resultOfPairs(pairing, pairs) };
}

async function bestOfTerm(
  term: number,
  pairing: Pairing,
  flags: CooccurFlags,
  { signal, steps }: Session,
): Promise<FoundPairs> {
  const pairs = await steps.run({
    name: 'best',
    work: async (onProgress) => {
      const options = { ...computingOptions(flags), signal, onProgress };
      return partnersOf(await pairing.best(pairing.vocabulary.size, [term], options), flags.minCount);
    },
    summary: ({ length }) => counted(length, 'partner'),
  });
  return {
    result: resultOfPartners(pairing, term, pairs, flags.top),
    records: () => partnerChunks(pairing, pairs),
  };
}

async function pairingByDocuments(inputs: readonly string[], flags: CooccurFlags, session: Session): Promise<Pairing> {
  const { counts, vectorizer } = await countTerms(inputs, flags, session);
  const { score, minCount } = flags;
  return {
    ...{ documents: counts.nRows, vectorizer, vocabulary: vectorizer.vocabulary },
    score: score === 'count' ? undefined : score,
    best: (k, rows, options) => topCooccurrences(counts, { ...options, ...(rows && { rows }), k, score, minCount }),
    all: async () => scoredPairs(await countPairs(counts, flags, session), counts.nRows, flags, session),
  };
}

async function pairingByWindows(
  inputs: readonly string[],
  windows: WindowFacts,
  flags: CooccurFlags,
  session: Session,
): Promise<Pairing> {
  const { result: streams, vectorizer } = await readTokenIds(inputs, flags, session);
  return {
    ...{ documents: streams.nDocuments, vectorizer, vocabulary: vectorizer.vocabulary, windows },
    best: (k, rows, options) => topWindowCooccurrences(streams, { ...options, ...windows, ...(rows && { rows }), k }),
    all: async () => ({ counts: await weighPairs(streams, windows, flags, session) }),
  };
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
  return { counts: upper, scores: scored.values };
}
