/** The step that every command on documents begins with: reading them and counting their terms, both at once. */

import { CountVectorizer, type CsrMatrix } from '../index.js';
import { Corpus } from './corpus.js';
import {
  type CountingFlags,
  computingOptions,
  countingOptions,
  type ReadingFlags,
  readingOptions,
} from './option-groups.js';
import type { Session } from './session.js';
import { stopWordsOf } from './stop-words.js';
import { counted, formatBytes, grouped } from './words.js';

export interface TermCounts {
  readonly corpus: Corpus;
  readonly counts: CsrMatrix<Int32Array>;
  /** Fitted. */
  readonly vectorizer: CountVectorizer;
}

export async function countTerms(
  inputs: readonly string[],
  flags: ReadingFlags & CountingFlags,
  { signal, steps }: Session,
): Promise<TermCounts> {
  const corpus = new Corpus(inputs, { ...readingOptions(flags), signal });
  const { progress } = corpus;
  const vectorizer = new CountVectorizer({
    ...countingOptions(flags),
    ...computingOptions(flags),
    ...(await stopWordsOf(flags.stopWords)),
    signal,
  });
  const rates = (seconds: number) => [
    `${grouped(progress.documents / seconds)} docs/s`,
    `${formatBytes(Math.round(progress.bytesRead / seconds))}/s`,
  ];
  const tellSkipped = () => {
    if (progress.skipped > 0) steps.tell('skipped', counted(progress.skipped, 'bad line'));
  };
  const counting = steps.run({
    name: 'counts',
    work: () => vectorizer.fitTransform(corpus.texts()),
    sample: () => ({ phase: '', done: progress.bytesRead, total: progress.bytesTotal ?? Number.NaN, facts: rates }),
    summary: ({ shape: [nDocuments, nTerms] }, seconds) =>
      `${counted(nDocuments, 'document')}, ${counted(nTerms, 'term')} (${rates(seconds).join(', ')})`,
  });
  const counts = await counting.finally(tellSkipped); // a run that fails may fail for what it skipped
  return { corpus, counts, vectorizer };
}
