/** Gate A: instructions and simulated cache misses of the kernels, exact enough for half a percent. */

import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildKernels, commonRows, paths, runArguments } from './kernels.js';
import { execute, mapAtOnce, say } from './shell.js';
import { gateFolder, type Tree } from './trees.js';

export interface Counts {
  readonly instructions: number;
  /** Simulated misses of the first-level data cache. */
  readonly firstLevelMisses: number;
  /** Simulated misses of the last-level cache. */
  readonly lastLevelMisses: number;
}

export interface InstructionRow {
  readonly row: string;
  readonly path: string;
  readonly base: Counts;
  readonly head: Counts;
  readonly verdict: 'ok' | 'more';
}

const tolerance = 1.005;
const dust = 1000; // misses more that say nothing
// One simulated machine, whatever the real one is; its last level is small, as the input is.
const caches = ['--I1=32768,8,64', '--D1=32768,8,64', '--LL=1048576,16,64'];

/** Compares the rows that both trees have and `wanted` takes. */
export async function instructionGate(
  base: Tree,
  head: Tree,
  wanted: (row: string) => boolean,
): Promise<InstructionRow[]> {
  const jobs: { row: string; path: string; base: string; head: string }[] = [];
  for (const path of Object.keys(paths)) {
    const builds = { base: await buildKernels(base, path), head: await buildKernels(head, path) };
    for (const row of await commonRows(builds)) if (wanted(row)) jobs.push({ row, path, ...builds });
  }
  say(`counting instructions of ${jobs.length} rows`);
  await mkdir(join(gateFolder, 'callgrind'), { recursive: true });
  return mapAtOnce(jobs, availableParallelism(), async ({ row, path, ...builds }) => {
    const before = await count(builds.base, row, join(gateFolder, 'callgrind', `base-${path}-${row}.out`));
    const after = await count(builds.head, row, join(gateFolder, 'callgrind', `head-${path}-${row}.out`));
    return { row, path, base: before, head: after, verdict: isMore(before, after) ? 'more' : 'ok' };
  });
}

export function isMore(base: Counts, head: Counts): boolean {
  const missesMore = head.lastLevelMisses - base.lastLevelMisses;
  return (
    head.instructions > base.instructions * tolerance ||
    (head.lastLevelMisses > base.lastLevelMisses * tolerance && missesMore > dust)
  );
}

/** Counts one run; without environment and by a relative path, for both lie on the stack and move it. */
async function count(build: string, row: string, file: string): Promise<Counts> {
  const options = ['--tool=callgrind', '--cache-sim=yes', ...caches, '--collect-atstart=no'];
  const measured = ['--toggle-collect=measured_region*', `--callgrind-out-file=${file}`];
  await execute('valgrind', [...options, ...measured, './kernel_bench', ...runArguments(row)], { cwd: build, env: {} });
  return parseCounts(await readFile(file, 'utf8'), row);
}

export function parseCounts(callgrind: string, row: string): Counts {
  const numbers = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(callgrind)?.[1].trim().split(/\s+/) ?? [];
  const totals = numbers('totals').map(Number);
  const total = Object.fromEntries(numbers('events').map((event, i) => [event, totals[i] ?? 0]));
  if (!(total.Ir > 0)) throw new Error(`callgrind counted nothing in the row ${row}; is measured_region called?`);
  return {
    instructions: total.Ir,
    firstLevelMisses: total.D1mr + total.D1mw,
    lastLevelMisses: total.ILmr + total.DLmr + total.DLmw,
  };
}
