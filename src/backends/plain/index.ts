/** The plain backend: the kernels of this folder, run in a worker thread. */

import type { Job } from '../../core/job.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { TokenArrays } from '../../matrix/token-streams.js';
import type {
  Clustering,
  CooccurrenceOptions,
  Counting,
  CountsKernel,
  Dispersion,
  Documents,
  HashedCounts,
  Hashing,
  Kernels,
  KMeansKernel,
  MiniBatchKernel,
  PairCounts,
  PairScores,
  PairSelection,
  PairsKernel,
  PairWeights,
  Scoring,
  SilhouetteMetric,
  TermCounterKernel,
  TermCounterOptions,
  TermCounts,
  TermStatistics,
  TokenLists,
  TopPairs,
  TopWindowPairs,
  Weighting,
  Windowing,
} from '../kernels.js';
import { call, create, dispose } from './client.js';
import type { ClassName } from './worker.js';

export class PlainKernels implements Kernels {
  readonly name = 'plain';
  readonly threads = 1;

  constructor(readonly maxBytes: number) {}

  createTermCounter(options: TermCounterOptions): TermCounterKernel {
    return new PlainTermCounter(options, this.maxBytes);
  }
  createCounts(counts: CsrArrays): CountsKernel {
    return new PlainCounts(counts, this.maxBytes);
  }
  createPairs(pairs: CsrArrays): PairsKernel {
    return new PlainPairs(pairs, this.maxBytes);
  }
  cooccurrence(rows: CsrArrays, options: CooccurrenceOptions, job: Job): Promise<PairCounts> {
    return call(null, 'cooccurrence', [rows, options], job, this.maxBytes);
  }
  denseCooccurrence(rows: CsrArrays, options: CooccurrenceOptions, job: Job): Promise<Int32Array> {
    return call(null, 'denseCooccurrence', [rows, options], job, this.maxBytes);
  }
  silhouette(
    rows: CsrArrays,
    clustering: Clustering,
    metric: SilhouetteMetric,
    sample: Int32Array,
    job: Job,
  ): Promise<Float64Array> {
    return call(null, 'silhouette', [rows, clustering, metric, sample], job, this.maxBytes);
  }
  dispersion(rows: CsrArrays, clustering: Clustering, between: boolean, job: Job): Promise<Dispersion> {
    return call(null, 'dispersion', [rows, clustering, between], job, this.maxBytes);
  }
  windowCooccurrence(streams: TokenArrays, windowing: Windowing, upper: boolean, job: Job): Promise<PairWeights> {
    return call(null, 'windowCooccurrence', [streams, windowing, upper], job, this.maxBytes);
  }
  denseWindowCooccurrence(streams: TokenArrays, windowing: Windowing, upper: boolean, job: Job): Promise<Float64Array> {
    return call(null, 'denseWindowCooccurrence', [streams, windowing, upper], job, this.maxBytes);
  }
  topWindowCooccurrences(
    streams: TokenArrays,
    windowing: Windowing,
    terms: Int32Array,
    k: number,
    job: Job,
  ): Promise<TopWindowPairs> {
    return call(null, 'topWindowCooccurrences', [streams, windowing, terms, k], job, this.maxBytes);
  }
  createKMeans(rows: CsrArrays, weights: Float64Array | null): KMeansKernel {
    return new PlainKMeans(rows, weights, this.maxBytes);
  }
  createMiniBatch(rows: CsrArrays, weights: Float64Array | null): MiniBatchKernel {
    return new PlainMiniBatch(rows, weights, this.maxBytes);
  }
}

/** An object that lives in the worker. */
class Remote {
  private readonly target: number;

  constructor(
    name: ClassName,
    args: unknown[],
    private readonly maxBytes: number,
  ) {
    this.target = create(name, args);
  }

  protected call<T>(name: string, args: unknown[], job: Job): Promise<T> {
    return call(this.target, name, args, job, this.maxBytes);
  }

  dispose(): void {
    dispose(this.target);
  }
}

class PlainTermCounter extends Remote implements TermCounterKernel {
  constructor(options: TermCounterOptions, maxBytes: number) {
    super('TermCounter', [options], maxBytes);
  }
  add(documents: Documents | TokenLists, job: Job): Promise<void> {
    return this.call('add', [documents], job);
  }
  statistics(withTotals: boolean, job: Job): Promise<TermStatistics> {
    return this.call('statistics', [withTotals], job);
  }
  count(counting: Counting, job: Job): Promise<TermCounts> {
    return this.call('count', [counting], job);
  }
  countHashed(hashing: Hashing, job: Job): Promise<HashedCounts> {
    return this.call('countHashed', [hashing], job);
  }
  tokenIds(columns: Int32Array, job: Job): Promise<Pick<TokenArrays, 'offsets' | 'ids'>> {
    return this.call('tokenIds', [columns], job);
  }
}

