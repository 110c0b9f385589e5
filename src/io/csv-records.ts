/** From the records of csv-parse to documents, and from its complaints to refusals. */

import type { CsvError, Info } from 'csv-parse';
import { type CorpuscleError, failure, shown } from '../core/check.js';
import type { Batch } from './batch.js';
import { type ColumnChoice, textColumn } from './csv-column.js';
import { decode, notText } from './text.js';

/** Puts the text of each record into the batch. What is thrown here ends the parser. */
export class CsvRecords {
  /** The number of the record under way, and its line less the blank lines so far. */
  private record = 1;
  private line = 1;
  /** Lines that csv-parse has counted too many: one for each carriage return in a field. */
  private returns = 0;
  /** Where csv-parse last complained, and the record that it was about. */
  private fault = { lines: 0, bytes: -1, place: '' };
  /** Known once the first record is read. */
  private column = -1;
  private columns = 0;

  constructor(
    private readonly batch: Batch,
    private readonly choice: ColumnChoice,
    private readonly maxLineBytes: number,
  ) {}

  /** Takes a whole record; nothing is left for the parser to hand on. Each field holds a character for each byte. */
  take(fields: readonly string[], info: Info): null {
    const line = this.line + info.empty_lines;
    const isHeader = this.awaitsHeader();
    if (this.column < 0) this.chooseColumn(fields, `${this.batch.source}:${line}`);
    if (!isHeader) {
      const text = fields.length === this.columns ? decoded(fields[this.column]) : undefined;
      if (text === undefined) this.refuse(this.problem(fields, this.place(info)));
      else this.batch.add(text, this.record);
      this.record++;
    }
    if (info.lines - this.returns > line) for (const field of fields) this.returns += field.split('\r').length - 1;
    this.passLine(info);
    return null;
  }

  /** Refuses the record under way, once, however many faults it has. */
  complain(fault: CsvError, info: Info): undefined {
    const { lines, bytes } = info;
    // `bytes` is where the field before ended. A record with faults in two fields, on two lines, counts twice.
    const isSameRecord = lines === this.fault.lines || bytes === this.fault.bytes;
    const place = isSameRecord ? this.fault.place : this.place(info);
    this.fault = { lines, bytes, place };
    const error = failure('ERR_BAD_RECORD', `${place} ${this.wording(fault)}.`);
    // Without its end the next record cannot be found; without the header it would be taken for one.
    const isLost = fault.code === 'CSV_MAX_RECORD_SIZE' || fault.code === 'CSV_QUOTE_NOT_CLOSED';
    if (isLost || this.awaitsHeader()) this.fail(error);
    if (!isSameRecord) {
      this.refuse(error);
      this.record++;
    }
    this.passLine(info);
  }

  end(): void {
    const { textField } = this.choice;
    if (this.column >= 0 || typeof textField !== 'string' || this.batch.error) return;
    const problem = `has no records, so no column ${shown(textField)}`;
    this.batch.fail(failure('ERR_MISSING_FIELD', `${this.batch.source} ${problem}.`));
  }

  private awaitsHeader(): boolean {
    return this.column < 0 && this.choice.header;
  }

  private chooseColumn(first: readonly string[], place: string): void {
    const names = first.map(decoded);
    if (names.includes(undefined)) this.fail(notText(place, Buffer.from(first.join(), 'latin1')));
    const column = textColumn(place, names as string[], this.choice);
    if (typeof column !== 'number') this.fail(column);
    this.column = column;
    this.columns = first.length;
  }

  private problem(fields: readonly string[], place: string): CorpuscleError {
    if (fields.length === this.columns) return notText(place, Buffer.from(fields[this.column], 'latin1'));
    const code = fields.length <= this.column ? 'ERR_MISSING_FIELD' : 'ERR_BAD_RECORD';
    const count = `${fields.length} ${fields.length === 1 ? 'column' : 'columns'}`;
    return failure(code, `${place} has ${count}, but the first record has ${this.columns}.`);
  }

  private wording({ code, message }: CsvError): string {
    switch (code) {
      case 'CSV_INVALID_CLOSING_QUOTE':
        return 'has text behind a closing quote';
      case 'INVALID_OPENING_QUOTE':
        return 'has a quote inside a field without quotes (quotes: false reads it as it is)';
      case 'CSV_QUOTE_NOT_CLOSED':
        return 'has a quote that is never closed';
      case 'CSV_MAX_RECORD_SIZE':
        return `is longer than maxLineBytes, which is ${this.maxLineBytes}`;
      default:
        return `is malformed (${message})`;
    }
  }

  private place({ empty_lines }: Info): string {
    return `${this.batch.source}:${this.line + empty_lines} (record ${this.record})`;
  }

  private passLine({ lines, empty_lines }: Info): void {
    this.line = lines - this.returns + 1 - empty_lines;
  }

  private refuse(error: CorpuscleError): void {
    this.batch.refuse(error);
    if (this.batch.error) throw this.batch.error;
  }

  private fail(error: CorpuscleError): never {
    this.batch.fail(error);
    throw error;
  }
}

/** The text of a field, or undefined where its bytes are none. */
function decoded(field: string): string | undefined {
  const bytes = Buffer.from(field, 'latin1');
  return decode(bytes, 0, bytes.length);
}
