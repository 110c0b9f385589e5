/** The line that shows how far a step is. */

import type { Progress } from '../index.js';
import { clock, percent } from './words.js';

/** Each phase has its own clock; a `total` that is not known is NaN, and then there is no bar. */
export interface Sample extends Progress {
  /** Whether the phase may end before `total`. */
  readonly atMost?: boolean;
  /** What else there is to say, such as rates, after so many seconds. */
  readonly facts?: (seconds: number) => readonly string[];
}

const longestBar = 30;
const shortestBar = 6;

/**
 * @param seconds since the phase began
 * @param width columns of the terminal
 */
export function barLine(name: string, sample: Sample, seconds: number, width: number): string {
  const { done, total, atMost = false, facts } = sample;
  const words = [...(facts?.(seconds) ?? [])];
  if (!(total > 0)) return [name.padEnd(8), ...words, clock(seconds)].join('  ').slice(0, width - 1);
  const share = Math.min(1, done / total);
  if (share > 0 && seconds > 0.5)
    words.push(`${atMost ? 'at most ' : ''}${clock((seconds * (1 - share)) / share)} left`);
  const text = [percent(share).padStart(6), ...words].join('  ');
  const room = Math.min(longestBar, width - text.length - 11);
  const bar = room < shortestBar ? '' : `${drawn(share, room)} `;
  return `${name.padEnd(8)} ${bar}${text}`.slice(0, width - 1);
}

function drawn(share: number, length: number): string {
  const full = Math.round(share * length);
  return '█'.repeat(full) + '░'.repeat(length - full);
}
