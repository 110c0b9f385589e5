/** The book's tables, "summarizing the variants": a line a size, a column a variant, seconds and memory. */

import { median } from '#src/bench/statistics.js';
import { formatBytes, grouped } from '#src/cli/words.js';
import { groupBy } from '../group-by.js';
import { table } from '../markdown.js';
import type { Row } from '../results.js';
import { shortRate, shortSeconds } from '../table.js';

const kinds = ['plain', 'library', 'native', 'parallel'] as const;

/** The tables of some tasks, each under its title. */
export function variantTables(rows: readonly Row[], tasks: readonly string[]): string {
  return tasks
    .map((task) => rows.filter((row) => row.task === task))
    .filter((own) => own.length > 0)
    .map((own) => `**${own[0].title}**\n\n${variantTable(own)}`)
    .join('\n\n');
}

function variantTable(rows: readonly Row[]): string {
  const present = kinds.filter((kind) => rows.some((row) => row.kind === kind));
  const lines = [...groupBy(rows, ({ facts }) => facts.documents)].map(([documents, own]) => [
    grouped(documents),
    grouped(own[0].facts.terms),
    ...present.map((kind) => cell(own.filter((row) => row.kind === kind))),
  ]);
  const heads = present.map((kind) => (kind === 'parallel' ? `parallel x ${threadsOf(rows)}` : kind));
  return table(['documents', 'terms', ...heads], lines, 0);
}

function threadsOf(rows: readonly Row[]): number {
  return rows.find(({ kind }) => kind === 'parallel')?.threads ?? 1;
}

/** The fastest of those that were run, or the best of the plans. */
function cell(rows: readonly Row[]): string {
  const measured = rows.filter((row) => row.measured !== undefined);
  const best = measured.reduce<Row | undefined>((a, b) => (a && seconds(a) <= seconds(b) ? a : b), undefined);
  if (best?.measured === undefined) return shortReason(rows[0]?.missing ?? '');
  const name = best.kind === 'library' ? `${best.contender}: ` : '';
  return `${name}${shortSeconds(best.measured.seconds)} s, ${formatBytes(median(best.measured.peakBytes))}`;
}

/** Of a refusal for want of memory, what would be needed. */
function shortReason(missing: string): string {
  return /\bneeds [^,;]+/.exec(missing)?.[0] ?? missing;
}

function seconds({ measured }: Row): number {
  return measured?.seconds ?? Number.POSITIVE_INFINITY;
}

/** Every contender of every task at one size: throughput, gain over plain, nearness to the machine's limit. */
export function limitTable(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ task, contender, threads, measured }) =>
    measured === undefined
      ? []
      : [
          [
            task,
            contender,
            String(threads),
            shortSeconds(measured.seconds),
            `${shortRate(measured.rate)} ${measured.rateUnit}`,
            measured.speedup === undefined ? '' : measured.speedup.toPrecision(3),
            measured.toLimit === undefined ? '' : measured.toLimit.toFixed(2),
          ],
        ],
  );
  const heads = ['task', 'contender', 'threads', 'seconds', 'rate', 'x plain', 'of the limit'];
  return table(heads, lines, 2);
}
