/** How `corpuscle bench` measures one stage: planned by a trial on few documents, compared, then timed in rounds. */

import { type Missing, manyDocuments, secondsOf, type Times, timeInRounds, timesOf } from '../bench/rounds.js';
import type { Stage, StageArgs } from '../bench/stages.js';
import { median } from '../bench/statistics.js';
import type { VariantStart } from '../bench/variant.js';
import type { BackendName } from '../index.js';
import { CommandError } from './errors.js';

/** One stage on one backend: measured, or planned to take too long. */
export interface StageFigures {
  readonly stage: Stage;
  readonly backend: BackendName;
  /** A warm run, undisturbed. */
  readonly seconds?: number;
  /** Median of the first runs, each in a fresh process; not of the first round, whose first runs are compared. */
  readonly coldSeconds?: number;
  /** Resident memory at the highest, beyond the stage's input. */
  readonly peakBytes?: number;
  /** Plain's seconds / these. */
  readonly speedup?: number;
  /** Where it was not run: what it was expected to take. */
  readonly plannedSeconds?: number;
}

/** Documents on which every backend is tried first, unless plain is soon done with all of them. */
const trialDocuments = 2000;
/** Seconds above which a run is timed once in its process. */
const longRun = 5;
/** Seconds below which a run is so short that a few of them are soon timed. */
const briefRun = 0.05;

/** How a stage is timed that takes about so many seconds. */
function turnsOf(seconds: number) {
  if (seconds > longRun) return { slots: 1, slotSeconds: 0, warmUpSeconds: 0 };
  if (seconds < briefRun) return { slots: 2, slotSeconds: 0.04, warmUpSeconds: 0.1 };
  return { slots: 3, slotSeconds: 0.15, warmUpSeconds: 0.2 };
}

export async function measureStage(
  job: Omit<StageArgs, 'backend'>,
  backends: readonly BackendName[],
  documents: number,
  { rounds, maxSeconds, signal }: { rounds: number; maxSeconds: number; signal: AbortSignal },
): Promise<StageFigures[]> {
  const planned = new Map<BackendName, number>();
  for (const backend of backends) {
    const ofPlain = planned.get('plain') ?? Number.POSITIVE_INFINITY;
    const isShort = ofPlain <= Math.min(longRun, maxSeconds); // no other takes longer than plain does
    planned.set(backend, isShort ? ofPlain : await plannedSeconds({ ...job, backend }, documents, signal));
  }
  const running = backends.filter((backend) => (planned.get(backend) as number) <= maxSeconds);
  const timings = running.map((backend) => {
    const turns = turnsOf(planned.get(backend) as number);
    return [backend, { start: startOf({ ...job, backend }), rounds, ...turns }] as const;
  });
  const times = new Map<string, readonly Times[]>();
  const sideBySide = documents <= manyDocuments;
  for (const [backend, own] of await timeInRounds(new Map(timings), { signal }, { sideBySide })) {
    if ('missing' in own) throw unmeasured(job.stage, backend, own);
    times.set(backend, own);
  }
  return backends.map((backend) => figuresOf(job.stage, backend, planned, times));
}

function startOf(args: StageArgs): VariantStart {
  return { module: new URL('../bench/stages.js', import.meta.url).href, args };
}

/** Seconds that the stage would take on all documents, from a few of them. */
async function plannedSeconds(args: StageArgs, documents: number, signal: AbortSignal): Promise<number> {
  const start = startOf({ ...args, limit: trialDocuments });
  return secondsOf([await timesOf(start, { signal })]) * Math.max(1, documents / trialDocuments);
}

function unmeasured(stage: Stage, backend: string, { missing }: Missing): CommandError {
  return new CommandError('ERR_BACKEND_FAILED', `The stage ${stage} cannot be measured on ${backend}: ${missing}`);
}

function figuresOf(
  stage: Stage,
  backend: BackendName,
  planned: ReadonlyMap<BackendName, number>,
  times: ReadonlyMap<string, readonly Times[]>,
): StageFigures {
  const own = times.get(backend);
  if (own === undefined) return { stage, backend, plannedSeconds: planned.get(backend) as number };
  const plain = times.get('plain');
  const cold = own.flatMap((each) => each.cold ?? []);
  return {
    stage,
    backend,
    seconds: secondsOf(own),
    ...(cold.length > 0 && { coldSeconds: median(cold) }),
    peakBytes: median(own.map(({ peakBytes }) => peakBytes)),
    ...(plain !== undefined && { speedup: secondsOf(plain) / secondsOf(own) }),
  };
}
