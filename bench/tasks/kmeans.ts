/** On TF-IDF: a fixed number of Lloyd's iterations from given centers, the same arithmetic for every contender; the silhouette. */

import type { Facts } from '../data/corpora.js';
import { backends, type Contender, nanosecondsPer, type Task } from './task.js';

const iterations = 3;

/** The centers are k whole numbers of 16 bits a term, a cache line of 32 at a time. */
const rowBytes = (nClusters: number) => Math.ceil(nClusters / 32) * 64;

export function kmeansTasks(threads: number): Task[] {
  return [steps(10, threads, true), steps(50, threads, false), silhouette(threads)];
}

/**
 * The sums of fifty clusters' rows; then each row is compared with their means, in whole numbers of 16 bits, and multiplied with
 * the sums of its own cluster and of the nearest other one, each of which has a cache line of its own for a term.
 */
function silhouette(threads: number): Task {
  const row = rowBytes(50) + 2 * 64;
  return {
    name: 'silhouette-50',
    title: 'silhouette by cosine, 50 clusters',
    args: { task: 'silhouette-50' },
    contenders: backends(threads, ({ nnz }) => nnz),
    rate: nanosecondsPer('non-zero', ({ facts }) => facts.nnz),
    limit: {
      words: `3 x 12 non-zeros bytes / stream + non-zeros / updates + ${row} non-zeros bytes / random rows`,
      kinds: ['stream', 'randomRows', 'readModifyWrite'],
      seconds: ({ facts: { nnz } }, { stream, randomRows, readModifyWrite }) =>
        (36 * nnz) / stream + nnz / readModifyWrite + (row * nnz) / randomRows,
    },
    rows: ({ terms }: Facts) => ({ tableBytes: (rowBytes(50) + 8 * 50) * terms, rowBytes: row }),
  };
}

function steps(nClusters: number, threads: number, withLibraries: boolean): Task {
  const dense: Contender['work'] = (facts) => facts.documents * facts.terms;
  const libraries: Contender[] = [
    {
      name: 'ml-kmeans',
      kind: 'library',
      module: 'ml-kmeans',
      threads: 1,
      work: dense,
      bytes: (facts) => 8 * dense(facts),
    },
    { name: 'kmeans-engine', kind: 'library', module: 'kmeans-engine', threads: 1, work: dense },
  ];
  const row = rowBytes(nClusters);
  return {
    name: `kmeans-steps-${nClusters}`,
    title: `k-means, k = ${nClusters}, ${iterations} iterations`,
    args: { task: 'kmeans-steps', nClusters, iterations },
    contenders: [...backends(threads, ({ nnz }) => nnz), ...(withLibraries ? libraries : [])],
    rate: nanosecondsPer('non-zero and iteration', ({ facts }) => facts.nnz * iterations),
    limit: {
      words: `${iterations + 1} x (4 non-zeros bytes / stream + ${row} non-zeros bytes / random rows) + ${iterations} x (12 non-zeros bytes / stream + non-zeros / updates)`,
      kinds: ['stream', 'randomRows', 'readModifyWrite'],
      seconds: ({ facts: { nnz } }, { stream, randomRows, readModifyWrite }) =>
        (iterations + 1) * ((4 * nnz) / stream + (row * nnz) / randomRows) +
        iterations * ((12 * nnz) / stream + nnz / readModifyWrite),
    },
    rows: ({ terms }: Facts) => ({ tableBytes: row * terms, rowBytes: row }),
  };
}
