/** `npm run bench:gate-experiments`: how often gate B alarms for nothing, and how often it misses a planted fault. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { median } from '#src/bench/statistics.js';
import { wholeNumber } from '#src/cli/values.js';
import { percent, table } from '../markdown.js';
import { type Fault, faults, plant } from './planted.js';
import { sameRow } from './rows.js';
import { say } from './shell.js';
import type { Interval } from './statistics.js';
import { failingRows, type TimeResult, type Trees, timeGate, timeRows } from './time.js';
import { buildLibrary, copyTree, gateFolder, headTree } from './trees.js';

interface Options {
  same: number;
  slower: number;
  wrong: number;
  rows?: string[];
  pairs: number;
  seed: number;
}

interface Experiment {
  readonly name: string;
  /** The row that must fail, or none. */
  readonly row?: string;
  readonly runs: readonly { readonly seconds: number; readonly result: TimeResult }[];
}

const options = new Command('bench:gate-experiments')
  .description('Runs gate B on equal code and on planted faults, and counts what it says.')
  .addOption(wholeNumber('--same <n>', 'runs with base = head', 0).default(100))
  .addOption(wholeNumber('--slower <n>', 'runs with each planted slow-down', 0).default(20))
  .addOption(wholeNumber('--wrong <n>', 'runs with each planted wrong result', 0).default(1))
  .option('--rows <row...>', 'these rows only')
  .addOption(wholeNumber('--pairs <n>', 'pairs of times of each row').default(50))
  .addOption(wholeNumber('--seed <n>', 'of the random orders').default(1))
  .parse()
  .opts<Options>();

const rows = timeRows.filter((row) => options.rows === undefined || options.rows.includes(row));
const head = await headTree();
await buildLibrary(head);
const again = await copyTree(head, 'head-again');

const experiments = [
  await repeated('same', options.same, { base: await copyTree(head, 'experiments/same'), head, again }),
];
for (const fault of faults) {
  const count = options[fault.kind];
  if (count > 0 && rows.includes(fault.row)) experiments.push(await withFault(fault, count));
}
const file = join(gateFolder, 'experiments.json');
await writeFile(file, JSON.stringify({ node: process.version, options, experiments }));
console.log(`${summary(experiments)}\n\n${rowTable(experiments)}\n\nAll samples are in ${file}.`);

async function withFault(fault: Fault, count: number): Promise<Experiment> {
  const faulty = await plant(head, fault);
  const trees = { base: head, head: faulty, again: await copyTree(faulty, `experiments/${fault.name}-again`) };
  return { ...(await repeated(fault.name, count, trees)), row: fault.row };
}

async function repeated(name: string, count: number, trees: Trees): Promise<Experiment> {
  const runs: { seconds: number; result: TimeResult }[] = [];
  for (let run = 0; run < count; run++) {
    const start = performance.now();
    const result = await timeGate(trees, { rows, pairs: options.pairs, seed: options.seed + 100 * run });
    const seconds = (performance.now() - start) / 1000;
    runs.push({ seconds, result });
    const said = result.void ? 'void' : failingRows(result).join(', ') || 'fine';
    say(`${name}, run ${run + 1} of ${count}: ${said} (${seconds.toFixed(0)} s)`);
  }
  return { name, runs };
}

function summary(all: readonly Experiment[]): string {
  const lines = all.map(({ name, row, runs }) => {
    const judged = runs.filter(({ result }) => !result.void);
    const caught = judged.filter(({ result }) => row !== undefined && failingRows(result).includes(row)).length;
    const alarms = judged.filter(({ result }) => failingRows(result).some((failed) => failed !== row)).length;
    const repeats = runs.filter(({ result }) => result.processes.length > 1).length;
    return [
      name,
      String(runs.length),
      row === undefined ? '' : `${caught} of ${runs.length}`,
      String(alarms),
      String(runs.length - judged.length),
      String(repeats),
      runs.length === 0 ? '' : median(runs.map(({ seconds }) => seconds)).toFixed(0),
    ];
  });
  return table(['experiment', 'runs', 'caught', 'false alarms', 'void', 'more than one process', 'seconds'], lines);
}

/** Each row over the first processes of all runs: how its medians scatter; and the mean of what more processes judged. */
function rowTable(all: readonly Experiment[]): string {
  const lines = all.flatMap(({ name, runs }) =>
    [...rows, sameRow].flatMap((row) => {
      const timed = runs.flatMap(
        ({ result }) => result.processes[0].rows.find((other) => other.row === row)?.ratios ?? [],
      );
      if (timed.length === 0) return [];
      const walls = timed.map(({ wall }) => wall);
      const medians = walls.map((interval) => interval.median);
      const judged = runs.flatMap(({ result }) => result.judged[row] ?? []);
      return [
        [
          `${name}: ${row}`,
          ratio(median(medians)),
          ratio(Math.min(...medians)),
          ratio(Math.max(...medians)),
          ratio(median(walls.map(halfWidth))),
          String(judged.length),
          judged.length === 0 ? '' : ratio(median(judged.map((interval) => interval.median))),
          judged.length === 0 ? '' : ratio(Math.min(...judged.map(({ low }) => low))),
        ],
      ];
    }),
  );
  const heads = ['row', 'median', 'lowest', 'highest', 'half width', 'judged', 'median judged', 'lowest low'];
  return table(heads, lines);
}

function ratio(log: number): string {
  return percent(Math.exp(log), 2);
}

function halfWidth({ low, high }: Interval): number {
  return (high - low) / 2;
}
