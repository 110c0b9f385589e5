/** Runs the suite: every contender's answer is compared first, then each is timed in fresh processes, interleaved. */

import { Calm } from '#src/bench/calm.js';
import {
  type Missing,
  manyDocuments,
  secondsOf,
  type Times,
  type Timing,
  timeInRounds,
  timesOf,
} from '#src/bench/rounds.js';
import { type CorpusFiles, type CorpusName, type Facts, prepareCorpus } from './data/corpora.js';
import { figuresOf } from './figures.js';
import { Plan } from './plan.js';
import type { Row } from './results.js';
import type { Contender, Task } from './tasks/task.js';
import { limitsOf, startOf } from './variants.js';

export interface SuiteOptions {
  readonly corpus: CorpusName;
  /** Numbers of documents. */
  readonly sizes: readonly number[];
  readonly tasks: readonly Task[];
  /** Longest run that is done. */
  readonly maxSeconds: number;
  /** Fresh processes of each contender. */
  readonly rounds: number;
  /** Turns of timed runs in each process, how many seconds each takes, and those before the first; about. */
  readonly slots: number;
  readonly slotSeconds: number;
  readonly warmUpSeconds: number;
  readonly tell: (line: string) => void;
  /** Gets all rows so far after each size, so that a run that is stopped has not been in vain. */
  readonly keep: (rows: readonly Row[]) => void;
}

/** Seconds of the slots of a process, about: long runs have fewer of them, and the longest no second process. */
const slotsSeconds = 1.5;
/** Time for each probe of the machine's limits, in seconds; it has three passes at least. */
const probeSeconds = 0.01;
/** Documents on which a library is tried first, so that there is a plan for it. */
const trialDocuments = 250;

export async function runSuite(options: SuiteOptions): Promise<Row[]> {
  const rows: Row[] = [];
  const plan = new Plan();
  const calm = new Calm();
  for (const size of [...options.sizes].sort((a, b) => a - b)) {
    options.tell(`${options.corpus}, ${size} documents`);
    const files = await prepareCorpus(options.corpus, size);
    for (const task of options.tasks) {
      const done = await runTask(task, files, plan, calm, options);
      rows.push(...done);
      for (const row of done) options.tell(`  ${told(row)}`);
    }
    options.keep(rows);
  }
  return rows;
}

async function runTask(
  task: Task,
  { folder, facts }: CorpusFiles,
  plan: Plan,
  calm: Calm,
  options: SuiteOptions,
): Promise<Row[]> {
  const outcomes = new Map<string, readonly Times[] | Missing>();
  const timings = new Map<string, Timing>();
  for (const contender of task.contenders) {
    await tryLibrary(task, contender, plan, options);
    const missing = plan.refusal(task.name, contender, facts, options.maxSeconds);
    if (missing === undefined) timings.set(contender.name, timingOf(task, contender, folder, facts, plan, options));
    else outcomes.set(contender.name, { missing });
  }
  const sideBySide = facts.documents <= manyDocuments;
  const timed = await timeInRounds(timings, limitsOf(options), { sideBySide, calm });
  for (const [name, outcome] of timed) outcomes.set(name, outcome);
  const rows = task.contenders.map(async (contender) => {
    const { name, kind, threads } = contender;
    const row = { task: task.name, title: task.title, contender: name, kind, threads, facts };
    const own = outcomes.get(name) as readonly Times[] | Missing;
    if ('missing' in own) return { ...row, ...own };
    plan.note(task.name, contender, facts, secondsOf(own));
    return { ...row, measured: await figuresOf(task, { facts, answer: own[0].answer }, own, timesOfPlain(outcomes)) };
  });
  return Promise.all(rows);
}

function timesOfPlain(times: ReadonlyMap<string, readonly Times[] | Missing>): readonly Times[] | undefined {
  const plain = times.get('plain');
  return plain === undefined || 'missing' in plain ? undefined : plain;
}

function timingOf(
  task: Task,
  contender: Contender,
  folder: string,
  facts: Facts,
  plan: Plan,
  { rounds, slots, slotSeconds, warmUpSeconds }: SuiteOptions,
): Timing {
  const expected = plan.seconds(task.name, contender, facts);
  return {
    start: startOf(task, contender, folder),
    rounds: expected > slotsSeconds ? 1 : rounds,
    slots: Math.max(1, Math.min(slots, Math.floor(slotsSeconds / expected))),
    slotSeconds,
    warmUpSeconds: expected > slotsSeconds ? 0 : warmUpSeconds,
    ...(contender.kind !== 'library' && {
      probes: { threads: contender.threads, seconds: probeSeconds, kinds: task.limit.kinds, ...task.rows(facts) },
    }),
  };
}

/** Times a library on few documents, for the plan of more. */
async function tryLibrary(task: Task, contender: Contender, plan: Plan, options: SuiteOptions): Promise<void> {
  if (contender.kind !== 'library' || plan.knows(task.name, contender)) return;
  const { folder, facts } = await prepareCorpus(options.corpus, trialDocuments);
  try {
    plan.note(
      task.name,
      contender,
      facts,
      secondsOf([await timesOf(startOf(task, contender, folder), limitsOf(options))]),
    );
  } catch {
    // what is wrong is told by the first size
  }
}

function told({ task, contender, measured, missing }: Row): string {
  if (measured === undefined) return `${task} ${contender}: ${missing}`;
  const times = measured.speedup === undefined ? '' : `, ${measured.speedup.toPrecision(3)}x plain`;
  const limit = measured.toLimit === undefined ? '' : `, ${measured.toLimit.toFixed(2)} of the limit`;
  return `${task} ${contender}: ${measured.seconds.toPrecision(3)} s${times}${limit}`;
}
