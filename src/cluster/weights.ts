import { failure, shown } from '../core/check.js';

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
  const own = Float64Array.from(weights);
  const bad = own.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (bad >= 0) {
    throw failure(
      'ERR_OUT_OF_RANGE',
      `sampleWeight must hold finite numbers of at least 0, but number ${bad} is ${shown(weights[bad])}.`,
    );
  }
  if (!own.some((weight) => weight > 0)) {
    throw failure('ERR_OUT_OF_RANGE', 'sampleWeight must hold a number above 0, but all are 0.');
  }
  if (!Number.isFinite(own.reduce((sum, weight) => sum + weight, 0))) {
    throw failure('ERR_OUT_OF_RANGE', 'sampleWeight must have a finite sum, but its numbers add up to Infinity.');
  }
  return own;
}
