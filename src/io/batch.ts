/** The documents of one chunk on their way out, and what becomes of a bad one. */

import type { CorpuscleError } from '../core/check.js';

/** One document and where it came from. */
export interface DocumentRecord {
  readonly text: string;
  /** The path as it was given or found, `archive:member`, or `stdin`. */
  readonly source: string;
  /** Number of the line (txt, jsonl) or of the record without the header (csv, tsv), from 1; 1 for a whole file. */
  readonly line: number;
}

/** How far a reading has come. */
export interface ReadProgress {
  /** As stored: a gzipped file counts its packed bytes. */
  bytesRead: number;
  /** Undefined where it cannot be known, as for stdin. */
  bytesTotal: number | undefined;
  /** Documents handed out, in batches: up to one batch more than an iteration by documents has seen. */
  documents: number;
  /** Lines and records passed over under `skipBadLines`. */
  skipped: number;
}

/** What the parser of a format works with besides the bytes. */
export class Batch {
  /** The first failure; nothing after it counts. The documents before it are handed out first. */
  error: CorpuscleError | undefined;
  private records: DocumentRecord[] = [];

  constructor(
    readonly source: string,
    private readonly skipBadLines: boolean,
    private readonly progress: ReadProgress,
  ) {}

  add(text: string, line: number): void {
    this.records.push({ text, source: this.source, line });
  }

  /** Counts a bad line or record, or ends the reading with it. */
  refuse(error: CorpuscleError): void {
    if (this.skipBadLines) this.progress.skipped++;
    else this.fail(error);
  }

  /** Ends the reading, `skipBadLines` or not: the file itself is at fault. */
  fail(error: CorpuscleError): undefined {
    this.error ??= error;
  }

  /** Hands out what there is, then throws the failure if there was one. */
  *flush(): Generator<readonly DocumentRecord[], void, void> {
    const { records } = this;
    this.records = [];
    if (records.length > 0) yield records;
    if (this.error !== undefined) throw this.error;
  }
}

/** Documents in the order of the file, some at a time. */
export type Batches = AsyncGenerator<readonly DocumentRecord[], void, void>;
