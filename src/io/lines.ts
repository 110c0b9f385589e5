/** Documents of formats with one document a line: cut on bytes, decoded line by line. */

import { type CorpuscleError, failure, isCorpuscleError } from '../core/check.js';
import type { Batch, Batches } from './batch.js';
import type { Bytes } from './bytes.js';
import { decode, notText } from './text.js';

const lineFeed = 10;
const carriageReturn = 13;

/** The document in a line, or undefined where a line holds none; throws where it is malformed. */
export type LineParser = (line: string, place: () => string) => string | undefined;

/** Reads a document a line. */
export async function* readLines(bytes: Bytes, batch: Batch, maxLineBytes: number, parse: LineParser): Batches {
  const cutter = new LineCutter(batch, maxLineBytes, parse);
  for await (const chunk of bytes) {
    cutter.push(chunk);
    yield* batch.flush();
  }
  cutter.end();
  yield* batch.flush();
}

class LineCutter {
  /** Lines seen so far. */
  private line = 0;
  /** The start of a line whose end has not come yet. */
  private pieces: Buffer[] = [];
  private pending = 0;
  /** In a line that was refused for its length. */
  private dropping = false;

  constructor(
    private readonly batch: Batch,
    private readonly maxLineBytes: number,
    private readonly parse: LineParser,
  ) {}

  push(chunk: Buffer): void {
    let start = 0;
    if (this.pending > 0 || this.dropping) {
      start = chunk.indexOf(lineFeed) + 1;
      this.keep(start === 0 ? chunk : chunk.subarray(0, start - 1));
      if (start === 0) return;
      this.closePending();
    }
    for (;;) {
      const end = chunk.indexOf(lineFeed, start);
      if (end < 0 || this.batch.error) break;
      this.take(chunk, start, end);
      start = end + 1;
    }
    this.keep(chunk.subarray(start));
  }

  end(): void {
    if (this.pending > 0 || this.dropping) this.closePending();
  }

  private keep(piece: Buffer): void {
    if (piece.length === 0 || this.dropping) return;
    this.pieces.push(piece);
    this.pending += piece.length;
    // One byte more may be the carriage return of the line's end.
    if (this.pending > this.maxLineBytes + 1) {
      this.dropping = true;
      this.batch.refuse(this.tooLong(this.line + 1));
      this.pieces = [];
      this.pending = 0;
    }
  }

  private closePending(): void {
    if (this.dropping) this.line++;
    else this.take(Buffer.concat(this.pieces), 0, this.pending);
    this.dropping = false;
    this.pieces = [];
    this.pending = 0;
  }

  private take(bytes: Buffer, start: number, lineEnd: number): void {
    const line = ++this.line;
    const end = lineEnd > start && bytes[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    const place = () => `${this.batch.source}:${line}`;
    try {
      if (end - start > this.maxLineBytes) throw this.tooLong(line);
      const text = decode(bytes, start, end);
      if (text === undefined) throw notText(place(), bytes.subarray(start, end));
      const document = this.parse(text, place);
      if (document !== undefined) this.batch.add(document, line);
    } catch (error) {
      if (!isCorpuscleError(error)) throw error;
      this.batch.refuse(error);
    }
  }

  private tooLong(line: number): CorpuscleError {
    const limit = `longer than maxLineBytes, which is ${this.maxLineBytes}`;
    return failure('ERR_BAD_RECORD', `${this.batch.source}:${line} is ${limit}.`);
  }
}
