/** What a contender is expected to take, from what it took on fewer documents. */

import { totalmem } from 'node:os';
import { formatBytes } from '#src/core/memory.js';
import type { Facts } from './data/corpora.js';
import type { Contender } from './tasks/task.js';

/** The seconds of one run at a size, for the next. */
export class Plan {
  private readonly known = new Map<string, { work: number; seconds: number }>();

  note(task: string, contender: Contender, facts: Facts, seconds: number): void {
    this.known.set(`${task} ${contender.name}`, { work: contender.work(facts), seconds });
  }

  knows(task: string, contender: Contender): boolean {
    return this.known.has(`${task} ${contender.name}`);
  }

  /** Seconds that a run is expected to take; 0 where nothing is known. */
  seconds(task: string, contender: Contender, facts: Facts): number {
    const known = this.known.get(`${task} ${contender.name}`);
    return known === undefined ? 0 : (known.seconds * contender.work(facts)) / known.work;
  }

  /** Why a contender is not to be run, in words, or undefined. */
  refusal(task: string, contender: Contender, facts: Facts, maxSeconds: number): string | undefined {
    const bytes = contender.bytes?.(facts) ?? 0;
    if (bytes > 0.6 * totalmem()) return `planned: ${formatBytes(bytes)}`;
    const seconds = this.seconds(task, contender, facts);
    return seconds > maxSeconds ? `planned: ${inWords(seconds)}` : undefined;
  }
}

export function inWords(seconds: number): string {
  if (seconds >= 7200) return `${Math.round(seconds / 3600)} h`;
  return seconds >= 120 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds)} s`;
}
