/** Statistics of times that were measured in several processes. */

import { Bench, type Statistics } from 'tinybench';

/** tinybench's statistics of samples (milliseconds): it is given their durations instead of a clock. */
export async function statisticsOf(seconds: readonly number[]): Promise<Statistics> {
  const bench = new Bench({ iterations: seconds.length, time: 0, warmup: false, throws: true });
  let next = 0;
  bench.add('samples', async () => ({ overriddenDuration: seconds[next++] * 1000 }));
  const [task] = await bench.run();
  if (!('latency' in task.result)) throw new Error('There are no samples.');
  return task.result.latency;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
