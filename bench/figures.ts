/** From the times of a contender's processes to the figures of its row. */

import { secondsOf, type Times } from '#src/bench/rounds.js';
import { statisticsOf } from '#src/bench/statistics.js';
import type { Measured } from './results.js';
import type { Figures, Task } from './tasks/task.js';

export async function figuresOf(
  task: Task,
  figures: Figures,
  own: readonly Times[],
  plain: readonly Times[] | undefined,
): Promise<Measured> {
  const seconds = secondsOf(own);
  const limitSeconds = own.flatMap(({ machineLimits }) =>
    machineLimits === undefined ? [] : task.limit.seconds(figures, machineLimits),
  );
  const slots = own.flatMap((times) => times.slots);
  return {
    cold: own.flatMap(({ cold }) => cold ?? []),
    warm: slots,
    disturbed: own.reduce((sum, { disturbed }) => sum + disturbed, 0),
    peakBytes: own.map(({ peakBytes }) => peakBytes),
    limitSeconds,
    seconds,
    rme: (await statisticsOf(slots.flat())).rme,
    rate: task.rate.of(figures, seconds),
    rateUnit: task.rate.unit,
    ...(plain !== undefined && { speedup: secondsOf(plain) / seconds }),
    ...(limitSeconds.length > 0 && { toLimit: Math.min(...limitSeconds) / seconds }),
  };
}
