/**
 * THE contract between the layers: what a backend computes, with shapes, units, tie rules and orders of sums.
 *
 * - A call copies its array arguments before it returns, so that callers may change, transfer or drop them at once.
 * - Counts are whole numbers. Every floating-point cell has one owner that adds in a fixed order; sums over rows or terms
 *   go by blocks of `sumBlock`, each block in order, then the blocks in order. So all backends give the same bits.
 * - A call whose job is stopped rejects; other refusals carry an `ErrorCode` as `code`.
 * - Users' mistakes are refused above this line; kernels check what memory safety asks for.
 */

import type { Job } from '../core/job.js';
import type { TextBatch } from '../core/text-batch.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';

/** Rows or terms per block of every floating-point sum. */
export const sumBlock = 1024;

/** Documents, as strings or as UTF-8. */
export type Documents = readonly string[] | TextBatch;

/** Documents that were cut into tokens already: those of all documents in order, and how many each document has. */
export interface TokenLists {
  readonly tokens: readonly string[];
  readonly lengths: Int32Array;
}

/** How documents become terms. */
export interface Analysis {
  readonly lowercase: boolean;
  /** Takes characters for what NFKD leaves of them without combining characters; `'ascii'` drops what is then no ASCII. */
  readonly stripAccents: 'ascii' | 'unicode' | null;
  /** `'word'`: two or more letters, numbers or underscores, as Python's `\w\w+` has them; `'char'`: all characters, with
   * white space folded; `'charWb'`: those of each word with a space on either side; `'tokens'`: what `TokenLists` holds. */
  readonly analyzer: 'word' | 'char' | 'charWb' | 'tokens';
  /** Terms are runs of n words (joined by a space) or characters, for all n from the first to the second. */
  readonly ngramRange: readonly [number, number];
  /** Words and tokens to leave out, before runs of them are formed. */
  readonly stopWords: readonly string[];
}

export interface TermCounterOptions extends Analysis {
  /** Where given, only these terms are counted, and term i is number i. */
  readonly vocabulary: TextBatch | null;
}

/** All terms of some documents, in order of their UTF-8 bytes: a term's place is its number. */
export interface TermStatistics {
  readonly terms: TextBatch;
  /** In how many documents each is. */
  readonly documentFrequency: Int32Array;
  /** How often each is in all of them, or empty where that was not asked for. */
  readonly totals: Float64Array;
}

/** What to count. */
export interface Counting {
  /** The column of each term, or -1: it is left out. Several terms may share a column. */
  readonly columns: Int32Array;
  readonly nColumns: number;
  /** What each occurrence of each term adds to its cell, or null: 1. */
  readonly signs: Int32Array | null;
  /** Writes 1 for each count. */
  readonly binary: boolean;
}

export interface TermCounts {
  readonly indptr: Int32Array | Float64Array;
  readonly indices: Int32Array;
  readonly values: Int32Array;
}

/** Text to counts, in two passes over one reading: which terms there are, and then how often each is in each document. */
export interface TermCounterKernel {
  /** Analyzes more documents; the text is not kept. */
  add(documents: Documents | TokenLists, job: Job): Promise<void>;
  /** The terms of all documents added, which numbers them. Not for a given vocabulary. */
  statistics(withTotals: boolean, job: Job): Promise<TermStatistics>;
  /** Counts all documents added; a document has an entry in each column of which it holds a term. */
  count(counting: Counting, job: Job): Promise<TermCounts>;
  dispose(): void;
}

export interface Weighting {
  /** One factor a term, or null. */
  readonly idf: Float64Array | null;
  /** The term frequency of each whole-number count, or null: the count itself. */
  readonly frequencies: Float64Array | null;
  readonly norm: 'l1' | 'l2' | null;
}

/** The counts of documents, to be weighed. */
export interface TfidfKernel {
  /** In how many rows each column has a value other than zero. */
  documentFrequency(job: Job): Promise<Int32Array>;
  /** Weights of the counts' entries: frequency x idf, rows scaled to norm 1; a row without weight stays as it is. A row
   * without a finite norm is refused. A norm adds from the last entry of the row to the first, as
   * scikit-learn 1.2 did (docs/decisions/003-the-last-bit.md). */
  weigh(weighting: Weighting, job: Job): Promise<Float64Array>;
  dispose(): void;
}

export interface CooccurrenceOptions {
  /** Both triangles, or the upper one alone. */
  readonly full: boolean;
  /** Whether C[i][i], the document frequency of i, is part of the result. */
  readonly diagonal: boolean;
}

/**
 * The rows of a k-means and its state between steps; the loop over these steps is `cluster/lloyd.ts`.
 *
 * Distances are squared and Euclidean. A dot product of a row with a center adds its terms in ascending order.
 */