class PlainCounts extends Remote implements CountsKernel {
  constructor(counts: CsrArrays, maxBytes: number) {
    super('Counts', [counts], maxBytes);
  }
  documentFrequency(job: Job): Promise<Int32Array> {
    return this.call('documentFrequency', [], job);
  }
  weigh(weighting: Weighting, job: Job): Promise<Float64Array> {
    return this.call('weigh', [weighting], job);
  }
  topCooccurrences(selection: PairSelection, scoring: Scoring, job: Job): Promise<TopPairs> {
    return this.call('topCooccurrences', [selection, scoring], job);
  }
}

class PlainPairs extends Remote implements PairsKernel {
  constructor(pairs: CsrArrays, maxBytes: number) {
    super('Pairs', [pairs], maxBytes);
  }
  diagonal(job: Job): Promise<Int32Array> {
    return this.call('diagonal', [], job);
  }
  associate(scoring: Scoring, job: Job): Promise<PairScores> {
    return this.call('associate', [scoring], job);
  }
}

class PlainKMeans extends Remote implements KMeansKernel {
  constructor(rows: CsrArrays, weights: Float64Array | null, maxBytes: number) {
    super('KMeans', [rows, weights], maxBytes);
  }
  load(job: Job): Promise<number> {
    return this.call('load', [], job);
  }
  meanVariance(job: Job): Promise<number> {
    return this.call('meanVariance', [], job);
  }
  seed(first: number, trials: number, draws: Float64Array, job: Job): Promise<Int32Array> {
    return this.call('seed', [first, trials, draws], job);
  }
  setCentersFromRows(rows: Int32Array, job: Job): Promise<void> {
    return this.call('setCentersFromRows', [rows], job);
  }
  setCenters(nClusters: number, centers: Float64Array, job: Job): Promise<void> {
    return this.call('setCenters', [nClusters, centers], job);
  }
  assign(job: Job): Promise<number> {
    return this.call('assign', [], job);
  }
  sum(job: Job): Promise<Float64Array> {
    return this.call('sum', [], job);
  }
  move(row: number, from: number, to: number, job: Job): Promise<void> {
    return this.call('move', [row, from, to], job);
  }
  average(weights: Float64Array, job: Job): Promise<number> {
    return this.call('average', [weights], job);
  }
  sumLengths(job: Job): Promise<Float64Array> {
    return this.call('sumLengths', [], job);
  }
  setUnitNorms(job: Job): Promise<void> {
    return this.call('setUnitNorms', [], job);
  }
  distances(job: Job): Promise<Float64Array> {
    return this.call('distances', [], job);
  }
  transform(job: Job): Promise<Float64Array> {
    return this.call('transform', [], job);
  }
  centers(job: Job): Promise<Float64Array> {
    return this.call('centers', [], job);
  }
  labels(job: Job): Promise<Int32Array> {
    return this.call('labels', [], job);
  }
}

class PlainMiniBatch extends Remote implements MiniBatchKernel {
  constructor(rows: CsrArrays, weights: Float64Array | null, maxBytes: number) {
    super('MiniBatch', [rows, weights], maxBytes);
  }
  load(job: Job): Promise<number> {
    return this.call('load', [], job);
  }
  setCentersFromRows(rows: Int32Array, job: Job): Promise<void> {
    return this.call('setCentersFromRows', [rows], job);
  }
  setSums(nClusters: number, sums: Float64Array, weights: Float64Array, job: Job): Promise<void> {
    return this.call('setSums', [nClusters, sums, weights], job);
  }
  assign(batch: Int32Array, job: Job): Promise<{ inertia: number; weights: Float64Array }> {
    return this.call('assign', [batch], job);
  }
  update(weights: Float64Array, clusters: Int32Array, rows: Int32Array, job: Job): Promise<number> {
    return this.call('update', [weights, clusters, rows], job);
  }
  settle(job: Job): Promise<void> {
    return this.call('settle', [], job);
  }
  sums(job: Job): Promise<Float64Array> {
    return this.call('sums', [], job);
  }
  labels(job: Job): Promise<Int32Array> {
    return this.call('labels', [], job);
  }
  distances(job: Job): Promise<Float64Array> {
    return this.call('distances', [], job);
  }
}
