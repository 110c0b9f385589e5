/** What `corpuscle cooccur` prints and writes: the same on every backend, so no times and no names of machines. */

import type { Progress, Vocabulary } from '../index.js';
import { csvChunks, csvField } from './csv.js';
import type { OutputFlags } from './option-groups.js';
import { type Pair, pairsOf, type ScoredPairs, type WindowFacts } from './pairs.js';
import { clipped, tableText, terminalWidth } from './table.js';
import { counted, grouped, hundredths } from './words.js';

export interface CooccurResult extends Partial<WindowFacts> {
  readonly documents: number;
  readonly terms: number;
  /** Of the upper triangle with its diagonal. */
  readonly nonZeros: number;
  /** Of the full symmetric matrix with its diagonal. */
  readonly sum: number;
  /** What the pairs are the highest of, where it is not the count. */
  readonly score?: string;
  readonly pairs: readonly {
    readonly a: string;
    readonly b: string;
    readonly count?: number;
    /** In the place of the count, for windows. */
    readonly weight?: number;
    /** Where it is not the count. */
    readonly score?: number;
  }[];
}

export function cooccurResult(
  documents: number,
  { counts: { nnz, nRows: terms }, score: name, windows }: ScoredPairs,
  sum: number,
  pairs: readonly Pair[],
  vocabulary: Vocabulary,
): CooccurResult {
  const term = (column: number) => vocabulary.term(column) as string;
  const named = pairs.map(({ a, b, count, score }) => ({
    a: term(a),
    b: term(b),
    ...(windows === undefined ? { count } : { weight: count }),
    ...(name !== undefined && { score }),
  }));
  const how = { ...windows, ...(name !== undefined && { score: name }) };
  return { documents, terms, ...how, nonZeros: nnz, sum, pairs: named };
}

function headerOf(weighted: boolean, scored: boolean): string[] {
  return ['term_a', 'term_b', weighted ? 'weight' : 'count', ...(scored ? ['score'] : [])];
}

export function printed(result: CooccurResult, format: OutputFlags['format']): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`;
    case 'csv':
      return csvOf(result);
    case 'table':
      return `${headline(result)}\n\n${pairTable(result)}`;
  }
}

function csvOf({ pairs, score: name, window }: CooccurResult): string {
  const scored = name !== undefined;
  const records = pairs.map((pair) => [pair.a, pair.b, sizeOf(pair), ...(scored ? [pair.score as number] : [])]);
  return [...csvChunks(headerOf(window !== undefined, scored), records)].join('');
}

const sizeOf = ({ count, weight }: CooccurResult['pairs'][number]) => (count ?? weight) as number;

function headline({ documents, terms, nonZeros, window, weights }: CooccurResult): string {
  const sizes = `${counted(documents, 'document')}, ${counted(terms, 'term')}`;
  const windows =
    window === undefined ? '' : `; windows of ${counted(window, 'word')} on either side, weights ${weights}`;
  return `${sizes}${windows}; ${counted(nonZeros, 'non-zero')} (upper triangle with diagonal)`;
}

function pairTable({ pairs, score: name, window }: CooccurResult): string {
  const longest = Math.floor((terminalWidth() - 30) / 2);
  const scored = name !== undefined;
  const weighted = window !== undefined;
  const rows = pairs.map((pair) => [
    ...(scored ? [(pair.score as number).toPrecision(5)] : []),
    weighted ? hundredths(sizeOf(pair)) : grouped(sizeOf(pair)),
    clipped(pair.a, longest),
    clipped(pair.b, longest),
  ]);
  const columns = [
    { head: weighted ? 'weight' : 'documents', align: 'right' as const },
    { head: 'term' },
    { head: 'with' },
  ];
  return tableText(scored ? [{ head: 'score', align: 'right' }, ...columns] : columns, rows);
}

/** All pairs (i < j) from `minCount` on, as csv. */
export function* pairChunks(
  { counts: { nRows, indptr, indices, values }, scores, windows }: ScoredPairs,
  vocabulary: Vocabulary,
  minCount: number,
  onProgress: (progress: Progress) => void,
): Generator<string> {
  const terms = vocabulary.toArray().map(csvField);
  let chunk = `${headerOf(windows !== undefined, scores !== undefined).join(',')}\n`;
  for (let row = 0; row < nRows; row++) {
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      if (values[q] < minCount || indices[q] === row) continue;
      const score = scores === undefined ? '' : `,${scores[q]}`;
      chunk += `${terms[row]},${terms[indices[q]]},${values[q]}${score}\n`;
      if (chunk.length < 1 << 16) continue;
      yield chunk;
      chunk = '';
    }
    onProgress({ phase: '', done: row + 1, total: nRows });
  }
  yield chunk;
}

/** The same for the pairs of one term. */
export function partnerChunks(
  term: number,
  pairs: ScoredPairs,
  vocabulary: Vocabulary,
  minCount: number,
): Generator<string> {
  const name = (column: number) => vocabulary.term(column) as string;
  const scored = pairs.scores !== undefined;
  const records = [...pairsOf(term, pairs)]
    .filter(({ count }) => count >= minCount)
    .map(({ a, b, count, score }) => [name(a), name(b), count, ...(scored ? [score] : [])]);
  return csvChunks(headerOf(pairs.windows !== undefined, scored), records);
}
