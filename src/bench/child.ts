/** The process of one variant: gets ready, then does what its parent asks, one thing after the other. */

import { Bench } from 'tinybench';
import { type LimitOptions, type MachineLimits, measureLimits } from '../backends/limits.js';
import type { Answer } from './answer.js';
import { watchPeakMemory } from './peak-memory.js';
import type { Variant, VariantModule, VariantStart } from './variant.js';

/** What the first run in a fresh process took. */
export interface FirstRun {
  readonly answer: Answer;
  readonly seconds: number;
  /** Resident bytes at the highest during the run, beyond those before it. */
  readonly peakBytes: number;
}

/** At least one run, and runs for so many seconds. */
export interface SlotRequest {
  readonly seconds: number;
  /** How many threads' rate is measured before and after. */
  readonly threads: number;
}

export interface Slot {
  /** Seconds of each run. */
  readonly seconds: readonly number[];
  /** How fast the machine was before and after, whichever was slower: bytes classified per second; null without the addon. */
  readonly rate: number | null;
}

/** What can be asked, and what is replied; `start` comes first. */
export interface Requests {
  readonly start: { readonly of: VariantStart; readonly reply: null };
  readonly first: { readonly of: null; readonly reply: FirstRun };
  readonly slot: { readonly of: SlotRequest; readonly reply: Slot };
  /** The machine's own rates now; null where the addon is not there to measure them. */
  readonly limits: { readonly of: LimitOptions; readonly reply: MachineLimits | null };
}

export type Request = {
  [Name in keyof Requests]: { readonly ask: Name; readonly of: Requests[Name]['of'] };
}[keyof Requests];
export type Reply = { readonly reply: unknown } | { readonly error: string };

let variant: Variant;

const answers: { readonly [Name in keyof Requests]: (of: Requests[Name]['of']) => Promise<Requests[Name]['reply']> } = {
  async start({ module, args }) {
    const { prepare } = (await import(module)) as VariantModule;
    variant = await prepare(args);
    return null;
  },
  async first() {
    globalThis.gc?.();
    const peakBytes = watchPeakMemory();
    const start = performance.now();
    const result = await variant.run();
    const seconds = (performance.now() - start) / 1000;
    const peak = peakBytes();
    return { answer: await variant.answer(result), seconds, peakBytes: peak };
  },
  async slot({ seconds, threads }) {
    globalThis.gc?.();
    const before = await classificationRate(threads);
    const bench = new Bench({ iterations: 1, time: seconds * 1000, warmup: false, retainSamples: true, throws: true });
    const run = async () => {
      await variant.run();
    };
    // What the run before left must not be cleared up in this one.
    bench.add('slot', run, { beforeEach: () => globalThis.gc?.({ type: 'minor', execution: 'sync' }) });
    const [{ result }] = await bench.run();
    const milliseconds = 'latency' in result ? (result.latency.samples ?? []) : [];
    const after = await classificationRate(threads);
    const rate = before === null || after === null ? null : Math.min(before, after);
    return { seconds: milliseconds.map((each) => each / 1000), rate };
  },
  limits: (options) => measureLimits(options).catch(() => null),
};

/** What a core can do while nobody shares it: this work is in its units alone, and in no memory beyond its caches. */
async function classificationRate(threads: number): Promise<number | null> {
  const options = { threads, tableBytes: 64, rowBytes: 64, kinds: ['byteClassification'], seconds: 0 } as const;
  return measureLimits(options).then(
    ({ byteClassification }) => byteClassification,
    () => null,
  );
}

process.on('message', async ({ ask, of }: Request) => {
  const reply: Reply = await (answers[ask] as (of: unknown) => Promise<unknown>)(of).then(
    (reply) => ({ reply }),
    (error) => ({ error: String(error?.message ?? error) }),
  );
  process.send?.(reply);
});
process.once('disconnect', () => process.exit());
