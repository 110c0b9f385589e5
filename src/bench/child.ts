/** The process of one variant: gets ready, runs, tells its parent, ends. */

import { Bench } from 'tinybench';
import { type LimitOptions, type MachineLimits, measureLimits } from '../backends/limits.js';
import type { Answer } from './answer.js';
import { watchPeakMemory } from './peak-memory.js';
import type { Variant, VariantModule, VariantStart } from './variant.js';

/** How long to repeat a run after the first: at least `runs` times and `seconds` long. */
export interface Repetition {
  readonly runs: number;
  readonly seconds: number;
}

export interface Times {
  readonly answer: Answer;
  /** Seconds of the first run in a fresh process. */
  readonly cold: number;
  /** Seconds of each further run. */
  readonly warm: readonly number[];
  /** Resident bytes at the highest during the first run, beyond those before it. */
  readonly peakBytes: number;
  /** The machine's own rates right after the runs, where they were asked for and the addon is there to measure them. */
  readonly limits?: MachineLimits;
}

/** What the parent sends: without `repetition`, the variant runs once and is not timed. */
export interface Order extends VariantStart {
  readonly repetition?: Repetition;
  readonly probes?: LimitOptions;
}

export type Report = { readonly answer: Answer } | { readonly times: Times } | { readonly error: string };

async function times(variant: Variant, { runs, seconds }: Repetition): Promise<Times> {
  globalThis.gc?.();
  const peakBytes = watchPeakMemory();
  const start = performance.now();
  const result = await variant.run();
  const cold = (performance.now() - start) / 1000;
  const peak = peakBytes();
  const answer = await variant.answer(result);
  const bench = new Bench({ iterations: runs, time: seconds * 1000, warmup: false, retainSamples: true, throws: true });
  const collect = { beforeEach: () => globalThis.gc?.() }; // what the run before left must not be cleared up in this one
  bench.add(
    'warm',
    async () => {
      await variant.run();
    },
    collect,
  );
  const samples = runs === 0 ? [] : warmSamples(await bench.run());
  return { answer, cold, warm: samples.map((milliseconds) => milliseconds / 1000), peakBytes: peak };
}

function warmSamples([{ result }]: Bench['tasks']): readonly number[] {
  return 'latency' in result ? (result.latency.samples ?? []) : [];
}

async function carryOut({ module, args, repetition, probes }: Order): Promise<Report> {
  const { prepare } = (await import(module)) as VariantModule;
  const variant = await prepare(args);
  if (repetition === undefined) return { answer: await variant.answer(await variant.run()) };
  const measured = await times(variant, repetition);
  const limits = probes && (await measureLimits(probes).catch(() => undefined)); // without the addon there are none
  return { times: { ...measured, ...(limits !== undefined && { limits }) } };
}

process.once('message', async (order: Order) => {
  const report: Report = await carryOut(order).catch((error) => ({ error: String(error?.message ?? error) }));
  process.send?.(report, () => process.exit());
});
