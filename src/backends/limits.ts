/** What the machine allows, measured: a kernel's time is told as a ratio to these rates. */

import { checkChoice, checkInteger, checkNumber, checkOptions, failure, shown } from '../core/check.js';
import { defaultMaxBytes } from '../core/memory.js';
import { loadAddon } from './native/addon.js';
import { settled } from './native/settled.js';

/** Rates of all threads together, each the best of several passes. */
export interface MachineLimits {
  /** The threads asked for. */
  readonly threads: number;
  /** Bytes read and written per second while copying from memory to memory; a copy of n bytes counts 2 n. */
  readonly stream: number;
  /** Bytes per second written into pages fresh from the system. */
  readonly firstTouch: number;
  /** Updates `++counts[id]` per second, with streamed 16-bit ids and counts that the second-level cache holds. */
  readonly readModifyWrite: number;
  /** Bytes per second of cached text told to be of a word or not, with the starts of words counted. */
  readonly byteClassification: number;
  /** Bytes per second of rows of `rowBytes` read at random positions of a table of `tableBytes`, and added. */
  readonly randomRows: number;
}

export interface LimitOptions {
  /** 1 to 1024. */
  threads: number;
  /** Size of the table of `randomRows` in bytes, 64 to 2^36: for k-means terms x `rowBytes`. */
  tableBytes: number;
  /** Length of its rows in bytes, a multiple of 64 up to 2^20: for k-means 8 x clusters, rounded up. */
  rowBytes: number;
  /** Which rates; the others are not a number. @default all */
  kinds?: readonly LimitKind[];
  /**
   * Seconds to measure each rate for, about; at most 60.
   * @default 0.05
   */
  seconds?: number;
}

const allKinds = ['stream', 'firstTouch', 'readModifyWrite', 'byteClassification', 'randomRows'] as const;
export type LimitKind = (typeof allKinds)[number];

/**
 * Measures the rates one after the other; takes up to 256 MB, or `tableBytes`.
 * @throws (rejects) TypeError, RangeError for options out of range, and where the addon does not load or lacks memory
 */
export async function measureLimits(options: LimitOptions): Promise<MachineLimits> {
  checkOptions(options, 'measureLimits', ['threads', 'tableBytes', 'rowBytes', 'kinds', 'seconds']);
  const { threads, tableBytes, rowBytes, kinds = allKinds, seconds = 0.05 } = options;
  checkInteger(threads, 'threads', 1, 1024);
  checkInteger(tableBytes, 'tableBytes', 64, 2 ** 36);
  checkInteger(rowBytes, 'rowBytes', 64, 2 ** 20);
  if (rowBytes % 64 !== 0) {
    throw failure('ERR_OUT_OF_RANGE', `rowBytes must be a multiple of 64, but is ${shown(rowBytes)}.`);
  }
  for (const kind of kinds) checkChoice(kind, 'kinds', allKinds);
  checkNumber(seconds, 'seconds', 0, 60);
  const { addon } = loadAddon();
  const call = { threads, maxBytes: defaultMaxBytes(), control: new Int32Array(new SharedArrayBuffer(8)) };
  const rates = Object.fromEntries(allKinds.map((kind) => [kind, Number.NaN])) as Record<LimitKind, number>;
  for (const kind of kinds) rates[kind] = (await settled(addon.probe(kind, tableBytes, rowBytes, seconds, call))).rate;
  return { threads, ...rates };
}
