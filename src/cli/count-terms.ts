/** The step that every command on documents begins with: reading them and counting their terms, both at once. */

import { CountVectorizer, type CsrMatrix, type TokenStreams } from '../index.js';
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

export interface ReadTerms<Result> {
  readonly corpus: Corpus;
  /** Fitted. */
  readonly vectorizer: CountVectorizer;
  /** What the vectorizer made of the documents. */
  readonly result: Result;
}

/** Reads documents and counts the terms of each. */
export async function countTerms(inputs: readonly string[], flags: ReadingFlags & CountingFlags, session: Session) {
  const { result: counts, ...rest } = await readTerms(inputs, flags, session, (vectorizer, texts) =>
    vectorizer.fitTransform(texts),
  );
  return { counts, ...rest };
}

/** Reads documents as the numbers of their terms, word by word. */
export function readTokenIds(
  inputs: readonly string[],
  flags: ReadingFlags & CountingFlags,
  session: Session,
): Promise<ReadTerms<TokenStreams>> {
  return readTerms(inputs, flags, session, (vectorizer, texts) => vectorizer.fitTokenIds(texts));
}

async function readTerms<Result extends CsrMatrix<Int32Array> | TokenStreams>(
  inputs: readonly string[],
  flags: ReadingFlags & CountingFlags,
  { signal, steps }: Session,
  read: (vectorizer: CountVectorizer, texts: AsyncIterable<string>) => Promise<Result>,
): Promise<ReadTerms<Result>> {
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
    work: () => read(vectorizer, corpus.texts()),
    sample: () => ({ phase: '', done: progress.bytesRead, total: progress.bytesTotal ?? Number.NaN, facts: rates }),
    summary: (_, seconds) => {
      const sizes = `${counted(progress.documents, 'document')}, ${counted(vectorizer.vocabulary.size, 'term')}`;
      return `${sizes} (${rates(seconds).join(', ')})`;
    },
  });
  const result = await counting.finally(tellSkipped); // a run that fails may fail for what it skipped
  return { corpus, vectorizer, result };
}
