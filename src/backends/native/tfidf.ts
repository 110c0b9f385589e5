import type { Job } from '../../core/job.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { TfidfKernel, Weighting } from '../kernels.js';
import type { Addon, CallOptions, Copying, Handle } from './addon.js';
import { settled } from './settled.js';

export class NativeTfidf implements TfidfKernel {
  private readonly handle: Handle;

  constructor(
    private readonly addon: Addon,
    counts: CsrArrays,
    copying: Copying,
    private readonly options: (job: Job) => CallOptions,
  ) {
    this.handle = addon.createTfidf(counts, copying);
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
