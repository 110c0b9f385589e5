/** What the rows of gate B work on. */

import type { CsrParts, TokenArrays } from '#src/index.js';

export type Library = typeof import('#src/index.js');

/** Prepared once and given to both libraries. */
export interface Inputs {
  readonly texts: readonly string[];
  readonly vocabulary: readonly string[];
  readonly counts: CsrParts<Int32Array>;
  readonly tfidf: CsrParts<Float64Array>;
  /** Counts of the commonest terms alone: more updates for each pair that is written. */
  readonly common: CsrParts<Int32Array>;
  readonly streams: TokenArrays;
  /** Rows of few columns, as embeddings are. */
  readonly dense: { readonly shape: readonly [number, number]; readonly values: Float64Array };
}

export const counting = { minDf: 10, maxDf: '10%', backend: 'native' } as const;
const countingCommon = { maxDf: '50%', maxFeatures: 1000, backend: 'native' } as const;

/** Made by one library from texts. */
export async function inputsOf(
  { CountVectorizer, TfidfTransformer, HashingVectorizer }: Library,
  texts: readonly string[],
): Promise<Inputs> {
  const vectorizer = new CountVectorizer(counting);
  const counts = await vectorizer.fitTransform(texts);
  const tfidf = await new TfidfTransformer({ backend: 'native' }).fitTransform(counts);
  const common = await new CountVectorizer(countingCommon).fitTransform(texts);
  const streams = await new CountVectorizer(countingCommon).fitTokenIds(texts);
  const dense = await new HashingVectorizer({ nFeatures: 128, backend: 'native' }).transform(texts);
  const vocabulary = vectorizer.getFeatureNamesOut();
  return { texts, vocabulary, counts, tfidf, common, streams, dense: denseOf(dense) };
}

function denseOf({ shape, indptr, indices, values }: CsrParts<Float64Array>): Inputs['dense'] {
  const all = new Float64Array(shape[0] * shape[1]);
  for (let i = 0; i < shape[0]; i++) {
    for (let q = indptr[i]; q < indptr[i + 1]; q++) all[i * shape[1] + indices[q]] = values[q];
  }
  return { shape, values: all };
}
