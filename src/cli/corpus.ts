/** The documents of a run on their way to the vectorizer, and where each came from. */

import { DocumentReader, type DocumentRecord, type ReadDocumentsOptions } from '../index.js';

export class Corpus {
  private readonly reader: DocumentReader;
  /** The line of each document; the array is longer than `size`. */
  private lines = new Uint32Array(1024);
  /** The documents of one source follow each other: where each source starts, and its name. */
  private readonly sources: { readonly first: number; readonly name: string }[] = [];
  private count = 0;

  constructor(inputs: readonly string[], options: ReadDocumentsOptions) {
    this.reader = new DocumentReader(inputs, options);
  }

  get progress(): DocumentReader['progress'] {
    return this.reader.progress;
  }

  /** The texts; to be read once. */
  async *texts(): AsyncGenerator<string, void, void> {
    for await (const batch of this.reader.batches()) {
      this.note(batch);
      for (const { text } of batch) yield text;
    }
  }

  /** Where the documents came from, in the order of their texts. */
  *origins(): Generator<{ readonly source: string; readonly line: number }> {
    for (const [i, { first, name }] of this.sources.entries()) {
      const end = this.sources[i + 1]?.first ?? this.count;
      for (let document = first; document < end; document++) yield { source: name, line: this.lines[document] };
    }
  }

  private note(batch: readonly DocumentRecord[]): void {
    if (this.count + batch.length > this.lines.length) {
      const longer = new Uint32Array(2 * (this.count + batch.length));
      longer.set(this.lines);
      this.lines = longer;
    }
    for (const { source, line } of batch) {
      if (source !== this.sources.at(-1)?.name) this.sources.push({ first: this.count, name: source });
      this.lines[this.count++] = line;
    }
  }
}
