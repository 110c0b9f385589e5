/** How `corpuscle bench` measures one stage: planned by a trial on few documents, compared, then timed in rounds. */

import { compareAnswers, type Missing, type Verdict } from '../bench/compare.js';
import { type Times, timesOf } from '../bench/process.js';
import { medianRatio, timeInRounds, typical } from '../bench/rounds.js';
import type { Stage, StageArgs } from '../bench/stages.js';
import { median } from '../bench/statistics.js';
import type { VariantStart } from '../bench/variant.js';
import type { BackendName } from '../index.js';
import { CommandError } from './errors.js';

/** One stage on one backend: measured, or planned to take too long. */
export interface StageFigures {
  readonly stage: Stage;
  readonly backend: BackendName;
  /** Median of the warm runs. */
  readonly seconds?: number;
  /** Median of the first runs, each in a fresh process. */
  readonly coldSeconds?: number;
  /** Resident memory at the highest, beyond the stage's input. */
  readonly peakBytes?: number;
  /** Plain's seconds / these. */
  readonly speedup?: number;
  /** Where it was not run: what it was expected to take. */
  readonly plannedSeconds?: number;
}

/** Documents on which every backend is tried first. */
const trialDocuments = 2000;
/** Seconds above which a run is not repeated in its process. */
const longRun = 5;
/** Seconds of warm runs in a process. */
const warmSeconds = 0.5;

export async function measureStage(
  job: Omit<StageArgs, 'backend'>,
  backends: readonly BackendName[],
  documents: number,
  { rounds, maxSeconds, signal }: { rounds: number; maxSeconds: number; signal: AbortSignal },
): Promise<StageFigures[]> {
  const planned = new Map<BackendName, number>();
  for (const backend of backends) planned.set(backend, await plannedSeconds({ ...job, backend }, documents, signal));
  const running = backends.filter((backend) => (planned.get(backend) as number) <= maxSeconds);
  const starts = new Map(running.map((backend) => [backend as string, startOf({ ...job, backend })]));
  refuseUnsound(job.stage, await compareAnswers(starts, { signal }));
  const timings = running.map((backend) => {
    const runs = (planned.get(backend) as number) > longRun ? 0 : 1;
    const repetition = { runs, seconds: runs * warmSeconds };
    return [backend, { start: startOf({ ...job, backend }), rounds, repetition }] as const;
  });
  const times = new Map<string, readonly Times[]>();
  for (const [backend, own] of await timeInRounds(new Map(timings), { signal })) {
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
  const { cold, warm } = await timesOf(start, { repetition: { runs: 1, seconds: 0 } }, { signal });
  return Math.min(cold, ...warm) * Math.max(1, documents / trialDocuments);
}

function refuseUnsound(stage: Stage, verdicts: ReadonlyMap<string, Verdict>): void {
  for (const [backend, verdict] of verdicts) {
    if ('missing' in verdict) throw unmeasured(stage, backend, verdict);
  }
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
  return {
    stage,
    backend,
    seconds: median(own.map(typical)),
    coldSeconds: median(own.map(({ cold }) => cold)),
    peakBytes: median(own.map(({ peakBytes }) => peakBytes)),
    ...(plain !== undefined && { speedup: medianRatio(plain, own) }),
  };
}
