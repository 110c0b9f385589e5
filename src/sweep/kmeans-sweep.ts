import { Job, type JobOptions } from '../core/job.js';
import { findKnee } from './knee.js';
import type { SweepRow } from './row.js';

/** All rows of a sweep. */
export interface SweepResult {
  /** In the order of `nClusters`. */
  readonly rows: readonly SweepRow[];
  /** The row at the knee of the inertia over k (`findKnee`), or null where there is none. */
  readonly knee: SweepRow | null;
}

/** Pushes rows as they are finished; `signal` fires when the job ends early. */
type SweepWork = (push: (row: SweepRow) => void, job: Job, signal: AbortSignal) => Promise<void>;

/**
 * A sweep under way. `for await` gives its rows as they come, those that are there at once; `all()` waits for the last.
 * Leaving the loop early ends the sweep. However it ends, `rows` keeps those that were finished.
 */
export class KMeansSweep implements AsyncIterable<SweepRow> {
  private readonly finished: SweepRow[] = [];
  private readonly done: Promise<void>;
  private readonly stopper = new AbortController();
  private hasEnded = false;
  private waiting: (() => void)[] = [];

  /** @internal Starts the work, which pushes rows. */
  constructor(work: SweepWork, { signal, ...options }: JobOptions) {
    const { signal: stop } = this.stopper;
    const push = (row: SweepRow) => {
      if (!this.hasEnded) this.finished.push(row);
      this.wake();
    };
    const either = signal === undefined ? stop : AbortSignal.any([signal, stop]);
    this.done = Job.run({ ...options, signal: either }, (job) => work(push, job, either))
      .catch((error) => {
        if (!stop.aborted) throw error; // a loop that was left is no failure
      })
      .finally(() => {
        this.hasEnded = true;
        this.wake();
      });
    this.done.catch(() => {}); // told to whoever asks
  }

  /** The rows that are finished by now, in the order of `nClusters`. */
  get rows(): readonly SweepRow[] {
    return [...this.finished];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SweepRow, void, void> {
    try {
      for (let i = 0; ; i++) {
        while (i === this.finished.length && !this.hasEnded) await this.news();
        if (i === this.finished.length) return await this.done;
        yield this.finished[i];
      }
    } finally {
      if (!this.hasEnded) this.stopper.abort();
    }
  }

  /**
   * Waits for all rows, or, where the loop was left, for those that were finished by then.
   * @throws (rejects) as the loop
   */
  async all(): Promise<SweepResult> {
    await this.done;
    const { rows } = this;
    const byK = [...rows].sort((a, b) => a.nClusters - b.nClusters);
    const knee = findKnee(
      byK.map(({ nClusters }) => nClusters),
      byK.map(({ inertia }) => inertia),
    );
    return { rows, knee: rows.find(({ nClusters }) => nClusters === knee) ?? null };
  }

  private news(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
