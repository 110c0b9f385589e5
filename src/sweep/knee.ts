/** Where a falling curve bends. */

import { failure, itemsOf, shown } from '../core/check.js';

const rounding = 1e-12; // so that points of a straight line are no knees, and equal ones are equal

/**
 * The knee of a falling curve, such as inertia over k: the point farthest below the straight line from the first point to
 * the last, both axes scaled to that line. That is the largest difference that "Kneedle" looks at (Satopää, Albrecht,
 * Irwin, Raghavan 2011), without its smoothing and its sensitivity, of which a few points of a sweep have no use. Where it
 * lies depends on where the curve begins and ends, so a knee is a proposal, not a proof.
 *
 * @param x ascending
 * @param y one value each
 * @returns the x of the knee, the first one on a tie; null where there is none: fewer than three points, a curve that does
 * not fall, or none of its points below the line
 * @throws TypeError, RangeError for what are not two arrays of as many finite numbers, x in order
 */
export function findKnee(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const [at, values] = [numbers(x, 'x'), numbers(y, 'y')];
  if (at.length !== values.length) {
    throw failure('ERR_OUT_OF_RANGE', `x holds ${at.length} numbers, but y holds ${values.length}.`);
  }
  const disorder = at.findIndex((each, i) => i > 0 && !(each > at[i - 1]));
  if (disorder > 0) {
    throw failure('ERR_OUT_OF_RANGE', `x must be in order, but holds ${at[disorder]} after ${at[disorder - 1]}.`);
  }
  const last = at.length - 1;
  if (last < 2 || !(values[last] < values[0])) return null;
  let knee: number | null = null;
  let farthest = 0;
  for (let i = 1; i < last; i++) {
    const along = (at[i] - at[0]) / (at[last] - at[0]);
    const fallen = (values[0] - values[i]) / (values[0] - values[last]);
    if (fallen - along > farthest + rounding) {
      farthest = fallen - along;
      knee = at[i];
    }
  }
  return knee;
}

function numbers(values: ArrayLike<number>, name: string): number[] {
  const isList = Array.isArray(values) || (ArrayBuffer.isView(values) && 'length' in values);
  if (!isList) throw failure('ERR_INVALID_ARG_TYPE', `${name} must be an array of numbers, but is ${shown(values)}.`);
  return itemsOf<number>(values as Iterable<unknown>, (value, i) => {
    if (Number.isFinite(value)) return;
    throw failure('ERR_OUT_OF_RANGE', `${name} must hold finite numbers, but number ${i} is ${shown(value)}.`);
  });
}
