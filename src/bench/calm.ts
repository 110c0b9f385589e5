/** Tells a slot that another machine's work disturbed, on a core that it shares with ours. */

import type { Slot } from './child.js';

/** What is to be undisturbed is tried so often, on average; when all of it is disturbed, all counts. */
export const patience = 2;

/**
 * On a hired machine a core is often one of two threads of a real one, whose other thread works for somebody else, for a moment or
 * for seconds: code that keeps the units of a core busy then takes up to twice as long, and code that waits for memory does not,
 * so that not even ratios are left alone. What the core can do right before and right after a slot tells.
 */
export class Calm {
  private readonly best = new Map<number, number>();

  /** Whether a slot on so many threads went undisturbed, by the best rate known so far. */
  holds({ rate }: Slot, threads: number): boolean {
    if (rate === null) return true;
    const best = Math.max(rate, this.best.get(threads) ?? 0);
    this.best.set(threads, best);
    return rate > 0.95 * best;
  }
}
