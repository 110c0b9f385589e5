/** mathjs: the product of the transposed presence matrix with itself, as sparse matrices. */

import type { Variant } from '#src/bench/variant.js';
import { loadCounts } from '../data/corpora.js';
import { library } from '../library.js';
import { upperAnswer } from './triplets.js';

interface SparseMatrix {
  readonly _values: number[];
  readonly _index: number[];
  readonly _ptr: number[];
}
interface MathJs {
  SparseMatrix: { fromJSON(json: object): SparseMatrix };
  transpose(matrix: SparseMatrix): SparseMatrix;
  multiply(a: SparseMatrix, b: SparseMatrix): SparseMatrix;
}

export async function prepare({ folder }: { folder: string }): Promise<Variant<SparseMatrix>> {
  const math = await library<MathJs>('mathjs');
  const { counts } = await loadCounts(folder);
  const [rows, columns] = counts.shape;
  // mathjs holds columns; the rows of the presence matrix are the columns of its transpose.
  const transposed = math.SparseMatrix.fromJSON({
    values: new Array(counts.nnz).fill(1),
    index: Array.from(counts.indices),
    ptr: Array.from(counts.indptr),
    size: [columns, rows],
  });
  const presence = math.transpose(transposed);
  return {
    run: async () => math.multiply(transposed, presence),
    answer: ({ _index, _ptr, _values }) => {
      const column = new Float64Array(_index.length);
      for (let j = 0; j < columns; j++) column.fill(j, _ptr[j], _ptr[j + 1]);
      return upperAnswer(columns, _index, column, _values);
    },
  };
}
