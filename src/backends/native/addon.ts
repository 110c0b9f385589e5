/** The addon's exports, in types; native/bindings/addon.cpp holds the functions. */

import type { TextBatch } from '../../core/text-batch.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { TokenArrays } from '../../matrix/token-streams.js';
import type { Dispersion, Documents, PairScores, SilhouetteMetric, TopPairs, TopWindowPairs } from '../kernels.js';
import load from './load.cjs';
import { requireWholeFiles } from './whole-file.js';

/** A kernel's state on the native side. */
export type Handle = { readonly handle: unique symbol };

/** What every call that computes carries. */
export interface CallOptions {
  readonly threads: number;
  readonly maxBytes: number;
  readonly control: Int32Array;
  /** @default the best that the processor has */
  readonly simd?: string;
}

type Call<Args extends unknown[], Result> = (...args: [...Args, CallOptions]) => Promise<Result>;

type WindowingArgs = [weighing: string, numbers: Float64Array, divisor: number, direction: string, skipsGaps: boolean];

type ScoringArgs = [
  score: string,
  documents: number,
  frequency: Int32Array,
  logs: Float64Array,
  rowTerms: Float64Array,
  columnTerms: Float64Array,
  constant: number,
];

/** On how many threads large arrays are copied. @default 1 */
export type Copying = Pick<CallOptions, 'threads'>;

export interface Addon {
  /** `simdLevels`: the vector instructions that this processor has, from the least. */
  info(): { openmp: boolean; simdLevels: readonly string[] };

  createTermCounter(
    lowercase: boolean,
    stripAccents: string,
    analyzer: string,
    minN: number,
    maxN: number,
    stopWords: readonly string[],
    vocabulary: TextBatch | null,
    keepsPlaces: boolean,
  ): Handle;
  termCounterAdd: Call<[Handle, Documents, lengths: Int32Array | null], unknown>;
  termCounterStatistics: Call<
    [Handle, withTotals: boolean],
    { bytes: Uint8Array; offsets: Float64Array; documentFrequency: Int32Array; totals: Float64Array }
  >;
  termCounterCount: Call<
    [Handle, columns: Int32Array, nColumns: number, binary: boolean],
    { indptr: Int32Array | Float64Array; indices: Int32Array; values: Int32Array }
  >;
  termCounterCountHashed: Call<
    [Handle, features: number, alternateSign: boolean, binary: boolean, norm: 'none' | 'l1' | 'l2'],
    { indptr: Int32Array | Float64Array; indices: Int32Array; values: Float64Array }
  >;
  termCounterTokenIds: Call<[Handle, columns: Int32Array], { offsets: Float64Array; ids: Int32Array }>;
  disposeTermCounter(handle: Handle): void;

  createCounts(counts: CsrArrays, copying?: Copying): Handle;
  countsDocumentFrequency: Call<[Handle], { frequency: Int32Array }>;
  countsWeigh: Call<
    [Handle, idf: Float64Array | null, frequencies: Float64Array | null, norm: string],
    { values: Float64Array }
  >;
  countsTopCooccurrences: Call<[Handle, terms: Int32Array, k: number, minCount: number, ...ScoringArgs], TopPairs>;
  disposeCounts(handle: Handle): void;

  createPairs(pairs: CsrArrays, copying?: Copying): Handle;
  pairsDiagonal: Call<[Handle], { diagonal: Int32Array }>;
  pairsAssociate: Call<[Handle, ...ScoringArgs], PairScores>;
  disposePairs(handle: Handle): void;

  cooccurrence: Call<
    [CsrArrays, full: boolean, diagonal: boolean, dense: boolean, firstTerm: number, endTerm: number],
    { indptr: Int32Array | Float64Array; indices: Int32Array; values: Int32Array }
  >;

  windowCooccurrence: Call<
    [TokenArrays, ...WindowingArgs, upper: boolean, dense: boolean],
    { indptr: Int32Array | Float64Array; indices: Int32Array; values: Float64Array }
  >;
  topWindowCooccurrences: Call<[TokenArrays, ...WindowingArgs, terms: Int32Array, k: number], TopWindowPairs>;

  silhouette: Call<
    [CsrArrays, labels: Int32Array, nClusters: number, SilhouetteMetric, sample: Int32Array],
    { silhouettes: Float64Array }
  >;
  dispersion: Call<[CsrArrays, labels: Int32Array, nClusters: number, between: boolean], Dispersion>;

  createKMeans(rows: CsrArrays, weights: Float64Array | null, copying?: Copying): Handle;
  kmeansLoad: Call<[Handle], { firstNonFiniteRow: number }>;
  kmeansMeanVariance: Call<[Handle], { variance: number }>;
  kmeansSeed: Call<[Handle, first: number, trials: number, draws: Float64Array], { rows: Int32Array }>;
  kmeansSetCentersFromRows: Call<[Handle, rows: Int32Array], unknown>;
  kmeansSetCenters: Call<[Handle, nClusters: number, centers: Float64Array], unknown>;
  kmeansAssign: Call<[Handle], { changed: number }>;
  kmeansSum: Call<[Handle], { weights: Float64Array }>;
  kmeansMove: Call<[Handle, row: number, from: number, to: number], unknown>;
  kmeansAverage: Call<[Handle, weights: Float64Array], { shift: number }>;
  kmeansDistances: Call<[Handle], { distances: Float64Array }>;
  kmeansTransform: Call<[Handle], { distances: Float64Array }>;
  kmeansCenters: Call<[Handle], { centers: Float64Array }>;
  kmeansLabels: Call<[Handle], { labels: Int32Array }>;
  kmeansSumLengths: Call<[Handle], { lengths: Float64Array }>;
  kmeansSetUnitNorms: Call<[Handle], unknown>;
  disposeKMeans(handle: Handle): void;

  createMiniBatch(rows: CsrArrays, weights: Float64Array | null, copying?: Copying): Handle;
  miniBatchLoad: Call<[Handle], { firstNonFiniteRow: number }>;
  miniBatchSetCentersFromRows: Call<[Handle, rows: Int32Array], unknown>;
  miniBatchSetSums: Call<[Handle, nClusters: number, sums: Float64Array, weights: Float64Array], unknown>;
  miniBatchAssign: Call<[Handle, batch: Int32Array], { inertia: number; weights: Float64Array }>;
  miniBatchUpdate: Call<[Handle, weights: Float64Array, clusters: Int32Array, rows: Int32Array], { shift: number }>;
  miniBatchSettle: Call<[Handle], unknown>;
  miniBatchSums: Call<[Handle], { sums: Float64Array }>;
  miniBatchLabels: Call<[Handle], { labels: Int32Array }>;
  miniBatchDistances: Call<[Handle], { distances: Float64Array }>;
  disposeMiniBatch(handle: Handle): void;

  probe: Call<[kind: string, tableBytes: number, rowBytes: number, seconds: number], { rate: number }>;
}

export interface LoadedAddon {
  readonly addon: Addon;
  readonly file: string;
}

let loaded: { readonly addon: LoadedAddon } | { readonly error: Error } | undefined;

/** Loads the addon once; every further call gives, or throws, the same. */
export function loadAddon(): LoadedAddon {
  if (loaded === undefined) {
    try {
      const file = load.addonFile();
      requireWholeFiles(file);
      loaded = { addon: { addon: load.loadAddon() as Addon, file } };
    } catch (error) {
      loaded = { error: error instanceof Error ? error : new Error(String(error)) };
    }
  }
  if ('error' in loaded) throw loaded.error;
  return loaded.addon;
}
