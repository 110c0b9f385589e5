/** Corpora on disk, made once, as every contender reads them: text, term counts and TF-IDF as raw arrays. */

import { join } from 'node:path';
import { type CorpusName, type Facts, readFacts } from './load-corpus.js';
import { makeCorpus } from './make-corpus.js';

export {
  type CorpusName,
  corpora,
  type Facts,
  loadCounts,
  loadEmbeddings,
  loadStrings,
  loadText,
  loadTfidf,
} from './load-corpus.js';
export { haveReviews } from './reviews.js';

export interface CorpusFiles {
  folder: string;
  facts: Facts;
}

/** What the folders of a corpus begin with; counted on when the generator gives other documents. */
const versions: Record<CorpusName, string> = { reviews: 'reviews', synthetic: 'synthetic-1' };

/** The first `size` documents of a corpus, in a folder of their own below `CORPUSCLE_BENCH_DATA` (out/bench-data). */
export async function prepareCorpus(name: CorpusName, size: number): Promise<CorpusFiles> {
  const folder = join(process.env.CORPUSCLE_BENCH_DATA ?? 'out/bench-data', `${versions[name]}-${size}`);
  const facts = await readFacts(folder).catch(async (error) => {
    if (error.code !== 'ENOENT') throw error;
    await makeCorpus(folder, name, size);
    return readFacts(folder);
  });
  return { folder, facts };
}
