/**
 * THE contract between the layers: what a backend computes, with shapes, units, tie rules and orders of sums.
 *
 * - A call copies its array arguments before it returns, so that callers may change, transfer or drop them at once.
 * - Counts are whole numbers. Every floating-point cell is added up in a fixed order, sums over rows or terms by blocks of `sumBlock`, each
 *   block in order, then the blocks in order; or exactly and rounded once, as the sums of clusters are where two doubles hold all bits of a
 *   term's values, weighted (plain/splits.ts). So all backends give the same bits.
 * - A call whose job is stopped rejects; other refusals carry an `ErrorCode` as `code`.
 * - Users' mistakes are refused above this line; kernels check what memory safety asks for.
 */

import type { Job } from '../core/job.js';
import type { TextBatch } from '../core/text-batch.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import type { TokenArrays } from '../matrix/token-streams.js';

/** Rows or terms per block of floating-point sums. */
export const sumBlock = 1024;

/** Terms per block of the sums of how far centers move. */
export const shiftBlock = 64;

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
  /** Notes also where a stop word, or a word that is not in the vocabulary, stands: for `tokenIds`, and then there is no `count`.
   * Terms must be single words or tokens. */
  readonly keepsPlaces: boolean;
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
  /** Writes 1 for each count. */
  readonly binary: boolean;
}

export interface TermCounts {
  readonly indptr: Int32Array | Float64Array;
  readonly indices: Int32Array;
  readonly values: Int32Array;
}

/** A term's column is its hash (MurmurHash3, 32 bits, seed 0), absolute, modulo `nFeatures`. */
export interface Hashing {
  readonly nFeatures: number;
  /** An occurrence of a term whose hash is negative adds -1. */
  readonly alternateSign: boolean;
  /** Writes 1 for each count. */
  readonly binary: boolean;
  /** Rows are scaled to this norm; a row of zeros stays as it is. */
  readonly norm: 'l1' | 'l2' | null;
}

