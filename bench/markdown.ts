/** Markdown as the pages and the gate print it. */

import { markdownTable } from 'markdown-table';

/** A table whose columns line up in plain text too; all columns but the first `leftColumns` are numbers, to the right. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[], leftColumns = 1): string {
  const lines = [heads, ...rows].map((cells) => [...cells]);
  return markdownTable(lines, { align: heads.map((_, c) => (c < leftColumns ? 'l' : 'r')) });
}

/** A change as a signed percentage. */
export function percent(ratio: number, digits = 1): string {
  const change = (ratio - 1) * 100;
  return `${change < 0 ? '' : '+'}${change.toFixed(digits)} %`;
}
