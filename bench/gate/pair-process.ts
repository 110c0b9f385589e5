/** A fresh process that holds both libraries and times their rows in pairs; started by time.ts. */

import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from '#src/bench/statistics.js';
import { RandomState } from '#src/core/random.js';
import { syntheticDocuments } from '../data/synthetic.js';
import { type Inputs, inputsOf, type Library } from './inputs.js';
import { type GateRow, rows, sameRow, sameRowAs } from './rows.js';
import { shuffled } from './statistics.js';

export interface PairTask {
  /** Folders of the built trees; `again` is a copy of head. */
  readonly trees: { readonly base: string; readonly head: string; readonly again: string };
  readonly rows: readonly string[];
  /** Rows whose result may be another one; one of the others ends the process before anything is timed. */
  readonly accepted: readonly string[];
  readonly pairs: number;
  readonly seed: number;
}

export interface Samples {
  readonly base: number[];
  readonly head: number[];
}

/** A row's times in milliseconds a call, pair by pair; or why there are none. */
export type RowTimes =
  | { readonly row: string; readonly calls: number; readonly wall: Samples; readonly cpu: Samples }
  | { readonly row: string; readonly refusal: Refusal; readonly detail: string };
export type Refusal = 'other result' | 'fails' | 'not in base';

const documents = 2400;
const elementTime = 15; // milliseconds, about; a row's calls are repeated to take so long
const warmUpPairs = 2;

type Side = 'base' | 'head';
interface Contest {
  readonly row: string;
  readonly sides: Record<Side, GateRow>;
  calls: number;
  readonly wall: Samples;
  readonly cpu: Samples;
}

process.once('message', async (task: PairTask) => {
  process.send?.(await measure(task), () => process.disconnect());
});

async function measure(task: PairTask): Promise<RowTimes[]> {
  const random = new RandomState(task.seed);
  const shift = allocations(random);
  const libraries = await load(task.trees, random);
  const texts = Array.from(syntheticDocuments({ documents }), ({ text }) => text);
  const inputs = await inputsOf(libraries.head, texts);
  const refused: RowTimes[] = [];
  const contests: Contest[] = [];
  for (const row of shuffled(task.rows, random)) {
    const contest = await verified(row, libraries, inputs);
    if ('sides' in contest) contests.push(contest);
    else refused.push(contest);
  }
  if (refused.some((row) => 'refusal' in row && row.refusal !== 'not in base' && !task.accepted.includes(row.row)))
    return refused;
  for (const contest of contests) await calibrate(contest);
  for (let pair = -warmUpPairs; pair < task.pairs; pair++) {
    for (const contest of shuffled(contests, random)) await timePair(contest, random, pair >= 0);
  }
  shift.length = 0;
  const timed = contests.map(({ row, calls, wall, cpu }): RowTimes => ({ row, calls, wall, cpu }));
  return [...refused, ...timed].sort((a, b) => task.rows.indexOf(a.row) - task.rows.indexOf(b.row));
}

/** Moves what is allocated later to other addresses than in the process before. */
function allocations(random: RandomState): Uint8Array[] {
  const count = 1 + (random.nextUint32() % 64);
  return Array.from({ length: count }, () => new Uint8Array(random.nextUint32() % 65536).fill(1));
}

/** The libraries, each with its own modules and its own addon, in random order. */
async function load(trees: PairTask['trees'], random: RandomState): Promise<Record<keyof typeof trees, Library>> {
  const loaded: Partial<Record<keyof typeof trees, Library>> = {};
  for (const name of shuffled(['base', 'head', 'again'] as const, random)) {
    const library: Library = await import(pathToFileURL(join(trees[name], 'dist', 'esm', 'index.js')).href);
    const { file, reason } = library.backendInfo();
    if (file === null || !realpathSync(file).startsWith(realpathSync(trees[name]))) {
      throw new Error(`The addon of ${trees[name]} does not load: ${reason ?? `${file} came instead of it`}`);
    }
    loaded[name] = library;
  }
  return loaded as Record<keyof typeof trees, Library>;
}

/** A row whose two results are the same to the last bit, or why it is none. */
async function verified(
  row: string,
  { base, head, again }: Record<'base' | 'head' | 'again', Library>,
  inputs: Inputs,
): Promise<Contest | RowTimes> {
  const same = row === sameRow;
  const prepare = rows[same ? sameRowAs : row];
  const answered = async (library: Library) => {
    const prepared = prepare(library, inputs);
    return { prepared, answer: await prepared.answer() };
  };
  const refusal = (why: Refusal, detail: unknown): RowTimes => ({ row, refusal: why, detail: String(detail) });
  try {
    const ours = await answered(same ? again : head);
    try {
      const theirs = await answered(same ? head : base);
      if (ours.answer !== theirs.answer)
        return refusal('other result', `SHA-256 ${theirs.answer.slice(0, 12)} became ${ours.answer.slice(0, 12)}`);
      const sides = { base: theirs.prepared, head: ours.prepared };
      return { row, sides, calls: 1, wall: { base: [], head: [] }, cpu: { base: [], head: [] } };
    } catch (error) {
      return refusal('not in base', error);
    }
  } catch (error) {
    return refusal('fails', error);
  }
}

/** Finds how many calls fill an element. */
async function calibrate(contest: Contest): Promise<void> {
  let fastest = Number.POSITIVE_INFINITY; // the others may still be warming up
  for (let run = 0; run < 4; run++) {
    for (const side of ['base', 'head'] as const) {
      fastest = Math.min(fastest, (await element(contest.sides[side], 1)).wall);
    }
  }
  contest.calls = Math.max(1, Math.round(elementTime / fastest));
}

async function timePair(contest: Contest, random: RandomState, counts: boolean): Promise<void> {
  for (const side of shuffled(['base', 'head'] as const, random)) {
    const { wall, cpu } = await element(contest.sides[side], contest.calls);
    if (!counts) continue;
    contest.wall[side].push(wall);
    contest.cpu[side].push(cpu);
  }
}

/** Milliseconds of a call, the median of so many; the garbage of the calls before is collected first. */
async function element({ run }: GateRow, calls: number): Promise<{ wall: number; cpu: number }> {
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
  const walls: number[] = [];
  const cpuBefore = process.cpuUsage();
  for (let call = 0; call < calls; call++) {
    const start = performance.now();
    await run();
    walls.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wall: median(walls), cpu: (user + system) / 1000 / calls };
}
