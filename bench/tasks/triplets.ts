/** Results that come as (row, column, value) in any order. */

import type { Answer } from '#src/bench/answer.js';
import { sparseAnswer } from '#src/bench/answers.js';
import { CsrMatrix } from '#src/index.js';

/** The answer of the upper triangle of a square matrix of whole numbers. */
export function upperAnswer(
  n: number,
  rows: ArrayLike<number>,
  columns: ArrayLike<number>,
  values: ArrayLike<number>,
): Answer {
  const kept = Uint32Array.from(rows, (_, q) => q).filter((q) => rows[q] <= columns[q]);
  const byRow = countingSort(countingSort(kept, columns, n).order, rows, n); // stable: by row, then by column
  const indices = Int32Array.from(byRow.order, (q) => columns[q]);
  const counts = Int32Array.from(byRow.order, (q) => values[q]);
  return sparseAnswer(new CsrMatrix({ shape: [n, n], indptr: byRow.begin, indices, values: counts }));
}

function countingSort(items: Uint32Array, keys: ArrayLike<number>, n: number) {
  const begin = new Int32Array(n + 1);
  for (const q of items) begin[keys[q] + 1] += 1;
  for (let key = 0; key < n; key++) begin[key + 1] += begin[key];
  const next = begin.slice(0, n);
  const order = new Uint32Array(items.length);
  for (const q of items) order[next[keys[q]]++] = q;
  return { order, begin };
}
