/** `npm run bench:check`: is the working tree slower than a base? Exits with 0: no, 1: yes or wrong, 2: no judgement. */

import { randomInt } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { Command, Option } from 'commander';
import { wholeNumber } from '#src/cli/values.js';
import { instructionGate } from './instructions.js';
import { hasKernelPrograms } from './kernels.js';
import { instructionOutcome, type Outcome, skipped, timeOutcome, workOutcome } from './outcome.js';
import { isInstalled } from './shell.js';
import { timeGate, timeRows } from './time.js';
import {
  baseCommit,
  baseTree,
  buildLibrary,
  copyTree,
  headTree,
  nativeId,
  prepareTree,
  type Tree,
  updatedRepository,
} from './trees.js';
import { workGate } from './work.js';

const gateNames = ['instructions', 'work', 'time'] as const;
type GateName = (typeof gateNames)[number];

interface Options {
  base?: string;
  rows?: string[];
  pairs: number;
  only?: GateName;
  accept: string[];
  json?: string;
  seed: number;
}

async function check(options: Options): Promise<number> {
  const commit = await baseCommit(options.base);
  if (commit === undefined) return finish('There is no commit to compare with, so nothing was checked.', 0);
  const short = commit.slice(0, 9);
  const head = await headTree();
  const isTimed = options.only === undefined || options.only === 'time';
  await (isTimed ? buildLibrary(head, await updatedRepository()) : prepareTree(head));
  let base: Tree;
  let sameKernels: boolean;
  try {
    base = await baseTree(commit);
    sameKernels = (await nativeId(base.folder)) === (await nativeId(head.folder));
    await (isTimed ? buildLibrary(base, sameKernels ? head : undefined) : prepareTree(base));
  } catch (error) {
    return finish(`${messageOf(error)}\nNo judgement: the base ${short} cannot be built.`, 2);
  }

  const gates = { instructions, work, time } satisfies Record<GateName, unknown>;
  const outcomes: Outcome[] = [];
  for (const name of gateNames) {
    if (options.only !== undefined && options.only !== name) continue;
    const outcome =
      sameKernels && name !== 'time'
        ? skipped(name, 'Base and head have the same kernels.')
        : await gates[name](base, head, options);
    console.log(`${outcome.text}\n`);
    outcomes.push(outcome);
  }
  const { code, sentence } = verdict(outcomes, short);
  if (options.json !== undefined) {
    await mkdir(dirname(options.json), { recursive: true });
    const data = Object.fromEntries(outcomes.map((outcome) => [outcome.gate, outcome.data]));
    const machine = { node: process.version, cpu: cpus()[0].model, load: loadavg() };
    const report = { base: commit, head: head.id, machine, options, ...data, verdict: sentence };
    await writeFile(options.json, `${JSON.stringify(report, undefined, 1)}\n`);
  }
  return finish(sentence, code);
}

/** Why the kernel programs cannot be compared, or undefined. */
async function withoutKernels(base: Tree, ...programs: string[]): Promise<string | undefined> {
  if (!hasKernelPrograms(base)) return 'The base has no kernel programs yet, so there is nothing to compare with.';
  for (const program of programs) {
    if (!(await isInstalled(program))) return `Skipped: ${program} is not installed.`;
  }
  return undefined;
}

const noSuchRow = 'None of the rows that were asked for is among those that both have.';

const wantedBy =
  ({ rows }: Options) =>
  (row: string) =>
    rows === undefined || rows.includes(row);
const acceptedBy =
  ({ accept }: Options) =>
  (row: string) =>
    accept.includes(row);

async function instructions(base: Tree, head: Tree, options: Options): Promise<Outcome> {
  const why = await withoutKernels(base, 'cmake', 'valgrind');
  if (why !== undefined) return skipped('instructions', why);
  const rows = await instructionGate(base, head, wantedBy(options));
  return rows.length === 0 ? skipped('instructions', noSuchRow) : instructionOutcome(rows, acceptedBy(options));
}

async function work(base: Tree, head: Tree, options: Options): Promise<Outcome> {
  const why = await withoutKernels(base, 'cmake');
  if (why !== undefined) return skipped('work', why);
  const rows = await workGate(base, head, wantedBy(options));
  return rows.length === 0 ? skipped('work', noSuchRow) : workOutcome(rows, acceptedBy(options));
}

async function time(base: Tree, head: Tree, options: Options): Promise<Outcome> {
  const rows = timeRows.filter(wantedBy(options));
  if (rows.length === 0) return skipped('time', `None of its rows was asked for; these are ${timeRows.join(', ')}.`);
  const again = await copyTree(head, 'head-again');
  return timeOutcome(
    await timeGate({ base, head, again }, { ...options, rows, accepted: options.accept }),
    acceptedBy(options),
  );
}

function verdict(outcomes: readonly Outcome[], base: string): { code: number; sentence: string } {
  const failures = outcomes.flatMap(({ gate, failures }) => failures.map((row) => `${row} (${gate})`));
  if (failures.length > 0) {
    const advice = 'if this is meant, name the rows with --accept';
    return { code: 1, sentence: `Worse than ${base}: ${failures.join(', ')}; ${advice}.` };
  }
  if (outcomes.some((outcome) => outcome.void)) {
    return { code: 2, sentence: 'No judgement: equal code seemed unequal, twice; run it again on a quieter machine.' };
  }
  if (outcomes.every((outcome) => outcome.skipped)) return { code: 0, sentence: `Nothing was compared with ${base}.` };
  return { code: 0, sentence: `Fine: no row is worse than ${base}.` };
}

function finish(sentence: string, code: number): number {
  console.log(sentence);
  return code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const command = new Command('bench:check')
  .description(
    'Compares the working tree with a base: instructions, work and time of the kernels. A row that fails is slower.',
  )
  .option('--base <ref>', 'the commit to compare with (default: where this branch left the main branch)')
  .option('--rows <row...>', 'these rows only')
  .addOption(wholeNumber('--pairs <n>', 'pairs of times of each row').default(50))
  .addOption(new Option('--only <gate>', 'one of the gates').choices(gateNames))
  .option('--accept <row...>', 'rows that may be slower or give another result: reported, but not failed', [])
  .option('--json <file>', 'writes everything that was counted and timed')
  .addOption(wholeNumber('--seed <n>', 'of the random orders').default(randomInt(1, 1e9)));
try {
  process.exitCode = await check(command.parse().opts<Options>());
} catch (error) {
  process.exitCode = finish(`Failed: ${messageOf(error)}`, 1);
}
