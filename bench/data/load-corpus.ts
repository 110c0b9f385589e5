/** The files of a corpus, as they are read back. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readArray } from '#src/bench/raw-arrays.js';
import { readText, stringsOf } from '#src/bench/text-files.js';
import { CsrMatrix, DenseMatrix, type TextBatch } from '#src/index.js';

export const corpora = ['reviews', 'synthetic'] as const;
export type CorpusName = (typeof corpora)[number];

export interface Facts {
  corpus: CorpusName;
  documents: number;
  /** Of the text, as UTF-8. */
  bytes: number;
  /** Words of two characters or more, before pruning. */
  tokens: number;
  /** Columns of the counts, after pruning. */
  terms: number;
  /** Entries of the counts. */
  nnz: number;
  /** Pairs of terms i <= j in a document, summed over all documents: the work of co-occurrence. */
  updates: number;
}

export async function readFacts(folder: string): Promise<Facts> {
  return JSON.parse(await readFile(join(folder, 'facts.json'), 'utf8'));
}

export const loadText: (folder: string) => Promise<TextBatch> = readText;

export async function loadStrings(folder: string): Promise<string[]> {
  return stringsOf(await readText(folder));
}

/** Counts of the terms that 10 documents hold and no more than a tenth of all. */
export async function loadCounts(folder: string): Promise<{ counts: CsrMatrix<Int32Array>; terms: string[] }> {
  const pattern = await loadPattern(folder);
  const counts = new CsrMatrix({ ...pattern, values: await readArray(join(folder, 'counts.i32'), Int32Array) });
  const terms = (await readFile(join(folder, 'terms.txt'), 'utf8')).trimEnd().split('\n');
  return { counts, terms };
}

/** These counts weighed, the rows of unit length. */
export async function loadTfidf(folder: string): Promise<CsrMatrix<Float64Array>> {
  const pattern = await loadPattern(folder);
  return new CsrMatrix({ ...pattern, values: await readArray(join(folder, 'tfidf.f64'), Float64Array) });
}

/** Dense rows, which the program of the peers makes of TF-IDF. */
export async function loadEmbeddings(folder: string): Promise<DenseMatrix<Float32Array>> {
  const { documents } = await readFacts(folder);
  const values = await readArray(join(folder, 'embeddings.f32'), Float32Array);
  return new DenseMatrix({ shape: [documents, values.length / documents], values });
}

async function loadPattern(folder: string) {
  const { documents, terms, nnz } = await readFacts(folder);
  const stored = await readArray(join(folder, 'indptr.i64'), BigInt64Array);
  const indptr = nnz < 2 ** 31 ? Int32Array.from(stored, Number) : Float64Array.from(stored, Number);
  return {
    shape: [documents, terms] as const,
    indptr,
    indices: await readArray(join(folder, 'indices.i32'), Int32Array),
  };
}
