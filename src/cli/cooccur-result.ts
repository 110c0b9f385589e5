/** What `corpuscle cooccur` prints and writes: the same on every backend, so no times and no names of machines. */

import type { CsrMatrix, Progress, Vocabulary } from '../index.js';
import { csvChunks, csvField } from './csv.js';
import type { OutputFlags } from './option-groups.js';
import { type Pair, pairsOf, type ScoredPairs } from './pairs.js';
import { clipped, tableText, terminalWidth } from './table.js';
import { counted, grouped } from './words.js';

export interface CooccurResult {
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
    readonly count: number;
    /** Where it is not the count. */
    readonly score?: number;
  }[];
}

export function cooccurResult(
  { shape: [documents, terms] }: CsrMatrix,
  { counts: { nnz }, score: name }: ScoredPairs,
  sum: number,
  pairs: readonly Pair[],
  vocabulary: Vocabulary,
): CooccurResult {
  const term = (column: number) => vocabulary.term(column) as string;
  const named = pairs.map(({ a, b, count, score }) => ({
    a: term(a),
    b: term(b),
    count,
    ...(name !== undefined && { score }),
  }));
  return { documents, terms, nonZeros: nnz, sum, ...(name !== undefined && { score: name }), pairs: named };
}

const header = ['term_a', 'term_b', 'count'];
const scoredHeader = [...header, 'score'];

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

function csvOf({ pairs, score: name }: CooccurResult): string {
  const scored = name !== undefined;
  const records = pairs.map(({ a, b, count, score }) => (scored ? [a, b, count, score as number] : [a, b, count]));
  return [...csvChunks(scored ? scoredHeader : header, records)].join('');
}

function headline({ documents, terms, nonZeros }: CooccurResult): string {
  return `${counted(documents, 'document')}, ${counted(terms, 'term')}; ${counted(nonZeros, 'non-zero')} (upper triangle with diagonal)`;
}

function pairTable({ pairs, score: name }: CooccurResult): string {
  const longest = Math.floor((terminalWidth() - 30) / 2);
  const scored = name !== undefined;
  const rows = pairs.map(({ a, b, count, score }) => [
    ...(scored ? [(score as number).toPrecision(5)] : []),
    grouped(count),
    clipped(a, longest),
    clipped(b, longest),
  ]);
  const columns = [{ head: 'documents', align: 'right' as const }, { head: 'term' }, { head: 'with' }];
  return tableText(scored ? [{ head: 'score', align: 'right' }, ...columns] : columns, rows);
}

/** All pairs (i < j) from `minCount` on, as csv. */
export function* pairChunks(
  { counts: { nRows, indptr, indices, values }, scores }: ScoredPairs,
  vocabulary: Vocabulary,
  minCount: number,
  onProgress: (progress: Progress) => void,
): Generator<string> {
  const terms = vocabulary.toArray().map(csvField);
  let chunk = `${(scores === undefined ? header : scoredHeader).join(',')}\n`;
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
  return csvChunks(scored ? scoredHeader : header, records);
}
