/** What `corpuscle sweep` prints: the same on every backend, so no times and no names of machines. */

import type { SweepRow } from '../index.js';
import { type ClusterResult, clusterTable } from './cluster-result.js';
import { csvChunks } from './csv.js';
import type { OutputFlags } from './option-groups.js';
import { sparkline } from './sparkline.js';
import { tableText } from './table.js';
import { counted, grouped } from './words.js';

/** Why a row is the one whose clusters are shown. */
export type Choice = 'knee' | 'silhouette' | 'only';

export interface SweepResult extends Pick<ClusterResult, 'documents' | 'terms' | 'nonZeros' | 'clusters'> {
  readonly seeds: readonly number[];
  readonly rows: readonly Row[];
  /** The number of clusters at the knee of the inertia, or null. */
  readonly knee: number | null;
  /** The number of clusters of which `clusters` tells more, and why it is that one. */
  readonly chosen: number;
  readonly chosenBy: Choice;
}

interface Row extends Pick<SweepRow, 'nClusters' | 'inertia' | 'silhouette' | 'nIter' | 'randomState'> {
  readonly sizes: readonly number[];
  /** Mean adjusted Rand index of all pairs of seeds; null for one seed. */
  readonly adjustedRand: number | null;
  /** How much of each cluster comes again from other seeds; null for one seed. */
  readonly clusterJaccard: readonly (number | null)[] | null;
}

/** The row whose clusters are shown: by the rule that was asked for, or else by the other one. */
export function chosenRow(
  rows: readonly SweepRow[],
  knee: SweepRow | null,
  rule: 'knee' | 'silhouette',
): { row: SweepRow; by: Choice } {
  const scored = rows.filter(({ silhouette }) => silhouette !== null);
  const higher = (a: SweepRow, b: SweepRow) => ((b.silhouette as number) > (a.silhouette as number) ? b : a);
  const highest = scored.length === 0 ? null : scored.reduce(higher);
  const byKnee = knee && { row: knee, by: 'knee' as const };
  const bySilhouette = highest && { row: highest, by: rows.length === 1 ? ('only' as const) : ('silhouette' as const) };
  const [first, second] = rule === 'knee' ? [byKnee, bySilhouette] : [bySilhouette, byKnee];
  return first ?? second ?? { row: rows[0], by: 'only' };
}

export function sweepResult(
  rows: readonly SweepRow[],
  knee: SweepRow | null,
  { documents, terms, nonZeros, nClusters, clusters }: ClusterResult,
  chosenBy: Choice,
): SweepResult {
  return {
    ...{ documents, terms, nonZeros, seeds: rows[0].runs.map(({ randomState }) => randomState) },
    rows: rows.map(({ nClusters, inertia, silhouette, nIter, randomState, sizes, stability }) => ({
      ...{ nClusters, inertia, silhouette, nIter, randomState, sizes: [...sizes] },
      adjustedRand: stability?.adjustedRand ?? null,
      clusterJaccard: stability && Array.from(stability.clusterJaccard, (each) => (Number.isNaN(each) ? null : each)),
    })),
    ...{ knee: knee?.nClusters ?? null, chosen: nClusters, chosenBy, clusters },
  };
}

export function printed(result: SweepResult, format: OutputFlags['format']): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`;
    case 'csv':
      return [...csvChunks(csvHead, records(result))].join('');
    case 'table':
      return [
        `${headline(result)}\n`,
        rowTable(result),
        curves(result),
        `${chosenLine(result)}\n`,
        clusterTable(result),
      ].join('\n');
  }
}

const csvHead = [
  ...['nClusters', 'chosen', 'inertia', 'silhouette', 'adjustedRand', 'smallest', 'largest', 'nIter', 'randomState'],
];

function* records({ rows, chosen }: SweepResult): Generator<(string | number)[]> {
  for (const { nClusters, inertia, silhouette, adjustedRand, sizes, nIter, randomState } of rows) {
    const scores = [silhouette ?? '', adjustedRand ?? ''];
    const extent = [Math.min(...sizes), Math.max(...sizes)];
    yield [nClusters, String(nClusters === chosen), inertia, ...scores, ...extent, nIter, randomState];
  }
}

function headline({ documents, terms, rows, seeds }: SweepResult): string {
  const input = `${counted(documents, 'document')}, ${counted(terms, 'term')}`;
  return `${input}; ${counted(rows.length, 'number')} of clusters, ${counted(seeds.length, 'seed')} each`;
}

function rowTable({ rows, seeds }: SweepResult): string {
  const columns: [string, (row: Row) => string][] = [
    ['clusters', ({ nClusters }) => String(nClusters)],
    ['inertia', ({ inertia }) => shownInertia(inertia)],
    ['silhouette', ({ silhouette }) => score(silhouette)],
    ...(seeds.length > 1
      ? [['seeds agree', ({ adjustedRand }) => score(adjustedRand)] as (typeof columns)[number]]
      : []),
    ['smallest', ({ sizes }) => grouped(Math.min(...sizes))],
    ['largest', ({ sizes }) => grouped(Math.max(...sizes))],
    ['iterations', ({ nIter }) => grouped(nIter)],
  ];
  return tableText(
    columns.map(([head]) => ({ head, align: 'right' })),
    rows.map((row) => columns.map(([, cell]) => cell(row))),
  );
}

function curves({ rows }: SweepResult): string {
  const [inertia, silhouette] = [rows.map((row) => row.inertia), rows.map((row) => row.silhouette)];
  return `inertia     ${sparkline(inertia)}\nsilhouette  ${sparkline(silhouette)}\n`;
}

function chosenLine({ rows, chosen, chosenBy, knee }: SweepResult): string {
  const reasons: Record<Choice, string> = {
    knee: 'at the knee of the inertia',
    silhouette: `of the highest silhouette${knee === null ? ' (the inertia has no knee)' : ''}`,
    only: rows.length === 1 ? 'the one that was tried' : 'the first: there is neither a knee nor a silhouette',
  };
  return `${counted(chosen, 'cluster')}, ${reasons[chosenBy]}:`;
}

/** Four digits or more. */
export function shownInertia(value: number): string {
  return value >= 1000 || value === 0 ? grouped(value) : String(Number(value.toPrecision(4)));
}

export function score(value: number | null): string {
  return value === null ? '-' : value.toFixed(4);
}