export interface HashedCounts {
  readonly indptr: Int32Array | Float64Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** Text to counts, in two passes over one reading: which terms there are, and then how often each is in each document. */
export interface TermCounterKernel {
  /** Analyzes more documents; the text is not kept. */
  add(documents: Documents | TokenLists, job: Job): Promise<void>;
  /** The terms of all documents added, which numbers them. Not for a given vocabulary. */
  statistics(withTotals: boolean, job: Job): Promise<TermStatistics>;
  /** Counts all documents added; a document has an entry in each column of which it holds a term. */
  count(counting: Counting, job: Job): Promise<TermCounts>;
  /** Counts all documents added by the hash of their terms. Not for a given vocabulary. */
  countHashed(hashing: Hashing, job: Job): Promise<HashedCounts>;
  /** The words of all documents added, in their order: for each the column of its term, as in `Counting`, or -1. */
  tokenIds(columns: Int32Array, job: Job): Promise<Pick<TokenArrays, 'offsets' | 'ids'>>;
  dispose(): void;
}

export interface Weighting {
  /** One factor a term, or null. */
  readonly idf: Float64Array | null;
  /** The term frequency of each whole-number count, or null: the count itself. */
  readonly frequencies: Float64Array | null;
  readonly norm: 'l1' | 'l2' | null;
}

/** The counts of documents. */
export interface CountsKernel {
  /** In how many rows each column has a value other than zero. */
  documentFrequency(job: Job): Promise<Int32Array>;
  /** Weights of the counts' entries: frequency x idf, rows scaled to norm 1; a row without weight stays as it is. A row
   * without a finite norm is refused. A norm adds from the last entry of the row to the first, as
   * scikit-learn 1.2 did (docs/decisions/003-the-last-bit.md). */
  weigh(weighting: Weighting, job: Job): Promise<Float64Array>;
  /** The k best partners of terms; ties: by count, then the one that sorts first. `scoring.frequency` is the `documentFrequency`. */
  topCooccurrences(selection: PairSelection, scoring: Scoring, job: Job): Promise<TopPairs>;
  dispose(): void;
}

export interface CooccurrenceOptions {
  /** Both triangles, or the upper one alone. */
  readonly full: boolean;
  /** Whether C[i][i], the document frequency of i, is part of the result. */
  readonly diagonal: boolean;
  /** The result has the rows C[i] of the terms from the first up to the second. */
  readonly terms: readonly [number, number];
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
  /** k-means++: the start rows, beginning with `first`. For each further one there are `trials` draws from [0, 1), each of which
   * makes the row a candidate at which the running sum of weighted distances to the nearest start row reaches that share of
   * the whole, the potential: it runs over the sums of blocks, then, from the first block with which it gets there, over rows,
   * and on to the next block where these round to less; the last row, where none does. The candidate that leaves the smallest potential is taken, the first on a tie. */
  seed(first: number, trials: number, draws: Float64Array, job: Job): Promise<Int32Array>;
  setCentersFromRows(rows: Int32Array, job: Job): Promise<void>;
  /** `centers` is nClusters x p, row-major. */
  setCenters(nClusters: number, centers: Float64Array, job: Job): Promise<void>;
  /** E-step: labels each row with the center of the smallest |center|^2 - 2 row.center, the lowest number on a tie;
   * returns how many labels changed. */
  assign(job: Job): Promise<number>;
  /** M-step, first half: the weighted sums of the rows of each cluster (plain/splits.ts); returns the clusters' weights. */
  sum(job: Job): Promise<Float64Array>;
  /** Takes a row out of the sum of cluster `from` and makes it the sum of the empty cluster `to`. */
  move(row: number, from: number, to: number, job: Job): Promise<void>;
  /** M-step, second half: sums times 1 / weight become the centers; a cluster without weight gets the center of the
   * heaviest one. Returns the sum of the squared distances that the centers moved. */
  average(weights: Float64Array, job: Job): Promise<number>;
  /** For the cosine: the length of each cluster's sum, its squares added by blocks of terms. */
  sumLengths(job: Job): Promise<Float64Array>;
  /** For the cosine: takes the squared norm of each center for 1, which rounding may have left a little off. */
  setUnitNorms(job: Job): Promise<void>;
  /** Distance of each row to the center of its label. */
  distances(job: Job): Promise<Float64Array>;
  /** Plain (not squared) distance of each row to each center, n x nClusters, row-major. */
  transform(job: Job): Promise<Float64Array>;
  /** nClusters x p, row-major. */
  centers(job: Job): Promise<Float64Array>;
  labels(job: Job): Promise<Int32Array>;
  dispose(): void;
}

/**
 * The rows of a k-means by small batches and its state between steps; the loop over these steps is `cluster/mini-batch-loop.ts`.
 *
 * The center of a cluster is the sum of the rows that it ever got x (1 / their weight), cell by cell; what weighs nothing is a
 * center as it is, and the first rows that it gets take its place. Distances are squared and Euclidean.
 */
export interface MiniBatchKernel {
  /** Returns the first row whose squares do not add up to a finite number, or -1. Must come first. */
  load(job: Job): Promise<number>;
  /** Takes rows as centers that weigh nothing. */
  setCentersFromRows(rows: Int32Array, job: Job): Promise<void>;
  /** `sums` is nClusters x p, row-major, and `weights` has one number a cluster. */
  setSums(nClusters: number, sums: Float64Array, weights: Float64Array, job: Job): Promise<void>;
  /** Labels some rows as `KMeansKernel.assign` does, by (row.sum x factor); a row may come twice. Returns the weighted sum of
   * their distances, by blocks of the batch, and the weight that each cluster gets. */
  assign(batch: Int32Array, job: Job): Promise<{ inertia: number; weights: Float64Array }>;
  /** Adds the labelled rows, in order, to the sums of their clusters, which weigh `weights` then, but makes rows[i] the center of
   * clusters[i]. Squared norms of centers are kept up to date by what a step changes; all over again they are computed where
   * the changes add up to 2^20 times the norm. Returns the sum of the squared distances that the centers moved. */
  update(weights: Float64Array, clusters: Int32Array, rows: Int32Array, job: Job): Promise<number>;
  /** Makes the centers the sums, which weigh nothing: labels are then those of `KMeansKernel`. */
  settle(job: Job): Promise<void>;
  /** nClusters x p, row-major. */
  sums(job: Job): Promise<Float64Array>;
  /** Of the rows of the last `assign`. */
  labels(job: Job): Promise<Int32Array>;
  distances(job: Job): Promise<Float64Array>;
  dispose(): void;
}

/** The sparse matrix of pair counts, without its size. */
export type PairCounts = Pick<CsrArrays, 'indptr' | 'indices'> & { readonly values: Int32Array };

/** What a diagonal says of a term that has pairs and no cell there, or this number in it, which is no count. */
export const noDiagonal = -(2 ** 31);

/** The counts of pairs, terms x terms, Int32Arrays. */
export interface PairsKernel {
  /** What the diagonal holds of each term; 0 for one without pairs; `noDiagonal`. */
  diagonal(job: Job): Promise<Int32Array>;
  /** The score of each entry, of a stored zero 0; and a copy of the entries' columns. Counts that no documents could give are refused. */
  associate(scoring: Scoring, job: Job): Promise<PairScores>;
  dispose(): void;
}

export interface PairScores {
  readonly indices: Int32Array;
  readonly scores: Float64Array;
}

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

/** The cluster of each row, a number below `nClusters`. */
export interface Clustering {
  readonly labels: Int32Array;
  readonly nClusters: number;
}

export const silhouetteMetrics = ['cosine', 'sqeuclidean', 'euclidean'] as const;
/** The distance of a silhouette: 1 - cosine, the squared Euclidean one, or the Euclidean one. */
export type SilhouetteMetric = (typeof silhouetteMetrics)[number];

/** How far rows lie from the means of their clusters, and these from each other; all distances squared and Euclidean. */
export interface Dispersion {
  /** Of each row to the mean of its cluster. */
  readonly toCenter: Float64Array;
  /** Of the mean of each cluster to the mean of all rows. */
  readonly toMean: Float64Array;
  /** Of the means of any two clusters, nClusters x nClusters, or empty where it was not asked for. */
  readonly between: Float64Array;
}

/**
 * How the words around each place of a term are weighed. Cell (i, j) takes all pairs of a place of i and a place of j in one document
 * that stand up to `numbers.length` apart; of a pair of two places of the same term, each is once the one and once the other.
 */
export interface Windowing {
  /**
   * - `'whole'`: a cell is the sum of the number of each pair's distance, divided by `divisor`, once. Numbers are whole, and their
   *   sum is below 2^21, so that with fewer than 2^31 words no sum reaches 2^53.
   * - `'fractions'`: a cell is the exact sum of 1 / the number of each pair's distance, rounded once. Numbers are whole, 1 to 42.
   * - `'each'`: a cell is (pairs at distance 1) x (the first number) + (at 2) x (the second) + ..., added in this order.
   */
  readonly weighing: 'whole' | 'fractions' | 'each';
  /** One for each distance from 1; up to 1000. */
  readonly numbers: Float64Array;
  readonly divisor: number;
  /** Where j stands: on both sides of i, before it, or behind it. */
  readonly direction: 'symmetric' | 'left' | 'right';
  /** Whether words that are no terms are taken out first; else they keep their places. */
  readonly skipsGaps: boolean;
}

/** The sparse matrix of weights, without its size; a cell of 0 is not part of it. */
export type PairWeights = Pick<CsrArrays, 'indptr' | 'indices'> & { readonly values: Float64Array };

/** Partners of terms with the greatest weights, as in `TopPairs`. */
export interface TopWindowPairs {
  readonly offsets: Int32Array;
  readonly partners: Int32Array;
  readonly weights: Float64Array;
}

export interface Kernels {
  readonly name: BackendName;
  readonly threads: number;
  readonly maxBytes: number;

