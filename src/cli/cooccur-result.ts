/** What `corpuscle cooccur` prints and writes: the same on every backend, so no times and no names of machines. */

import type { Progress, Vocabulary } from '../index.js';
import type { WindowFacts } from './cooccur-flags.js';
import { csvChunks, csvField } from './csv.js';
import type { OutputFlags } from './option-groups.js';
import type { Pair, ScoredPairs } from './pairs.js';
import { clipped, tableText, terminalWidth } from './table.js';
import { counted, grouped, hundredths } from './words.js';

/** What was counted, and how. */
export interface Counting {
  readonly documents: number;
  readonly vocabulary: Vocabulary;
  /** What the pairs are the highest of, where it is not the count. */
  readonly score?: string | undefined;
  /** How words were paired, where it is by windows. */
  readonly windows?: WindowFacts;
}

export interface CooccurResult extends Partial<WindowFacts> {
  readonly documents: number;
  readonly terms: number;
  readonly score?: string;
  /** The one whose partners these are. */
  readonly term?: string;
  /** How many it has. */
  readonly partners?: number;
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

export function resultOfPairs(counting: Counting, best: readonly Pair[]): CooccurResult {
  return { ...factsOf(counting), pairs: named(counting, best) };
}

/** Of the partners of a term, the best of which come first, `top` are shown. */
export function resultOfPartners(
  counting: Counting,
  term: number,
  partners: readonly Pair[],
  top: number,
): CooccurResult {
  const pairs = named(counting, partners.slice(0, top));
  return { ...factsOf(counting), term: nameOf(counting, term), partners: partners.length, pairs };
}

function factsOf({ documents, vocabulary, score, windows }: Counting) {
  return { documents, terms: vocabulary.size, ...windows, ...(score !== undefined && { score }) };
}

const nameOf = ({ vocabulary }: Counting, column: number) => vocabulary.term(column) as string;

function named(counting: Counting, pairs: readonly Pair[]): CooccurResult['pairs'] {
  return pairs.map(({ a, b, count, score }) => ({
    a: nameOf(counting, a),
    b: nameOf(counting, b),
    ...(counting.windows === undefined ? { count } : { weight: count }),
    ...(counting.score !== undefined && { score }),
  }));
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

function headline({ documents, terms, window, weights, term, partners }: CooccurResult): string {
  const sizes = `${counted(documents, 'document')}, ${counted(terms, 'term')}`;
  const windows =
    window === undefined ? '' : `; windows of ${counted(window, 'word')} on either side, weights ${weights}`;
  const of = term === undefined ? '' : `; ${counted(partners as number, 'partner')} of ${term}`;
  return `${sizes}${windows}${of}`;
}

const longestTable = 1000; // cli-table3 takes seconds for more, and nobody reads them

function pairTable({ pairs: all, score: name, window }: CooccurResult): string {
  const pairs = all.slice(0, longestTable);
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
  const table = tableText(scored ? [{ head: 'score', align: 'right' }, ...columns] : columns, rows);
  const more = all.length - pairs.length;
  return more === 0 ? table : `${table}… and ${counted(more, 'pair')} more: --format csv or json prints all of them\n`;
}

/** All pairs (i < j) from `minCount` on, as csv. */
export function* pairChunks(
  { vocabulary, windows }: Counting,
  { counts: { nRows, indptr, indices, values }, scores }: ScoredPairs,
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

/** The partners of a term in order of their columns, as csv. */
export function partnerChunks(counting: Counting, partners: readonly Pair[]): Generator<string> {
  const scored = counting.score !== undefined;
  const records = partners
    .toSorted((x, y) => x.b - y.b)
    .map(({ a, b, count, score }) => [nameOf(counting, a), nameOf(counting, b), count, ...(scored ? [score] : [])]);
  return csvChunks(headerOf(counting.windows !== undefined, scored), records);
}
