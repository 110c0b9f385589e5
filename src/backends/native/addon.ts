/** The addon's exports, in types; native/bindings/addon.cpp holds the functions. */

import type { TextBatch } from '../../core/text-batch.js';
import type { CsrArrays } from '../../matrix/csr-matrix.js';
import type { Documents } from '../kernels.js';
import load from './load.cjs';

/** A kernel's state on the native side. */
export type Handle = { readonly handle: unique symbol };

/** What every call that computes carries. */
export interface CallOptions {
  readonly threads: number;
  readonly maxBytes: number;
  readonly control: Int32Array;
}

type Call<Args extends unknown[], Result> = (...args: [...Args, CallOptions]) => Promise<Result>;

export interface Addon {
  info(): { openmp: boolean; simd: string };

  createTermCounter(lowercase: boolean, stopWords: readonly string[], vocabulary: TextBatch | null): Handle;
  addDocuments: Call<[Handle, Documents], unknown>;
  finishCounts: Call<
    [Handle, minDf: number, maxDf: number, maxFeatures: number, binary: boolean],
    {
      distinctTerms: number;
      vocabularyBytes: Uint8Array;
      vocabularyOffsets: Float64Array;
      indptr: Int32Array | Float64Array;
      indices: Int32Array;
      values: Int32Array;
    }
  >;
  disposeTermCounter(handle: Handle): void;

  tfidf: Call<
    [CsrArrays, idf: Float64Array | null, frequencies: Float64Array | null, norm: string],
    { values: Float64Array }
  >;
  documentFrequency: Call<[CsrArrays], { frequency: Int32Array }>;

  cooccurrence: Call<
    [CsrArrays, full: boolean, diagonal: boolean, dense: boolean],
    { indptr: Int32Array | Float64Array; indices: Int32Array; values: Int32Array }
  >;

  createKMeans(rows: CsrArrays, weights: Float64Array | null): Handle;
  loadKMeans: Call<[Handle], { firstNonFiniteRow: number }>;
  meanVariance: Call<[Handle], { variance: number }>;
  seedStart: Call<[Handle, row: number], { potential: number }>;
  seedStep: Call<[Handle, draws: Float64Array], { row: number; potential: number }>;
  setCentersFromRows: Call<[Handle, rows: Int32Array], unknown>;
  setCenters: Call<[Handle, nClusters: number, centers: Float64Array], unknown>;
  assign: Call<[Handle], { changed: number }>;
  sumClusters: Call<[Handle], { weights: Float64Array }>;
  moveRow: Call<[Handle, row: number, from: number, to: number], unknown>;
  averageClusters: Call<[Handle, weights: Float64Array], { shift: number }>;
  centerDistances: Call<[Handle], { distances: Float64Array }>;
  transformRows: Call<[Handle], { distances: Float64Array }>;
  readCenters: Call<[Handle], { centers: Float64Array }>;
  readLabels: Call<[Handle], { labels: Int32Array }>;
  disposeKMeans(handle: Handle): void;
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
      loaded = { addon: { addon: load.loadAddon() as Addon, file: load.addonFile() } };
    } catch (error) {
      loaded = { error: error instanceof Error ? error : new Error(String(error)) };
    }
  }
  if ('error' in loaded) throw loaded.error;
  return loaded.addon;
}
