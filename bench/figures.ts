/** From the times of a contender's processes to the figures of its row. */

import type { Times } from '#src/bench/process.js';
import { medianRatio, typical } from '#src/bench/rounds.js';
import { median, statisticsOf } from '#src/bench/statistics.js';
import type { Measured } from './results.js';
import type { Figures, Task } from './tasks/task.js';

export async function figuresOf(
  task: Task,
  figures: Figures,
  own: readonly Times[],
  plain: readonly Times[] | undefined,
): Promise<Measured> {
  const seconds = median(own.map(typical));
  const limitSeconds = own.flatMap(({ limits }) => (limits === undefined ? [] : task.limit.seconds(figures, limits)));
  const warm = own.flatMap((times) => times.warm);
  return {
    cold: own.map(({ cold }) => cold),
    warm: own.map((times) => times.warm),
    peakBytes: own.map(({ peakBytes }) => peakBytes),
    limitSeconds,
    seconds,
    rme: (await statisticsOf(warm.length > 0 ? warm : own.map(({ cold }) => cold))).rme,
    rate: task.rate.of(figures, seconds),
    rateUnit: task.rate.unit,
    ...(plain !== undefined && { speedup: medianRatio(plain, own) }),
    ...(limitSeconds.length > 0 && { toLimit: median(limitSeconds) / seconds }),
  };
}
