import { failure, shown } from '../core/check.js';

const largest = 1e100; // with larger or smaller ones, sums and their inverses leave the range of numbers

const isWeight = (weight: unknown) =>
  weight === 0 || (typeof weight === 'number' && weight >= 1 / largest && weight <= largest);

/** The caller's weights, copied and checked; null where there are none. */
export function checkWeights(
  weights: Float64Array | readonly number[] | undefined,
  nRows: number,
): Float64Array | null {
  if (weights === undefined) return null;
  if (!Array.isArray(weights) && !(weights instanceof Float64Array)) {
    throw failure(
      'ERR_INVALID_ARG_TYPE',
      `sampleWeight must be a Float64Array or an array of numbers, but is ${shown(weights)}.`,
    );
  }
  if (weights.length !== nRows) {
    throw failure('ERR_OUT_OF_RANGE', `sampleWeight holds ${weights.length} numbers, but X has ${nRows} rows.`);
  }
  const bad = weights.findIndex((weight: unknown) => !isWeight(weight));
  if (bad >= 0) {
    const rule = `0, or from ${1 / largest} to ${largest}`;
    throw failure(
      'ERR_OUT_OF_RANGE',
      `sampleWeight must hold numbers that are ${rule}, but number ${bad} is ${shown(weights[bad])}.`,
    );
  }
  const own = Float64Array.from(weights);
  if (!own.some((weight) => weight > 0)) {
    throw failure('ERR_OUT_OF_RANGE', 'sampleWeight must hold a number above 0, but all are 0.');
  }
  return own;
}

/** How many rows weigh more than nothing. */
export function countWeighty(weights: Float64Array): number {
  return weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
}
