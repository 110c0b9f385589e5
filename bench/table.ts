/** The suite's rows on a terminal. */

import { median } from '#src/bench/statistics.js';
import { type Column, tableText } from '#src/cli/table.js';
import { formatBytes } from '#src/core/memory.js';
import { groupBy } from './group-by.js';
import type { Measured, Row } from './results.js';

const columns = (unit: string): Column[] => [
  { head: 'contender' },
  { head: 'threads', align: 'right' },
  { head: 'cold s', align: 'right' },
  { head: 'warm s', align: 'right' },
  { head: '±%', align: 'right' },
  { head: unit, align: 'right' },
  { head: 'memory', align: 'right' },
  { head: 'x plain', align: 'right' },
  { head: 'of limit', align: 'right' },
  { head: 'why not', wraps: true },
];

/** A table for each task and size, and how calm the machine was. */
export function suiteText(rows: readonly Row[]): string {
  const groups = groupBy(rows, ({ title, facts }) => `${title} (${facts.corpus}, ${facts.documents} documents)`);
  const tables = [...groups].map(
    ([title, group]) => `${title}\n${tableText(columns(unitOf(group)), group.map(line), 120)}`,
  );
  return [...tables, calmness(rows)].join('\n');
}

function calmness(rows: readonly Row[]): string {
  const measured = rows.flatMap((row) => row.measured ?? []);
  const restless = measured.filter(({ warm, disturbed }) => disturbed >= warm.length);
  if (restless.length === 0) return 'The machine was calm: every figure has an undisturbed slot.\n';
  const count = `${restless.length} of ${measured.length} figures`;
  return `Others disturbed this machine: for ${count} no more slots were calm than not; another run may differ.\n`;
}

function unitOf(rows: readonly Row[]): string {
  return rows.find(({ measured }) => measured)?.measured?.rateUnit ?? 'rate';
}

function line({ contender, threads, measured, missing }: Row): string[] {
  const figures = measured === undefined ? Array<string>(7).fill('') : figuresLine(measured);
  return [contender, String(threads), ...figures, missing ?? ''];
}

function figuresLine({ cold, rme, rate, peakBytes, seconds, speedup, toLimit }: Measured): string[] {
  return [
    cold.length === 0 ? '' : shortSeconds(median(cold)),
    shortSeconds(seconds),
    rme.toFixed(1),
    shortRate(rate),
    formatBytes(median(peakBytes)),
    speedup?.toPrecision(3) ?? '',
    toLimit?.toFixed(2) ?? '',
  ];
}

export function shortRate(rate: number): string {
  return rate >= 100 ? rate.toFixed(0) : rate.toPrecision(3);
}

export function shortSeconds(seconds: number): string {
  return seconds >= 100 ? seconds.toFixed(0) : seconds.toPrecision(3);
}
