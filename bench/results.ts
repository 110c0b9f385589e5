/** What the suite leaves: a file a run, with all samples. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Facts } from './data/corpora.js';
import { type Machine, machineSlug, type Software } from './machine.js';

/** One contender at one task and size. */
export interface Row {
  readonly task: string;
  readonly title: string;
  readonly contender: string;
  readonly kind: string;
  readonly threads: number;
  readonly facts: Facts;
  /** Why there are no times, in words; `wrong` where its result is not the one of the others. */
  readonly missing?: string;
  readonly wrong?: boolean;
  readonly measured?: Measured;
}

export interface Measured {
  /** Seconds of the first run, one a process; not of the first round, whose first runs were compared. */
  readonly cold: readonly number[];
  /** Seconds of the further runs, one list a slot. */
  readonly warm: readonly (readonly number[])[];
  /** How many slots were disturbed by others, and repeated. */
  readonly disturbed: number;
  /** Resident bytes at the highest, beyond the input, one a process. */
  readonly peakBytes: readonly number[];
  /** The time below which the machine cannot do it, by its rates in the same process; one a process. */
  readonly limitSeconds: readonly number[];
  /** The fastest slot's median run. */
  readonly seconds: number;
  /** Relative margin of error of the warm runs, in percent. */
  readonly rme: number;
  readonly rate: number;
  readonly rateUnit: string;
  /** Plain's seconds / these seconds. */
  readonly speedup?: number;
  /** The lowest of the limits / seconds: 1 is what the machine can do at its best. */
  readonly toLimit?: number;
}

export interface Results {
  readonly date: string;
  readonly machine: Machine;
  readonly software: Software;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly rows: readonly Row[];
}

const root = fileURLToPath(new URL('../../bench/results/', import.meta.url));

/** Writes a file of `kind` for its machine; returns its path. */
export function writeResults<T extends { date: string; machine: Machine }>(kind: string, results: T): string {
  const folder = `${root}${machineSlug(results.machine)}`;
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/${kind}-${results.date.replace(/[:.]/g, '-')}.json`;
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
  return file;
}

/** The files of `kind` for a machine that `wanted` takes, the newest first. */
export function resultsOf<T>(kind: string, machine: Machine, wanted: (results: T) => boolean): T[] {
  const folder = `${root}${machineSlug(machine)}`;
  let files: string[] = [];
  try {
    files = readdirSync(folder).filter((file) => file.startsWith(`${kind}-2`));
  } catch {
    return []; // nothing was measured on this machine
  }
  const read = (file: string) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as T;
  return files.sort().reverse().map(read).filter(wanted);
}

/** The rows of each task and number of documents from the newest run that has them, in order of the numbers; and these runs. */
export function newestRows(runs: readonly Results[]): { rows: Row[]; used: Results[] } {
  const seen = new Set<string>();
  const taken = runs.map((run) => {
    const key = ({ task, facts }: Row) => `${task} ${facts.documents}`;
    const rows = run.rows.filter((row) => !seen.has(key(row)));
    for (const row of rows) seen.add(key(row));
    return { run, rows };
  });
  const rows = taken.flatMap((run) => run.rows).sort((a, b) => a.facts.documents - b.facts.documents);
  return { rows, used: taken.filter((run) => run.rows.length > 0).map(({ run }) => run) };
}
