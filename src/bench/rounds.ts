/** Times variants in rounds: in each, every one of them once, in a fresh process, beginning with another one. */

import type { Missing } from './compare.js';
import { type Limits, type Measuring, type Times, timesOf } from './process.js';
import { median } from './statistics.js';
import type { VariantStart } from './variant.js';

/** A variant and how it is measured. */
export interface Timing extends Measuring {
  readonly start: VariantStart;
  readonly rounds: number;
}

/** The times of each variant, one a round, or what its process failed with. */
export async function timeInRounds(
  variants: ReadonlyMap<string, Timing>,
  limits: Limits,
): Promise<Map<string, readonly Times[] | Missing>> {
  const names = [...variants.keys()];
  const times = new Map<string, Times[]>(names.map((name) => [name, []]));
  const failed = new Map<string, Missing>();
  const rounds = Math.max(0, ...[...variants.values()].map((timing) => timing.rounds));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length];
      const { start, rounds: own, ...measuring } = variants.get(name) as Timing;
      if (round >= own || failed.has(name)) continue;
      try {
        times.get(name)?.push(await timesOf(start, measuring, limits));
      } catch (error) {
        limits.signal?.throwIfAborted();
        failed.set(name, { missing: (error as Error).message });
      }
    }
  }
  return new Map(names.map((name) => [name, failed.get(name) ?? (times.get(name) as Times[])]));
}

/** Seconds of a run: the median of the warm ones, where there are any. */
export function typical({ cold, warm }: Times): number {
  return warm.length > 0 ? median(warm) : cold;
}

/** Median over the rounds that both took part in of `slower`'s seconds / `faster`'s. */
export function medianRatio(slower: readonly Times[], faster: readonly Times[]): number {
  const rounds = Math.min(slower.length, faster.length);
  return median(Array.from({ length: rounds }, (_, i) => typical(slower[i]) / typical(faster[i])));
}
