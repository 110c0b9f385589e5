/** Gate B: times of base and head in one process, pair by pair. */

import { fork, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { RandomState } from '#src/core/random.js';
import type { PairTask, RowTimes } from './pair-process.js';
import { rows, sameRow } from './rows.js';
import { isFaster, isSlower, isVoid, logRatios, medianInterval, type Ratios } from './statistics.js';
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

export type TimeVerdict = 'ok' | 'slower' | 'faster' | 'slower once' | 'other result' | 'fails' | 'not in base';

export interface TimeResult {
  /** Whether equal code seemed unequal, twice: then no row is judged. */
  readonly void: boolean;
  readonly verdicts: Readonly<Record<string, TimeVerdict>>;
  /** All processes in order: the first, its repetition where it was void, and those for rows that seemed slower. */
  readonly processes: readonly Process[];
}

/** The names of all rows, but for the one that times equal code. */
export const timeRows = Object.keys(rows);

/** A row is slower when it is so in two fresh processes; a void process is run again, once. */
export async function timeGate(trees: Trees, options: TimeOptions): Promise<TimeResult> {
  const processes: Process[] = [];
  const validProcess = async (names: readonly string[], pairs: number): Promise<Process | undefined> => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const process = await timeProcess(trees, {
        ...options,
        pairs,
        rows: names,
        seed: options.seed + processes.length,
      });
      processes.push(process);
      if (!isVoidProcess(process)) return process;
    }
    return undefined;
  };

  const first = await validProcess(options.rows, options.pairs);
  if (first === undefined) return { void: true, verdicts: {}, processes };
  const verdicts = Object.fromEntries(
    first.rows.filter(({ row }) => row !== sameRow).map((row) => [row.row, verdictOf(row)]),
  );
  const suspects = options.rows.filter((row) => verdicts[row] === 'slower');
  if (suspects.length === 0) return { void: false, verdicts, processes };
  const second = await validProcess(suspects, 2 * options.pairs);
  if (second === undefined) return { void: true, verdicts: {}, processes };
  for (const row of second.rows) {
    if (row.row !== sameRow && verdictOf(row) !== 'slower') verdicts[row.row] = 'slower once';
  }
  return { void: false, verdicts, processes };
}

/** The rows that are slower or wrong. */
export function failingRows({ verdicts }: TimeResult): string[] {
  return Object.keys(verdicts).filter((row) => ['slower', 'other result', 'fails'].includes(verdicts[row]));
}

function verdictOf(row: Judged): TimeVerdict {
  if ('refusal' in row) return row.refusal;
  return isSlower(row.ratios!) ? 'slower' : isFaster(row.ratios!) ? 'faster' : 'ok';
}

export function isVoidProcess({ rows }: Process): boolean {
  const same = rows.find(({ row }) => row === sameRow);
  return same?.ratios !== undefined && isVoid(same.ratios.wall);
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

/** glibc keeps what is freed: fresh pages cost what the system is in the mood for, which hid everything else. */
const keptMemory = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: String(2 ** 25), // the largest it takes
  MALLOC_TRIM_THRESHOLD_: String(2 ** 40),
  MALLOC_TOP_PAD_: String(2 ** 26),
};

/**
 * Keeps a process on the last core, where the system has a program for it: a call goes back and forth between two threads, and
 * what it takes to wake another core is noise, in virtual machines as much as the work itself.
 */
const oneCore = ((): [string, ...string[]] => {
  const pin = ['-c', String(availableParallelism() - 1), process.execPath];
  return spawnSync('taskset', [...pin, '--version']).status === 0 ? ['taskset', ...pin] : [process.execPath];
})();

/** The size of the environment moves the stack. */
function inFreshProcess(task: PairTask): Promise<RowTimes[]> {
  const padding = 'x'.repeat(new RandomState(task.seed).nextUint32() % 4096);
  const [program, ...flags] = oneCore;
  const child = fork(fileURLToPath(new URL('./pair-process.js', import.meta.url)), {
    execPath: program,
    execArgv: [...flags, '--expose-gc', '--single-threaded-gc'],
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
