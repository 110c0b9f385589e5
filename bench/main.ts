/** `npm run bench`: the variants of each task side by side. */

import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { wholeNumber } from '#src/cli/values.js';
import { type CorpusName, corpora, haveReviews } from './data/corpora.js';
import { installLibraries } from './library.js';
import { thisMachine, thisSoftware } from './machine.js';
import { type Results, writeResults } from './results.js';
import { runSuite } from './suite.js';
import { suiteText } from './table.js';
import { allTasks } from './tasks/index.js';
import type { Task } from './tasks/task.js';

interface Flags {
  quick?: true;
  corpus: CorpusName;
  task?: string[];
  contender?: string[];
  size?: string[];
  threads: number;
  rounds?: number;
  maxSeconds?: number;
  json?: true;
}

const quick = {
  sizes: [2000],
  tasks: ['counts', 'tfidf', 'cooccurrence', 'kmeans-steps-10'],
  /** They take seconds for a trial alone. */
  without: ['mathjs', 'ml-sparse-matrix', 'kmeans-engine'],
  ...{ rounds: 2, slots: 4, slotSeconds: 0.04, warmUpSeconds: 0.25, maxSeconds: 1 },
};
const whole = {
  sizes: [1000, 10_000, 50_000, 650_000],
  rounds: 3,
  slots: 4,
  slotSeconds: 0.15,
  warmUpSeconds: 0.5,
  maxSeconds: 20,
};

const command = new Command('npm run bench --')
  .description('Times the variants of each task side by side, after their results were compared.')
  .option('--quick', `${quick.sizes[0]} documents, runs of less than ${quick.maxSeconds} s: about a minute`)
  .addOption(new Option('--corpus <name>', 'what to read').choices(corpora).default('synthetic'))
  .option('--task <names...>', 'only these tasks')
  .option('--contender <names...>', 'only these contenders')
  .option('--size <n...>', 'numbers of documents')
  .addOption(wholeNumber('--threads <n>', 'threads of parallel', 1, 1024).default(availableParallelism()))
  .addOption(wholeNumber('--rounds <n>', 'fresh processes of each contender'))
  .addOption(wholeNumber('--max-seconds <n>', 'leave out runs that would take longer'))
  .option('--json', 'print all samples instead of tables')
  .action(bench);

async function bench(flags: Flags): Promise<void> {
  const defaults = flags.quick ? quick : whole;
  const tasks = chosen(flags);
  if (flags.corpus === 'reviews' && !(await haveReviews())) {
    throw new Error('The reviews are not here; CORPUSCLE_DATA names their folder. --corpus synthetic needs nothing.');
  }
  const without = installLibraries();
  if (without !== undefined) process.stderr.write(`${without}\n`);
  const machine = thisMachine();
  if (machine.load > 0.5) process.stderr.write('Other programs are running; the times will show them.\n');
  const run = {
    date: new Date().toISOString(),
    machine,
    software: thisSoftware(without === undefined ? namesOfLibraries(tasks) : []),
    flags: { ...flags },
  };
  let file = '';
  const rows = await runSuite({
    corpus: flags.corpus,
    sizes: flags.size?.map(size) ?? defaults.sizes,
    tasks: without === undefined ? tasks : tasks.map(withoutLibraries),
    maxSeconds: flags.maxSeconds ?? defaults.maxSeconds,
    rounds: flags.rounds ?? defaults.rounds,
    slots: defaults.slots,
    slotSeconds: defaults.slotSeconds,
    warmUpSeconds: defaults.warmUpSeconds,
    tell: (line) => process.stderr.write(`${line}\n`),
    keep: (soFar) => {
      file = writeResults<Results>(flags.quick ? 'bench-quick' : 'bench', { ...run, rows: soFar });
    },
  });
  process.stdout.write(flags.json ? `${JSON.stringify({ ...run, rows }, null, 1)}\n` : `\n${suiteText(rows)}\n`);
  process.stderr.write(`All samples: ${file}\n`);
  const wrong = rows.filter((row) => row.wrong);
  if (wrong.length > 0)
    throw new Error(`Wrong results: ${wrong.map((row) => `${row.task} ${row.contender}`).join(', ')}.`);
}

function size(text: string): number {
  const documents = Number(text);
  if (Number.isInteger(documents) && documents >= 100) return documents;
  throw new Error(`--size must be whole numbers of at least 100, but is ${text}.`);
}

function chosen({ task, quick: isQuick, contender: contenders, threads }: Flags): Task[] {
  const names = task ?? (isQuick ? quick.tasks : undefined);
  const all = allTasks(threads);
  const unknown = names?.find((name) => !all.some((task) => task.name === name));
  if (unknown !== undefined) {
    throw new Error(`There is no task ${unknown}; there are ${all.map(({ name }) => name).join(', ')}.`);
  }
  return all
    .filter((task) => names?.includes(task.name) ?? true)
    .map((task) => ({
      ...task,
      contenders: task.contenders.filter(
        ({ name }) => contenders?.includes(name) ?? !(isQuick && quick.without.includes(name)),
      ),
    }));
}

function withoutLibraries(task: Task): Task {
  return { ...task, contenders: task.contenders.filter(({ kind }) => kind !== 'library') };
}

function namesOfLibraries(tasks: readonly Task[]): string[] {
  const modules = tasks.flatMap(({ contenders }) => contenders.filter(({ kind }) => kind === 'library'));
  return [...new Set(modules.map(({ name }) => (name === 'duckdb' ? '@duckdb/node-api' : name)))];
}

command.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
