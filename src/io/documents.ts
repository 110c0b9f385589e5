/** Documents in: from files, folders, globs and stdin to an async iterable, with backpressure. */

import { failure, itemsOf, shown } from '../core/check.js';
import { AbortError } from '../core/job.js';
import type { Batches, DocumentRecord, ReadProgress } from './batch.js';
import { findSources, type Source } from './inputs.js';
import { type ReadDocumentsOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { readSource } from './read-source.js';

export type { DocumentRecord, ReadProgress } from './batch.js';
export { type DocumentFormat, documentFormats } from './formats.js';
export type { ReadDocumentsOptions } from './options.js';

/**
 * Reads documents one after the other; nothing is opened before it is iterated, and no more is read than is taken.
 *
 * An input is a file, a folder (each of its texts, at any depth, is one document, in the order of their paths), a glob
 * or `-` for stdin; all may be gzipped. Leaving the loop closes what is open. It may be iterated again, not twice at
 * once. Fails with `ERR_NO_SUCH_FILE`, `ERR_NOT_TEXT`, `ERR_BAD_RECORD`, `ERR_MISSING_FIELD` or an `AbortError`.
 */
export class DocumentReader implements AsyncIterable<DocumentRecord> {
  /** How far the iteration has come; a new iteration starts it anew. */
  readonly progress: Readonly<ReadProgress>;
  private readonly counts: ReadProgress;
  private readonly inputs: readonly string[];
  private readonly options: ResolvedOptions;

  constructor(inputs: string | readonly string[], options: ReadDocumentsOptions = {}) {
    this.inputs = checkedInputs(inputs);
    this.options = resolveOptions(options);
    this.counts = { bytesRead: 0, bytesTotal: undefined, documents: 0, skipped: 0 };
    this.progress = this.counts;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<DocumentRecord, void, void> {
    const { signal } = this.options;
    for await (const batch of this.batches()) {
      for (const document of batch) {
        if (signal?.aborted) throw new AbortError(signal.reason);
        yield document;
      }
    }
  }

  /** The same documents, as many at a time as a chunk of the file holds: for consumers that count in millions. */
  async *batches(): AsyncGenerator<readonly DocumentRecord[], void, void> {
    const { limit, signal } = this.options;
    const { counts } = this;
    Object.assign(counts, { bytesRead: 0, bytesTotal: undefined, documents: 0, skipped: 0 });
    if (signal?.aborted) throw new AbortError(signal.reason);
    for await (const batch of this.all()) {
      const left = limit - counts.documents;
      const documents = batch.length > left ? batch.slice(0, left) : batch;
      counts.documents += documents.length;
      if (documents.length > 0) yield documents;
      if (signal?.aborted) throw new AbortError(signal.reason);
      if (counts.documents === limit) return;
    }
  }

  private async *all(): Batches {
    const sources = await findSources(this.inputs, this.options);
    this.counts.bytesTotal = totalSize(sources);
    for (const group of grouped(sources, this.options.limit)) {
      if (group.length > 1) yield* this.together(group);
      else yield* this.one(group[0]);
    }
  }

  private one(source: Source): Batches {
    const onRead = (bytes: number) => {
      this.counts.bytesRead += bytes;
    };
    return readSource(source, this.options, this.counts, { onRead, signal: this.options.signal });
  }

  /** Reads small files at the same time, which is faster by as much as opening a file costs; their order is kept. */
  private async *together(sources: readonly Source[]): Batches {
    const readings = sources.map(async (source) => {
      const documents: DocumentRecord[] = [];
      for await (const batch of this.one(source)) documents.push(...batch);
      return documents;
    });
    const results = await Promise.allSettled(readings);
    const failed = results.findIndex(({ status }) => status === 'rejected');
    const whole = failed < 0 ? results : results.slice(0, failed);
    yield whole.flatMap((result) => (result as PromiseFulfilledResult<DocumentRecord[]>).value);
    if (failed >= 0) throw (results[failed] as PromiseRejectedResult).reason;
  }
}

/** The texts of a `DocumentReader` alone, for `fit` and its kind. */
export function readDocuments(
  inputs: string | readonly string[],
  options: ReadDocumentsOptions = {},
): AsyncIterable<string> {
  const reader = new DocumentReader(inputs, options);
  return {
    async *[Symbol.asyncIterator]() {
      for await (const { text } of reader) yield text;
    },
  };
}

function checkedInputs(inputs: unknown): readonly string[] {
  const list = itemsOf(Array.isArray(inputs) ? inputs : [inputs], (input): asserts input is string => {
    if (typeof input === 'string' && input !== '' && !input.includes('\0')) return;
    throw failure('ERR_INVALID_ARG_TYPE', `inputs must be paths, globs or "-", but has ${shown(input)}.`);
  });
  if (list.length === 0)
    throw failure('ERR_INVALID_ARG_VALUE', 'inputs must name a file, a folder, a glob or "-", but is empty.');
  if (list.filter((input) => input === '-').length > 1) {
    throw failure('ERR_INVALID_ARG_VALUE', 'inputs must name stdin, "-", once only.');
  }
  return list;
}

function totalSize(sources: readonly Source[]): number | undefined {
  let total = 0;
  for (const { size } of sources) {
    if (size === undefined) return undefined;
    total += size;
  }
  return total;
}

/** Files to read at the same time: neighbours that are one small document each. */
function* grouped(sources: readonly Source[], limit: number): Generator<Source[], void, void> {
  const most = Math.min(16, limit);
  const small = 2 ** 20;
  let group: Source[] = [];
  for (const source of sources) {
    const joins = source.format === 'file' && !source.archive && (source.size ?? small) < small;
    if (group.length > 0 && (!joins || group.length >= most)) {
      yield group;
      group = [];
    }
    group.push(source);
    if (!joins) {
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}
