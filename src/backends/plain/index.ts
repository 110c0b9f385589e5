/** The plain backend: the kernels of this folder, run in a worker thread. */

import type { Job } from '../../core/job.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type {
  CooccurrenceOptions,
  Counting,
  Documents,
  Kernels,
  KMeansKernel,
  PairCounts,
  PairSelection,
  Scoring,
  TermCounterKernel,
  TermCounterOptions,
  TermCounts,
  TermStatistics,
  TfidfKernel,
  TokenLists,
  TopPairs,
  Weighting,
} from '../kernels.js';
import { call, create, dispose } from './client.js';

export class PlainKernels implements Kernels {
  readonly name = 'plain';
  readonly threads = 1;

  constructor(readonly maxBytes: number) {}

  createTermCounter(options: TermCounterOptions): TermCounterKernel {
    return new PlainTermCounter(options, this.maxBytes);
  }
  createTfidf(counts: CsrArrays): TfidfKernel {
    return new PlainTfidf(counts, this.maxBytes);
  }
  cooccurrence(rows: CsrArrays, options: CooccurrenceOptions, job: Job): Promise<PairCounts> {
    return call(null, 'cooccurrence', [rows, options], job, this.maxBytes);
  }
  denseCooccurrence(rows: CsrArrays, options: CooccurrenceOptions, job: Job): Promise<Int32Array> {
    return call(null, 'denseCooccurrence', [rows, options], job, this.maxBytes);
  }
  topCooccurrences(rows: CsrArrays, selection: PairSelection, scoring: Scoring, job: Job): Promise<TopPairs> {
    return call(null, 'topCooccurrences', [rows, selection, scoring], job, this.maxBytes);
  }
  associate(pairs: CsrArrays, scoring: Scoring, job: Job): Promise<Float64Array> {
    return call(null, 'associate', [pairs, scoring], job, this.maxBytes);
  }
  createKMeans(rows: CsrArrays, weights: Float64Array | null): KMeansKernel {
    return new PlainKMeans(rows, weights, this.maxBytes);
  }
}

/** An object that lives in the worker. */
class Remote {
  private readonly target: number;

  constructor(
    name: 'TermCounter' | 'Tfidf' | 'KMeans',
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
}

class PlainTfidf extends Remote implements TfidfKernel {
  constructor(counts: CsrArrays, maxBytes: number) {
    super('Tfidf', [counts], maxBytes);
  }
  documentFrequency(job: Job): Promise<Int32Array> {
    return this.call('documentFrequency', [], job);
  }
  weigh(weighting: Weighting, job: Job): Promise<Float64Array> {
    return this.call('weigh', [weighting], job);
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
  seedStart(row: number, job: Job): Promise<number> {
    return this.call('seedStart', [row], job);
  }
  seedStep(draws: Float64Array, job: Job): Promise<{ row: number; potential: number }> {
    return this.call('seedStep', [draws], job);
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
