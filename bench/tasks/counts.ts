/** Text to counts: tokens, vocabulary, pruning (minDf 10, maxDf 10 %), matrix. */

import { backends, type Contender, megabytesPerSecond, noRows, type Task } from './task.js';

const limit: Task['limit'] = {
  words: 'bytes / classification + 2 tokens / updates + (4 tokens + 8 non-zeros) bytes / first touch',
  seconds: ({ facts }, { byteClassification, readModifyWrite, firstTouch }) =>
    facts.bytes / byteClassification +
    (2 * facts.tokens) / readModifyWrite +
    (4 * facts.tokens + 8 * facts.nnz) / firstTouch,
};
const bytes: Contender['work'] = (facts) => facts.bytes;
const shared = { rate: megabytesPerSecond, limit, rows: noRows };

export function countsTasks(threads: number): Task[] {
  const natural: Contender = {
    name: 'natural',
    kind: 'library',
    module: 'natural',
    threads: 1,
    work: bytes,
    bytes: (facts) => 40 * facts.tokens,
  };
  return [
    {
      name: 'counts',
      title: 'Text to counts, from string[]',
      args: { task: 'counts' },
      contenders: [...backends(threads, bytes), natural],
      ...shared,
    },
    {
      name: 'counts-bytes',
      title: 'Text to counts, from UTF-8 bytes',
      args: { task: 'counts-bytes' },
      contenders: backends(threads, bytes),
      ...shared,
    },
  ];
}
