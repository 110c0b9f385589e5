/** What two labelings of the same items share: the one table of which all their comparisons are made. */

import { failure, shown } from '../../core/check.js';

/** The class of each item: whole numbers, or any numbers and strings that name classes. */
export type Labeling = Int32Array | readonly (number | string)[];

/** In how many items each class of a, each class of b, and both of each pair that has some, are. */
export interface Contingency {
  /** How many items. */
  readonly n: number;
  readonly aSizes: Float64Array;
  readonly bSizes: Float64Array;
  /** The label of each class of a. */
  readonly aLabels: readonly (number | string)[];
  /** The pairs of classes that share items, in order of a: the numbers of both, and how many items. */
  readonly aOf: Int32Array;
  readonly bOf: Int32Array;
  readonly shared: Float64Array;
}

/** @param names what the caller calls the two */
export function contingencyOf(a: unknown, b: unknown, names: readonly [string, string] = ['a', 'b']): Contingency {
  const [first, second] = [classesOf(a, names[0]), classesOf(b, names[1])];
  const n = first.codes.length;
  if (second.codes.length !== n) {
    const lengths = `${names[0]} holds ${n} labels, but ${names[1]} holds ${second.codes.length}`;
    throw failure('ERR_OUT_OF_RANGE', `${lengths}; both must label the same items.`);
  }
  const aSizes = sizesOf(first);
  const bSizes = sizesOf(second);
  // The items of each class of a, by a counting sort; then the classes of b among them.
  const next = new Float64Array(aSizes.length);
  for (let i = 1; i < next.length; i++) next[i] = next[i - 1] + aSizes[i - 1];
  const ordered = new Int32Array(n);
  first.codes.forEach((code, item) => {
    ordered[next[code]++] = second.codes[item];
  });
  const cells: { aOf: number[]; bOf: number[]; shared: number[] } = { aOf: [], bOf: [], shared: [] };
  const place = new Int32Array(bSizes.length).fill(-1); // of a class of b among the cells
  let begin = 0;
  for (let i = 0; i < aSizes.length; i++) {
    const from = cells.shared.length;
    for (let at = begin; at < begin + aSizes[i]; at++) {
      const j = ordered[at];
      if (place[j] < from) {
        place[j] = cells.shared.length;
        cells.aOf.push(i);
        cells.bOf.push(j);
        cells.shared.push(0);
      }
      cells.shared[place[j]]++;
    }
    begin += aSizes[i];
  }
  return {
    ...{ n, aSizes, bSizes, aLabels: first.labels },
    ...{ aOf: Int32Array.from(cells.aOf), bOf: Int32Array.from(cells.bOf), shared: Float64Array.from(cells.shared) },
  };
}

interface Classes {
  /** The number of each item's class, without gaps. */
  readonly codes: Int32Array;
  readonly labels: readonly (number | string)[];
}

/** Numbers classes as they come. */
function classesOf(labeling: unknown, name: string): Classes {
  if (!(labeling instanceof Int32Array) && !Array.isArray(labeling)) {
    const kinds = 'an Int32Array or an array of numbers or strings';
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be ${kinds}, but is ${shown(labeling)}.`);
  }
  const numbers = new Map<number | string, number>();
  const codes = new Int32Array(labeling.length);
  for (const [item, label] of labeling.entries()) {
    if (typeof label !== 'string' && !Number.isFinite(label)) {
      const rule = `finite numbers or strings, but number ${item} is ${shown(label)}`;
      throw failure('ERR_INVALID_ARG_VALUE', `${name} must hold ${rule}.`);
    }
    const code = numbers.get(label) ?? numbers.size;
    if (code === numbers.size) numbers.set(label, code);
    codes[item] = code;
  }
  return { codes, labels: [...numbers.keys()] };
}

function sizesOf({ codes, labels }: Classes): Float64Array {
  const sizes = new Float64Array(labels.length);
  for (const code of codes) sizes[code]++;
  return sizes;
}
