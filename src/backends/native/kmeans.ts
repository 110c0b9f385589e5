import type { Job } from '../../core/job.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { KMeansKernel } from '../kernels.js';
import type { Addon, CallOptions, Copying, Handle } from './addon.js';
import { settled } from './settled.js';

export class NativeKMeans implements KMeansKernel {
  private readonly handle: Handle;

  constructor(
    private readonly addon: Addon,
    rows: CsrArrays,
    weights: Float64Array | null,
    copying: Copying,
    private readonly options: (job: Job) => CallOptions,
  ) {
    this.handle = addon.createKMeans(rows, weights, copying);
  }

  async load(job: Job): Promise<number> {
    return (await settled(this.addon.kmeansLoad(this.handle, this.options(job)))).firstNonFiniteRow;
  }
  async meanVariance(job: Job): Promise<number> {
    return (await settled(this.addon.kmeansMeanVariance(this.handle, this.options(job)))).variance;
  }
  async seed(first: number, trials: number, draws: Float64Array, job: Job): Promise<Int32Array> {
    return (await settled(this.addon.kmeansSeed(this.handle, first, trials, draws, this.options(job)))).rows;
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
  async sumLengths(job: Job): Promise<Float64Array> {
    return (await settled(this.addon.kmeansSumLengths(this.handle, this.options(job)))).lengths;
  }
  async setUnitNorms(job: Job): Promise<void> {
    await settled(this.addon.kmeansSetUnitNorms(this.handle, this.options(job)));
  }
  dispose(): void {
    this.addon.disposeKMeans(this.handle);
  }
}
