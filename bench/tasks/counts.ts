/** Text to counts: tokens, vocabulary, pruning (minDf 10, maxDf 10 %), matrix. */

import { backends, type Contender, megabytesPerSecond, noRows, type Task } from './task.js';

/** 7 ns a token where an update takes a third: 4 for a branch that nobody foresees, 3 to count it and to write it down. */
const updatesPerToken = 21;

const limit: Task['limit'] = {
  words: `bytes / classification + ${updatesPerToken} tokens / updates`,
  kinds: ['byteClassification', 'readModifyWrite'],
  seconds: ({ facts }, { byteClassification, readModifyWrite }) =>
    facts.bytes / byteClassification + (updatesPerToken * facts.tokens) / readModifyWrite,
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
