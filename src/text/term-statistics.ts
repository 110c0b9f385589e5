/** What was learnt of documents: all their terms, in how many documents each is, and which of them become columns. */

import type { TermStatistics } from '../backends/kernels.js';
import type { TextBatch } from '../core/text-batch.js';

/** What was learnt of documents. */
export interface Learnt {
  readonly nDocuments: number;
  readonly statistics: TermStatistics;
}

/** What both sets of documents teach together. */
export function mergedLearnt(a: Learnt, b: Learnt): Learnt {
  return { nDocuments: a.nDocuments + b.nDocuments, statistics: mergedStatistics(a.statistics, b.statistics) };
}

/** Terms stay whose document frequency is in [minDf, maxDf]; of these the `maxFeatures` with the highest totals. */
export interface Pruning {
  readonly minDf: number;
  readonly maxDf: number;
  /** -1: all. */
  readonly maxFeatures: number;
}

/** Why a term is no column. */
export type DroppedBy = 'minDf' | 'maxDf' | 'maxFeatures';

/** The rule that drops a term by its document frequency, if one does. */
export function droppedByFrequency(frequency: number, { minDf, maxDf }: Pruning): DroppedBy | undefined {
  if (frequency < minDf) return 'minDf';
  return frequency > maxDf ? 'maxDf' : undefined;
}

/**
 * The numbers of the terms that stay, ascending. Of equal totals the term that sorts first stays. Without totals, document
 * frequencies are in their place.
 */
export function keptTerms({ documentFrequency, totals }: TermStatistics, pruning: Pruning): Int32Array {
  const { minDf, maxDf, maxFeatures } = pruning;
  const kept = new Int32Array(documentFrequency.length);
  let count = 0;
  for (let number = 0; number < documentFrequency.length; number++) {
    if (documentFrequency[number] >= minDf && documentFrequency[number] <= maxDf) kept[count++] = number;
  }
  const numbers = kept.subarray(0, count);
  if (maxFeatures < 0 || count <= maxFeatures) return numbers;
  const weights = totals.length > 0 ? totals : documentFrequency;
  const sorted = Float64Array.from(numbers, (number) => weights[number]).sort();
  const least = sorted[count - maxFeatures]; // of those that stay
  let ties = sorted.subarray(count - maxFeatures).filter((weight) => weight === least).length; // that stay
  return numbers.filter((number) => weights[number] > least || (weights[number] === least && ties-- > 0));
}

/** The column of each of so many terms, or -1. */
export function columnsOf(kept: Int32Array, nTerms: number): Int32Array {
  const columns = new Int32Array(nTerms).fill(-1);
  kept.forEach((number, column) => {
    columns[number] = column;
  });
  return columns;
}

/** Some strings of a block, as a block of their own. */
export function taken({ bytes, offsets }: TextBatch, numbers: Int32Array): TextBatch {
  const own = new Float64Array(numbers.length + 1);
  numbers.forEach((number, i) => {
    own[i + 1] = own[i] + offsets[number + 1] - offsets[number];
  });
  const block = new Uint8Array(own[numbers.length]);
  numbers.forEach((number, i) => {
    let to = own[i];
    for (let from = offsets[number]; from < offsets[number + 1]; from++) block[to++] = bytes[from];
  });
  return { bytes: block, offsets: own };
}

/** The order of string `i` of one block and string `j` of another, by their bytes: negative, zero or positive. */
function compare(a: TextBatch, i: number, b: TextBatch, j: number): number {
  const startOfA = a.offsets[i];
  const startOfB = b.offsets[j];
  const lengthOfA = a.offsets[i + 1] - startOfA;
  const lengthOfB = b.offsets[j + 1] - startOfB;
  const common = Math.min(lengthOfA, lengthOfB);
  for (let at = 0; at < common; at++) {
    const order = a.bytes[startOfA + at] - b.bytes[startOfB + at];
    if (order !== 0) return order;
  }
  return lengthOfA - lengthOfB;
}

/** What would have been learnt of the documents of both: terms in order, frequencies and totals added. */
function mergedStatistics(a: TermStatistics, b: TermStatistics): TermStatistics {
  const sources = mergedOrder(a.terms, b.terms);
  const n = sources.length / 2;
  const documentFrequency = new Int32Array(n);
  const totals = new Float64Array(a.totals.length + b.totals.length > 0 ? n : 0);
  const offsets = new Float64Array(n + 1);
  const bytes = new Uint8Array(a.terms.bytes.length + b.terms.bytes.length);
  for (let number = 0; number < n; number++) {
    const i = sources[2 * number];
    const j = sources[2 * number + 1];
    documentFrequency[number] = (i < 0 ? 0 : a.documentFrequency[i]) + (j < 0 ? 0 : b.documentFrequency[j]);
    if (totals.length > 0) totals[number] = (i < 0 ? 0 : a.totals[i]) + (j < 0 ? 0 : b.totals[j]);
    const { terms } = i < 0 ? b : a;
    const own = i < 0 ? j : i;
    let to = offsets[number];
    for (let from = terms.offsets[own]; from < terms.offsets[own + 1]; from++) bytes[to++] = terms.bytes[from];
    offsets[number + 1] = to;
  }
  return { terms: { bytes: bytes.slice(0, offsets[n]), offsets }, documentFrequency, totals };
}

/** For each term of either block in order, its number in the one and in the other; -1 where it is absent. */
function mergedOrder(a: TextBatch, b: TextBatch): Int32Array {
  const nA = a.offsets.length - 1;
  const nB = b.offsets.length - 1;
  const sources = new Int32Array(2 * (nA + nB));
  let n = 0;
  for (let i = 0, j = 0; i < nA || j < nB; ) {
    const order = i === nA ? 1 : j === nB ? -1 : compare(a, i, b, j);
    sources[n++] = order <= 0 ? i++ : -1;
    sources[n++] = order >= 0 ? j++ : -1;
  }
  return sources.subarray(0, n);
}

/** The number of a term in a block, or -1. `order` has the terms' numbers in order of their bytes, where they do not stand in it. */
export function numberOf(terms: TextBatch, term: string, order?: Uint32Array): number {
  const bytes = Buffer.from(term);
  const wanted = { bytes, offsets: Float64Array.of(0, bytes.length) };
  let low = 0;
  let high = terms.offsets.length - 2;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const number = order === undefined ? middle : order[middle];
    const side = compare(terms, number, wanted, 0);
    if (side === 0) return number;
    if (side < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
