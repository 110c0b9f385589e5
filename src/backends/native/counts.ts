import type { Job } from '../../core/job.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { CountsKernel, PairSelection, Scoring, TopPairs, Weighting } from '../kernels.js';
import type { Addon, CallOptions, Copying, Handle } from './addon.js';
import { settled } from './settled.js';

export class NativeCounts implements CountsKernel {
  private readonly handle: Handle;

  constructor(
    private readonly addon: Addon,
    counts: CsrArrays,
    copying: Copying,
    private readonly options: (job: Job) => CallOptions,
  ) {
    this.handle = addon.createCounts(counts, copying);
  }

  async documentFrequency(job: Job): Promise<Int32Array> {
    return (await settled(this.addon.countsDocumentFrequency(this.handle, this.options(job)))).frequency;
  }

  async weigh({ idf, frequencies, norm }: Weighting, job: Job): Promise<Float64Array> {
    const call = this.addon.countsWeigh(this.handle, idf, frequencies, norm ?? 'none', this.options(job));
    return (await settled(call)).values;
  }

  topCooccurrences({ k, minCount, terms }: PairSelection, scoring: Scoring, job: Job): Promise<TopPairs> {
    const call = this.addon.countsTopCooccurrences(
      this.handle,
      terms,
      k,
      minCount,
      ...unpacked(scoring),
      this.options(job),
    );
    return settled(call);
  }

  dispose(): void {
    this.addon.disposeCounts(this.handle);
  }
}

/** A score as the addon takes it. */
export function unpacked({ score, documents, frequency, logs, rowTerms, columnTerms, constant }: Scoring) {
  return [score, documents, frequency, logs, rowTerms, columnTerms, constant] as const;
}
