import type { Job, Progress } from '../core/job.js';
import type { ResolvedSweepOptions } from './options.js';

type Tell = (progress: Progress) => void;

/**
 * Turns what the fits of a sweep tell, one after the other, into how far the whole is. A fit counts by its k, as its time
 * grows with it; one that is under way counts by its iterations of `maxIter`, which it seldom needs all.
 */
export class SweepProgress {
  private readonly total: number;
  private finished = 0;
  private fit = { k: 0, name: '' };
  private told = 0;

  constructor(
    { nClusters, randomStates }: ResolvedSweepOptions,
    private readonly tell: Tell = () => {},
  ) {
    this.total = randomStates.length * nClusters.reduce((sum, k) => sum + k, 0);
  }

  begin(k: number, randomState: number): void {
    this.fit = { k, name: `k = ${k}, seed ${randomState}` };
  }

  /** Through the job, so that an error of the listener ends it. */
  end(k: number, job: Job): void {
    this.finished += k;
    job.report('fitted', 1, 1);
  }

  /** What the fit under way tells. */
  readonly step: Tell = ({ phase, done, total }) => {
    const share = phase.startsWith('clustering') ? Math.min(1, done / total) : 0;
    this.told = Math.max(this.told, this.finished + Math.floor(this.fit.k * share)); // further starts begin at 0 again
    this.tell({ phase: `${this.fit.name}: ${phase}`, done: this.told, total: this.total });
  };
}
