/** The stages of the usual job (text, counts, TF-IDF, clusters; pairs of terms) as variants: one backend does one stage. */

import {
  type BackendName,
  CountVectorizer,
  type CountVectorizerOptions,
  cooccurrence,
  KMeans,
  TfidfTransformer,
} from '../index.js';
import { clustersAnswer, countsAnswer, sparseAnswer, weightsAnswer } from './answers.js';
import { readText, stringsOf } from './text-files.js';
import type { Variant } from './variant.js';

export const stages = ['counts', 'tf-idf', 'k-means', 'pairs'] as const;
export type Stage = (typeof stages)[number];

export interface StageArgs {
  readonly stage: Stage;
  /** Where the documents are. */
  readonly folder: string;
  /** Only so many of them. */
  readonly limit?: number;
  readonly counting: CountVectorizerOptions;
  readonly nClusters: number;
  readonly backend: BackendName;
  readonly threads?: number;
}

/** Does the stages before with whatever is fastest; the stage itself with `backend`. */
export async function prepare({ stage, folder, limit, counting, nClusters, ...rest }: StageArgs): Promise<Variant> {
  const computing = { backend: rest.backend, ...(rest.threads !== undefined && { threads: rest.threads }) };
  const documents = stringsOf(await readText(folder, limit));
  if (stage === 'counts') {
    return variant(
      async () => {
        const vectorizer = new CountVectorizer({ ...counting, ...computing });
        return { counts: await vectorizer.fitTransform(documents), vectorizer };
      },
      ({ counts, vectorizer }) => countsAnswer(counts, vectorizer.vocabulary),
    );
  }
  const counts = await new CountVectorizer(counting).fitTransform(documents);
  switch (stage) {
    case 'tf-idf':
      return variant(() => new TfidfTransformer(computing).fitTransform(counts), weightsAnswer);
    case 'pairs':
      return variant(() => cooccurrence(counts, computing), sparseAnswer);
    case 'k-means': {
      const X = await new TfidfTransformer().fitTransform(counts);
      return variant(() => new KMeans({ nClusters, randomState: 0, ...computing }).fit(X), clustersAnswer);
    }
  }
}

function variant<Result>(run: Variant<Result>['run'], answer: Variant<Result>['answer']): Variant {
  return { run, answer } as Variant;
}
