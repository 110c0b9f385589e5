import { failure } from '../../core/check.js';
import { type TextBatch, textBatch } from '../../core/text-batch.js';
import type { Counting, Documents, TermCounterOptions, TermCounts, TermStatistics, TokenLists } from '../kernels.js';
import { type Analyze, analyzerOf, gramsOf } from './analyzer.js';
import { IntList } from './int-list.js';
import type { Run } from './run.js';
import { compareCodePoints } from './unicode.js';

const dropped = -1; // the column of a term that is left out

/** Text to counts in two passes: documents become a stream of term ids, whose terms are then numbered and counted. */
export class TermCounter {
  private readonly idOf = new Map<string, number>();
  private readonly terms: string[] = [];
  private readonly df = new IntList();
  private readonly lastDocument = new IntList();
  private readonly ids = new IntList(); // of all terms met, document after document
  private readonly lengths = new IntList(); // terms met of each document
  private readonly fixed: boolean;
  private readonly analyze: Analyze;
  private readonly gramsOf: (tokens: readonly string[]) => Iterable<string>;
  private numberOf: Int32Array | undefined; // of each id

  constructor(options: TermCounterOptions) {
    this.analyze = analyzerOf(options);
    this.gramsOf = gramsOf(options);
    this.fixed = options.vocabulary !== null;
    if (options.vocabulary !== null) for (const term of strings(options.vocabulary)) this.newTerm(term);
  }

  add(run: Run, documents: Documents | TokenLists): void {
    // An id of 4 bytes for every two characters at most, in lists that grow by doubling; about 100 bytes a distinct term.
    run.take(this.ids.bytes + this.lengths.bytes + 100 * this.terms.length + 2 * sizeOf(documents));
    let first = true;
    for (const terms of this.termsOf(documents)) {
      if (first || this.lengths.length % 16 === 0) run.checkStopped();
      first = false;
      this.addDocument(run, terms);
    }
  }

  /** The terms of each document. */
  private *termsOf(documents: Documents | TokenLists): Generator<Iterable<string>> {
    if ('lengths' in documents) {
      let end = 0;
      for (const length of documents.lengths) {
        const start = end;
        end += length;
        yield this.gramsOf(documents.tokens.slice(start, end).map((token) => token.toWellFormed()));
      }
    } else {
      const texts = Array.isArray(documents) ? documents : strings(documents as TextBatch, this.lengths.length);
      for (const text of texts) yield this.analyze(text.toWellFormed());
    }
  }

  private addDocument(run: Run, terms: Iterable<string>): void {
    const number = this.lengths.length;
    const before = this.ids.length;
    for (const term of terms) {
      const id = this.idOf.get(term) ?? (this.fixed ? undefined : this.newTerm(term));
      if (id === undefined) continue;
      this.ids.push(id);
      if (this.ids.length % 65_536 === 0) run.checkStopped();
      if (this.lastDocument.get(id) === number) continue;
      this.lastDocument.set(id, number);
      this.df.set(id, this.df.get(id) + 1);
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

  statistics(run: Run, withTotals: boolean): TermStatistics {
    run.take(100 * this.terms.length);
    const order = Array.from(this.terms, (_, id) => id);
    order.sort((a, b) => compareCodePoints(this.terms[a], this.terms[b]));
    run.checkStopped();
    const numberOf = new Int32Array(order.length);
    order.forEach((id, number) => {
      numberOf[id] = number;
    });
    const totals = new Float64Array(withTotals ? order.length : 0);
    if (withTotals) for (const id of this.ids.view()) totals[numberOf[id]]++;
    this.numberOf = numberOf;
    const terms = textBatch(order.map((id) => this.terms[id]));
    return { terms, documentFrequency: Int32Array.from(order, (id) => this.df.get(id)), totals };
  }

  count(run: Run, { columns, nColumns, signs, binary }: Counting): TermCounts {
    const numberOf = this.numberOf ?? Int32Array.from(this.terms, (_, id) => id);
    const indptr = new Int32Array(this.lengths.length + 1);
    const indices = new IntList();
    const values = new IntList();
    const tally = new Int32Array(nColumns);
    const metBy = new Int32Array(nColumns).fill(-1); // the last document that holds a term of the column
    const met = new Int32Array(nColumns);
    const ids = this.ids.view();
    let at = 0;
    this.lengths.view().forEach((length, document) => {
      if (document % 64 === 0) run.checkStopped();
      let distinct = 0;
      for (const end = at + length; at < end; at++) {
        const number = numberOf[ids[at]];
        const column = columns[number];
        if (column === dropped) continue;
        if (metBy[column] !== document) {
          metBy[column] = document;
          met[distinct++] = column;
        }
        tally[column] += signs === null ? 1 : signs[number];
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

function sizeOf(documents: Documents | TokenLists): number {
  if ('bytes' in documents) return documents.bytes.length;
  const texts = 'lengths' in documents ? documents.tokens : documents;
  return texts.reduce((total, text) => total + text.length, 0);
}
