import { failure } from '../../core/check.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { CooccurrenceOptions, PairCounts } from '../kernels.js';
import { IntList } from './int-list.js';
import type { Run } from './run.js';

/** The presence matrix by rows and, for each term, where in the rows it stands. */
interface Presence {
  readonly nColumns: number;
  /** The terms of all rows, one row after the other; row r ends at rowEnds[r]. */
  readonly terms: Int32Array;
  /** Term t stands at places[placesBegin[t]] ... places[placesBegin[t + 1] - 1] of `terms`. */
  readonly placesBegin: Int32Array;
  readonly places: Int32Array;
  /** For each place, where its row begins and ends. */
  readonly begins: Int32Array;
  readonly ends: Int32Array;
}

/** Leaves out the values that are zero. */
function presence(run: Run, { nRows, nColumns, indptr, indices, values }: CsrArrays): Presence {
  run.take(16 * indices.length + 8 * nColumns);
  const present = indices.filter((_, q) => values[q] !== 0);
  const placesBegin = new Int32Array(nColumns + 1);
  for (const term of present) placesBegin[term + 1]++;
  for (let term = 0; term < nColumns; term++) placesBegin[term + 1] += placesBegin[term];
  const next = placesBegin.slice();
  const places = new Int32Array(present.length);
  const begins = new Int32Array(present.length);
  const ends = new Int32Array(present.length);
  let at = 0;
  for (let row = 0; row < nRows; row++) {
    if (row % 1024 === 0) run.checkStopped();
    const first = at;
    for (let q = indptr[row]; q < indptr[row + 1]; q++) if (values[q] !== 0) at++;
    for (let place = first; place < at; place++) {
      const posting = next[present[place]]++;
      places[posting] = place;
      begins[posting] = first;
      ends[posting] = at;
    }
  }
  return { nColumns, terms: present, placesBegin, places, begins, ends };
}

/**
 * Calls use(term, counts) for each of some terms that a row holds, with its counts with the terms from `firstPartner(term)` on;
 * `use` sets them back to zero.
 */
function forEachTerm(
  run: Run,
  matrix: Presence,
  [first, end]: readonly [number, number],
  firstPartner: (term: number) => number,
  use: (term: number, counts: Int32Array) => void,
): void {
  const { nColumns, terms, placesBegin, places, begins, ends } = matrix;
  const counts = new Int32Array(nColumns);
  for (let term = first; term < end; term++) {
    run.checkStopped();
    if (term % 64 === 0) run.report(placesBegin[term], places.length);
    if (placesBegin[term] === placesBegin[term + 1]) continue;
    const wholeRows = firstPartner(term) < term;
    for (let posting = placesBegin[term]; posting < placesBegin[term + 1]; posting++) {
      const begin = wholeRows ? begins[posting] : places[posting];
      for (let place = begin; place < ends[posting]; place++) counts[terms[place]]++;
    }
    use(term, counts);
  }
}

/** Document co-occurrence, sparse: term by term (Gustavson 1978), of all terms on the upper triangle, then mirrored where asked. */
export function cooccurrence(run: Run, rows: CsrArrays, { full, diagonal, terms }: CooccurrenceOptions): PairCounts {
  const [first, end] = terms;
  const mirrors = full && end - first === rows.nColumns;
  const firstPartner = full && !mirrors ? () => 0 : (term: number) => term;
  const indptr = new Int32Array(end - first + 1);
  const indices = new IntList();
  const values = new IntList();
  forEachTerm(run, presence(run, rows), terms, firstPartner, (term, counts) => {
    if (!diagonal) counts[term] = 0;
    const before = indices.length;
    for (let other = firstPartner(term); other < counts.length; other++) {
      if (counts[other] === 0) continue;
      indices.push(other);
      values.push(counts[other]);
      counts[other] = 0;
    }
    run.take(16 * (indices.length - before)); // the lists, and the arrays made of them
    indptr[term - first + 1] = indices.length - before;
  });
  for (let row = 0; row < end - first; row++) indptr[row + 1] += indptr[row];
  const counted = { indptr, indices: indices.toArray(), values: values.toArray() };
  return mirrors ? mirrored(run, counted) : counted;
}

/** Both triangles of a symmetric matrix from its upper one. */
function mirrored(run: Run, { indptr, indices, values }: PairCounts): PairCounts {
  const n = indptr.length - 1;
  const fullPtr = new Int32Array(n + 1);
  for (let row = 0; row < n; row++) {
    fullPtr[row + 1] += indptr[row + 1] - indptr[row];
    for (let q = indptr[row]; q < indptr[row + 1]; q++) if (indices[q] !== row) fullPtr[indices[q] + 1]++;
  }
  let entries = 0;
  for (let row = 0; row < n; row++) {
    entries += fullPtr[row + 1];
    fullPtr[row + 1] = entries;
  }
  if (entries >= 2 ** 31) {
    throw failure('ERR_OUT_OF_RANGE', `The plain backend holds at most ${2 ** 31 - 1} entries; use the native one.`);
  }
  run.take(8 * fullPtr[n]);
  const next = fullPtr.slice();
  const fullIndices = new Int32Array(fullPtr[n]);
  const fullValues = new Int32Array(fullPtr[n]);
  const add = (row: number, column: number, value: number) => {
    const at = next[row]++;
    fullIndices[at] = column;
    fullValues[at] = value;
  };
  // Row after row, each entry goes to its own row and to the row of its column: both receive theirs in ascending order.
  for (let row = 0; row < n; row++) {
    run.checkStopped();
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      add(row, indices[q], values[q]);
      if (indices[q] !== row) add(indices[q], row, values[q]);
    }
  }
  return { indptr: fullPtr, indices: fullIndices, values: fullValues };
}

/** Document co-occurrence as a dense row-major matrix. */
export function denseCooccurrence(
  run: Run,
  rows: CsrArrays,
  { full, diagonal, terms }: CooccurrenceOptions,
): Int32Array {
  const n = rows.nColumns;
  const [first, end] = terms;
  const mirrors = full && end - first === n;
  run.take(4 * (end - first) * n);
  const dense = new Int32Array((end - first) * n);
  const firstPartner = full && !mirrors ? () => 0 : (term: number) => term;
  forEachTerm(run, presence(run, rows), terms, firstPartner, (term, counts) => {
    if (!diagonal) counts[term] = 0;
    const begin = (term - first) * n;
    dense.set(counts.subarray(firstPartner(term)), begin + firstPartner(term));
    counts.fill(0, firstPartner(term));
    if (!mirrors) return;
    for (let other = term + 1; other < n; other++) dense[other * n + term] = dense[begin + other];
  });
  return dense;
}
