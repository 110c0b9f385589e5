/** Tables on a terminal. */

import Table from 'cli-table3';

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
  /** The column that takes the width that the others leave, and wraps. */
  readonly wraps?: boolean;
}

const gap = 2;

/** Lines under a ruled header; `width` is that of the terminal. */
export function tableText(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = terminalWidth(),
): string {
  const widths = columns.map(({ head }, i) => Math.max(head.length, ...rows.map((row) => row[i].length)) + gap);
  const others = widths.filter((_, i) => !columns[i].wraps).reduce((sum, each) => sum + each, 0);
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align = 'left' }) => align),
    colWidths: widths.map((natural, i) => (columns[i].wraps ? Math.max(12, Math.min(natural, width - others)) : null)),
    wordWrap: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap, compact: true },
    chars: { ...noLines, mid: '─' },
  });
  for (const row of rows) table.push([...row]);
  return `${table.toString().replace(/ +$/gm, '')}\n`;
}

const noLines = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'middle'].flatMap((side) =>
    [side, `${side}-left`, `${side}-mid`, `${side}-right`].map((name) => [name, '']),
  ),
);

/** A text of at most `length` characters. */
export function clipped(text: string, length: number): string {
  const characters = [...text];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text;
}

export function terminalWidth(): number {
  const columns = process.stdout.isTTY ? process.stdout.columns : Number(process.env.COLUMNS);
  return columns > 0 ? Math.max(40, columns) : 100;
}
