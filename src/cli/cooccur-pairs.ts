/** The pairs that `corpuscle cooccur` shows: all of them or those of one term; of terms in the same documents, or near each other. */

import {
  association,
  type BackendOptions,
  type Cooccurrence,
  type CountVectorizer,
  type CsrMatrix,
  cooccurrence,
  type JobOptions,
  type Progress,
  type TokenStreams,
  type TopCooccurrences,
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
import { LargestPairs, type ScoredPairs, scanPairs } from './pairs.js';
import type { Session } from './session.js';
import { counted, grouped } from './words.js';

export interface FoundPairs {
  readonly result: CooccurResult;
  /** All pairs found, as csv. */
  readonly chunks: (onProgress: (progress: Progress) => void) => Iterable<string>;
}

/** How pairs are counted. */
interface Pairing extends Counting {
  readonly vectorizer: CountVectorizer;
  /** All pairs: the upper triangle with its diagonal. */
  readonly all: () => Promise<ScoredPairs>;
  /** The partners of one term, the best first, without all other pairs. */
  readonly of: (term: number) => Promise<readonly Cooccurrence[]>;
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
  return term === undefined ? allPairs(pairing, flags, session) : partnersOf(term, pairing, flags);
}

async function allPairs(pairing: Pairing, { top, minCount }: CooccurFlags, session: Session): Promise<FoundPairs> {
  const { signal, steps } = session;
  const pairs = await pairing.all();
  const { sum, largest } = await steps.run({
    name: 'largest',
    work: async (onProgress) => {
      const kept = new LargestPairs(top, minCount);
      return { sum: await scanPairs(pairs, kept, { signal, onProgress }), largest: kept.sorted() };
    },
    summary: (found) => counted(found.largest.length, 'pair'),
  });
  const result = resultOfPairs(pairing, pairs, sum, largest);
  return { result, chunks: (onProgress) => pairChunks(pairing, pairs, minCount, onProgress) };
}

async function partnersOf(term: number, pairing: Pairing, { top }: CooccurFlags): Promise<FoundPairs> {
  const pairs = (await pairing.of(term)).map((partner) => ({ ...partner, a: term, b: partner.term }));
  const result = resultOfPartners(pairing, term, pairs, top);
  return { result, chunks: () => partnerChunks(pairing, pairs) };
}

async function pairingByDocuments(inputs: readonly string[], flags: CooccurFlags, session: Session): Promise<Pairing> {
  const { counts, vectorizer } = await countTerms(inputs, flags, session);
  const { vocabulary } = vectorizer;
  const { score } = flags;
  return {
    ...{ documents: counts.nRows, vectorizer, vocabulary, score: score === 'count' ? undefined : score },
    all: async () => scoredPairs(await countPairs(counts, flags, session), counts.nRows, flags, session),
    of: (term) =>
      findPartners(flags, session, (options) =>
        topCooccurrences(counts, { ...options, rows: [term], k: vocabulary.size, score }),
      ),
  };
}

async function pairingByWindows(
  inputs: readonly string[],
  windows: WindowFacts,
  flags: CooccurFlags,
  session: Session,
): Promise<Pairing> {
  const { result: streams, vectorizer } = await readTokenIds(inputs, flags, session);
  const { vocabulary } = vectorizer;
  return {
    ...{ documents: streams.nDocuments, vectorizer, vocabulary, windows },
    all: async () => ({ counts: await weighPairs(streams, windows, flags, session) }),
    of: (term) =>
      findPartners(flags, session, (options) =>
        topWindowCooccurrences(streams, { ...options, ...windows, rows: [term], k: vocabulary.size }),
      ),
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

/** The partners of the one term that `find` asks for, from `--min-count` on. */
function findPartners(
  flags: CooccurFlags,
  { signal, steps }: Session,
  find: (options: BackendOptions & JobOptions) => Promise<TopCooccurrences<Int32Array | Float64Array>>,
): Promise<readonly Cooccurrence[]> {
  return steps.run({
    name: 'pairs',
    work: async (onProgress) => {
      const found = await find({ ...computingOptions(flags), signal, onProgress });
      return found.of(found.terms[0]).filter(({ count }) => count >= flags.minCount);
    },
    summary: ({ length }) => counted(length, 'partner'),
  });
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