export interface KMeansKernel {
  /** Prepares the rows; returns the first one whose squares do not add up to a finite number, or -1. Must come first. */
  load(job: Job): Promise<number>;
  /** The mean over the columns of their variance, zeros counted. */
  meanVariance(job: Job): Promise<number>;
  /** k-means++: makes `row` the first center; returns the weighted sum of distances to it. */
  seedStart(row: number, job: Job): Promise<number>;
  /** k-means++: candidates are the rows at which the running sum of weighted distances reaches each draw; takes the one
   * that leaves the smallest potential, the first on a tie. */
  seedStep(draws: Float64Array, job: Job): Promise<{ row: number; potential: number }>;
  setCentersFromRows(rows: Int32Array, job: Job): Promise<void>;
  /** `centers` is nClusters x p, row-major. */
  setCenters(nClusters: number, centers: Float64Array, job: Job): Promise<void>;
  /** E-step: labels each row with the center of the smallest |center|^2 - 2 row.center, the lowest number on a tie;
   * returns how many labels changed. */
  assign(job: Job): Promise<number>;
  /** M-step, first half: the weighted sums of the rows of each cluster, in order of rows; returns the clusters' weights. */
  sum(job: Job): Promise<Float64Array>;
  /** Takes a row out of the sum of cluster `from` and makes it the sum of the empty cluster `to`. */
  move(row: number, from: number, to: number, job: Job): Promise<void>;
  /** M-step, second half: sums times 1 / weight become the centers; a cluster without weight gets the center of the
   * heaviest one. Returns the sum of the squared distances that the centers moved. */
  average(weights: Float64Array, job: Job): Promise<number>;
  /** Distance of each row to the center of its label. */
  distances(job: Job): Promise<Float64Array>;
  /** Plain (not squared) distance of each row to each center, n x nClusters, row-major. */
  transform(job: Job): Promise<Float64Array>;
  /** nClusters x p, row-major. */
  centers(job: Job): Promise<Float64Array>;
  labels(job: Job): Promise<Int32Array>;
  dispose(): void;
}

/** The sparse matrix of pair counts, without its size. */
export type PairCounts = Pick<CsrArrays, 'indptr' | 'indices'> & { readonly values: Int32Array };

export const scoreNames = ['count', 'pmi', 'npmi', 'ppmi', 'llr', 'dice', 'jaccard', 'chi2', 't'] as const;
/** How strongly two terms are associated; `cooccurrence/scores.ts` has the formulas. */
export type ScoreName = (typeof scoreNames)[number];

/** What a score is computed from. All logarithms are made above this line, so that backends have the same. */
export interface Scoring {
  readonly score: ScoreName;
  /** n, the number of documents. */
  readonly documents: number;
  /** Documents that hold each term. */
  readonly frequency: Int32Array;
  /** 0, ln 1, ln 2, ..., ln n, for the scores that are made of logarithms: pmi, npmi, ppmi, llr; else empty. */
  readonly logs: Float64Array;
  /** What the frequency of the one, and of the other, term adds to a score. */
  readonly rowTerms: Float64Array;
  readonly columnTerms: Float64Array;
  /** `ppmi`: what is taken off, in bits; `llr`: n ln n. */
  readonly constant: number;
}

export interface PairSelection {
  /** So many partners of each term, or fewer. */
  readonly k: number;
  /** At least 1: pairs that fewer documents hold are left out. */
  readonly minCount: number;
  /** The terms whose partners are asked for. */
  readonly terms: Int32Array;
}

/** Partners of terms, the best first: those of terms[r] stand from offsets[r] to offsets[r + 1]. */
export interface TopPairs {
  readonly offsets: Int32Array;
  readonly partners: Int32Array;
  /** In how many documents each is with the term. */
  readonly counts: Int32Array;
  readonly scores: Float64Array;
}

export interface Kernels {
  readonly name: BackendName;
  readonly threads: number;
  readonly maxBytes: number;

  createTermCounter(options: TermCounterOptions): TermCounterKernel;
  /** Copies the counts. */
  createTfidf(counts: CsrArrays): TfidfKernel;
  /** C[i][j]: in how many rows both i and j have a value other than zero; sorted rows. */
  cooccurrence(rows: CsrArrays, options: CooccurrenceOptions, job: Job): Promise<PairCounts>;
  /** The same as a row-major nColumns x nColumns array. */
  denseCooccurrence(rows: CsrArrays, options: CooccurrenceOptions, job: Job): Promise<Int32Array>;
  /** The k best partners of terms; ties: by count, then the one that sorts first. `scoring.frequency` is that of the rows. */
  topCooccurrences(rows: CsrArrays, selection: PairSelection, scoring: Scoring, job: Job): Promise<TopPairs>;
  /** The score of each entry of a matrix of pair counts; of a stored zero, 0. */
  associate(pairs: CsrArrays, scoring: Scoring, job: Job): Promise<Float64Array>;
  /** Copies the rows, and one weight a row, or null: each weighs 1. */
  createKMeans(rows: CsrArrays, weights: Float64Array | null): KMeansKernel;
}

export const backendNames = ['plain', 'native', 'parallel'] as const;
export type BackendName = (typeof backendNames)[number];
