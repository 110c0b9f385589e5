/** The memory that a call may take: every allocation that depends on data is estimated first and checked here. */

import { freemem, totalmem } from 'node:os';
import { type CorpuscleError, failure, isCorpuscleError } from './check.js';

/** Half of what is free now, in bytes; the limit of a container counts as well. */
export function defaultMaxBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0; // 0, or more than the machine has, where there is none
  const left = limit > 0 && limit < totalmem() ? limit - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor(Math.min(freemem(), left) / 2));
}

export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return unit === 0 ? `${value} bytes` : `${value.toFixed(1)} ${units[unit]}`;
}

/** The refusal of work that takes `needed` bytes, or more, where `allowed` are given. */
export function overBudget(needed: number, allowed: number, what = 'The work', advice?: string): CorpuscleError {
  const sizes = `${formatBytes(needed)}, but maxBytes is ${formatBytes(allowed)}`;
  const error = failure('ERR_MEMORY_BUDGET', `${what} needs ${sizes}${advice === undefined ? '' : `; ${advice}`}.`);
  return Object.assign(error, { needed, allowed });
}

/** Refuses what needs more than `maxBytes`; `advice` says what would fit. */
export function checkBudget(needed: number, maxBytes: number, what: string, advice: string): void {
  if (needed > maxBytes) throw overBudget(needed, maxBytes, what, advice);
}

/** Waits for a kernel that counts its memory as it goes; says in its refusal what was asked for and what would fit. */
export async function advised<T>(kernel: Promise<T>, what: string, advice: string): Promise<T> {
  try {
    return await kernel;
  } catch (error) {
    if (!isCorpuscleError(error) || error.code !== 'ERR_MEMORY_BUDGET') throw error;
    const { needed, allowed } = error as unknown as { needed: number; allowed: number };
    throw overBudget(needed, allowed, `${what} (stopped under way)`, advice);
  }
}
