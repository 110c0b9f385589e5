import type { KMeansKernel } from '../backends/kernels.js';
import type { Job } from '../core/job.js';

/** What k-means++ asked of a kernel, and was told. */
interface Seeding {
  readonly trials: number;
  readonly draws: Float64Array;
  readonly rows: Int32Array;
}

/**
 * The kernel of many fits on the same rows, one after the other: what one of them asked for is not computed again for the
 * next, so that each gets the bits that it would get alone.
 *
 * k-means++ for k clusters begins as that for more does, from the same random state and with the same number of trials:
 * where the draws are the first of those of a seeding before, the start rows are its first.
 */
export class SharedKernel implements KMeansKernel {
  private readonly seedings: Seeding[] = [];
  private variance: number | undefined;

  constructor(private readonly kernel: KMeansKernel) {}

  async meanVariance(job: Job): Promise<number> {
    this.variance ??= await this.kernel.meanVariance(job);
    return this.variance;
  }

  async seed(first: number, trials: number, draws: Float64Array, job: Job): Promise<Int32Array> {
    const known = this.seedings.find(
      (seeding) => seeding.rows[0] === first && seeding.trials === trials && startsWith(seeding.draws, draws),
    );
    if (known !== undefined) return known.rows.slice(0, draws.length / trials + 1);
    const rows = await this.kernel.seed(first, trials, draws, job);
    this.seedings.push({ trials, draws, rows: rows.slice() });
    return rows;
  }

  load = (job: Job) => this.kernel.load(job);
  setCentersFromRows = (rows: Int32Array, job: Job) => this.kernel.setCentersFromRows(rows, job);
  setCenters = (nClusters: number, centers: Float64Array, job: Job) => this.kernel.setCenters(nClusters, centers, job);
  assign = (job: Job) => this.kernel.assign(job);
  sum = (job: Job) => this.kernel.sum(job);
  move = (row: number, from: number, to: number, job: Job) => this.kernel.move(row, from, to, job);
  average = (weights: Float64Array, job: Job) => this.kernel.average(weights, job);
  sumLengths = (job: Job) => this.kernel.sumLengths(job);
  setUnitNorms = (job: Job) => this.kernel.setUnitNorms(job);
  distances = (job: Job) => this.kernel.distances(job);
  transform = (job: Job) => this.kernel.transform(job);
  centers = (job: Job) => this.kernel.centers(job);
  labels = (job: Job) => this.kernel.labels(job);
  dispose = () => this.kernel.dispose();
}

function startsWith(all: Float64Array, first: Float64Array): boolean {
  return first.length <= all.length && first.every((value, i) => value === all[i]);
}
