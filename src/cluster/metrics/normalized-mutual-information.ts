import { checkChoice, checkOptions } from '../../core/check.js';
import { contingencyOf, type Labeling } from './contingency.js';
import { entropy, mutualInformation } from './information.js';

/** Options of `normalizedMutualInfoScore`. */
export interface NormalizedMutualInfoOptions {
  /** The mean of the two entropies by which the mutual information is divided. @default 'arithmetic' */
  average?: 'min' | 'geometric' | 'arithmetic' | 'max';
}

const averages = {
  min: (a: number, b: number) => Math.min(a, b),
  geometric: (a: number, b: number) => Math.sqrt(a * b),
  arithmetic: (a: number, b: number) => (a + b) / 2,
  max: (a: number, b: number) => Math.max(a, b),
};

/**
 * How much two labelings tell of each other, as a share of their own information (Strehl, Ghosh 2002): 1 for the same classes,
 * 0 for independent ones. Not corrected for chance: many classes raise it. 0 where one labeling has a single class, and the
 * other has not.
 * @param a the class of each item
 * @param b the same for another labeling; a and b can be exchanged
 * @throws TypeError, RangeError for what is no labeling, labelings of different lengths, or an unknown option
 */
export function normalizedMutualInfoScore(a: Labeling, b: Labeling, options: NormalizedMutualInfoOptions = {}): number {
  checkOptions(options, 'normalizedMutualInfoScore', ['average']);
  const { average = 'arithmetic' } = options;
  checkChoice(average, 'average', ['min', 'geometric', 'arithmetic', 'max']);
  const table = contingencyOf(a, b);
  const { n, aSizes, bSizes, shared } = table;
  if (shared.length === aSizes.length && shared.length === bSizes.length) return 1; // the same classes, or no items
  const mutual = mutualInformation(table);
  if (mutual <= Number.EPSILON) return 0;
  return mutual / averages[average](entropy(aSizes, n), entropy(bSizes, n));
}