  createTermCounter(options: TermCounterOptions): TermCounterKernel;
  /** Copies the counts. */
  createCounts(counts: CsrArrays): CountsKernel;
  /** Copies the counts of pairs. */
  createPairs(pairs: CsrArrays): PairsKernel;
  /** C[i][j]: in how many rows both i and j have a value other than zero; sorted rows. */
  cooccurrence(rows: CsrArrays, options: CooccurrenceOptions, job: Job): Promise<PairCounts>;
  /** The same as a row-major array of terms x nColumns. */
  denseCooccurrence(rows: CsrArrays, options: CooccurrenceOptions, job: Job): Promise<Int32Array>;
  /**
   * The silhouettes (Rousseeuw 1987) of the rows numbered in `sample`, each measured against all rows. Cosine and squared
   * Euclidean distances come from the sums of the clusters' rows, each cell added in order of rows; Euclidean ones are
   * computed for each pair and added within a cluster in eight lanes. A row alone in its cluster has 0, and so has 0 / 0.
   * Rows with squares that do not add up to a number of at most 1e280 are refused.
   */
  silhouette(
    rows: CsrArrays,
    clustering: Clustering,
    metric: SilhouetteMetric,
    sample: Int32Array,
    job: Job,
  ): Promise<Float64Array>;
  /** Distances to and between the means of clusters, each added in order of terms; refuses the rows that `silhouette` refuses. */
  dispersion(rows: CsrArrays, clustering: Clustering, between: boolean, job: Job): Promise<Dispersion>;
  /** The weights of pairs in windows of token streams; `upper`: those (i, j) with i <= j alone. Sorted rows. */
  windowCooccurrence(streams: TokenArrays, windowing: Windowing, upper: boolean, job: Job): Promise<PairWeights>;
  /** The same as a row-major nTerms x nTerms array. */
  denseWindowCooccurrence(streams: TokenArrays, windowing: Windowing, upper: boolean, job: Job): Promise<Float64Array>;
  /** The k partners of terms with the greatest weights, a term itself left out; ties: the one that sorts first. */
  topWindowCooccurrences(
    streams: TokenArrays,
    windowing: Windowing,
    terms: Int32Array,
    k: number,
    job: Job,
  ): Promise<TopWindowPairs>;
  /** Copies the rows, and one weight a row, or null: each weighs 1. */
  createKMeans(rows: CsrArrays, weights: Float64Array | null): KMeansKernel;
  /** The same for k-means by small batches. */
  createMiniBatch(rows: CsrArrays, weights: Float64Array | null): MiniBatchKernel;
}

export const backendNames = ['plain', 'native', 'parallel'] as const;
export type BackendName = (typeof backendNames)[number];
