import { failure } from '../../core/check.js';
import type { TokenArrays } from '../../matrix/token-streams.js';
import type { PairWeights, TopWindowPairs, Windowing } from '../kernels.js';
import { IntList } from './int-list.js';
import type { Run } from './run.js';
import { weigherOf } from './window-weights.js';

const gap = -1;

/** All documents as one stream, with a window of gaps around each, and for each term where in it it stands. */
interface Places {
  readonly stream: Int32Array;
  /** Term t stands at places[begin[t]] ... places[begin[t + 1] - 1] of `stream`. */
  readonly begin: Int32Array;
  readonly places: Int32Array;
}

function placesOf(run: Run, { nTerms, offsets, ids }: TokenArrays, { numbers, skipsGaps }: Windowing): Places {
  const window = numbers.length;
  const length = ids.length + window * offsets.length;
  if (length >= 2 ** 31) {
    const why = 'words and the windows between documents take 2^31 places or more';
    throw failure('ERR_OUT_OF_RANGE', `The plain backend cannot hold these documents: ${why}; use the native one.`);
  }
  run.take(4 * length + 4 * ids.length + 8 * nTerms);
  const stream = new Int32Array(length).fill(gap);
  const begin = new Int32Array(nTerms + 1);
  for (const id of ids) if (id !== gap) begin[id + 1]++;
  for (let term = 0; term < nTerms; term++) begin[term + 1] += begin[term];
  const next = begin.slice();
  const places = new Int32Array(begin[nTerms]);
  let end = window;
  for (let d = 0; d + 1 < offsets.length; d++) {
    if (d % 1024 === 0) run.checkStopped();
    for (let at = offsets[d]; at < offsets[d + 1]; at++) {
      if (ids[at] !== gap) {
        places[next[ids[at]]++] = end;
        stream[end++] = ids[at];
      } else if (!skipsGaps) {
        end++;
      }
    }
    end += window; // no window reaches over so many gaps
  }
  return { stream, begin, places };
}

/** A row of the result: the terms, in order, whose weights are not 0. */
interface Row {
  readonly partners: Int32Array;
  readonly weights: Float64Array;
}

/** Calls use(term, row) for each of some terms; a row is good until the next one. */
function forEachRow(
  run: Run,
  streams: TokenArrays,
  windowing: Windowing,
  terms: Iterable<number>,
  use: (term: number, row: Row) => void,
): void {
  const { nTerms } = streams;
  const window = windowing.numbers.length;
  const { stream, begin, places } = placesOf(run, streams, windowing);
  const looksLeft = windowing.direction !== 'right';
  const looksRight = windowing.direction !== 'left';
  run.take(8 * nTerms * (windowing.weighing === 'whole' ? 1 : window) + 17 * nTerms);
  const weigher = weigherOf(windowing, nTerms);
  const met = new Int32Array(nTerms);
  const isMet = new Uint8Array(nTerms);
  const weights = new Float64Array(nTerms);
  let nMet = 0; // met by the term at hand
  const meet = (other: number, distance: number) => {
    if (other === gap) return;
    weigher.add(other, distance);
    if (isMet[other] === 0) met[nMet++] = other;
    isMet[other] = 1;
  };
  let done = 0;
  for (const term of terms) {
    run.checkStopped();
    if (++done % 64 === 0) run.report(begin[term], places.length);
    nMet = 0;
    for (let p = begin[term]; p < begin[term + 1]; p++) {
      for (let distance = 1; distance <= window; distance++) {
        if (looksLeft) meet(stream[places[p] - distance], distance);
        if (looksRight) meet(stream[places[p] + distance], distance);
      }
    }
    let cells = 0;
    for (const other of met.subarray(0, nMet).sort()) {
      isMet[other] = 0;
      const weight = weigher.take(other);
      if (weight === 0) continue;
      met[cells] = other;
      weights[cells++] = weight;
    }
    use(term, { partners: met.subarray(0, cells), weights: weights.subarray(0, cells) });
  }
}

/** Windowed co-occurrence, sparse: term by term, for each place of a term the words around it. */
export function windowCooccurrence(run: Run, streams: TokenArrays, windowing: Windowing, upper: boolean): PairWeights {
  const indptr = new Int32Array(streams.nTerms + 1);
  const indices = new IntList();
  const values: Float64Array[] = []; // of each row
  forEachRow(run, streams, windowing, upTo(streams.nTerms), (term, { partners, weights }) => {
    const first = upper ? firstFrom(term, partners) : 0;
    run.take(24 * (partners.length - first)); // the lists, and the arrays made of them
    for (const partner of partners.subarray(first)) indices.push(partner);
    values.push(weights.slice(first));
    indptr[term + 1] = indices.length;
  });
  const all = new Float64Array(indices.length);
  values.forEach((row, term) => {
    all.set(row, indptr[term]);
  });
  return { indptr, indices: indices.toArray(), values: all };
}

/** The same as a dense row-major matrix. */
export function denseWindowCooccurrence(
  run: Run,
  streams: TokenArrays,
  windowing: Windowing,
  upper: boolean,
): Float64Array {
  const n = streams.nTerms;
  run.take(8 * n * n);
  const dense = new Float64Array(n * n);
  forEachRow(run, streams, windowing, upTo(n), (term, { partners, weights }) => {
    for (let i = upper ? firstFrom(term, partners) : 0; i < partners.length; i++) {
      dense[term * n + partners[i]] = weights[i];
    }
  });
  return dense;
}

/** The partners of terms with the greatest weights. */
export function topWindowCooccurrences(
  run: Run,
  streams: TokenArrays,
  windowing: Windowing,
  terms: Int32Array,
  k: number,
): TopWindowPairs {
  const offsets = [0];
  const all: { partner: number; weight: number }[] = [];
  forEachRow(run, streams, windowing, terms, (term, { partners, weights }) => {
    const found = Array.from(partners, (partner, i) => ({ partner, weight: weights[i] }));
    const others = found.filter(({ partner }) => partner !== term);
    const best = others.sort((a, b) => b.weight - a.weight || a.partner - b.partner).slice(0, k);
    run.take(96 * best.length); // objects, and the arrays made of them
    for (const pair of best) all.push(pair);
    offsets.push(all.length);
  });
  return {
    offsets: Int32Array.from(offsets),
    partners: Int32Array.from(all, ({ partner }) => partner),
    weights: Float64Array.from(all, ({ weight }) => weight),
  };
}

/** The place of the first partner that is at least `term`. */
function firstFrom(term: number, partners: Int32Array): number {
  const found = partners.findIndex((partner) => partner >= term);
  return found < 0 ? partners.length : found;
}

function* upTo(n: number): Generator<number> {
  for (let i = 0; i < n; i++) yield i;
}
