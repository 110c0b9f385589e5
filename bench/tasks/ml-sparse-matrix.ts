/** ml-sparse-matrix: the product of the transposed presence matrix with itself. */

import type { Variant } from '#src/bench/variant.js';
import { loadCounts } from '../data/corpora.js';
import { library } from '../library.js';
import { upperAnswer } from './triplets.js';

interface SparseMatrix {
  set(row: number, column: number, value: number): void;
  transpose(): SparseMatrix;
  mmul(other: SparseMatrix): SparseMatrix;
  getNonZeros(): { rows: Float64Array; columns: Float64Array; values: Float64Array };
}

export async function prepare({ folder }: { folder: string }): Promise<Variant<SparseMatrix>> {
  type Options = { initialCapacity: number };
  const { SparseMatrix } = await library<{
    SparseMatrix: new (rows: number, columns: number, options: Options) => SparseMatrix;
  }>('ml-sparse-matrix');
  const { counts } = await loadCounts(folder);
  const { shape, indptr, indices } = counts;
  const presence = new SparseMatrix(shape[0], shape[1], { initialCapacity: 2 * indices.length });
  for (let row = 0; row < shape[0]; row++) {
    for (let q = indptr[row]; q < indptr[row + 1]; q++) presence.set(row, indices[q], 1);
  }
  const transposed = presence.transpose();
  return {
    run: async () => transposed.mmul(presence),
    answer: (product) => {
      const { rows, columns, values } = product.getNonZeros();
      return upperAnswer(shape[1], rows, columns, values);
    },
  };
}
