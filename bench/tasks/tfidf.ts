/** Counts to TF-IDF. No library of npm weighs as scikit-learn does, so there is none to compare with. */

import { backends, nanosecondsPer, noRows, type Task } from './task.js';

export function tfidfTasks(threads: number): Task[] {
  return [
    {
      name: 'tfidf',
      title: 'TF-IDF of counts',
      args: { task: 'tfidf' },
      contenders: backends(threads, ({ nnz }) => nnz),
      rate: nanosecondsPer('non-zero', ({ facts }) => facts.nnz),
      rows: noRows,
      limit: {
        words: '16 non-zeros bytes / stream',
        kinds: ['stream'],
        seconds: ({ facts: { nnz } }, { stream }) => (16 * nnz) / stream,
      },
    },
  ];
}
