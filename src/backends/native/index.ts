/** The C++ kernels: `native` on one thread, `parallel` on several; one class, since the threads are an argument. */

import type { Job } from '../../core/job.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { TokenArrays } from '../../matrix/token-streams.js';
import type {
  Clustering,
  CooccurrenceOptions,
  CountsKernel,
  Dispersion,
  Kernels,
  KMeansKernel,
  MiniBatchKernel,
  PairCounts,
  PairsKernel,
  PairWeights,
  SilhouetteMetric,
  TermCounterKernel,
  TermCounterOptions,
  TopWindowPairs,
  Windowing,
} from '../kernels.js';
import { type Addon, type CallOptions, loadAddon } from './addon.js';
import { NativeCounts } from './counts.js';
import { NativeKMeans } from './kmeans.js';
import { NativeMiniBatch } from './mini-batch.js';
import { NativePairs } from './pairs.js';
import { settled } from './settled.js';
import { NativeTermCounter } from './term-counter.js';

export class NativeKernels implements Kernels {
  private readonly addon: Addon;

  constructor(
    readonly name: 'native' | 'parallel',
    readonly threads: number,
    readonly maxBytes: number,
    private readonly simd: string | undefined,
  ) {
    this.addon = loadAddon().addon;
  }

  private readonly options = (job: Job): CallOptions => ({
    threads: this.threads,
    maxBytes: this.maxBytes,
    control: job.control,
    ...(this.simd !== undefined && { simd: this.simd }),
  });

  createTermCounter(options: TermCounterOptions): TermCounterKernel {
    return new NativeTermCounter(this.addon, options, this.options);
  }

  createCounts(counts: CsrArrays): CountsKernel {
    return new NativeCounts(this.addon, counts, { threads: this.threads }, this.options);
  }

  createPairs(pairs: CsrArrays): PairsKernel {
    return new NativePairs(this.addon, pairs, { threads: this.threads }, this.options);
  }

  cooccurrence(rows: CsrArrays, { full, diagonal, terms }: CooccurrenceOptions, job: Job): Promise<PairCounts> {
    return settled(this.addon.cooccurrence(rows, full, diagonal, false, ...terms, this.options(job)));
  }

  async denseCooccurrence(rows: CsrArrays, options: CooccurrenceOptions, job: Job): Promise<Int32Array> {
    const { full, diagonal, terms } = options;
    return (await settled(this.addon.cooccurrence(rows, full, diagonal, true, ...terms, this.options(job)))).values;
  }

  async silhouette(
    rows: CsrArrays,
    { labels, nClusters }: Clustering,
    metric: SilhouetteMetric,
    sample: Int32Array,
    job: Job,
  ): Promise<Float64Array> {
    const call = this.addon.silhouette(rows, labels, nClusters, metric, sample, this.options(job));
    return (await settled(call)).silhouettes;
  }

  dispersion(rows: CsrArrays, { labels, nClusters }: Clustering, between: boolean, job: Job): Promise<Dispersion> {
    return settled(this.addon.dispersion(rows, labels, nClusters, between, this.options(job)));
  }

  windowCooccurrence(streams: TokenArrays, windowing: Windowing, upper: boolean, job: Job): Promise<PairWeights> {
    const call = this.addon.windowCooccurrence(streams, ...spread(windowing), upper, false, this.options(job));
    return settled(call);
  }

  async denseWindowCooccurrence(
    streams: TokenArrays,
    windowing: Windowing,
    upper: boolean,
    job: Job,
  ): Promise<Float64Array> {
    const call = this.addon.windowCooccurrence(streams, ...spread(windowing), upper, true, this.options(job));
    return (await settled(call)).values;
  }

  topWindowCooccurrences(
    streams: TokenArrays,
    windowing: Windowing,
    terms: Int32Array,
    k: number,
    job: Job,
  ): Promise<TopWindowPairs> {
    return settled(this.addon.topWindowCooccurrences(streams, ...spread(windowing), terms, k, this.options(job)));
  }

  createKMeans(rows: CsrArrays, weights: Float64Array | null): KMeansKernel {
    return new NativeKMeans(this.addon, rows, weights, { threads: this.threads }, this.options);
  }

  createMiniBatch(rows: CsrArrays, weights: Float64Array | null): MiniBatchKernel {
    return new NativeMiniBatch(this.addon, rows, weights, { threads: this.threads }, this.options);
  }
}

function spread({ weighing, numbers, divisor, direction, skipsGaps }: Windowing) {
  return [weighing, numbers, divisor, direction, skipsGaps] as const;
}
