import type { FitRows } from '../cluster/fit-rows.js';
import { KMeans } from '../cluster/kmeans.js';
import { greedyTrials, kMeansPlusPlus } from '../cluster/seeding.js';
import type { Job } from '../core/job.js';
import { RandomState } from '../core/random.js';
import type { SweepMeasures } from './measures.js';
import type { ResolvedSweepOptions } from './options.js';
import type { SweepProgress } from './progress.js';
import { SweepRow } from './row.js';
import { bestOf, type SweepRun } from './run.js';
import { type Origin, restored, type SavedSweepRow } from './saved-row.js';
import type { SharedKernel } from './shared-kernel.js';
import { stabilityOf } from './stability.js';

/** Measures the clusters of labels, but for what is known of them. */
export type Measure = (labels: Int32Array, known: Partial<SweepMeasures>) => Promise<SweepMeasures>;

/** The rows of one sweep, one after the other on one kernel. */
export class SweepFits {
  private readonly seeded = new Set<string>();

  constructor(
    private readonly options: ResolvedSweepOptions,
    private readonly kernel: SharedKernel,
    private readonly rows: FitRows,
    private readonly origin: Origin,
    private readonly measure: Measure,
    private readonly progress: SweepProgress,
    private readonly job: Job,
  ) {}

  async fit(nClusters: number): Promise<SweepRow> {
    const { options, kernel, rows, job } = this;
    let best: { model: KMeans; inertia: number } | undefined;
    const runs: SweepRun[] = [];
    for (const randomState of options.randomStates) {
      const start = performance.now();
      this.progress.begin(nClusters, randomState);
      await this.seedForAll(nClusters, randomState);
      const model = new KMeans({ ...options.kmeans, nClusters, randomState });
      model.restore(await model.fitOn(kernel, rows, job));
      this.progress.end(nClusters, job);
      const { inertia, nIter, labels } = model;
      runs.push({ randomState, inertia, nIter, labels, seconds: (performance.now() - start) / 1000 });
      best = best === undefined ? { model, inertia } : bestOf([best, { model, inertia }]);
    }
    best!.model.warnOfFewerClusters();
    return this.finish(nClusters, best!.model, runs, {});
  }

  /** A row that was saved; what it has not measured is measured. */
  async take(saved: SavedSweepRow): Promise<SweepRow> {
    for (const { randomState } of saved.runs) {
      this.progress.begin(saved.nClusters, randomState);
      this.progress.end(saved.nClusters, this.job);
    }
    const { model, runs } = restored(saved, this.options.kmeans);
    const isSameDistance = saved.silhouetteMetric === this.origin.silhouetteMetric;
    const known = isSameDistance ? saved.measures : { ...saved.measures, silhouette: null };
    return this.finish(saved.nClusters, model, runs, known);
  }

  private async finish(
    nClusters: number,
    model: KMeans,
    runs: readonly SweepRun[],
    known: Partial<SweepMeasures>,
  ): Promise<SweepRow> {
    const measures = await this.measure(model.labels, known);
    const stability = await stabilityOf(runs, nClusters, this.job);
    return new SweepRow(nClusters, model, runs, measures, stability, this.origin);
  }

  /** The start centers of a smaller k are the first of those of a larger one that takes as many trials: draws these, once. */
  private async seedForAll(nClusters: number, randomState: number): Promise<void> {
    const { options, kernel, job } = this;
    const { rows, weights } = this.rows;
    const trials = greedyTrials(nClusters);
    const key = `${trials} ${randomState}`;
    if (options.parameters.init !== 'k-means++' || this.seeded.has(key)) return;
    this.seeded.add(key);
    const isOpen = (k: number) => greedyTrials(k) === trials && !options.resumeFrom.has(k);
    const largest = Math.max(...options.nClusters.filter(isOpen));
    const each = weights ?? new Float64Array(rows.nRows).fill(1);
    await kMeansPlusPlus(kernel, largest, each, new RandomState(randomState), job);
  }
}
