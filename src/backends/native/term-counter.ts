import type { Job } from '../../core/job.js';
import type { TokenArrays } from '../../matrix/token-streams.js';
import type {
  Counting,
  Documents,
  HashedCounts,
  Hashing,
  TermCounterKernel,
  TermCounterOptions,
  TermCounts,
  TermStatistics,
  TokenLists,
} from '../kernels.js';
import type { Addon, CallOptions, Handle } from './addon.js';
import { settled } from './settled.js';

export class NativeTermCounter implements TermCounterKernel {
  private readonly handle: Handle;

  constructor(
    private readonly addon: Addon,
    { lowercase, stripAccents, analyzer, ngramRange, stopWords, vocabulary, keepsPlaces }: TermCounterOptions,
    private readonly options: (job: Job) => CallOptions,
  ) {
    const analysis = [lowercase, stripAccents ?? 'none', analyzer, ...ngramRange, stopWords] as const;
    this.handle = addon.createTermCounter(...analysis, vocabulary, keepsPlaces);
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

  count({ columns, nColumns, binary }: Counting, job: Job): Promise<TermCounts> {
    return settled(this.addon.termCounterCount(this.handle, columns, nColumns, binary, this.options(job)));
  }

  countHashed({ nFeatures, alternateSign, binary, norm }: Hashing, job: Job): Promise<HashedCounts> {
    const hashing = [nFeatures, alternateSign, binary, norm ?? 'none'] as const;
    return settled(this.addon.termCounterCountHashed(this.handle, ...hashing, this.options(job)));
  }

  tokenIds(columns: Int32Array, job: Job): Promise<Pick<TokenArrays, 'offsets' | 'ids'>> {
    return settled(this.addon.termCounterTokenIds(this.handle, columns, this.options(job)));
  }

  dispose(): void {
    this.addon.disposeTermCounter(this.handle);
  }
}
