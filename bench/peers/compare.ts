/** One row: the answers first, then rounds, each with a process of ours, in which runs of the peer and ours take turns. */

import { difference } from '#src/bench/answer.js';
import { type Calm, patience } from '#src/bench/calm.js';
import { VariantProcess } from '#src/bench/process.js';
import { median } from '#src/bench/statistics.js';
import type { CorpusFiles } from '../data/corpora.js';
import { ourTasks } from '../tasks/corpuscle.js';
import type { PeerPool } from './pool.js';
import type { PeerRun } from './process.js';
import type { PeerRow } from './rows.js';

export interface PeerResult extends PeerRow {
  readonly documents: number;
  /** Why there are no times of the two. */
  readonly missing?: string;
  readonly wrong?: true;
  /** Seconds of each run. */
  readonly peerSamples?: readonly number[];
  /** Seconds of our runs, one list a slot. */
  readonly ourSamples?: readonly (readonly number[])[];
  readonly peerSeconds?: number;
  readonly ourSeconds?: number;
  /** The peer's seconds / ours, each of the fastest. */
  readonly ratio?: number;
  /** Resident bytes at the highest, beyond the input. */
  readonly peerBytes?: number | null;
  readonly ourBytes?: number;
}

export interface RoundOptions {
  readonly rounds: number;
  /** Undisturbed runs of the peer in each round, between two slots of ours. */
  readonly turns: number;
  /** Seconds of a slot, about. */
  readonly slotSeconds: number;
  /** Where the peer takes longer, in seconds, it has one run. */
  readonly longRun: number;
}

/** Of a peer that takes long. */
const oneTurn = { rounds: 1, turns: 1, slotSeconds: 0.5 };

export async function compareWithPeer(
  row: PeerRow,
  { folder, facts }: CorpusFiles,
  pool: PeerPool,
  calm: Calm,
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
  const { rounds, turns, slotSeconds } = first.seconds > options.longRun ? oneTurn : options;
  const slot = { seconds: slotSeconds, threads: row.ourThreads };
  const peerSamples: number[] = [];
  const ourSamples: (readonly number[])[] = [];
  const ourBytes: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const ours = new VariantProcess(start);
    try {
      const { answer, peakBytes } = await ours.first();
      // `wc` has no answer to compare; that of every other peer must be ours.
      const what = row.peer === 'wc' ? undefined : difference(first.answer, answer);
      if (what !== undefined) return { ...base, missing: `wrong result: ${what}`, wrong: true };
      ourBytes.push(peakBytes);
      const slots = [await ours.slot(slot)];
      const runs: PeerRun[] = [];
      const isCalm = (i: number) => calm.holds(slots[i], row.ourThreads);
      /** A run of the peer is undisturbed where ours before and after it are. */
      const calmRuns = () => runs.filter((_, i) => isCalm(i) && isCalm(i + 1));
      while (runs.length < patience * turns && calmRuns().length < turns) {
        const run = await pool.run(row, folder);
        if ('missing' in run) return { ...base, missing: run.missing };
        runs.push(run);
        slots.push(await ours.slot(slot));
      }
      const kept = calmRuns();
      peerSamples.push(...(kept.length > 0 ? kept : runs).map(({ seconds }) => seconds));
      const ownKept = slots.filter((_, i) => isCalm(i));
      ourSamples.push(...(ownKept.length > 0 ? ownKept : slots).map(({ seconds }) => seconds));
    } finally {
      ours.close();
    }
  }
  const [peerSeconds, ourSeconds] = [Math.min(...peerSamples), Math.min(...ourSamples.map(median))];
  return {
    ...base,
    peerSamples,
    ourSamples,
    peerSeconds,
    ourSeconds,
    ratio: peerSeconds / ourSeconds,
    peerBytes: first.peakBytes,
    ourBytes: median(ourBytes),
  };
}
