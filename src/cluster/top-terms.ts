import { checkChoice, checkInteger, checkNumber, checkOptions, failure, shown } from '../core/check.js';
import { type CsrMatrix, checkedArrays } from '../matrix/csr-matrix.js';
import { Vocabulary } from '../text/vocabulary.js';
import { rowsByLabel } from './kernel-rows.js';
import { collectionTerms, type TermScoreName, termScore, termScoreNames } from './term-scores.js';

/** A term of a cluster. */
export interface TopTerm {
  readonly term: string;
  /** The term's column. */
  readonly index: number;
  /** Sum of the term's values over the rows of the cluster. */
  readonly count: number;
  /** How many rows of the cluster hold the term. */
  readonly documents: number;
}

/** A term of a cluster by another score than `count`: in `share` of this cluster, in `shareElsewhere` of the others. */
export interface ScoredTerm extends TopTerm {
  readonly score: number;
  /** The share of the cluster's rows that hold the term, from 0 to 1. */
  readonly share: number;
  /** The same of the rows of all other clusters; 0 where there are none. */
  readonly shareElsewhere: number;
}

/** Options of `topTerms`. */
export interface TopTermsOptions {
  /** Terms a cluster. @default 10 */
  n?: number;
  /**
   * By what terms are ranked. `'count'`: their sums, for what a cluster is about. `'ctfidf'`: sums that count for less where all
   * clusters have the term (Grootendorst 2022). `'relevance'`: between the commonest and the most distinctive terms, by
   * `lambda` (Sievert, Shirley 2014). `'lift'`: how much commoner a term is in the cluster's rows than in all rows.
   * @default 'count'
   */
  score?: TermScoreName;
  /** Of `'relevance'`: 1 ranks by share in the cluster, 0 by how much larger it is than elsewhere. @default 0.6 */
  lambda?: number;
  /**
   * Leaves out terms that a smaller share of the cluster's rows hold, from 0 to 1. Without it, lift finds words of one row.
   * @default 0; for `'lift'` 0.01
   */
  minShare?: number;
}

/**
 * The terms that score best in each cluster; ties go to the larger sum, then to the lower column. Terms without a positive sum
 * are left out; for `'lift'`, which asks only which rows hold a term, those that no row holds.
 * @param counts n rows x p columns: counts, or any weights; for `'ctfidf'` and `'relevance'` none below 0
 * @param labels the cluster of each row, from 0
 * @param vocabulary the p terms
 * @returns one list a cluster, from 0 to the largest label
 * @throws TypeError, RangeError for arguments that do not fit together
 */
export function topTerms(
  counts: CsrMatrix,
  labels: Int32Array,
  vocabulary: Vocabulary,
  options?: TopTermsOptions & { score?: 'count' },
): TopTerm[][];
export function topTerms(
  counts: CsrMatrix,
  labels: Int32Array,
  vocabulary: Vocabulary,
  options: TopTermsOptions & { score: Exclude<TermScoreName, 'count'> },
): ScoredTerm[][];
export function topTerms(
  counts: CsrMatrix,
  labels: Int32Array,
  vocabulary: Vocabulary,
  options?: TopTermsOptions,
): (TopTerm | ScoredTerm)[][];
export function topTerms(
  counts: CsrMatrix,
  labels: Int32Array,
  vocabulary: Vocabulary,
  options: TopTermsOptions = {},
): (TopTerm | ScoredTerm)[][] {
  const { n, score, lambda, minShare } = resolved(options);
  const rows = checkedArrays(counts, 'counts');
  checkFit(rows.nRows, rows.nColumns, labels, vocabulary);
  const { nColumns, indptr, indices, values } = rows;
  const clusters = rowsByLabel(labels, countLabels(labels));
  const scoreIn = termScore(score, rows, clusters.filter(({ length }) => length > 0).length, lambda);
  const everywhere = score === 'count' ? undefined : collectionTerms(rows).documents;
  const sums = new Float64Array(nColumns);
  const documents = new Int32Array(nColumns);
  const scores = new Float64Array(nColumns);
  return clusters.map((members) => {
    sums.fill(0);
    documents.fill(0);
    for (const row of members) {
      for (let q = indptr[row]; q < indptr[row + 1]; q++) {
        sums[indices[q]] += values[q];
        if (values[q] !== 0) documents[indices[q]]++;
      }
    }
    const size = members.length;
    const scored = scoreIn({ sums, documents, size });
    const holds = score === 'lift' ? documents : sums;
    const candidates: number[] = [];
    for (let term = 0; term < nColumns; term++) {
      if (!(holds[term] > 0 && documents[term] / size >= minShare)) continue;
      candidates.push(term);
      scores[term] = scored(term);
    }
    return best(candidates, scores, sums, n).map((index) => {
      const found = { term: vocabulary.term(index) as string, index, count: sums[index], documents: documents[index] };
      if (everywhere === undefined) return found;
      const elsewhere = rows.nRows - size;
      const shareElsewhere = elsewhere === 0 ? 0 : (everywhere[index] - documents[index]) / elsewhere;
      return { ...found, score: scores[index], share: documents[index] / size, shareElsewhere };
    });
  });
}

function resolved(options: TopTermsOptions): Required<TopTermsOptions> {
  checkOptions(options, 'topTerms', ['n', 'score', 'lambda', 'minShare']);
  const { n = 10, score = 'count', lambda = 0.6 } = options;
  checkInteger(n, 'n', 1, 2 ** 31 - 1);
  checkChoice(score, 'score', termScoreNames);
  checkNumber(lambda, 'lambda', 0, 1);
  const { minShare = score === 'lift' ? 0.01 : 0 } = options;
  checkNumber(minShare, 'minShare', 0, 1);
  return { n, score, lambda, minShare };
}

function checkFit(nRows: number, nColumns: number, labels: unknown, vocabulary: unknown): void {
  if (!(labels instanceof Int32Array)) {
    throw failure('ERR_INVALID_ARG_TYPE', `labels must be an Int32Array, but is ${shown(labels)}.`);
  }
  if (!(vocabulary instanceof Vocabulary)) {
    throw failure('ERR_INVALID_ARG_TYPE', `vocabulary must be a Vocabulary, but is ${shown(vocabulary)}.`);
  }
  if (labels.length !== nRows) {
    throw failure('ERR_OUT_OF_RANGE', `labels holds ${labels.length} numbers, but counts has ${nRows} rows.`);
  }
  if (vocabulary.size !== nColumns) {
    throw failure('ERR_OUT_OF_RANGE', `vocabulary holds ${vocabulary.size} terms, but counts has ${nColumns} columns.`);
  }
}

/** The n terms of the highest scores, the highest first, ties by sum, then by column. */
function best(terms: number[], scores: Float64Array, sums: Float64Array, n: number): number[] {
  return terms.sort((a, b) => scores[b] - scores[a] || sums[b] - sums[a] || a - b).slice(0, n);
}

/** One more than the largest label. */
function countLabels(labels: Int32Array): number {
  const wrong = labels.find((label) => label < 0 || label >= labels.length);
  if (wrong === undefined) return labels.reduce((count, label) => Math.max(count, label + 1), 0);
  const range = `from 0 to below the ${labels.length} rows`;
  throw failure('ERR_OUT_OF_RANGE', `labels must hold numbers ${range}, but holds ${wrong}.`);
}
