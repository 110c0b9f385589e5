/** Documents of csv and tsv files: one column of each record. csv-parse cuts the records. */

import type { CsvError, Parser as CsvParser } from 'csv-parse';
import { failure } from '../core/check.js';
import type { Batch, Batches } from './batch.js';
import { type Bytes, chunkBytes } from './bytes.js';
import type { ColumnChoice } from './csv-column.js';
import { CsvRecords } from './csv-records.js';

export interface CsvOptions extends ColumnChoice {
  readonly delimiter: string;
  readonly quotes: boolean;
  readonly maxLineBytes: number;
}

export async function* readCsv(bytes: Bytes, batch: Batch, options: CsvOptions): Batches {
  const { Parser } = await import('csv-parse'); // when there is something to parse
  const records = new CsvRecords(batch, options, options.maxLineBytes);
  const parser: CsvParser = new Parser({
    delimiter: options.delimiter,
    quote: options.quotes && '"',
    record_delimiter: ['\r\n', '\n'],
    skip_empty_lines: true,
    relax_column_count: true, // `take` looks at the count
    encoding: 'latin1', // a character for each byte: sizes are in bytes, and what is not UTF-8 can still be told
    max_record_size: Math.max(1, options.maxLineBytes - 1), // compared before a byte is added; 0 would be no limit
    on_record: (fields: string[]) => records.take(fields, parser.info),
    skip_records_with_error: true, // unless `complain` throws
    on_skip: (error) => records.complain(error as CsvError, parser.info),
  });
  parser.on('error', () => {}); // `settled` tells
  let unbroken = 0; // bytes without a line end: the parser counts those of fields, and of commas none
  for await (const chunk of bytes) {
    const lineEnd = chunk.lastIndexOf(10);
    unbroken = lineEnd < 0 ? unbroken + chunk.length : chunk.length - 1 - lineEnd;
    if (unbroken > options.maxLineBytes + chunkBytes) {
      const limit = `maxLineBytes, which is ${options.maxLineBytes}`;
      batch.fail(failure('ERR_BAD_RECORD', `${batch.source} has a record that is longer than ${limit}.`));
      yield* batch.flush();
    }
    await settled(batch, (done) => parser.write(chunk, done));
    yield* batch.flush();
  }
  await settled(batch, (done) => parser.end(done));
  records.end();
  yield* batch.flush();
}

/** Waits for a step of the parser. The batch's own error is left to it: its documents come first. */
function settled(batch: Batch, step: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    step((error) => (error && error !== batch.error ? reject(error) : resolve()));
  });
}
