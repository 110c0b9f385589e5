import { failure } from '../../core/check.js';
import { type TextBatch, textBatch } from '../../core/text-batch.js';
import type { TokenArrays } from '../../matrix/token-streams.js';
import type {
  Counting,
  Documents,
  HashedCounts,
  Hashing,
  TermCounterOptions,
  TermCounts,
  TermStatistics,
  TokenLists,
} from '../kernels.js';
import { type Analyze, analyzerOf, forEachWord, gramsOf, normalizerOf } from './analyzer.js';
import { IntList } from './int-list.js';
import type { Run } from './run.js';
import { featureOf, hashOfTerm, ranked, scaledRows } from './term-hashing.js';
import { hashOf, TermIds } from './term-ids.js';
import { compareCodePoints } from './unicode.js';

const dropped = -1; // the column of a term that is left out
const noTerm = -1; // stands in the stream for a word that is none, where places are kept

/** Text to counts in two passes: documents become a stream of term ids, whose terms are then numbered and counted. */
export class TermCounter {
  private readonly ids = new TermIds();
  private readonly df = new IntList();
  private readonly lastDocument = new IntList();
  private readonly stream = new IntList(); // of the ids of all terms met, document after document
  private readonly lengths = new IntList(); // terms met of each document
  private readonly fixed: boolean;
  private readonly keepsPlaces: boolean;
  private readonly stopped: ReadonlySet<string>; // words that are no terms, but keep their place
  private readonly normalized: (document: string) => string;
  /** What there is to do is to cut words: no need to make strings of them. */
  private readonly cutsWords: boolean;
  private readonly analyze: Analyze;
  private readonly gramsOf: (tokens: readonly string[]) => Iterable<string>;
  private numberOf: Int32Array | undefined; // of each id
  private charged = 0; // bytes that the run at hand knows of

  constructor(options: TermCounterOptions) {
    const analysis = options.keepsPlaces ? { ...options, stopWords: [] } : options;
    this.keepsPlaces = options.keepsPlaces;
    this.stopped = new Set(options.keepsPlaces ? options.stopWords : []);
    this.normalized = normalizerOf(analysis);
    this.cutsWords = analysis.analyzer === 'word' && analysis.ngramRange[1] === 1 && analysis.stopWords.length === 0;
    this.analyze = analyzerOf(analysis);
    this.gramsOf = gramsOf(analysis);
    this.fixed = options.vocabulary !== null;
    if (options.vocabulary !== null) for (const term of strings(options.vocabulary)) this.newTerm(term, hashOf(term));
  }

  add(run: Run, documents: Documents | TokenLists): void {
    this.charged = 0; // a new run knows of nothing that is held
    this.charge(run, sizeOf(documents));
    if ('lengths' in documents) {
      let end = 0;
      for (const length of documents.lengths) {
        const start = end;
        end += length;
        const tokens = documents.tokens.slice(start, end).map((token) => token.toWellFormed());
        this.addDocument(run, () => this.meetAll(run, this.gramsOf(tokens)));
      }
      return;
    }
    const texts = 'offsets' in documents ? strings(documents, this.lengths.length) : documents;
    const count = 'offsets' in documents ? documents.offsets.length - 1 : documents.length;
    let done = 0;
    for (const text of texts) {
      this.addDocument(run, () => this.meetTermsOf(run, text.toWellFormed()));
      run.report(++done, count);
    }
  }

  private addDocument(run: Run, meet: () => void): void {
    if (this.lengths.length % 16 === 0) run.checkStopped();
    const before = this.stream.length;
    meet();
    this.lengths.push(this.stream.length - before);
    this.charge(run);
  }

  /** Tells the budget by how much the counter has grown: its lists, and about 100 bytes a distinct term beside its characters. */
  private charge(run: Run, more = 0): void {
    const held = this.stream.bytes + this.lengths.bytes + 100 * this.ids.terms.length + 2 * this.ids.characters;
    run.take(held - this.charged + more);
    this.charged = held;
  }

  private meetTermsOf(run: Run, document: string): void {
    if (!this.cutsWords) {
      this.meetAll(run, this.analyze(document));
      return;
    }
    const text = this.normalized(document);
    forEachWord(text, (start, end, hash) => this.meet(text, start, end, hash));
  }

  private meetAll(run: Run, terms: Iterable<string>): void {
    let met = 0;
    for (const term of terms) {
      this.meet(term, 0, term.length, hashOf(term));
      if (++met % 4096 !== 0) continue; // a document may have very many n-grams
      run.checkStopped();
      this.charge(run);
    }
  }

