/** Documents on their way to a term counter: in slices, so that neither memory nor the event loop holds too much. */

import { setImmediate } from 'node:timers/promises';
import type { Documents, TermCounterKernel, TokenLists } from '../backends/kernels.js';
import { failure, isIterable, shown } from '../core/check.js';
import type { Job } from '../core/job.js';
import { copyOf, type TextBatch } from '../core/text-batch.js';
import type { DocumentAnalysis } from './analysis.js';
import { decoded, repaired } from './decode.js';

/** What a vectorizer reads: strings, as they come, or UTF-8 bytes. An AsyncIterable is read no faster than it is used. */
export type DocumentInput = Iterable<string> | AsyncIterable<string> | TextBatch;

/** How much is handed on at a time: characters or bytes, about, and documents. Less, where each document runs through JavaScript. */
interface SliceSize {
  readonly length: number;
  readonly documents: number;
}
const kernelSlices: SliceSize = { length: 1 << 21, documents: 1 << 14 };
const ownSlices: SliceSize = { length: 1 << 16, documents: 1 << 9 };
const maxDocumentBytes = 2 ** 31;

/** Feeds all documents to a counter and returns how many they were. Reads the next slice while one is counted. */
export async function addDocuments(
  counter: TermCounterKernel,
  input: DocumentInput,
  analysis: DocumentAnalysis,
  job: Job,
): Promise<number> {
  const own = analysis.toText !== null || analysis.toTokens !== null;
  if (isTextBatch(input) && !own && analysis.decodeError === 'strict') return addBatch(counter, input, job);
  const slices = slicesOf(snapshot(input), own ? ownSlices : kernelSlices, job);
  let total = 0;
  let counting: Promise<void> = Promise.resolve();
  try {
    for await (const slice of slices) {
      await counting;
      const prepared = preparedSlice(slice, analysis, total);
      total += 'offsets' in slice ? slice.offsets.length - 1 : slice.length;
      counting = counter.add(prepared, job);
      counting.catch(() => {}); // seen by the await above or below
      await setImmediate(); // results come in long trains without a turn of the event loop between them
      job.report('counting terms', total, Number.NaN);
    }
  } catch (error) {
    await counting.catch(() => {}); // the counter is not let go while it counts
    throw error;
  }
  await counting;
  return total;
}

/** Bytes that need nothing done to them go whole: the counter copies what it is given, so that no other copy is needed. */
async function addBatch(counter: TermCounterKernel, batch: TextBatch, job: Job): Promise<number> {
  checkTextBatch(batch);
  const nDocuments = batch.offsets.length - 1;
  await job.watch('counting terms', nDocuments, counter.add(batch, job));
  return nDocuments;
}

/** A slice as the backend takes it. `firstNumber` is the number of its first document in messages. */
function preparedSlice(slice: Documents, analysis: DocumentAnalysis, firstNumber: number): Documents | TokenLists {
  const { toText, toTokens, decodeError } = analysis;
  const valid = 'offsets' in slice && decodeError !== 'strict' ? repaired(slice, decodeError) : slice;
  if (toText === null && toTokens === null) return valid;
  const documents = 'offsets' in valid ? decoded(valid, firstNumber) : valid;
  const texts = toText === null ? documents : documents.map((document) => toText(document));
  if (toTokens === null) return texts;
  const lists = texts.map((text) => toTokens(text));
  return { tokens: lists.flat(), lengths: Int32Array.from(lists, ({ length }) => length) };
}

/** What the caller passed, as it is now: a list or bytes that it changes later are not ours. */
function snapshot(input: DocumentInput): DocumentInput {
  if (Array.isArray(input)) return listed(input);
  if (isTextBatch(input)) {
    checkTextBatch(input);
    return { bytes: copyOf(input.bytes), offsets: copyOf(input.offsets) };
  }
  return input;
}

/** A copy up to the first item that is no string, which is refused when its turn comes: of a list of holes no more is copied. */
function listed(input: readonly unknown[]): string[] {
  const copy: unknown[] = [];
  for (const document of input) {
    copy.push(document);
    if (typeof document !== 'string') break;
  }
  return copy as string[];
}

function isAsyncIterable(input: object): input is AsyncIterable<string> {
  return typeof (input as AsyncIterable<string>)[Symbol.asyncIterator] === 'function';
}

