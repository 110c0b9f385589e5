/** What `corpuscle cooccur` prints and writes: the same on every backend, so no times and no names of machines. */

import type { CsrMatrix, Progress, Vocabulary } from '../index.js';
import { csvChunks } from './csv.js';
import type { OutputFlags } from './option-groups.js';
import type { Pair } from './pairs.js';
import { clipped, tableText, terminalWidth } from './table.js';
import { counted, grouped } from './words.js';

export interface CooccurResult {
  readonly documents: number;
  readonly terms: number;
  /** Of the upper triangle with its diagonal. */
  readonly nonZeros: number;
  /** Of the full symmetric matrix with its diagonal. */
  readonly sum: number;
  readonly pairs: readonly { readonly a: string; readonly b: string; readonly count: number }[];
}

export function cooccurResult(
  { shape: [documents, terms] }: CsrMatrix,
  { nnz }: CsrMatrix,
  sum: number,
  pairs: readonly Pair[],
  vocabulary: Vocabulary,
): CooccurResult {
  const term = (column: number) => vocabulary.term(column) as string;
  const named = pairs.map(({ a, b, count }) => ({ a: term(a), b: term(b), count }));
  return { documents, terms, nonZeros: nnz, sum, pairs: named };
}

const header = ['term_a', 'term_b', 'count'];

export function printed(result: CooccurResult, format: OutputFlags['format']): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`;
    case 'csv':
      return [
        ...csvChunks(
          header,
          result.pairs.map(({ a, b, count }) => [a, b, count]),
        ),
      ].join('');
    case 'table':
      return `${headline(result)}\n\n${pairTable(result)}`;
  }
}

function headline({ documents, terms, nonZeros }: CooccurResult): string {
  return `${counted(documents, 'document')}, ${counted(terms, 'term')}; ${counted(nonZeros, 'non-zero')} (upper triangle with diagonal)`;
}

function pairTable({ pairs }: CooccurResult): string {
  const longest = Math.floor((terminalWidth() - 20) / 2);
  const rows = pairs.map(({ a, b, count }) => [grouped(count), clipped(a, longest), clipped(b, longest)]);
  return tableText([{ head: 'documents', align: 'right' }, { head: 'term' }, { head: 'with' }], rows);
}

/** All pairs (i < j) from `minCount` on, as csv; terms hold nothing that asks for quotes. */
export function* pairChunks(
  { nRows, indptr, indices, values }: CsrMatrix<Int32Array>,
  vocabulary: Vocabulary,
  minCount: number,
  onProgress: (progress: Progress) => void,
): Generator<string> {
  const terms = vocabulary.toArray();
  let chunk = `${header.join(',')}\n`;
  for (let row = 0; row < nRows; row++) {
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      if (values[q] < minCount || indices[q] === row) continue;
      chunk += `${terms[row]},${terms[indices[q]]},${values[q]}\n`;
      if (chunk.length < 1 << 16) continue;
      yield chunk;
      chunk = '';
    }
    onProgress({ phase: '', done: row + 1, total: nRows });
  }
  yield chunk;
}

/** The same for the pairs of one term. */
export function partnerChunks(pairs: readonly Pair[], vocabulary: Vocabulary, minCount: number): Generator<string> {
  const enough = pairs.filter(({ count }) => count >= minCount);
  return csvChunks(
    header,
    enough.map(({ a, b, count }) => [vocabulary.term(a) as string, vocabulary.term(b) as string, count]),
  );
}
