/** What a task of the suite is, and what its contenders are. */

import type { LimitKind, MachineLimits } from '#src/backends/limits.js';
import type { Answer } from '#src/bench/answer.js';
import type { Facts } from '../data/corpora.js';

export interface Contender {
  readonly name: string;
  readonly kind: 'plain' | 'native' | 'parallel' | 'library';
  /** Its module beside this one, without ending. */
  readonly module: string;
  readonly threads: number;
  /** What grows as its time does, for the plan; no unit. */
  readonly work: (facts: Facts) => number;
  /** Resident bytes that it must need, where that may be more than there is. */
  readonly bytes?: (facts: Facts) => number;
}

/** A task's input and output in figures. */
export interface Figures {
  readonly facts: Facts;
  readonly answer: Answer;
}

export interface Task {
  readonly name: string;
  readonly title: string;
  /** What the contenders' modules are told beside the folder. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly contenders: readonly Contender[];
  /** Throughput of a run. */
  readonly rate: { readonly unit: string; readonly of: (figures: Figures, seconds: number) => number };
  /** The time below which this machine cannot do it, and its formula in words. */
  readonly limit: {
    readonly words: string;
    /** The rates that it takes. */
    readonly kinds: readonly LimitKind[];
    readonly seconds: (figures: Figures, limits: MachineLimits) => number;
  };
  /** The table and the row of it that the probe of random rows imitates. */
  readonly rows: (facts: Facts) => { readonly tableBytes: number; readonly rowBytes: number };
}

/** For tasks that read no rows at random. */
export const noRows = () => ({ tableBytes: 64, rowBytes: 64 });

/** The three backends. */
export function backends(threads: number, work: Contender['work'], bytes?: Contender['bytes']): Contender[] {
  const shared = { module: 'corpuscle', work, ...(bytes !== undefined && { bytes }) };
  return [
    { name: 'plain', kind: 'plain', threads: 1, ...shared },
    { name: 'native', kind: 'native', threads: 1, ...shared },
    { name: 'parallel', kind: 'parallel', threads, ...shared },
  ];
}

export const megabytesPerSecond: Task['rate'] = {
  unit: 'MB/s',
  of: ({ facts }, seconds) => facts.bytes / 1e6 / seconds,
};

/** Nanoseconds for each of the units that `count` gives. */
export function nanosecondsPer(unit: string, count: (figures: Figures) => number): Task['rate'] {
  return { unit: `ns per ${unit}`, of: (figures, seconds) => (seconds * 1e9) / count(figures) };
}
