/** What `corpuscle cluster` prints: the same on every backend, so no times and no names of machines. */

import type { CsrMatrix, KMeans, TopTerm } from '../index.js';
import { csvChunks } from './csv.js';
import type { OutputFlags } from './option-groups.js';
import { tableText } from './table.js';
import { counted, grouped, percent } from './words.js';

export interface ClusterResult {
  readonly documents: number;
  readonly terms: number;
  readonly nonZeros: number;
  readonly nClusters: number;
  readonly nIter: number;
  readonly inertia: number;
  readonly clusters: readonly Cluster[];
}

interface Cluster {
  readonly cluster: number;
  /** Documents in it. */
  readonly size: number;
  /** Of all documents, from 0 to 1. */
  readonly share: number;
  readonly terms: readonly Pick<TopTerm, 'term' | 'count' | 'documents'>[];
}

export function clusterResult(
  { shape, nnz }: CsrMatrix,
  { labels, nIter, inertia }: KMeans,
  terms: readonly (readonly TopTerm[])[],
  nClusters: number,
): ClusterResult {
  const sizes = new Array<number>(nClusters).fill(0);
  for (const label of labels) sizes[label]++;
  const clusters = sizes.map((size, cluster) => ({
    cluster,
    size,
    share: size / labels.length,
    terms: (terms[cluster] ?? []).map(({ term, count, documents }) => ({ term, count, documents })),
  }));
  return { documents: shape[0], terms: shape[1], nonZeros: nnz, nClusters, nIter, inertia, clusters };
}

export function printed(result: ClusterResult, format: OutputFlags['format']): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`;
    case 'csv':
      return [...csvChunks(['cluster', 'size', 'share', 'terms'], records(result))].join('');
    case 'table':
      return `${headline(result)}\n\n${clusterTable(result)}`;
  }
}

function* records({ clusters }: ClusterResult): Generator<(string | number)[]> {
  for (const { cluster, size, share, terms } of clusters) yield [cluster, size, share, listed(terms, ' ')];
}

function headline({ documents, terms, nClusters, nIter, inertia }: ClusterResult): string {
  const input = `${counted(documents, 'document')}, ${counted(terms, 'term')}`;
  return `${input}; ${counted(nClusters, 'cluster')} after ${counted(nIter, 'iteration')}, inertia ${grouped(inertia)}`;
}

export function clusterTable({ clusters }: Pick<ClusterResult, 'clusters'>): string {
  const rows = clusters.map(({ cluster, size, share, terms }) => [
    String(cluster),
    grouped(size),
    percent(share),
    listed(terms, ', '),
  ]);
  return tableText(
    [
      { head: 'cluster', align: 'right' },
      { head: 'size', align: 'right' },
      { head: 'share', align: 'right' },
      { head: 'top terms', wraps: true },
    ],
    rows,
  );
}

function listed(terms: Cluster['terms'], separator: string): string {
  return terms.map(({ term }) => term).join(separator);
}