function slicesOf(input: DocumentInput, size: SliceSize, job: Job): Iterable<Documents> | AsyncIterable<Documents> {
  if (typeof input === 'string') {
    const hint = 'wrap it in an array to make it one document';
    throw failure('ERR_INVALID_ARG_TYPE', `documents must be an iterable of strings, but is one string; ${hint}.`);
  }
  if (input !== null && typeof input === 'object') {
    if (isTextBatch(input)) return textSlices(input, size);
    if (isIterable(input)) return stringSlices(input, size);
    if (isAsyncIterable(input)) return streamSlices(input, size, job);
  }
  const kinds = 'an iterable of strings or { bytes, offsets }';
  throw failure('ERR_INVALID_ARG_TYPE', `documents must be ${kinds}, but is ${shown(input)}.`);
}

function isTextBatch(input: DocumentInput): input is TextBatch {
  return input !== null && typeof input === 'object' && 'bytes' in input && 'offsets' in input;
}

/** Collects strings until a slice is full. */
class Slice {
  private strings: string[] = [];
  private length = 0;
  private before = 0;

  constructor(private readonly size: SliceSize) {}

  /** Adds a document; returns the slice when it is full. */
  add(document: unknown): string[] | undefined {
    if (typeof document !== 'string') {
      const number = this.before + this.strings.length;
      throw failure('ERR_INVALID_ARG_TYPE', `Document ${number} must be a string, but is ${shown(document)}.`);
    }
    this.strings.push(document);
    this.length += document.length;
    const full = this.length >= this.size.length || this.strings.length >= this.size.documents;
    return full ? this.take() : undefined;
  }

  take(): string[] {
    const full = this.strings;
    this.before += full.length;
    this.strings = [];
    this.length = 0;
    return full;
  }
}

function* stringSlices(input: Iterable<unknown>, size: SliceSize): Generator<string[]> {
  const slice = new Slice(size);
  for (const document of input) {
    const full = slice.add(document);
    if (full !== undefined) yield full;
  }
  const rest = slice.take();
  if (rest.length > 0) yield rest;
}

async function* streamSlices(input: AsyncIterable<string>, size: SliceSize, job: Job): AsyncGenerator<string[]> {
  const slice = new Slice(size);
  const documents = input[Symbol.asyncIterator]();
  let done = false;
  try {
    for (;;) {
      const next = await job.race(async () => documents.next());
      if (next === null || typeof next !== 'object') {
        throw failure('ERR_INVALID_ARG_TYPE', `next() of documents must give an object, but gave ${shown(next)}.`);
      }
      done = next.done === true;
      if (done) break;
      const full = slice.add(next.value);
      if (full !== undefined) yield full;
    }
  } finally {
    // Not waited for: it may hang as its `next` did.
    if (!done) (async () => documents.return?.())().catch(() => {});
  }
  const rest = slice.take();
  if (rest.length > 0) yield rest;
}

function* textSlices({ bytes, offsets }: TextBatch, size: SliceSize): Generator<TextBatch> {
  for (let first = 0; first + 1 < offsets.length; ) {
    let end = first + 1;
    while (end + 1 < offsets.length && end - first < size.documents && offsets[end] - offsets[first] < size.length)
      end++;
    const start = offsets[first];
    yield {
      bytes: bytes.subarray(start, offsets[end]),
      offsets: offsets.slice(first, end + 1).map((offset) => offset - start),
    };
    first = end;
  }
}

function checkTextBatch({ bytes, offsets }: TextBatch): void {
  if (!(bytes instanceof Uint8Array)) {
    throw failure('ERR_INVALID_ARG_TYPE', `documents.bytes must be a Uint8Array, but is ${shown(bytes)}.`);
  }
  if (!(offsets instanceof Float64Array)) {
    throw failure('ERR_INVALID_ARG_TYPE', `documents.offsets must be a Float64Array, but is ${shown(offsets)}.`);
  }
  const ascending = offsets.every((offset, i) => Number.isInteger(offset) && offset >= (i === 0 ? 0 : offsets[i - 1]));
  if (!ascending || offsets[0] !== 0 || offsets[offsets.length - 1] > bytes.length) {
    const rule = `ascend in whole numbers from 0 to at most the ${bytes.length} bytes`;
    throw failure('ERR_INVALID_ARG_VALUE', `documents.offsets must ${rule}.`);
  }
  const long = offsets.findIndex((offset, i) => i > 0 && offset - offsets[i - 1] >= maxDocumentBytes);
  if (long > 0) {
    throw failure(
      'ERR_OUT_OF_RANGE',
      `Document ${long - 1} must have fewer than 2^31 bytes, but has ${offsets[long] - offsets[long - 1]}.`,
    );
  }
}
