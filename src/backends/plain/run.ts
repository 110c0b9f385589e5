import { overBudget } from '../../core/memory.js';

/** Thrown by a kernel whose stop flag was raised. */
export class Stopped extends Error {}

/** How one job of the plain backend runs: its stop flag, its progress and what memory it may still take. */
export class Run {
  private taken = 0;

  /** @param control shared with the caller: [0] is set to stop, [1] receives how much is done, in parts of ten thousand */
  constructor(
    private readonly control: Int32Array,
    private readonly maxBytes: number,
  ) {}

  checkStopped(): void {
    if (Atomics.load(this.control, 0) !== 0) throw new Stopped();
  }

  report(done: number, total: number): void {
    if (total > 0) Atomics.store(this.control, 1, Math.floor((10_000 * done) / total));
  }

  /** To be called before memory that depends on data is asked for. */
  take(bytes: number): void {
    this.taken += bytes;
    if (this.taken > this.maxBytes) throw overBudget(this.taken, this.maxBytes);
  }
}
