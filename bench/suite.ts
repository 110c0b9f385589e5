/** Runs the suite: every contender's answer is compared first, then each is timed in fresh processes, interleaved. */

import { compareAnswers, type Missing, type Verdict } from '#src/bench/compare.js';
import { type Times, timesOf } from '#src/bench/process.js';
import { type Timing, timeInRounds, typical } from '#src/bench/rounds.js';
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
  /** Time for the warm runs of a process, in seconds. */
  readonly warmSeconds: number;
  readonly tell: (line: string) => void;
  /** Gets all rows so far after each size, so that a run that is stopped has not been in vain. */
  readonly keep: (rows: readonly Row[]) => void;
}

/** Above this many documents answers are compared one process at a time, for the memory's sake. */
const manyDocuments = 20_000;
/** Runs that take longer, in seconds, are not repeated in their process; above a third of the longest, in no other one. */
const longRun = 5;
/** Time for each probe of the machine's limits, in seconds. */
const probeSeconds = 0.05;
/** Documents on which a library is tried first, so that there is a plan for it. */
const trialDocuments = 250;

export async function runSuite(options: SuiteOptions): Promise<Row[]> {
  const rows: Row[] = [];
  const plan = new Plan();
  for (const size of [...options.sizes].sort((a, b) => a - b)) {
    options.tell(`${options.corpus}, ${size} documents`);
    const files = await prepareCorpus(options.corpus, size);
    for (const task of options.tasks) {
      const done = await runTask(task, files, plan, options);
      rows.push(...done);
      for (const row of done) options.tell(`  ${told(row)}`);
    }
    options.keep(rows);
  }
  return rows;
}

async function runTask(task: Task, { folder, facts }: CorpusFiles, plan: Plan, options: SuiteOptions): Promise<Row[]> {
  const verdicts = new Map<string, Verdict>();
  const planned: Contender[] = [];
  for (const contender of task.contenders) {
    await tryLibrary(task, contender, plan, options);
    const missing = plan.refusal(task.name, contender, facts, options.maxSeconds);
    if (missing === undefined) planned.push(contender);
    else verdicts.set(contender.name, { missing });
  }
  const starts = new Map(planned.map((contender) => [contender.name, startOf(task, contender, folder)]));
  const atOnce = facts.documents > manyDocuments ? 1 : 2;
  for (const [name, verdict] of await compareAnswers(starts, limitsOf(options), atOnce)) verdicts.set(name, verdict);
  const timings = planned
    .filter(({ name }) => 'answer' in (verdicts.get(name) as Verdict))
    .map((contender) => [contender.name, timingOf(task, contender, folder, facts, plan, options)] as const);
  const times = await timeInRounds(new Map(timings), limitsOf(options));
  const rows = task.contenders.map(async (contender) => {
    const { name, kind, threads } = contender;
    const row = { task: task.name, title: task.title, contender: name, kind, threads, facts };
    const verdict = verdicts.get(name) as Verdict;
    if ('missing' in verdict) return { ...row, ...verdict };
    const own = times.get(name) as readonly Times[] | Missing;
    if ('missing' in own) return { ...row, ...own };
    plan.note(task.name, contender, facts, typical(own[0]));
    return { ...row, measured: await figuresOf(task, { facts, answer: verdict.answer }, own, timesOfPlain(times)) };
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
  { rounds, warmSeconds, maxSeconds }: SuiteOptions,
): Timing {
  const expected = plan.seconds(task.name, contender, facts);
  const runs = expected > longRun ? 0 : 1;
  return {
    start: startOf(task, contender, folder),
    rounds: expected > maxSeconds / 3 ? 1 : rounds,
    repetition: { runs, seconds: runs * warmSeconds },
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
    const repetition = { runs: 1, seconds: 0 };
    const { cold, warm } = await timesOf(startOf(task, contender, folder), { repetition }, limitsOf(options));
    plan.note(task.name, contender, facts, Math.min(cold, ...warm));
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