  /** Notes a term of the document at hand. */
  private meet(text: string, start: number, end: number, hash: number): void {
    const isStopped = this.stopped.size > 0 && this.stopped.has(text.slice(start, end));
    let id = isStopped ? noTerm : this.ids.find(text, start, end, hash);
    if (id < 0 && (isStopped || this.fixed)) {
      if (this.keepsPlaces) this.stream.push(noTerm);
      return;
    }
    if (id < 0) id = this.newTerm(text.slice(start, end), hash);
    this.stream.push(id);
    const number = this.lengths.length;
    if (this.lastDocument.get(id) === number) return;
    this.lastDocument.set(id, number);
    this.df.set(id, this.df.get(id) + 1);
  }

  private newTerm(term: string, hash: number): number {
    this.df.push(0);
    this.lastDocument.push(-1);
    return this.ids.add(term, hash);
  }

  statistics(run: Run, withTotals: boolean): TermStatistics {
    const { terms } = this.ids;
    run.take(40 * terms.length + 2 * this.ids.characters);
    const order = Array.from(terms, (_, id) => id);
    order.sort((a, b) => compareCodePoints(terms[a], terms[b]));
    run.checkStopped();
    const numberOf = new Int32Array(order.length);
    order.forEach((id, number) => {
      numberOf[id] = number;
    });
    const totals = new Float64Array(withTotals ? order.length : 0);
    if (withTotals) for (const id of this.stream.view()) if (id !== noTerm) totals[numberOf[id]]++;
    this.numberOf = numberOf;
    const sorted = textBatch(order.map((id) => terms[id]));
    return { terms: sorted, documentFrequency: Int32Array.from(order, (id) => this.df.get(id)), totals };
  }

  count(run: Run, { columns, nColumns, binary }: Counting): TermCounts {
    const ofIds = this.numberOf?.map((number) => columns[number]) ?? columns;
    return this.countIds(run, { columns: ofIds, nColumns, binary }, null);
  }

  countHashed(run: Run, { nFeatures, alternateSign, binary, norm }: Hashing): HashedCounts {
    run.take(20 * this.ids.terms.length);
    const hashes = Int32Array.from(this.ids.terms, hashOfTerm);
    run.checkStopped();
    const { ranks, features } = ranked(hashes.map((hash) => featureOf(hash, nFeatures)));
    const signs = alternateSign ? hashes.map((hash) => (hash >= 0 ? 1 : -1)) : null;
    const counts = this.countIds(run, { columns: ranks, nColumns: features.length, binary }, signs);
    const { indptr, indices } = counts;
    return { indptr, indices: indices.map((rank) => features[rank]), values: scaledRows(counts, norm, run) };
  }

  /** Counts where there is a column for each id, and, where `signs` are given, what an occurrence of it adds. */
  private countIds(run: Run, { columns, nColumns, binary }: Counting, signs: Int32Array | null): TermCounts {
    const indptr = new Int32Array(this.lengths.length + 1);
    const indices = new IntList();
    const values = new IntList();
    const tally = new Int32Array(nColumns);
    const metBy = new Int32Array(nColumns).fill(-1); // the last document that holds a term of the column
    const met = new Int32Array(nColumns);
    const ids = this.stream.view();
    let at = 0;
    this.lengths.view().forEach((length, document) => {
      if (document % 64 === 0) run.checkStopped();
      let distinct = 0;
      for (const end = at + length; at < end; at++) {
        const column = columns[ids[at]];
        if (column === dropped) continue;
        if (metBy[column] !== document) {
          metBy[column] = document;
          met[distinct++] = column;
        }
        tally[column] += signs === null ? 1 : signs[ids[at]];
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

  tokenIds(run: Run, columns: Int32Array): Pick<TokenArrays, 'offsets' | 'ids'> {
    const numberOf = this.numberOf ?? Int32Array.from(this.ids.terms, (_, id) => id);
    run.take(4 * this.stream.length + 8 * this.lengths.length + 8);
    const offsets = new Float64Array(this.lengths.length + 1);
    this.lengths.view().forEach((length, document) => {
      offsets[document + 1] = offsets[document] + length;
    });
    const ids = this.stream.view().map((id) => (id === noTerm ? noTerm : columns[numberOf[id]]));
    return { offsets, ids };
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
