/** Which terms share documents: the book's example. An update is one pair of terms in one document. */

import { backends, type Contender, nanosecondsPer, noRows, type Task } from './task.js';

const updates: Contender['work'] = (facts) => facts.updates;
const rate = nanosecondsPer('update', ({ facts }) => facts.updates);

export function cooccurrenceTasks(threads: number): Task[] {
  const library = (name: string, moduleThreads: number, bytesPerUpdate: number): Contender => ({
    name,
    kind: 'library',
    module: name,
    threads: moduleThreads,
    work: updates,
    bytes: (facts) => bytesPerUpdate * Math.min(facts.updates, facts.terms ** 2),
  });
  return [
    {
      name: 'cooccurrence',
      title: 'Co-occurrence, sparse, upper triangle',
      args: { task: 'cooccurrence' },
      contenders: [
        ...backends(threads, updates),
        library('duckdb', threads, 0),
        library('mathjs', 1, 32),
        library('ml-sparse-matrix', 1, 64),
      ],
      rate,
      rows: noRows,
      limit: {
        words: 'updates / update rate + 8 non-zeros of the result bytes / stream',
        kinds: ['readModifyWrite', 'stream'],
        seconds: ({ facts, answer }, { readModifyWrite, stream }) =>
          facts.updates / readModifyWrite + (8 * Number(answer.nnz)) / stream,
      },
    },
    {
      name: 'cooccurrence-dense',
      title: 'Co-occurrence, dense int32, both triangles',
      args: { task: 'cooccurrence-dense' },
      contenders: backends(
        threads,
        (facts) => facts.updates + facts.terms ** 2,
        (facts) => 4 * facts.terms ** 2,
      ),
      rate,
      rows: noRows,
      limit: {
        words: 'updates / update rate + 4 terms² bytes / stream',
        kinds: ['readModifyWrite', 'stream'],
        seconds: ({ facts }, { readModifyWrite, stream }) =>
          facts.updates / readModifyWrite + (4 * facts.terms ** 2) / stream,
      },
    },
    {
      name: 'top-cooccurrence',
      title: 'Co-occurrence, the ten best partners of each term by log-likelihood ratio',
      args: { task: 'top-cooccurrence' },
      contenders: backends(threads, updates),
      rate,
      rows: noRows,
      limit: {
        words: '2 updates / update rate',
        kinds: ['readModifyWrite'],
        seconds: ({ facts }, { readModifyWrite }) => (2 * facts.updates) / readModifyWrite,
      },
    },
    {
      name: 'window',
      title: 'Windowed co-occurrence, 5 words on either side, sparse, upper triangle',
      args: { task: 'window' },
      contenders: backends(threads, (facts) => facts.tokens),
      rate: nanosecondsPer('word', ({ facts }) => facts.tokens),
      rows: noRows,
      limit: {
        words: '10 words that are terms / update rate + 12 non-zeros of the result bytes / stream',
        kinds: ['readModifyWrite', 'stream'],
        seconds: ({ answer }, { readModifyWrite, stream }) =>
          (10 * Number(answer.words)) / readModifyWrite + (12 * Number(answer.nnz)) / stream,
      },
    },
  ];
}
