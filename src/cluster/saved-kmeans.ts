/** A KMeans as JSON. */

import { allFinite, checkInteger, checkNumber, checkOptions, failure, shown } from '../core/check.js';
import { float64FromBase64, int32FromBase64, toBase64 } from '../core/little-endian.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { type KMeansOptions, maxCount, type ResolvedKMeansOptions } from './kmeans-options.js';
import type { LloydResult } from './lloyd.js';

/** What `KMeans.toJSON` gives. Arrays are base64 of their little-endian bytes. */
export interface SavedKMeans {
  readonly type: 'KMeans';
  /** The options that clusters hang on; start centers as { shape, values }. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Null before `fit`. */
  readonly clusters: {
    readonly nRows: number;
    readonly nColumns: number;
    /** A 32-bit number a row. */
    readonly labels: string;
    /** nClusters x nColumns doubles, row-major. */
    readonly centers: string;
    readonly inertia: number;
    readonly nIter: number;
  } | null;
}

export function savedKMeans(options: ResolvedKMeansOptions, fitted: LloydResult | undefined): SavedKMeans {
  return {
    type: 'KMeans',
    options: savedOptions(options),
    clusters: fitted === undefined ? null : saved(options, fitted),
  };
}

function saved({ nClusters }: ResolvedKMeansOptions, { labels, centers, inertia, nIter }: LloydResult) {
  const shape = { nRows: labels.length, nColumns: centers.length / nClusters };
  return { ...shape, labels: toBase64(labels), centers: toBase64(centers), inertia, nIter };
}

/** Options as JSON holds them: without what is not set, and with a matrix of start centers in two parts. */
export function savedOptions(options: object): Record<string, unknown> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, value instanceof DenseMatrix ? savedMatrix(value) : value]),
  );
}

const savedMatrix = ({ shape, values }: DenseMatrix) => ({ shape, values: toBase64(values) });

/** @throws TypeError, RangeError for what `savedKMeans` would not give, with the name of the field */
export function fromSavedKMeans(json: unknown): { options: KMeansOptions; fitted: LloydResult | undefined } {
  checkType(json, 'KMeans');
  const { options, clusters } = json as SavedKMeans;
  const names = ['nClusters', 'init', 'nInit', 'maxIter', 'tol', 'metric', 'randomState'];
  const own: KMeansOptions = optionsFrom(options, names);
  return { options: own, fitted: clusters === null ? undefined : clustersFrom(clusters, own.nClusters as number) };
}

function clustersFrom(clusters: unknown, nClusters: number): LloydResult {
  const { nRows, nColumns, labels, centers, inertia, nIter } = fieldsOf(clusters, 'json.clusters');
  checkInteger(nRows, 'json.clusters.nRows', nClusters, maxCount);
  checkInteger(nColumns, 'json.clusters.nColumns', 0, maxCount);
  checkNumber(inertia, 'json.clusters.inertia', 0, Number.MAX_VALUE);
  checkInteger(nIter, 'json.clusters.nIter', 1, maxCount);
  return {
    labels: labelsFrom(labels, 'json.clusters.labels', nRows, nClusters),
    centers: numbersFrom(centers, 'json.clusters.centers', nClusters * nColumns),
    inertia,
    nIter,
  };
}

export function checkType(json: unknown, type: string): void {
  if ((json as { type?: unknown } | null | undefined)?.type === type) return;
  throw failure('ERR_INVALID_ARG_VALUE', `json must be what ${type}.toJSON gave, but is ${shown(json)}.`);
}

export function fieldsOf(value: unknown, name: string): Record<string, unknown> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw failure('ERR_INVALID_ARG_VALUE', `${name} must be an object, but is ${shown(value)}.`);
}

/** Options with those names, start centers as a matrix; what each holds is checked where a model is made of them. */
export function optionsFrom(value: unknown, names: readonly string[]): Record<string, unknown> {
  checkOptions(value, 'json', names);
  const options = value as Record<string, unknown>;
  checkInteger(options.nClusters, 'json.options.nClusters', 1, maxCount);
  if (typeof options.init !== 'object' || options.init === null) return options;
  const { shape, values } = fieldsOf(options.init, 'json.options.init');
  const [k, p] = Array.isArray(shape) ? shape : [];
  checkInteger(k, 'json.options.init.shape[0]', 0, maxCount);
  checkInteger(p, 'json.options.init.shape[1]', 0, maxCount);
  const init = new DenseMatrix({ shape: [k, p], values: numbersFrom(values, 'json.options.init.values', k * p) });
  return { ...options, init };
}

/** Finite numbers. */
export function numbersFrom(text: unknown, name: string, length: number): Float64Array {
  const numbers = float64FromBase64(text, length);
  if (numbers !== undefined && allFinite(numbers)) return numbers;
  throw failure('ERR_INVALID_ARG_VALUE', `${name} must be ${length} finite doubles in base64, but is ${shown(text)}.`);
}

/** Finite numbers from 0 on. */
export function notNegativeFrom(text: unknown, name: string, length: number): Float64Array {
  const numbers = numbersFrom(text, name, length);
  const bad = numbers.findIndex((number) => number < 0);
  if (bad < 0) return numbers;
  throw failure('ERR_OUT_OF_RANGE', `${name} must not be negative, but number ${bad} is ${numbers[bad]}.`);
}

export function labelsFrom(text: unknown, name: string, length: number, nClusters: number): Int32Array {
  const labels = int32FromBase64(text, length);
  if (labels?.every((label) => label >= 0 && label < nClusters)) return labels;
  const what = `${length} numbers of 32 bits from 0 to ${nClusters - 1} in base64`;
  throw failure('ERR_INVALID_ARG_VALUE', `${name} must be ${what}, but is ${shown(text)}.`);
}
