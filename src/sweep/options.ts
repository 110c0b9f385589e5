import { type SilhouetteMetric, silhouetteMetrics } from '../backends/kernels.js';
import {
  type KMeansOptions,
  kMeansOptionNames,
  type ResolvedKMeansOptions,
  resolveKMeansOptions,
} from '../cluster/kmeans-options.js';
import { checkChoice, checkInteger, checkOptions, failure, itemsOf, shown } from '../core/check.js';
import { RandomState } from '../core/random.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { type SweepMetric, sweepMetrics } from './measures.js';
import { checkSavedRow, type Parameters, type SavedSweepRow } from './saved-row.js';

/** Options of `sweepKMeans`: those of `KMeans`, which go for each of its fits, and those of its own. */
export interface SweepOptions extends Omit<KMeansOptions, 'nClusters' | 'init' | 'randomState'> {
  /** The numbers of clusters to try, in the order in which their rows shall come; each at most once. */
  nClusters: readonly number[];
  /** How runs start; as for `KMeans`, but without given centers, which are of one k. @default 'k-means++' */
  init?: Exclude<NonNullable<KMeansOptions['init']>, DenseMatrix>;
  /**
   * Seeds, each from 0 to 2^32 - 1: each k is fitted once from each, and the fit of the smallest inertia is the row's
   * model. @default one seed, drawn anew each time, or those of `resumeFrom`
   */
  randomStates?: readonly number[];
  /** One weight a row: 0, or from 1e-100 to 1e100. @default 1 each */
  sampleWeight?: Float64Array | readonly number[];
  /** What to measure of each row's model. @default ['silhouette'] */
  metrics?: readonly SweepMetric[];
  /**
   * The distance of `'silhouette'`; on rows of length 1, as of TF-IDF, `'sqeuclidean'` and `'cosine'` agree.
   * @default that of `metric`: 'sqeuclidean' or 'cosine'
   */
  silhouetteMetric?: SilhouetteMetric;
  /** Rows of an earlier sweep of the same rows and options, as JSON: those of a k asked for are taken, not fitted again. */
  resumeFrom?: Iterable<SavedSweepRow>;
}

export interface ResolvedSweepOptions {
  readonly nClusters: readonly number[];
  readonly randomStates: readonly number[];
  readonly metrics: ReadonlySet<SweepMetric>;
  readonly silhouetteMetric: SilhouetteMetric;
  readonly metric: ResolvedKMeansOptions['metric'];
  readonly init: ResolvedKMeansOptions['init'];
  /** What all fits are made with. */
  readonly kmeans: Omit<KMeansOptions, 'nClusters' | 'randomState'>;
  /** What of it their results hang on. */
  readonly parameters: Parameters;
  readonly resumeFrom: ReadonlyMap<number, SavedSweepRow>;
}

const ownNames = ['randomStates', 'sampleWeight', 'metrics', 'silhouetteMetric', 'resumeFrom'] as const;
const optionNames = [...kMeansOptionNames.filter((name) => name !== 'randomState'), ...ownNames];

/** Checks the options of `sweepKMeans` and fills in the defaults. */
export function resolveSweepOptions(options: SweepOptions): ResolvedSweepOptions {
  checkOptions(options, 'sweepKMeans', optionNames);
  const { nClusters, randomStates, metrics, silhouetteMetric, resumeFrom } = options;
  const shared = without(options, ['nClusters', ...ownNames]);
  if ((shared.init as unknown) instanceof DenseMatrix) {
    throw failure(
      'ERR_INVALID_ARG_TYPE',
      "init of a sweep must be 'k-means++', 'k-means||' or 'random': given centers are of one k.",
    );
  }
  const ks = distinct(nClusters, 'nClusters', 1, 2 ** 31 - 1);
  const resolved = resolveKMeansOptions({ ...shared, nClusters: ks[0] });
  const saved = savedRows(resumeFrom);
  const states = randomStates ?? saved[0]?.randomStates ?? [new RandomState().seed];
  return {
    nClusters: ks,
    randomStates: distinct(states, 'randomStates', 0, 2 ** 32 - 1),
    metrics: resolveMetrics(metrics),
    silhouetteMetric: resolveSilhouetteMetric(
      silhouetteMetric ?? (resolved.metric === 'cosine' ? 'cosine' : 'sqeuclidean'),
    ),
    metric: resolved.metric,
    init: resolved.init,
    kmeans: without(shared, ['signal', 'onProgress']), // which end with the sweep, while its models live on
    parameters: without(resolved, ['nClusters', 'randomState']),
    resumeFrom: new Map(saved.map((row) => [row.nClusters, row])),
  };
}

function without<T extends object, K extends keyof T>(options: T, names: readonly K[]): Omit<T, K> {
  const kept = Object.entries(options).filter(([name]) => !names.includes(name as K));
  return Object.fromEntries(kept) as Omit<T, K>;
}

/** A copy of a list of different whole numbers. */
function distinct(values: unknown, name: string, min: number, max: number): number[] {
  if (!Array.isArray(values) || values.length === 0) {
    const what = Array.isArray(values) ? 'is empty' : `is ${shown(values)}`;
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be an array of at least one whole number, but ${what}.`);
  }
  const seen = new Set<number>();
  return itemsOf<number>(values, (value, i) => {
    checkInteger(value, `Number ${i} of ${name}`, min, max);
    if (seen.has(value))
      throw failure('ERR_OUT_OF_RANGE', `${name} must name each number once, but has ${value} twice.`);
    seen.add(value);
  });
}

function resolveMetrics(metrics: readonly SweepMetric[] = ['silhouette']): ReadonlySet<SweepMetric> {
  if (!Array.isArray(metrics)) {
    throw failure('ERR_INVALID_ARG_TYPE', `metrics must be an array of names, but is ${shown(metrics)}.`);
  }
  return new Set(
    itemsOf<SweepMetric>(metrics, (metric, i) => checkChoice(metric, `Number ${i} of metrics`, sweepMetrics)),
  );
}

function resolveSilhouetteMetric(metric: SilhouetteMetric): SilhouetteMetric {
  checkChoice(metric, 'silhouetteMetric', silhouetteMetrics);
  return metric;
}

function savedRows(resumeFrom: Iterable<SavedSweepRow> | undefined): SavedSweepRow[] {
  if (resumeFrom === undefined) return [];
  if (
    typeof (resumeFrom as Iterable<unknown> | null)?.[Symbol.iterator] !== 'function' ||
    typeof resumeFrom === 'string'
  ) {
    throw failure('ERR_INVALID_ARG_TYPE', `resumeFrom must be saved rows, but is ${shown(resumeFrom)}.`);
  }
  return itemsOf<SavedSweepRow>(resumeFrom, (row, i) => checkSavedRow(row, `resumeFrom[${i}]`));
}
