/** Gate B: times of base and head in one process, pair by pair. */

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { keptMemory, onOneCore, quietCollector } from '#src/bench/quiet.js';
import { RandomState } from '#src/core/random.js';
import type { PairTask, RowTimes } from './pair-process.js';
import { rows, sameRow } from './rows.js';
import {
  type Interval,
  isFaster,
  isSlower,
  isSuspect,
  isVoid,
  logRatios,
  meanInterval,
  medianInterval,
  type Ratios,
} from './statistics.js';
import type { Tree } from './trees.js';

export interface TimeOptions {
  readonly rows: readonly string[];
  /** Rows that may give another result. */
  readonly accepted?: readonly string[];
  readonly pairs: number;
  readonly seed: number;
}

export interface Trees {
  readonly base: Tree;
  readonly head: Tree;
  /** A copy of head. */
  readonly again: Tree;
}

/** A row's times in one process, with the intervals of its log ratios. */
export type Judged = RowTimes & { readonly ratios?: Ratios };

export interface Process {
  readonly seed: number;
  readonly rows: readonly Judged[];
}

export type TimeVerdict = 'ok' | 'slower' | 'faster' | 'other result' | 'fails' | 'not in base';

export interface TimeResult {
  /** Whether equal code seemed unequal, twice: then no row is judged. */
  readonly void: boolean;
  readonly verdicts: Readonly<Record<string, TimeVerdict>>;
  /** The intervals, over processes, of the rows that the first process suspected. */
  readonly judged: Readonly<Record<string, Interval>>;
  /** All processes in order: the first, its repetition where it was void, and those that judged suspects. */
  readonly processes: readonly Process[];
}

/** The names of all rows, but for the one that times equal code. */
export const timeRows = Object.keys(rows);

/** Processes that judge what the first one suspects. */
const judges = 8;

/**
 * One process screens all rows; those that it suspects are timed in more of them, with half the pairs in each. What a process
 * does to a row by where its memory lies is the same for all its pairs, so processes are what the last interval is over.
 */
export async function timeGate(trees: Trees, options: TimeOptions): Promise<TimeResult> {
  const processes: Process[] = [];
  const timed = async (names: readonly string[], pairs: number): Promise<Process> => {
    const seed = options.seed + processes.length;
    const process = await timeProcess(trees, { ...options, pairs, rows: names, seed });
    processes.push(process);
    return process;
  };
  const isVoidOver = (some: readonly Process[]) => {
    const same = intervalOver(some, sameRow);
    return same !== undefined && isVoid(same);
  };

  let first = await timed(options.rows, options.pairs);
  if (isVoidOver([first])) first = await timed(options.rows, options.pairs);
  if (isVoidOver([first])) return { void: true, verdicts: {}, judged: {}, processes };
  const verdicts = Object.fromEntries(
    first.rows.filter(({ row }) => row !== sameRow).map((row) => [row.row, screened(row)]),
  );
  const suspects = first.rows.filter(
    (row) => 'ratios' in row && row.row !== sameRow && isSuspect(row.ratios as Ratios),
  );
  if (suspects.length === 0) return { void: false, verdicts, judged: {}, processes };
  const names = suspects.map(({ row }) => row);
  const jury: Process[] = [];
  while (jury.length < judges) jury.push(await timed(names, Math.ceil(options.pairs / 2)));
  if (isVoidOver(jury)) return { void: true, verdicts: {}, judged: {}, processes };
  const judged = Object.fromEntries(names.map((row) => [row, intervalOver(jury, row) as Interval]));
  for (const row of names) verdicts[row] = isSlower(judged[row]) ? 'slower' : 'ok';
  return { void: false, verdicts, judged, processes };
}

/** The interval of a row by wall time: within a process over its pairs, within several over their medians. */
function intervalOver(processes: readonly Process[], name: string): Interval | undefined {
  const walls = processes.flatMap(({ rows }) => rows.find(({ row }) => row === name)?.ratios?.wall ?? []);
  if (walls.length <= 1) return walls[0];
  const medians = walls.map((wall) => wall.median);
  return meanInterval(medians, new RandomState(processes[0].seed));
}

/** The rows that are slower or wrong. */
export function failingRows({ verdicts }: TimeResult): string[] {
  return Object.keys(verdicts).filter((row) => ['slower', 'other result', 'fails'].includes(verdicts[row]));
}

function screened(row: Judged): TimeVerdict {
  if ('refusal' in row) return row.refusal;
  return isFaster((row.ratios as Ratios).wall) ? 'faster' : 'ok';
}

async function timeProcess(trees: Trees, { rows, accepted = [], pairs, seed }: TimeOptions): Promise<Process> {
  const folders = { base: trees.base.folder, head: trees.head.folder, again: trees.again.folder };
  const times = await inFreshProcess({ trees: folders, rows: [...rows, sameRow], accepted, pairs, seed });
  const random = new RandomState(seed);
  const interval = ({ base, head }: { base: number[]; head: number[] }) =>
    medianInterval(logRatios(base, head), random);
  const judged = times.map(
    (row): Judged =>
      'refusal' in row ? row : { ...row, ratios: { wall: interval(row.wall), cpu: interval(row.cpu) } },
  );
  return { seed, rows: judged };
}

/** The size of the environment moves the stack. */
function inFreshProcess(task: PairTask): Promise<RowTimes[]> {
  const padding = 'x'.repeat(new RandomState(task.seed).nextUint32() % 4096);
  const [program, ...flags] = onOneCore(process.execPath);
  const child = fork(fileURLToPath(new URL('./pair-process.js', import.meta.url)), {
    execPath: program,
    execArgv: [...flags, '--expose-gc', quietCollector],
    env: { ...process.env, ...keptMemory, CORPUSCLE_GATE_PADDING: padding },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (times) => resolve(times as RowTimes[]));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`The process that times pairs ended early (${signal ?? code}).`)),
    );
    child.send(task);
  });
}
