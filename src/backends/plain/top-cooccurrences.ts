import { Largest } from '../../core/largest.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { PairSelection, Scoring, TopPairs } from '../kernels.js';
import type { Run } from './run.js';
import { scoreOf } from './scores.js';

interface Partner {
  readonly term: number;
  readonly count: number;
  readonly score: number;
}

/** The best partners of terms: for each, the rows that hold it are counted, and the best kept. */
export function topCooccurrences(run: Run, rows: CsrArrays, selection: PairSelection, scoring: Scoring): TopPairs {
  const { nColumns, indptr, indices, values } = rows;
  const { k, minCount, terms } = selection;
  run.take(4 * indices.length + 20 * nColumns);
  const rowsOf = rowsByTerm(rows);
  const score = scoreOf(scoring);
  const counts = new Int32Array(nColumns);
  const met = new Int32Array(nColumns); // by the term at hand
  const found = Array.from(terms, (term, at) => {
    run.checkStopped();
    if (at % 64 === 0) run.report(at, terms.length);
    let nMet = 0;
    for (const row of rowsOf(term)) {
      for (let q = indptr[row]; q < indptr[row + 1]; q++) {
        if (values[q] !== 0 && counts[indices[q]]++ === 0) met[nMet++] = indices[q];
      }
    }
    const best = new Largest<Partner>(k, (a, b) => b.score - a.score || b.count - a.count || a.term - b.term);
    for (const id of met.subarray(0, nMet)) {
      const count = counts[id];
      counts[id] = 0;
      if (id === term || count < minCount) continue;
      const found = score(count, term, id);
      if (found >= best.floor) best.add({ term: id, count, score: found });
    }
    const partners = best.sorted();
    run.take(96 * partners.length); // objects, and the arrays made of them
    return partners;
  });
  const all = found.flat();
  const offsets = new Int32Array(terms.length + 1);
  found.forEach(({ length }, r) => {
    offsets[r + 1] = offsets[r] + length;
  });
  return {
    offsets,
    partners: Int32Array.from(all, ({ term }) => term),
    counts: Int32Array.from(all, ({ count }) => count),
    scores: Float64Array.from(all, ({ score }) => score),
  };
}

/** Gives the rows that hold a term. */
function rowsByTerm({ nRows, nColumns, indptr, indices, values }: CsrArrays): (term: number) => Int32Array {
  const begin = new Int32Array(nColumns + 1);
  for (let q = 0; q < indices.length; q++) if (values[q] !== 0) begin[indices[q] + 1]++;
  for (let term = 0; term < nColumns; term++) begin[term + 1] += begin[term];
  const next = begin.slice();
  const held = new Int32Array(begin[nColumns]);
  for (let row = 0; row < nRows; row++) {
    for (let q = indptr[row]; q < indptr[row + 1]; q++) if (values[q] !== 0) held[next[indices[q]]++] = row;
  }
  return (term) => held.subarray(begin[term], begin[term + 1]);
}
