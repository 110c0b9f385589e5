/** A MiniBatchKMeans as JSON, with all that a stream needs to go on. */

import { checkInteger, checkNumber } from '../core/check.js';
import { toBase64 } from '../core/little-endian.js';
import { RandomState, type SavedRandomState } from '../core/random.js';
import { maxCount } from './kmeans-options.js';
import type { MiniBatchKMeansOptions, ResolvedMiniBatchOptions } from './mini-batch-options.js';
import type { MiniBatchState } from './mini-batch-state.js';
import {
  checkType,
  fieldsOf,
  labelsFrom,
  notNegativeFrom,
  numbersFrom,
  optionsFrom,
  savedOptions,
} from './saved-kmeans.js';

/** What `MiniBatchKMeans.toJSON` gives. Arrays are base64 of their little-endian bytes. */
export interface SavedMiniBatchKMeans {
  readonly type: 'MiniBatchKMeans';
  /** The options that clusters hang on; start centers as { shape, values }. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Where the draws of `partialFit` have come to; null before its first call. */
  readonly random: SavedRandomState | null;
  /** Null before `fit` and `partialFit`. */
  readonly clusters: {
    readonly nRows: number;
    readonly nColumns: number;
    /** A 32-bit number for each row of the last call. */
    readonly labels: string;
    /** nClusters x nColumns doubles, row-major: the sum of the rows of each cluster, or, where it weighs nothing, its center. */
    readonly sums: string;
    /** nClusters doubles. */
    readonly weights: string;
    readonly inertia: number;
    readonly nIter: number;
    readonly nSteps: number;
    readonly batchSize: number;
    readonly rowsSinceReassignment: number;
  } | null;
}

export function savedMiniBatch(
  options: ResolvedMiniBatchOptions,
  state: MiniBatchState | undefined,
  random: RandomState | undefined,
): SavedMiniBatchKMeans {
  const clusters = state && {
    ...state,
    nRows: state.labels.length,
    labels: toBase64(state.labels),
    sums: toBase64(state.sums),
    weights: toBase64(state.weights),
  };
  const type = 'MiniBatchKMeans';
  return { type, options: savedOptions(options), random: random?.toJSON() ?? null, clusters: clusters ?? null };
}

const optionNames = [
  ...['nClusters', 'init', 'nInit', 'maxIter', 'batchSize', 'tol', 'maxNoImprovement', 'initSize'],
  ...['reassignmentRatio', 'randomState'],
];

/** @throws TypeError, RangeError for what `savedMiniBatch` would not give, with the name of the field */
export function fromSavedMiniBatch(json: unknown): {
  options: MiniBatchKMeansOptions;
  state: MiniBatchState | undefined;
  random: RandomState | undefined;
} {
  checkType(json, 'MiniBatchKMeans');
  const { options, clusters, random } = json as SavedMiniBatchKMeans;
  const own: MiniBatchKMeansOptions = optionsFrom(options, optionNames);
  return {
    options: own,
    state: clusters === null ? undefined : stateFrom(clusters, own.nClusters as number),
    random: random === null ? undefined : RandomState.from(random),
  };
}

function stateFrom(clusters: unknown, nClusters: number): MiniBatchState {
  const fields = fieldsOf(clusters, 'json.clusters');
  const integer = (name: string, min: number, max = Number.MAX_SAFE_INTEGER): number => {
    const value = fields[name];
    checkInteger(value, `json.clusters.${name}`, min, max);
    return value;
  };
  const nRows = integer('nRows', 1, maxCount);
  const nColumns = integer('nColumns', 0, maxCount);
  const { inertia } = fields;
  checkNumber(inertia, 'json.clusters.inertia', 0, Number.MAX_VALUE);
  return {
    nColumns,
    sums: numbersFrom(fields.sums, 'json.clusters.sums', nClusters * nColumns),
    weights: notNegativeFrom(fields.weights, 'json.clusters.weights', nClusters),
    labels: labelsFrom(fields.labels, 'json.clusters.labels', nRows, nClusters),
    inertia,
    nIter: integer('nIter', 0),
    nSteps: integer('nSteps', 1),
    batchSize: integer('batchSize', 1, maxCount),
    rowsSinceReassignment: integer('rowsSinceReassignment', 0),
  };
}
