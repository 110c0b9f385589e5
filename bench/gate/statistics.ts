/** Paired times: medians of log ratios, their bootstrap intervals, and what follows from them. */

import { median } from '#src/bench/statistics.js';
import type { RandomState } from '#src/core/random.js';

/** A median and its 95 % interval; of log ratios head / base, so 0 is "equally fast". */
export interface Interval {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** What the intervals of a row are compared with. */
export const thresholds = {
  /** A row is suspect when its median in one process is above this. */
  suspect: Math.log(1.015),
  /** A row is slower when its interval over processes lies above this. */
  slower: Math.log(1.03),
  /** A job is void when the interval of equal code lies beyond this on either side. */
  biased: Math.log(1.015),
  /** A job is void when the interval of equal code is wider than this on either side. */
  blurred: Math.log(1.03),
} as const;

const resamples = 2000;

function medianOfSorted(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** log(head / base), pair by pair. */
export function logRatios(base: readonly number[], head: readonly number[]): number[] {
  return base.map((time, i) => Math.log(head[i] / time));
}

/** The median with its 95 % percentile bootstrap interval (Efron 1979). */
export function medianInterval(values: readonly number[], random: RandomState): Interval {
  return { ...bootstrap(values, (sample) => medianOfSorted(sample.sort()), random), median: median(values) };
}

/** The mean, for few values, with its interval; it stands where the median would. */
export function meanInterval(values: readonly number[], random: RandomState): Interval {
  const mean = (sample: Float64Array) => sample.reduce((sum, value) => sum + value, 0) / sample.length;
  return { ...bootstrap(values, mean, random), median: mean(Float64Array.from(values)) };
}

function bootstrap(
  values: readonly number[],
  statistic: (sample: Float64Array) => number,
  random: RandomState,
): { low: number; high: number } {
  const sample = new Float64Array(values.length);
  const statistics = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < sample.length; i++) sample[i] = values[Math.floor(random.randomSample() * values.length)];
    statistics[r] = statistic(sample);
  }
  statistics.sort();
  return { low: statistics[resamples * 0.025], high: statistics[resamples * 0.975 - 1] };
}

/** What a row's pairs say: wall time, and the time of this process on all cores. */
export interface Ratios {
  readonly wall: Interval;
  readonly cpu: Interval;
}

/** Worth more processes: by wall time, which holds the waiting, too. */
export function isSuspect({ wall }: Ratios): boolean {
  return wall.median > thresholds.suspect;
}

export function isSlower({ low }: Interval): boolean {
  return low > thresholds.slower;
}

export function isFaster({ high }: Interval): boolean {
  return high < -thresholds.slower;
}

/** Whether a job says nothing, by the interval of equal code in it: that should hold 0, and be narrow. */
export function isVoid({ low, high }: Interval): boolean {
  return low > thresholds.biased || high < -thresholds.biased || high - low > 2 * thresholds.blurred;
}

/** The geometric mean of ratios whose logarithms are given. */
export function geometricMean(logs: readonly number[]): number {
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
}

/** The items in random order (Fisher, Yates 1938). */
export function shuffled<T>(items: readonly T[], random: RandomState): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random.randomSample() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}
