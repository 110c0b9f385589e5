import { failure } from '../../core/check.js';
import { type TextBatch, textBatch } from '../../core/text-batch.js';
import type { Documents, Pruning, TermCounterOptions, TermCounts } from '../kernels.js';
import { IntList } from './int-list.js';
import type { Run } from './run.js';
import { compareCodePoints, isAscii, isWord, lowercase } from './unicode.js';

const ignored = -1; // the id of a stop word, or of no term of a fixed vocabulary
const dropped = -1; // the column of a term that was pruned

/** Text to counts in two passes: documents become a stream of term ids, whose terms are then pruned, sorted, counted. */
export class TermCounter {
  private readonly idOf = new Map<string, number>();
  private readonly terms: string[] = [];
  private readonly df = new IntList();
  private readonly lastDocument = new IntList();
  private readonly ids = new IntList(); // of all tokens kept, document after document
  private readonly lengths = new IntList(); // tokens kept of each document
  private readonly fixed: boolean;

  constructor(private readonly options: TermCounterOptions) {
    this.fixed = options.vocabulary !== null;
    if (options.vocabulary !== null) {
      for (const term of strings(options.vocabulary)) this.newTerm(term);
    }
    for (const term of options.stopWords) this.idOf.set(term, ignored);
  }

  add(run: Run, documents: Documents): void {
    // An id of 4 bytes for every two characters at most, in lists that grow by doubling; about 100 bytes a distinct term.
    run.take(this.ids.bytes + this.lengths.bytes + 100 * this.terms.length + 2 * sizeOf(documents));
    let first = true;
    for (const document of Array.isArray(documents)
      ? documents
      : strings(documents as TextBatch, this.lengths.length)) {
      if (first || this.lengths.length % 16 === 0) run.checkStopped();
      first = false;
      this.addDocument(document);
    }
  }

  private addDocument(document: string): void {
    const number = this.lengths.length;
    const before = this.ids.length;
    for (const token of tokens(this.options.lowercase ? lowercase(document) : document)) {
      const id = this.idOf.get(token) ?? (this.fixed ? ignored : this.newTerm(token));
      if (id === ignored) continue;
      this.ids.push(id);
      if (this.lastDocument.get(id) !== number) {
        this.lastDocument.set(id, number);
        this.df.set(id, this.df.get(id) + 1);
      }
    }
    this.lengths.push(this.ids.length - before);
  }

  private newTerm(term: string): number {
    const id = this.terms.length;
    this.idOf.set(term, id);
    this.terms.push(term);
    this.df.push(0);
    this.lastDocument.push(-1);
    return id;
  }

  finish(run: Run, pruning: Pruning): TermCounts {
    const order = this.fixed ? Array.from(this.terms, (_, id) => id) : this.prunedOrder(run, pruning);
    const columnOf = new Int32Array(this.terms.length).fill(dropped);
    order.forEach((id, column) => {
      columnOf[id] = column;
    });
    return {
      ...this.count(run, columnOf, order.length, pruning.binary),
      vocabulary: textBatch(this.fixed ? [] : order.map((id) => this.terms[id])),
      distinctTerms: this.terms.length,
    };
  }

  /** The ids of the terms that stay, in order of their bytes. */
  private prunedOrder(run: Run, { minDf, maxDf, maxFeatures, binary }: Pruning): number[] {
    const df = this.df.view();
    const byTerm = (a: number, b: number) => compareCodePoints(this.terms[a], this.terms[b]);
    const order = Array.from(this.terms, (_, id) => id).filter((id) => df[id] >= minDf && df[id] <= maxDf);
    run.checkStopped();
    order.sort(byTerm);
    if (maxFeatures < 0 || order.length <= maxFeatures) return order;
    const totals = binary ? df : new Float64Array(this.terms.length);
    if (!binary) for (const id of this.ids.view()) totals[id]++;
    order.sort((a, b) => totals[b] - totals[a]); // stable: ties stay in order of their bytes
    return order.slice(0, maxFeatures).sort(byTerm);
  }

  private count(run: Run, columnOf: Int32Array, nColumns: number, binary: boolean) {
    const indptr = new Int32Array(this.lengths.length + 1);
    const indices = new IntList();
    const values = new IntList();
    const tally = new Int32Array(nColumns);
    const met = new Int32Array(nColumns);
    const ids = this.ids.view();
    let at = 0;
    this.lengths.view().forEach((length, document) => {
      if (document % 64 === 0) run.checkStopped();
      let distinct = 0;
      for (const end = at + length; at < end; at++) {
        const column = columnOf[ids[at]];
        if (column === dropped) continue;
        if (tally[column]++ === 0) met[distinct++] = column;
      }
      run.take(16 * distinct); // the lists, and the arrays made of them
      for (const column of met.subarray(0, distinct).sort()) {
        indices.push(column);
        values.push(binary ? 1 : tally[column]);
        tally[column] = 0;
      }
      indptr[document + 1] = indices.length;
    });
    return { indptr, indices: indices.toArray(), values: values.toArray() };
  }
}

/** The words of a text: two or more word characters in a row. */
function tokens(text: string): readonly string[] {
  // In ASCII alone, JavaScript's \w is the same class as Python's.
  return isAscii(text) ? (text.match(/\w\w+/g) ?? []) : unicodeTokens(text);
}

function unicodeTokens(text: string): string[] {
  const found: string[] = [];
  let start = 0;
  let letters = 0;
  for (let at = 0; at < text.length; ) {
    const codePoint = text.codePointAt(at)!;
    if (isWord(codePoint)) {
      if (letters++ === 0) start = at;
    } else {
      if (letters >= 2) found.push(text.slice(start, at));
      letters = 0;
    }
    at += codePoint > 0xffff ? 2 : 1;
  }
  if (letters >= 2) found.push(text.slice(start));
  return found;
}

/** The strings of a block; `firstNumber` is the number of its first one in messages. */
function* strings({ bytes, offsets }: TextBatch, firstNumber = 0): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (let i = 0; i + 1 < offsets.length; i++) {
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(offsets[i], offsets[i + 1]));
    } catch {
      throw failure('ERR_NOT_TEXT', `Document ${firstNumber + i} is not valid UTF-8.`);
    }
    yield text;
  }
}

function sizeOf(documents: Documents): number {
  if (!Array.isArray(documents)) return (documents as TextBatch).bytes.length;
  return documents.reduce((total: number, document: string) => total + document.length, 0);
}
