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
  const cells = rows.map((row) => row.map(printable));
  const longest = (i: number) => cells.reduce((most, row) => Math.max(most, row[i].length), columns[i].head.length);
  const widths = columns.map((_, i) => longest(i) + gap);
  const others = widths.filter((_, i) => !columns[i].wraps).reduce((sum, each) => sum + each, 0);
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align = 'left' }) => align),
    colWidths: widths.map((natural, i) => (columns[i].wraps ? Math.max(12, Math.min(natural, width - others)) : null)),
    wordWrap: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap, compact: true },
    chars: { ...noLines, mid: '─' },
  });
  for (const row of cells) table.push(row);
  return `${table.toString().replace(/ +$/gm, '')}\n`;
}

/** A text with its control characters, which would act on the terminal or break the line, spelled out. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
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
