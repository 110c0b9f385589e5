/** The file of `--resume`: the finished rows of a sweep, a line of JSON each, so that a run that was ended goes on from them. */

import { appendFileSync, closeSync, existsSync, openSync, readFileSync, truncateSync, unlinkSync } from 'node:fs';
import type { SavedSweepRow, SweepRow } from '../index.js';
import { CommandError, cannotWrite } from './errors.js';

const lineFeed = 10;

export class SweepState {
  /** The rows that were there. */
  readonly rows: readonly SavedSweepRow[];
  private readonly known: ReadonlySet<number>;

  /** Reads the file, where there is one, and refuses one that is no such file or cannot be written. */
  constructor(private readonly path: string) {
    const isNew = !existsSync(path);
    this.attempt(() => closeSync(openSync(path, 'a')));
    if (isNew) this.attempt(() => unlinkSync(path)); // it comes with the first row
    this.rows = isNew ? [] : this.read();
    this.known = new Set(this.rows.map(({ nClusters }) => nClusters));
  }

  /** Adds a row that was not there; one that is too large for a line is told to `warn`. */
  add(row: SweepRow, warn: (message: string) => void): void {
    if (this.known.has(row.nClusters)) return;
    const line = lineOf(row);
    if (line === undefined)
      warn(`The row of k = ${row.nClusters} is too large for the file of --resume and is not in it.`);
    else this.attempt(() => appendFileSync(this.path, line));
  }

  private read(): SavedSweepRow[] {
    const bytes = this.attempt(() => readFileSync(this.path));
    const rows: SavedSweepRow[] = [];
    let begin = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, begin)) {
      rows.push(this.parsed(bytes.toString('utf8', begin, end), rows.length + 1));
      begin = end + 1;
    }
    if (begin < bytes.length)
      this.dropTorn(bytes.toString('latin1', begin, begin + rowStart.length), rows.length, begin);
    return rows;
  }

  /** A run that was killed may have left the beginning of a line; nothing else is cut off. */
  private dropTorn(start: string, rows: number, at: number): void {
    if (!rowStart.startsWith(start)) throw this.notState(rows + 1);
    this.attempt(() => truncateSync(this.path, at));
  }

  private parsed(line: string, number: number): SavedSweepRow {
    try {
      const row = JSON.parse(line);
      if (row?.type === 'SweepRow') return row;
    } catch {
      // said below
    }
    throw this.notState(number);
  }

  private notState(line: number): CommandError {
    const what = `${this.path}:${line} is not a row of a sweep; --resume takes a file that it wrote, or one that does not exist`;
    return new CommandError('ERR_BAD_RECORD', `${what}.`);
  }

  private attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
  }
}

function lineOf(row: SweepRow): string | undefined {
  try {
    return `${JSON.stringify(row)}\n`;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_OUT_OF_RANGE') throw error;
    return undefined;
  }
}

const rowStart = '{"type":"SweepRow",';
