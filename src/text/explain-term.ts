import { shown } from '../core/check.js';
import type { DocumentAnalysis } from './analysis.js';
import { rounded } from './counting-options.js';
import { type DroppedBy, droppedByFrequency, type Learnt, numberOf, type Pruning } from './term-statistics.js';
import type { Vocabulary } from './vocabulary.js';

/** What became of a term. */
export interface TermExplanation {
  readonly term: string;
  /** What the analyzer makes of it, were it a document. */
  readonly analyzedAs: readonly string[];
  /** Its column, or -1. */
  readonly column: number;
  /** In how many of the documents learnt from it is; null with a given vocabulary, which learns nothing. */
  readonly documentFrequency: number | null;
  /** `'kept'`; the option that dropped it; `'analyzer'`: no document can hold it, because the analyzer makes other terms of it;
   * `'unseen'`: no document held it; `'vocabulary'`: it is not of the vocabulary given. */
  readonly reason: 'kept' | DroppedBy | 'stopWords' | 'analyzer' | 'unseen' | 'vocabulary';
  /** The same in a sentence. */
  readonly message: string;
}

/** @param learnt null where the vocabulary was given, as is `pruning` then */
export function explainedTerm(
  term: string,
  analysis: DocumentAnalysis,
  vocabulary: Vocabulary,
  learnt: Learnt | null,
  pruning: Pruning | null,
): TermExplanation {
  const column = vocabulary.index(term);
  const analyzedAs = analysis.build()(term);
  const number = learnt === null ? -1 : numberOf(learnt.statistics.terms, term);
  const frequency = number < 0 ? 0 : learnt!.statistics.documentFrequency[number];
  const documentFrequency = learnt === null ? null : frequency;
  const told = (reason: TermExplanation['reason'], why: string): TermExplanation => {
    return { term, analyzedAs, column, documentFrequency, reason, message: `${shown(term)} ${why}.` };
  };
  if (column >= 0) {
    const where = learnt === null ? '' : `; ${frequency} of ${learnt.nDocuments} documents hold it`;
    return told('kept', `is column ${column}${where}`);
  }
  if (number >= 0) return told(...droppedBecause(frequency, learnt!.nDocuments, pruning!));
  const tokens = analysis.tokensOf(term);
  if (tokens.length === 1 && tokens[0] === term && analysis.analysis.stopWords.includes(term)) {
    return told('stopWords', 'is a stop word');
  }
  if (!analyzedAs.includes(term)) {
    const made = analyzedAs.length === 0 ? 'no term' : analyzedAs.slice(0, 10).map(shown).join(', ');
    return told('analyzer', `is no term by itself: the analyzer makes ${made} of it`);
  }
  if (learnt === null) return told('vocabulary', 'is not of the vocabulary that was given');
  return told('unseen', `is in none of the ${learnt.nDocuments} documents`);
}

function droppedBecause(
  frequency: number,
  nDocuments: number,
  pruning: Pruning,
): [reason: TermExplanation['reason'], why: string] {
  const where = `is in ${frequency} of ${nDocuments} documents`;
  const reason = droppedByFrequency(frequency, pruning) ?? 'maxFeatures';
  if (reason === 'minDf') return [reason, `${where}, fewer than the ${rounded(pruning.minDf)} of minDf`];
  if (reason === 'maxDf') return [reason, `${where}, more than the ${rounded(pruning.maxDf)} of maxDf`];
  return [reason, `${where}, but ${pruning.maxFeatures} terms (maxFeatures) are more frequent or sort first`];
}
