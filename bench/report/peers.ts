/** The peers' rows as a table. */

import { formatBytes, grouped } from '#src/cli/words.js';
import type { Machine } from '../machine.js';
import { table } from '../markdown.js';
import type { PeerResult } from '../peers/compare.js';
import type { PeerResults } from '../peers/main.js';
import { resultsOf } from '../results.js';
import { shortSeconds } from '../table.js';

export function peersTable(machine: Machine) {
  const [results] = resultsOf<PeerResults>('peers', machine, ({ flags }) => !flags.task && !flags.peer && !flags.ended);
  if (results === undefined) return undefined;
  const { date, rows, software, corpus, peers, flags } = results;
  const heads = ['task', 'ours x', 'seconds', 'memory', 'peer', 'seconds', 'memory', 'ratio'];
  const size = flags.quick ? ' -- --quick' : flags.size === undefined ? '' : ` -- --size ${flags.size}`;
  const what = `${grouped(rows[0].documents)} documents (${corpus}).`;
  return {
    date,
    node: software.node,
    text: table(heads, rows.map(line)),
    made: `${what} ${versionsOf(peers)} Made again by \`npm run bench:peers${size} && npm run bench:report\`.`,
  };
}

function line(row: PeerResult): string[] {
  const { title, task, ourThreads, ourSeconds, ourBytes, peer, threads, peerSeconds, peerBytes, ratio, missing } = row;
  return [
    `${task}: ${title}`,
    String(ourThreads),
    ourSeconds === undefined ? (missing ?? '') : shortSeconds(ourSeconds),
    ourBytes === undefined ? '' : formatBytes(ourBytes),
    `${peer} x ${threads}`,
    peerSeconds === undefined ? '' : shortSeconds(peerSeconds),
    peerBytes == null ? '' : formatBytes(peerBytes),
    ratio === undefined ? '' : ratio.toPrecision(3),
  ];
}

/** Each peer's packages once. */
function versionsOf(peers: PeerResults['peers']): string {
  const versions = new Map<string, string>();
  for (const info of Object.values(peers)) {
    for (const [name, value] of Object.entries(info))
      if (typeof value === 'string' && name !== 'missing') versions.set(name, value);
  }
  return `${[...versions].map(([name, version]) => `${name} ${version}`).join(', ')}.`;
}
