/** DuckDB: the self-join that a Node user would write for pairs of terms. */

import type { Variant } from '#src/bench/variant.js';
import { loadCounts } from '../data/corpora.js';
import { library } from '../library.js';
import { upperAnswer } from './triplets.js';

type Columns = ArrayLike<number>[];
interface Connection {
  run(sql: string): Promise<{ getColumns(): Promise<Columns> }>;
  createAppender(table: string): Promise<Appender>;
}
interface Appender {
  appendInteger(value: number): void;
  endRow(): void;
  closeSync(): void;
}
interface DuckDb {
  DuckDBInstance: {
    create(file: string, options: Record<string, string>): Promise<{ connect(): Promise<Connection> }>;
  };
}

const pairs = `
  SELECT a.term AS i, b.term AS j, count(*)::INTEGER AS together
  FROM entry a JOIN entry b ON a.document = b.document AND a.term <= b.term
  GROUP BY i, j`;

export async function prepare({ folder, threads }: { folder: string; threads: number }): Promise<Variant<Columns>> {
  const { DuckDBInstance } = await library<DuckDb>('@duckdb/node-api');
  const database = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await database.connect();
  const { counts } = await loadCounts(folder);
  await connection.run('CREATE TABLE entry (document INTEGER, term INTEGER)');
  const appender = await connection.createAppender('entry');
  for (let row = 0; row < counts.nRows; row++) {
    for (let q = counts.indptr[row]; q < counts.indptr[row + 1]; q++) {
      appender.appendInteger(row);
      appender.appendInteger(counts.indices[q]);
      appender.endRow();
    }
  }
  appender.closeSync();
  return {
    run: async () => (await connection.run(pairs)).getColumns(),
    answer: ([i, j, together]) => upperAnswer(counts.nColumns, i, j, together),
  };
}
