/** How much a term says of a cluster. */

import { failure, shown } from '../core/check.js';
import { log, rememberedLog } from '../core/logarithm.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';

export const termScoreNames = ['count', 'ctfidf', 'relevance', 'lift'] as const;
/** `count`: the sum; `ctfidf`: Grootendorst 2022; `relevance`: Sievert, Shirley 2014; `lift`: Brin et al. 1997. */
export type TermScoreName = (typeof termScoreNames)[number];

/** Of one cluster: the sum of each term, the documents that hold it, and how many documents it has. */
export interface ClusterTerms {
  readonly sums: Float64Array;
  readonly documents: Int32Array;
  readonly size: number;
}

/** Of the whole collection. */
interface CollectionTerms extends ClusterTerms {
  /** Of all terms. */
  readonly sum: number;
}

/** The score of one term in the cluster given last; 0 or below are scores, too. */
export type TermScore = (cluster: ClusterTerms) => (term: number) => number;

/**
 * - `ctfidf`: f ln(1 + A / F), with f the term's sum in the cluster, F in all of them, and A the mean sum of a cluster.
 * - `relevance`: lambda ln p(t | c) + (1 - lambda) ln (p(t | c) / p(t)), with shares of sums for probabilities.
 * - `lift`: the share of the cluster's documents that hold the term over the share of all documents.
 */
export function termScore(name: TermScoreName, rows: CsrArrays, nClusters: number, lambda: number): TermScore {
  if (name === 'count') {
    return ({ sums }) =>
      (term) =>
        sums[term];
  }
  if (name !== 'lift') checkCounts(name, rows);
  const all = collectionTerms(rows);
  if (name === 'ctfidf') {
    const mean = all.sum / nClusters;
    const rarity = all.sums.map((sum) => (sum > 0 ? log(1 + mean / sum) : 0));
    return ({ sums }) =>
      (term) =>
        sums[term] * rarity[term];
  }
  if (name === 'relevance') {
    const ln = rememberedLog();
    const everywhere = all.sums.map((sum) => (sum > 0 ? ln(sum) - ln(all.sum) : 0));
    return ({ sums }) => {
      const total = ln(sums.reduce((sum, value) => sum + value, 0));
      return (term) => {
        const here = ln(sums[term]) - total;
        return lambda * here + (1 - lambda) * (here - everywhere[term]);
      };
    };
  }
  return ({ documents, size }) => {
    return (term) => (documents[term] / size) * (all.size / all.documents[term]);
  };
}

/** Sums and documents of each term over all rows. */
export function collectionTerms({ nRows, nColumns, indices, values }: CsrArrays): CollectionTerms {
  const sums = new Float64Array(nColumns);
  const documents = new Int32Array(nColumns);
  for (let q = 0; q < indices.length; q++) {
    sums[indices[q]] += values[q];
    if (values[q] !== 0) documents[indices[q]]++;
  }
  return { sums, documents, size: nRows, sum: sums.reduce((total, sum) => total + sum, 0) };
}

/** Shares of sums need sums that have them. */
function checkCounts(name: TermScoreName, { values }: CsrArrays): void {
  const bad = (values as Float64Array).findIndex((value) => !(value >= 0 && value <= 1e100));
  if (bad < 0) return;
  const rule = `counts or weights from 0 to 1e+100, but value ${bad} is ${shown(values[bad])}`;
  throw failure('ERR_OUT_OF_RANGE', `counts must hold ${rule}, for the score '${name}'.`);
}
