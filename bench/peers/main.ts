/** `npm run bench:peers`: our tasks beside those of Python and C, in the same run, on the same files. */

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { Calm } from '#src/bench/calm.js';
import { tableText } from '#src/cli/table.js';
import { wholeNumber } from '#src/cli/values.js';
import { formatBytes } from '#src/cli/words.js';
import { type CorpusName, corpora, haveReviews, prepareCorpus } from '../data/corpora.js';
import { type Machine, type Software, thisMachine, thisSoftware } from '../machine.js';
import { writeResults } from '../results.js';
import { shortSeconds } from '../table.js';
import { compareWithPeer, type PeerResult } from './compare.js';
import { python } from './places.js';
import { PeerPool } from './pool.js';
import type { MissingPeer, PeerInfo } from './process.js';
import { peerRows } from './rows.js';
import { setupPeers } from './setup.js';

interface Flags {
  setup?: true;
  quick?: true;
  corpus?: CorpusName;
  size?: number;
  task?: string[];
  peer?: string[];
  threads: number;
  rounds?: number;
  json?: true;
}

export interface PeerResults {
  readonly date: string;
  readonly machine: Machine;
  readonly software: Software;
  readonly corpus: CorpusName;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly peers: Readonly<Record<string, PeerInfo | MissingPeer>>;
  readonly rows: readonly PeerResult[];
}

const quick = { size: 3000, rounds: 3, turns: 3, slotSeconds: 0.1, longRun: 5 };
const whole = { size: 50_000, rounds: 3, turns: 1, slotSeconds: 0.3, longRun: 10 };

const command = new Command('npm run bench:peers --')
  .description('Times our tasks beside those of Python and C, after their results were compared.')
  .option('--setup', 'install the peers again: a virtual environment in out/, the program that uses GraphBLAS')
  .option('--quick', `${quick.size} documents`)
  .addOption(new Option('--corpus <name>', 'what to read (default: the reviews, where they are)').choices(corpora))
  .addOption(wholeNumber('--size <n>', `number of documents (default: ${whole.size})`))
  .option('--task <names...>', 'only these tasks')
  .option('--peer <names...>', 'only these peers')
  .addOption(wholeNumber('--threads <n>', 'threads of ours and theirs', 1, 1024).default(availableParallelism()))
  .addOption(wholeNumber('--rounds <n>', 'fresh processes of ours'))
  .option('--json', 'print all samples instead of a table')
  .action((flags: Flags) => (flags.setup ? setupPeers() : compare(flags)));

async function compare(flags: Flags): Promise<void> {
  if (!existsSync(python)) await setupPeers();
  if (!existsSync(python)) return; // it has said what is missing
  const defaults = flags.quick ? quick : whole;
  const corpus = flags.corpus ?? ((await haveReviews()) ? 'reviews' : 'synthetic');
  const files = await prepareCorpus(corpus, flags.size ?? defaults.size);
  const machine = thisMachine();
  const pool = new PeerPool();
  const calm = new Calm();
  const rows: PeerResult[] = [];
  // The first signal ends the run after the row at hand, and what was measured is kept; the second one ends it at once.
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
  try {
    for (const row of peerRows(flags.threads)) {
      if (ended.signal.aborted) break;
      if (!(flags.task?.includes(row.task) ?? true) || !(flags.peer?.includes(row.peer) ?? true)) continue;
      const rounds = flags.rounds ?? defaults.rounds;
      const result = await compareWithPeer(row, files, pool, calm, { ...defaults, rounds }).catch((error) => {
        if (!ended.signal.aborted) throw error; // a signal to the whole group ends the processes of this row, too
      });
      if (result === undefined) break;
      rows.push(result);
      process.stderr.write(`${row.task} x ${row.ourThreads}, ${row.peer} x ${row.threads}: ${told(result)}\n`);
    }
    if (ended.signal.aborted) process.exitCode = 130;
    if (rows.length === 0) return;
    const peers = await pool.infos();
    const results: PeerResults = {
      date: new Date().toISOString(),
      machine,
      software: thisSoftware([]),
      corpus,
      flags: { ...flags, ...(ended.signal.aborted && { ended: true }) },
      peers,
      rows,
    };
    const file = writeResults(flags.quick ? 'peers-quick' : 'peers', results);
    process.stdout.write(flags.json ? `${JSON.stringify(results, null, 1)}\n` : `\n${peersText(results)}`);
    process.stderr.write(`All samples: ${file}\n`);
  } finally {
    pool.close();
  }
  const wrong = rows.filter((row) => row.wrong);
  if (wrong.length > 0)
    throw new Error(`Results differ: ${wrong.map((row) => `${row.task}, ${row.peer}`).join('; ')}.`);
}

function told({ missing, ratio }: PeerResult): string {
  return ratio === undefined ? (missing ?? '') : `${ratio.toPrecision(3)}x`;
}

function peersText({ rows, peers, corpus }: PeerResults): string {
  const lines = rows.map((row) => [
    row.task,
    String(row.ourThreads),
    row.ourSeconds === undefined ? '' : shortSeconds(row.ourSeconds),
    `${row.peer} x ${row.threads}`,
    row.peerSeconds === undefined ? '' : shortSeconds(row.peerSeconds),
    row.ratio === undefined ? '' : row.ratio.toPrecision(3),
    row.ourBytes === undefined ? '' : formatBytes(row.ourBytes),
    row.peerBytes == null ? '' : formatBytes(row.peerBytes),
    row.ratio === undefined ? (row.missing ?? '') : '',
  ]);
  const heads = ['task', 'threads', 'seconds', 'peer', 'seconds', 'ratio', 'memory', "peer's", 'why not'];
  const columns = heads.map((head, i) => ({
    head,
    align: [0, 3, 8].includes(i) ? ('left' as const) : ('right' as const),
  }));
  const versions = Object.entries(peers).map(([name, info]) => `${name}: ${JSON.stringify(info)}`);
  return `${corpus}, ${rows[0]?.documents ?? 0} documents\n${tableText(columns, lines, 140)}\n${versions.join('\n')}\n`;
}

command.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
