import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { PairSelection, Scoring, TopPairs } from '../kernels.js';
import type { Run } from './run.js';
import { scoreOf } from './scores.js';

/** The best partners of terms: for each, the rows that hold it are counted, and the partners sorted. */
export function topCooccurrences(run: Run, rows: CsrArrays, selection: PairSelection, scoring: Scoring): TopPairs {
  const { nColumns, indptr, indices, values } = rows;
  const { k, minCount, terms } = selection;
  run.take(4 * indices.length + 16 * nColumns);
  const rowsOf = rowsByTerm(rows);
  const score = scoreOf(scoring);
  const counts = new Int32Array(nColumns);
  const found = Array.from(terms, (term, at) => {
    run.checkStopped();
    if (at % 64 === 0) run.report(at, terms.length);
    const met: number[] = [];
    for (const row of rowsOf(term)) {
      for (let q = indptr[row]; q < indptr[row + 1]; q++) {
        if (values[q] !== 0 && counts[indices[q]]++ === 0) met.push(indices[q]);
      }
    }
    const partners = met
      .filter((id) => id !== term && counts[id] >= minCount)
      .map((id) => ({ term: id, count: counts[id], score: score(counts[id], term, id) }))
      .sort((a, b) => b.score - a.score || b.count - a.count || a.term - b.term)
      .slice(0, k);
    for (const id of met) counts[id] = 0;
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
