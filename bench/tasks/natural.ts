/** natural: `TfIdf.addDocument`, given the words that scikit-learn's rule finds; what it counts is pruned outside the clock. */

import { countsAnswer } from '#src/bench/answers.js';
import type { Variant } from '#src/bench/variant.js';
import { CsrMatrix } from '#src/index.js';
import { loadStrings } from '../data/corpora.js';
import { library } from '../library.js';

type Counted = Record<string, number>;
interface TfIdf {
  readonly documents: Counted[];
  addDocument(words: readonly string[]): void;
}

const words = /[\p{L}\p{N}_]{2,}/gu;

export async function prepare({ folder }: { folder: string }): Promise<Variant<TfIdf>> {
  const { TfIdf } = await library<{ TfIdf: new () => TfIdf }>('natural');
  const documents = await loadStrings(folder);
  return {
    async run() {
      const counter = new TfIdf();
      for (const text of documents) counter.addDocument(text.toLowerCase().match(words) ?? []);
      return counter;
    },
    answer: ({ documents: counted }) => pruned(counted),
  };
}

/** Its objects as the matrix that minDf 10 and maxDf 10 % leave. */
function pruned(counted: readonly Counted[]) {
  const entries = counted.map((document) => Object.entries(document).filter(([term]) => term !== '__key'));
  const frequency = new Map<string, number>();
  for (const [term] of entries.flat()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  const terms = [...frequency.keys()]
    .filter((term) => (frequency.get(term) as number) >= 10 && (frequency.get(term) as number) <= 0.1 * counted.length)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const column = new Map(terms.map((term, i) => [term, i]));
  const rows = entries.map((document) =>
    document
      .filter(([term]) => column.has(term))
      .map(([term, count]) => [column.get(term) as number, count])
      .sort(([a], [b]) => a - b),
  );
  const indptr = new Int32Array(rows.length + 1);
  for (const [i, row] of rows.entries()) indptr[i + 1] = indptr[i] + row.length;
  const counts = new CsrMatrix({
    shape: [rows.length, terms.length],
    indptr,
    indices: Int32Array.from(rows.flat(), ([index]) => index),
    values: Int32Array.from(rows.flat(), ([, count]) => count),
  });
  return countsAnswer(counts, terms);
}
