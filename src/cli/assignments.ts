import type { Corpus } from './corpus.js';
import { csvChunks } from './csv.js';

/** `assignments.csv`: where each document came from, and the cluster that it went to. */
export function assignmentChunks(corpus: Corpus, labels: Int32Array): Iterable<string> {
  return csvChunks(['document', 'source', 'line', 'cluster'], records(corpus, labels));
}

function* records(corpus: Corpus, labels: Int32Array): Generator<(string | number)[]> {
  let document = 0;
  for (const { source, line } of corpus.origins()) {
    yield [document, source, line, labels[document]];
    document++;
  }
}
