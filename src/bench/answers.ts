/** What results say, in the form that all contenders and the peers are compared in. */

import type { CsrMatrix, DenseMatrix, KMeans, TopCooccurrences } from '../index.js';
import { type Answer, sha256 } from './answer.js';

/** Text to counts: every array, and the terms in order. */
export function countsAnswer(counts: CsrMatrix<Int32Array>, terms: Iterable<string>): Answer {
  return { ...sparseAnswer(counts), terms: sha256([...terms].join('\n')) };
}

/** A sparse matrix of numbers that all contenders add without loss, entry by entry. */
export function sparseAnswer({
  shape,
  nnz,
  indptr,
  indices,
  values,
}: CsrMatrix<Int32Array> | CsrMatrix<Float64Array>): Answer {
  const [rows, columns] = shape;
  const pointers = BigInt64Array.from(indptr, BigInt);
  let sum = 0;
  for (const value of values) sum += value;
  return { rows, columns, nnz, sum, indptr: sha256(pointers), indices: sha256(indices), values: sha256(values) };
}

/** Weights: their sums, since versions of NumPy differ in last bits. */
export function weightsAnswer({ nnz, values }: CsrMatrix): Answer {
  let sum = 0;
  let weighted = 0;
  for (let q = 0; q < values.length; q++) {
    sum += values[q];
    weighted += values[q] * ((q % 97) + 1);
  }
  return { nnz, sum, weighted };
}

/** Weights of hashed terms: also where they stand. */
export function hashedAnswer(weights: CsrMatrix): Answer {
  const [rows, columns] = weights.shape;
  return { ...weightsAnswer(weights), rows, columns, indices: sha256(weights.indices) };
}

/** The best partners of each term: what sums of scores agree in. */
export function bestAnswer({ terms, scores }: TopCooccurrences): Answer {
  return { terms: terms.length, score: sixDigits(scores.reduce((sum, score) => sum + score, 0)) };
}

export function denseAnswer({ values }: DenseMatrix<Int32Array>): Answer {
  return { sum: values.reduce((total, value) => total + value, 0), values: sha256(values) };
}

export function clustersAnswer({ nIter, labels, inertia }: Pick<KMeans, 'nIter' | 'labels' | 'inertia'>): Answer {
  return { nIter, labels: sha256(labels), inertia };
}

/** Six digits: what sums over threads agree in. */
export function sixDigits(value: number): string {
  return value.toPrecision(6);
}
