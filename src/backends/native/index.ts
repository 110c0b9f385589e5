/** The C++ kernels: `native` on one thread, `parallel` on several; one class, since the threads are an argument. */

import { failure, isCorpuscleError } from '../../core/check.js';
import type { Job } from '../../core/job.js';
import { overBudget } from '../../core/memory.js';
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
import { type Addon, type CallOptions, type Handle, loadAddon } from './addon.js';

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

  createTfidf(counts: CsrArrays): TfidfKernel {
    return new NativeTfidf(this.addon, counts, this.options);
  }

  cooccurrence(rows: CsrArrays, { full, diagonal }: CooccurrenceOptions, job: Job): Promise<PairCounts> {
    return settled(this.addon.cooccurrence(rows, full, diagonal, false, this.options(job)));
  }

  async denseCooccurrence(rows: CsrArrays, { full, diagonal }: CooccurrenceOptions, job: Job): Promise<Int32Array> {
    return (await settled(this.addon.cooccurrence(rows, full, diagonal, true, this.options(job)))).values;
  }

  topCooccurrences(
    rows: CsrArrays,
    { k, minCount, terms }: PairSelection,
    scoring: Scoring,
    job: Job,
  ): Promise<TopPairs> {
    return settled(this.addon.topCooccurrences(rows, terms, k, minCount, ...unpacked(scoring), this.options(job)));
  }

  async associate(pairs: CsrArrays, scoring: Scoring, job: Job): Promise<Float64Array> {
    return (await settled(this.addon.associate(pairs, ...unpacked(scoring), this.options(job)))).scores;
  }

  createKMeans(rows: CsrArrays, weights: Float64Array | null): KMeansKernel {
    return new NativeKMeans(this.addon, rows, weights, this.options);
  }
}

function unpacked({ score, documents, frequency, logs, rowTerms, columnTerms, constant }: Scoring) {
  return [score, documents, frequency, logs, rowTerms, columnTerms, constant] as const;
}

class NativeTermCounter implements TermCounterKernel {
  private readonly handle: Handle;

  constructor(
    private readonly addon: Addon,
    { lowercase, stripAccents, analyzer, ngramRange, stopWords, vocabulary }: TermCounterOptions,
    private readonly options: (job: Job) => CallOptions,
  ) {
    const analysis = [lowercase, stripAccents ?? 'none', analyzer, ...ngramRange, stopWords] as const;
    this.handle = addon.createTermCounter(...analysis, vocabulary);
  }

  async add(documents: Documents | TokenLists, job: Job): Promise<void> {
    const [texts, lengths] = 'lengths' in documents ? [documents.tokens, documents.lengths] : [documents, null];
    await settled(this.addon.termCounterAdd(this.handle, texts, lengths, this.options(job)));
  }

  async statistics(withTotals: boolean, job: Job): Promise<TermStatistics> {
    const call = this.addon.termCounterStatistics(this.handle, withTotals, this.options(job));
    const { bytes, offsets, documentFrequency, totals } = await settled(call);
    return { terms: { bytes, offsets }, documentFrequency, totals };
  }

  count({ columns, nColumns, signs, binary }: Counting, job: Job): Promise<TermCounts> {
    return settled(this.addon.termCounterCount(this.handle, columns, nColumns, signs, binary, this.options(job)));
  }

  dispose(): void {
    this.addon.disposeTermCounter(this.handle);
  }
}

class NativeTfidf implements TfidfKernel {
  private readonly handle: Handle;

  constructor(
    private readonly addon: Addon,
    counts: CsrArrays,
    private readonly options: (job: Job) => CallOptions,
  ) {
    this.handle = addon.createTfidf(counts);
  }

  async documentFrequency(job: Job): Promise<Int32Array> {
    return (await settled(this.addon.tfidfDocumentFrequency(this.handle, this.options(job)))).frequency;
  }

  async weigh({ idf, frequencies, norm }: Weighting, job: Job): Promise<Float64Array> {
    const call = this.addon.tfidfWeigh(this.handle, idf, frequencies, norm ?? 'none', this.options(job));
    return (await settled(call)).values;
  }

  dispose(): void {
    this.addon.disposeTfidf(this.handle);
  }
}

class NativeKMeans implements KMeansKernel {
  private readonly handle: Handle;

  constructor(
    private readonly addon: Addon,
    rows: CsrArrays,
    weights: Float64Array | null,
    private readonly options: (job: Job) => CallOptions,
  ) {
    this.handle = addon.createKMeans(rows, weights);
  }

  async load(job: Job): Promise<number> {
    return (await settled(this.addon.kmeansLoad(this.handle, this.options(job)))).firstNonFiniteRow;
  }
  async meanVariance(job: Job): Promise<number> {
    return (await settled(this.addon.kmeansMeanVariance(this.handle, this.options(job)))).variance;
  }
  async seedStart(row: number, job: Job): Promise<number> {
    return (await settled(this.addon.kmeansSeedStart(this.handle, row, this.options(job)))).potential;
  }
  seedStep(draws: Float64Array, job: Job): Promise<{ row: number; potential: number }> {
    return settled(this.addon.kmeansSeedStep(this.handle, draws, this.options(job)));
  }
  async setCentersFromRows(rows: Int32Array, job: Job): Promise<void> {
    await settled(this.addon.kmeansSetCentersFromRows(this.handle, rows, this.options(job)));
  }
  async setCenters(nClusters: number, centers: Float64Array, job: Job): Promise<void> {
    await settled(this.addon.kmeansSetCenters(this.handle, nClusters, centers, this.options(job)));
  }
  async assign(job: Job): Promise<number> {
    return (await settled(this.addon.kmeansAssign(this.handle, this.options(job)))).changed;
  }
  async sum(job: Job): Promise<Float64Array> {
    return (await settled(this.addon.kmeansSum(this.handle, this.options(job)))).weights;
  }
  async move(row: number, from: number, to: number, job: Job): Promise<void> {
    await settled(this.addon.kmeansMove(this.handle, row, from, to, this.options(job)));
  }
  async average(weights: Float64Array, job: Job): Promise<number> {
    return (await settled(this.addon.kmeansAverage(this.handle, weights, this.options(job)))).shift;
  }
  async distances(job: Job): Promise<Float64Array> {
    return (await settled(this.addon.kmeansDistances(this.handle, this.options(job)))).distances;
  }
  async transform(job: Job): Promise<Float64Array> {
    return (await settled(this.addon.kmeansTransform(this.handle, this.options(job)))).distances;
  }
  async centers(job: Job): Promise<Float64Array> {
    return (await settled(this.addon.kmeansCenters(this.handle, this.options(job)))).centers;
  }
  async labels(job: Job): Promise<Int32Array> {
    return (await settled(this.addon.kmeansLabels(this.handle, this.options(job)))).labels;
  }
  dispose(): void {
    this.addon.disposeKMeans(this.handle);
  }
}

/** Waits for a call and gives its errors their class. */
export async function settled<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isCorpuscleError(error)) throw error;
    if (error.code !== 'ERR_MEMORY_BUDGET') throw failure(error.code, error.message);
    const { needed, allowed } = error as unknown as { needed: number; allowed: number };
    throw overBudget(needed, allowed);
  }
}
