/** A row of a sweep as JSON, and what must be the same for another sweep to take it. */

import { constants } from 'node:buffer';
import type { SilhouetteMetric } from '../backends/kernels.js';
import { KMeans } from '../cluster/kmeans.js';
import type { KMeansOptions } from '../cluster/kmeans-options.js';
import { allFinite, type CorpuscleError, failure, shown } from '../core/check.js';
import { float64FromBase64, int32FromBase64, toBase64 } from '../core/little-endian.js';
import type { DataMark } from './data-mark.js';
import type { SweepMeasures } from './measures.js';
import type { SweepRow } from './row.js';
import { bestOf, type SweepRun } from './run.js';

/** The options that the clusters hang on, resolved, without the numbers of clusters and the seeds. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Where rows come from: rows of the same origin can stand in one sweep. */
export interface Origin {
  readonly data: DataMark;
  readonly parameters: Parameters;
  readonly randomStates: readonly number[];
  readonly silhouetteMetric: SilhouetteMetric;
}

/** What `SweepRow.toJSON` gives. Arrays are base64 of their little-endian bytes. */
export interface SavedSweepRow extends Origin {
  readonly type: 'SweepRow';
  readonly nClusters: number;
  readonly measures: SweepMeasures;
  readonly runs: readonly (Omit<SweepRun, 'labels'> & { readonly labels: string })[];
  /** nClusters x columns, of the run with the smallest inertia. */
  readonly centers: string;
}

export function savedRow(row: SweepRow, origin: Origin): SavedSweepRow {
  const { nClusters, silhouette, daviesBouldin, calinskiHarabasz, model, runs } = row;
  const bytes = 8 * nClusters * origin.data.nColumns + runs.length * 4 * origin.data.nRows;
  if ((4 / 3) * bytes + 1000 * (runs.length + 1) > constants.MAX_STRING_LENGTH) {
    const sizes = `${nClusters} centers of ${origin.data.nColumns} numbers and ${runs.length} labelings of ${origin.data.nRows} rows`;
    throw failure('ERR_OUT_OF_RANGE', `The row of k = ${nClusters} is too large for a text: ${sizes}.`);
  }
  return {
    type: 'SweepRow',
    ...origin,
    nClusters,
    measures: { silhouette, daviesBouldin, calinskiHarabasz },
    runs: runs.map(({ labels, ...run }) => ({ ...run, labels: toBase64(labels) })),
    centers: toBase64(model.clusterCenters.values),
  };
}

/** Refuses what is not shaped like a saved row; what its arrays hold is seen when they are read. */
export function checkSavedRow(value: unknown, name: string): asserts value is SavedSweepRow {
  const row = (value ?? {}) as Partial<SavedSweepRow>;
  const isObject = (part: unknown) => part !== null && typeof part === 'object';
  const isRun = (run: unknown) => {
    const { randomState, inertia, nIter, seconds } = (run ?? {}) as SweepRun;
    return (
      Number.isInteger(randomState) && Number.isFinite(inertia) && Number.isInteger(nIter) && Number.isFinite(seconds)
    );
  };
  const isValid =
    row.type === 'SweepRow' &&
    isObject(row.data) &&
    isObject(row.parameters) &&
    isObject(row.measures) &&
    Object.values(row.measures as object).every((value) => value === null || Number.isFinite(value)) &&
    Number.isInteger(row.nClusters) &&
    Array.isArray(row.randomStates) &&
    Array.isArray(row.runs) &&
    row.runs.every(isRun) &&
    row.runs.length === row.randomStates.length &&
    row.runs.every(({ randomState }, i) => randomState === row.randomStates?.[i]);
  if (!isValid) {
    throw failure(
      'ERR_INVALID_ARG_VALUE',
      `${name} must be what toJSON of a sweep's row gave, but is ${shown(value)}.`,
    );
  }
}

/** Refuses a row of other data or of other options, and says which. */
export function requireSameOrigin(saved: SavedSweepRow, own: Origin): void {
  const refuse = (name: string, theirs: unknown, ours: unknown) => {
    throw broken(saved, `was found with ${name} ${shownJson(theirs)}, not ${shownJson(ours)}`);
  };
  const compare = (theirs: Readonly<Record<string, unknown>>, ours: Readonly<Record<string, unknown>>) => {
    for (const name of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
      if (JSON.stringify(theirs[name]) !== JSON.stringify(ours[name])) refuse(name, theirs[name], ours[name]);
    }
  };
  compare({ seeds: saved.randomStates }, { seeds: own.randomStates });
  compare(saved.parameters, own.parameters);
  const { data } = saved;
  const size = ({ nRows, nColumns, nnz }: DataMark) => `${nRows} x ${nColumns} with ${nnz} entries`;
  if (size(data) !== size(own.data)) throw broken(saved, `was found on rows of ${size(data)}, not ${size(own.data)}`);
  if (data.weights !== own.data.weights) throw broken(saved, 'was found with other weights');
  const isSame = data.sample === own.data.sample && data.meanVariance === own.data.meanVariance;
  if (!isSame) throw broken(saved, 'was found on other rows of the same size');
}

/** The model and the runs of a saved row. */
export function restored(
  saved: SavedSweepRow,
  options: Omit<KMeansOptions, 'nClusters' | 'randomState'>,
): { model: KMeans; runs: SweepRun[] } {
  const { nClusters, data, runs } = saved;
  const read = runs.map(({ randomState, inertia, nIter, seconds, labels }) => {
    const own = int32FromBase64(labels, data.nRows);
    if (own === undefined || !own.every((label) => label >= 0 && label < nClusters))
      throw broken(saved, 'has broken labels');
    return { randomState, inertia, nIter, labels: own, seconds };
  });
  const { randomState, ...best } = bestOf(read);
  const centers = float64FromBase64(saved.centers, nClusters * data.nColumns);
  if (centers === undefined || !allFinite(centers)) throw broken(saved, 'has broken centers');
  return { model: new KMeans({ ...options, nClusters, randomState }).restore({ ...best, centers }), runs: read };
}

function broken({ nClusters }: SavedSweepRow, what: string): CorpuscleError {
  return failure('ERR_INVALID_ARG_VALUE', `The row of k = ${nClusters} in resumeFrom ${what}.`);
}

const shownJson = (value: unknown) => (value === undefined ? 'none' : JSON.stringify(value).slice(0, 60));
