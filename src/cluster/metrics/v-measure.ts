import { checkNumber, checkOptions } from '../../core/check.js';
import { type Contingency, contingencyOf, type Labeling } from './contingency.js';
import { entropy, mutualInformation } from './information.js';

/** Options of `vMeasureScore`. */
export interface VMeasureOptions {
  /** Above 1, completeness counts for more than homogeneity; below 1 for less. From 0 to 1e100. @default 1 */
  beta?: number;
}

const names = ['labelsTrue', 'labelsPred'] as const;

/**
 * Whether each cluster holds items of one class only (Rosenberg, Hirschberg 2007): 1 if so, 0 if clusters tell nothing of classes.
 * @param labelsTrue the class of each item
 * @param labelsPred the cluster of each item
 * @throws TypeError, RangeError for what is no labeling, or labelings of different lengths
 */
export function homogeneityScore(labelsTrue: Labeling, labelsPred: Labeling): number {
  return homogeneity(contingencyOf(labelsTrue, labelsPred, names));
}

/**
 * Whether the items of each class are in one cluster only (Rosenberg, Hirschberg 2007): 1 if so, 0 if classes tell nothing of
 * clusters.
 * @param labelsTrue the class of each item
 * @param labelsPred the cluster of each item
 * @throws TypeError, RangeError for what is no labeling, or labelings of different lengths
 */
export function completenessScore(labelsTrue: Labeling, labelsPred: Labeling): number {
  return completeness(contingencyOf(labelsTrue, labelsPred, names));
}

/**
 * The harmonic mean of homogeneity and completeness (Rosenberg, Hirschberg 2007); with beta 1 the same as
 * `normalizedMutualInfoScore` with the arithmetic mean.
 * @param labelsTrue the class of each item
 * @param labelsPred the cluster of each item
 * @throws TypeError, RangeError for what is no labeling, labelings of different lengths, or a wrong option
 */
export function vMeasureScore(labelsTrue: Labeling, labelsPred: Labeling, options: VMeasureOptions = {}): number {
  checkOptions(options, 'vMeasureScore', ['beta']);
  const { beta = 1 } = options;
  checkNumber(beta, 'beta', 0, 1e100);
  const table = contingencyOf(labelsTrue, labelsPred, names);
  const [h, c] = [homogeneity(table), completeness(table)];
  return h + c === 0 ? 0 : ((1 + beta) * h * c) / (beta * h + c);
}

/** Exactly 1 where no cluster has items of two classes: then there are as many pairs as clusters. */
function homogeneity(table: Contingency): number {
  const { n, aSizes, bSizes, shared } = table;
  if (shared.length === bSizes.length) return 1;
  return mutualInformation(table) / entropy(aSizes, n);
}

function completeness(table: Contingency): number {
  const { n, aSizes, bSizes, shared } = table;
  if (shared.length === aSizes.length) return 1;
  return mutualInformation(table) / entropy(bSizes, n);
}
