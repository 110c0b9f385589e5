/** Makes the files of a corpus under another name, and names them right when all are there. */

import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArray } from '#src/bench/raw-arrays.js';
import { writeText } from '#src/bench/text-files.js';
import { CountVectorizer, type CsrMatrix, TfidfTransformer } from '#src/index.js';
import { type CorpusName, type Facts, loadText } from './load-corpus.js';
import { reviews } from './reviews.js';
import { tokensOf } from './statistics.js';
import { syntheticDocuments } from './synthetic.js';

export async function makeCorpus(folder: string, corpus: CorpusName, documents: number): Promise<void> {
  const unfinished = `${folder}.${process.pid}.tmp`;
  await mkdir(unfinished, { recursive: true });
  try {
    const text = await writeCounted(unfinished, corpus === 'reviews' ? reviews(documents) : syntheticTexts(documents));
    const matrix = await writeMatrices(unfinished);
    const facts: Facts = { corpus, documents, ...text, ...matrix };
    await writeFile(join(unfinished, 'facts.json'), `${JSON.stringify(facts, null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function* syntheticTexts(documents: number): Generator<string> {
  for (const { text } of syntheticDocuments({ documents })) yield text;
}

type Texts = Iterable<string> | AsyncIterable<string>;

async function writeCounted(folder: string, texts: Texts): Promise<Pick<Facts, 'bytes' | 'tokens'>> {
  let bytes = 0;
  let tokens = 0;
  async function* counted() {
    for await (const text of texts) {
      bytes += Buffer.byteLength(text);
      tokens += tokensOf(text).length;
      yield text;
    }
  }
  await writeText(folder, counted());
  return { bytes, tokens };
}

async function writeMatrices(folder: string): Promise<Pick<Facts, 'terms' | 'nnz' | 'updates'>> {
  const vectorizer = new CountVectorizer({ minDf: 10, maxDf: 0.1 });
  const counts = await vectorizer.fitTransform(await loadText(folder));
  const tfidf = await new TfidfTransformer().fitTransform(counts);
  await writeArray(join(folder, 'indptr.i64'), BigInt64Array.from(counts.indptr as Int32Array, BigInt));
  await writeArray(join(folder, 'indices.i32'), counts.indices);
  await writeArray(join(folder, 'counts.i32'), counts.values);
  await writeArray(join(folder, 'tfidf.f64'), tfidf.values);
  await writeFile(
    join(folder, 'terms.txt'),
    vectorizer.getFeatureNamesOut().map((term) => `${term}\n`),
  );
  return { terms: counts.nColumns, nnz: counts.nnz, updates: updatesOf(counts) };
}

function updatesOf({ indptr, nRows }: CsrMatrix): number {
  let updates = 0;
  for (let row = 0; row < nRows; row++) {
    const length = indptr[row + 1] - indptr[row];
    updates += (length * (length + 1)) / 2;
  }
  return updates;
}
