import type { Job } from '../../core/job.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { MiniBatchKernel } from '../kernels.js';
import type { Addon, CallOptions, Copying, Handle } from './addon.js';
import { settled } from './settled.js';

export class NativeMiniBatch implements MiniBatchKernel {
  private readonly handle: Handle;

  constructor(
    private readonly addon: Addon,
    rows: CsrArrays,
    weights: Float64Array | null,
    copying: Copying,
    private readonly options: (job: Job) => CallOptions,
  ) {
    this.handle = addon.createMiniBatch(rows, weights, copying);
  }

  async load(job: Job): Promise<number> {
    return (await settled(this.addon.miniBatchLoad(this.handle, this.options(job)))).firstNonFiniteRow;
  }
  async setCentersFromRows(rows: Int32Array, job: Job): Promise<void> {
    await settled(this.addon.miniBatchSetCentersFromRows(this.handle, rows, this.options(job)));
  }
  async setSums(nClusters: number, sums: Float64Array, weights: Float64Array, job: Job): Promise<void> {
    await settled(this.addon.miniBatchSetSums(this.handle, nClusters, sums, weights, this.options(job)));
  }
  assign(batch: Int32Array, job: Job): Promise<{ inertia: number; weights: Float64Array }> {
    return settled(this.addon.miniBatchAssign(this.handle, batch, this.options(job)));
  }
  async update(weights: Float64Array, clusters: Int32Array, rows: Int32Array, job: Job): Promise<number> {
    const call = this.addon.miniBatchUpdate(this.handle, weights, clusters, rows, this.options(job));
    return (await settled(call)).shift;
  }
  async settle(job: Job): Promise<void> {
    await settled(this.addon.miniBatchSettle(this.handle, this.options(job)));
  }
  async sums(job: Job): Promise<Float64Array> {
    return (await settled(this.addon.miniBatchSums(this.handle, this.options(job)))).sums;
  }
  async labels(job: Job): Promise<Int32Array> {
    return (await settled(this.addon.miniBatchLabels(this.handle, this.options(job)))).labels;
  }
  async distances(job: Job): Promise<Float64Array> {
    return (await settled(this.addon.miniBatchDistances(this.handle, this.options(job)))).distances;
  }
  dispose(): void {
    this.addon.disposeMiniBatch(this.handle);
  }
}
