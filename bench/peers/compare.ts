/** One row: the answers first, then rounds of one run of the peer and one process of ours. */

import { difference } from '#src/bench/answer.js';
import { answerOf, type Times, timesOf } from '#src/bench/process.js';
import { typical } from '#src/bench/rounds.js';
import { median } from '#src/bench/statistics.js';
import type { CorpusFiles } from '../data/corpora.js';
import { ourTasks } from '../tasks/corpuscle.js';
import type { PeerPool } from './pool.js';
import type { PeerRow } from './rows.js';

export interface PeerResult extends PeerRow {
  readonly documents: number;
  /** Why there are no times of the two. */
  readonly missing?: string;
  readonly wrong?: true;
  /** Seconds of each run. */
  readonly peerSamples?: readonly number[];
  /** Warm seconds of each process. */
  readonly ourSamples?: readonly (readonly number[])[];
  readonly peerSeconds?: number;
  readonly ourSeconds?: number;
  /** Median over rounds of the peer's seconds / ours. */
  readonly ratio?: number;
  /** Resident bytes at the highest, beyond the input. */
  readonly peerBytes?: number | null;
  readonly ourBytes?: number;
}

export interface RoundOptions {
  readonly rounds: number;
  readonly warmSeconds: number;
  /** Rows whose peer takes longer, in seconds, have one round. */
  readonly longRun: number;
}

export async function compareWithPeer(
  row: PeerRow,
  { folder, facts }: CorpusFiles,
  pool: PeerPool,
  options: RoundOptions,
): Promise<PeerResult> {
  const base = { ...row, documents: facts.documents };
  if (!ourTasks.includes(row.task)) return { ...base, missing: 'not built yet' };
  const first = await pool.run(row, folder);
  if ('missing' in first) return { ...base, missing: first.missing };
  const start = {
    module: new URL('../tasks/corpuscle.js', import.meta.url).href,
    args: { task: row.task, folder, backend: row.ourThreads === 1 ? 'native' : 'parallel', threads: row.ourThreads },
    quiet: { threads: row.ourThreads },
  };
  // `wc` has no answer to compare; that of every other peer must be ours.
  const what = row.peer === 'wc' ? undefined : difference(first.answer, await answerOf(start));
  if (what !== undefined) return { ...base, missing: `wrong result: ${what}`, wrong: true };
  const rounds = first.seconds > options.longRun ? 1 : options.rounds;
  const peerSamples: number[] = [];
  const ours: Times[] = [];
  for (let round = 0; round < rounds; round++) {
    const run = await pool.run(row, folder);
    if ('missing' in run) return { ...base, missing: run.missing };
    peerSamples.push(run.seconds);
    ours.push(await timesOf(start, { repetition: { runs: 1, seconds: options.warmSeconds } }));
  }
  return {
    ...base,
    peerSamples,
    ourSamples: ours.map(({ warm }) => warm),
    peerSeconds: median(peerSamples),
    ourSeconds: median(ours.map(typical)),
    ratio: median(ours.map((times, i) => peerSamples[i] / typical(times))),
    peerBytes: first.peakBytes,
    ourBytes: median(ours.map(({ peakBytes }) => peakBytes)),
  };
}
