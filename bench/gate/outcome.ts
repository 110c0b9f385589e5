/** What each gate says: a Markdown table, and the rows that fail. */

import { median } from '#src/bench/statistics.js';
import { percent, table } from '../markdown.js';
import type { Counts, InstructionRow } from './instructions.js';
import { sameRow } from './rows.js';
import { geometricMean, type Interval } from './statistics.js';
import { failingRows, type Judged, type Process, type TimeResult } from './time.js';
import type { WorkRow } from './work.js';

export interface Outcome {
  readonly gate: string;
  readonly text: string;
  /** The rows that fail, accepted ones left out. */
  readonly failures: readonly string[];
  /** Whether the gate could not judge. */
  readonly void: boolean;
  readonly skipped?: boolean;
  readonly data: unknown;
}

type Accepted = (row: string) => boolean;

/** A gate that has nothing to say, and why. */
export const skipped = (gate: string, why: string): Outcome => ({
  gate,
  text: `${title(gate)}\n\n${why}`,
  failures: [],
  void: false,
  skipped: true,
  data: { skipped: why },
});

export function instructionOutcome(rows: readonly InstructionRow[], accepted: Accepted): Outcome {
  const change = (row: InstructionRow, count: keyof Counts) => percent(row.head[count] / row.base[count], 2);
  const lines = rows.map((row) => [
    `${row.row} (${row.path})`,
    row.base.instructions.toLocaleString('en'),
    row.head.instructions.toLocaleString('en'),
    change(row, 'instructions'),
    change(row, 'firstLevelMisses'),
    change(row, 'lastLevelMisses'),
    shown(row.verdict, accepted(row.row)),
  ]);
  const heads = ['row', 'base', 'head', 'instructions', 'L1 misses', 'LL misses', 'verdict'];
  const failures = rows.filter(({ row, verdict }) => verdict === 'more' && !accepted(row)).map(({ row }) => row);
  return outcome('instructions', table(heads, lines), failures, rows);
}

export function workOutcome(rows: readonly WorkRow[], accepted: Accepted): Outcome {
  const names = [...new Set(rows.flatMap(({ head }) => Object.keys(head.work)))];
  const cell = ({ base, head }: WorkRow, name: string) => {
    const [before, after] = [base.work[name], head.work[name]].map((n) => n?.toLocaleString('en') ?? '');
    return before === after ? after : `${before || '-'} to ${after || '-'}`;
  };
  const lines = rows.map((row) => [
    row.row,
    ...names.map((name) => cell(row, name)),
    shown(row.verdict, accepted(row.row)),
  ]);
  const isBad = ({ row, verdict }: WorkRow) => (verdict === 'more' || verdict === 'other result') && !accepted(row);
  const failures = rows.filter(isBad).map(({ row }) => row);
  return outcome('work', table(['row', ...names, 'verdict'], lines), failures, rows);
}

export function timeOutcome(result: TimeResult, accepted: Accepted): Outcome {
  const shownProcess = result.processes.findLast(
    ({ rows }) => rows.length === result.processes[0].rows.length,
  ) as Process;
  const lines = shownProcess.rows.map((row) => {
    const verdict = row.row === sameRow ? (result.void ? 'void' : 'ok') : (result.verdicts[row.row] ?? '');
    const cells = row.ratios === undefined ? ['', '', '', '', '', ''] : timeCells(row, result.judged[row.row]);
    return [row.row, ...cells, shown(verdict, accepted(row.row))];
  });
  const heads = ['row', 'base ms', 'head ms', 'time', '95 % interval', 'more processes', 'CPU time', 'verdict'];
  const failures = failingRows(result).filter((row) => !accepted(row));
  const logs = shownProcess.rows.flatMap(({ row, ratios }) => (ratios && row !== sameRow ? [ratios.wall.median] : []));
  const mean = logs.length === 0 ? '' : `\n\nAll rows together (geometric mean): ${percent(geometricMean(logs))}.`;
  const details = shownProcess.rows.flatMap((row) =>
    'refusal' in row ? [`\n\n${row.row}: ${row.refusal}. ${row.detail}`] : [],
  );
  const text = `${table(heads, lines)}${mean}${details.join('')}`;
  return { ...outcome('time', text, failures, result), void: result.void };
}

function timeCells(row: Judged, judged: Interval | undefined): string[] {
  if ('refusal' in row || row.ratios === undefined) return [];
  const { wall, cpu } = row.ratios;
  const milliseconds = (samples: number[]) => median(samples).toPrecision(3);
  return [
    milliseconds(row.wall.base),
    milliseconds(row.wall.head),
    percent(Math.exp(wall.median)),
    range(wall),
    judged === undefined ? '' : range(judged),
    percent(Math.exp(cpu.median)),
  ];
}

const range = ({ low, high }: Interval) => `${percent(Math.exp(low))} to ${percent(Math.exp(high))}`;

const titles: Record<string, string> = {
  instructions: 'Gate A: instructions and simulated cache misses of the kernels',
  work: 'Gate C: exact work of the kernels',
  time: 'Gate B: time, in pairs',
};
const title = (gate: string) => `## ${titles[gate]}`;

const shown = (verdict: string, accepted: boolean) => (accepted && verdict !== 'ok' ? `${verdict}, accepted` : verdict);

function outcome(gate: string, table: string, failures: readonly string[], data: unknown): Outcome {
  return { gate, text: `${title(gate)}\n\n${table}`, failures: [...new Set(failures)], void: false, data };
}
