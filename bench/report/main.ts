/** `npm run bench:report`: the tables of README.md and docs/performance.md, and the plots, from the newest results. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { groupBy } from '../group-by.js';
import { installLibraries } from '../library.js';
import { type Machine, thisMachine } from '../machine.js';
import { newestRows, type Results, type Row, resultsOf } from '../results.js';
import { allTasks } from '../tasks/index.js';
import { writeBlock } from './blocks.js';
import { peersTable } from './peers.js';
import { drawPlots } from './plots.js';
import { limitTable, variantTables } from './tables.js';

const root = new URL('../../../', import.meta.url);
const readmeTasks = ['counts', 'cooccurrence', 'cooccurrence-dense', 'kmeans-steps-10'];

async function report(): Promise<void> {
  const without = installLibraries();
  if (without !== undefined) throw new Error(without);
  const machine = thisMachine();
  const { rows, used } = newestRows(resultsOf<Results>('bench', machine, isWhole));
  if (rows.length === 0) throw new Error('There are no results of this machine yet; `npm run bench` makes them.');
  // What was measured: of a run that was stopped that is less than it was asked for.
  const sizes = [...new Set(rows.map(({ facts }) => facts.documents))].join(' ');
  const again = `npm run bench -- --size ${sizes} && npm run bench:report`;
  const dates = [...new Set(used.map(({ date }) => date.slice(0, 10)))].sort().join(' and ');
  const note = `${signed(dates, machine, used[0].software.node)} Made again by \`${again}\`.`;
  const readme = new URL('README.md', root);
  const performance = new URL('docs/performance.md', root);
  writeBlock(readme, 'variants', `${variantTables(rows, readmeTasks)}\n\n${note}`);
  const largest = largestOfPlain(rows);
  const table = limitTable(rows.filter(({ facts }) => facts.documents === largest));
  writeBlock(performance, 'limits', `${table}\n\n${largest.toLocaleString('en')} documents. ${note}`);
  const models = allTasks(machine.cores).map(({ name, limit }) => `- \`${name}\`: ${limit.words}`);
  writeBlock(performance, 'models', models.join('\n'));
  const plots = await drawPlots(rows, new URL('docs/figures/', root));
  writeBlock(performance, 'plots', plots.map((task) => `![${task}](figures/${task}.svg)`).join('\n'));
  const peers = peersTable(machine);
  const beside = peers && `${peers.text}\n\n${signed(peers.date.slice(0, 10), machine, peers.node)} ${peers.made}`;
  writeBlock(
    performance,
    'peers',
    beside ?? 'Not measured on this machine yet; `npm run bench:peers && npm run bench:report` does.',
  );
  const pages = ['README.md', 'docs/performance.md'];
  spawnSync('npx', ['--no', 'biome', 'format', '--write', ...pages], { cwd: fileURLToPath(root), shell: true });
  process.stdout.write('README.md, docs/performance.md and docs/figures/ are up to date.\n');
}

/** The whole suite as it is by default, of some sizes. */
function isWhole({ flags }: Results): boolean {
  const { corpus, ...others } = flags;
  const narrower = ['quick', 'task', 'contender', 'rounds', 'maxSeconds'];
  return corpus === 'synthetic' && narrower.every((flag) => others[flag] === undefined);
}

/** The largest number of documents at which plain was run in nine of ten tasks, or of all where there is none. */
function largestOfPlain(rows: readonly Row[]): number {
  const plain = groupBy(
    rows.filter(({ kind }) => kind === 'plain'),
    ({ facts }) => facts.documents,
  );
  const isRun = (own: readonly Row[]) => own.filter(({ measured }) => measured).length >= 0.9 * own.length;
  const run = [...plain].filter(([, own]) => isRun(own));
  return Math.max(...(run.length > 0 ? run : [...plain]).map(([documents]) => documents));
}

function signed(date: string, { cpu, cores }: Machine, node: string): string {
  return `Measured on ${date}: ${cpu}, ${cores} cores, Node ${node}.`;
}

report().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
