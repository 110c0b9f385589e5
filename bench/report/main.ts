/** `npm run bench:report`: the tables of README.md and docs/performance.md, and the plots, from the newest results. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installLibraries } from '../library.js';
import { type Machine, thisMachine } from '../machine.js';
import { newestResults, type Results } from '../results.js';
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
  const suite = newestResults<Results>(
    'bench',
    machine,
    ({ flags }) => flags.corpus === 'synthetic' && !flags.task && !flags.contender,
  );
  if (suite === undefined) throw new Error('There are no results of this machine yet; `npm run bench` makes them.');
  // What was measured: of a run that was stopped that is less than it was asked for.
  const sizes = [...new Set(suite.rows.map(({ facts }) => facts.documents))].join(' ');
  const again = `npm run bench -- --size ${sizes} && npm run bench:report`;
  const note = `${signed(suite.date, machine, suite.software.node)} Made again by \`${again}\`.`;
  const readme = new URL('README.md', root);
  const performance = new URL('docs/performance.md', root);
  writeBlock(readme, 'variants', `${variantTables(suite.rows, readmeTasks)}\n\n${note}`);
  const largest = Math.max(
    ...suite.rows.filter(({ measured, kind }) => measured && kind === 'plain').map(({ facts }) => facts.documents),
  );
  const rows = suite.rows.filter(({ facts }) => facts.documents === largest);
  writeBlock(performance, 'limits', `${limitTable(rows)}\n\n${largest.toLocaleString('en')} documents. ${note}`);
  const models = allTasks(machine.cores).map(({ name, limit }) => `- \`${name}\`: ${limit.words}`);
  writeBlock(performance, 'models', models.join('\n'));
  const plots = await drawPlots(suite.rows, new URL('docs/figures/', root));
  writeBlock(performance, 'plots', plots.map((task) => `![${task}](figures/${task}.svg)`).join('\n'));
  const peers = peersTable(machine);
  const beside = peers && `${peers.text}\n\n${signed(peers.date, machine, peers.node)} ${peers.made}`;
  writeBlock(
    performance,
    'peers',
    beside ?? 'Not measured on this machine yet; `npm run bench:peers && npm run bench:report` does.',
  );
  const pages = ['README.md', 'docs/performance.md'];
  spawnSync('npx', ['--no', 'biome', 'format', '--write', ...pages], { cwd: fileURLToPath(root), shell: true });
  process.stdout.write('README.md, docs/performance.md and docs/figures/ are up to date.\n');
}

function signed(date: string, { cpu, cores }: Machine, node: string): string {
  return `Measured on ${date.slice(0, 10)}: ${cpu}, ${cores} cores, Node ${node}.`;
}

report().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
