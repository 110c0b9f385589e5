import type { Job } from '../../core/job.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { PairScores, PairsKernel, Scoring } from '../kernels.js';
import type { Addon, CallOptions, Copying, Handle } from './addon.js';
import { unpacked } from './counts.js';
import { settled } from './settled.js';

export class NativePairs implements PairsKernel {
  private readonly handle: Handle;

  constructor(
    private readonly addon: Addon,
    pairs: CsrArrays,
    copying: Copying,
    private readonly options: (job: Job) => CallOptions,
  ) {
    this.handle = addon.createPairs(pairs, copying);
  }

  async diagonal(job: Job): Promise<Int32Array> {
    return (await settled(this.addon.pairsDiagonal(this.handle, this.options(job)))).diagonal;
  }

  associate(scoring: Scoring, job: Job): Promise<PairScores> {
    return settled(this.addon.pairsAssociate(this.handle, ...unpacked(scoring), this.options(job)));
  }

  dispose(): void {
    this.addon.disposePairs(this.handle);
  }
}
