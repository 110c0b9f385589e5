import type { KMeans } from '../cluster/kmeans.js';
import type { SweepMeasures } from './measures.js';
import { bestOf, type SweepRun } from './run.js';
import { type Origin, type SavedSweepRow, savedRow } from './saved-row.js';
import type { SweepStability } from './stability.js';

/** What a sweep found for one k. */
export class SweepRow implements SweepMeasures {
  readonly nClusters: number;
  /** The seed from which `new KMeans({ nClusters, randomState })` with the sweep's other options fits this model. */
  readonly randomState: number;
  /** Fitted: of all seeds the run with the smallest inertia, of equal ones the first. */
  readonly model: KMeans;
  readonly inertia: number;
  readonly nIter: number;
  /** How many rows each cluster of the model has. */
  readonly sizes: Int32Array;
  /** `silhouetteScore` of the model's clusters. This and the next two: null where not asked for, or not defined. */
  readonly silhouette: number | null;
  /** `daviesBouldinScore` of them. */
  readonly daviesBouldin: number | null;
  /** `calinskiHarabaszScore` of them. */
  readonly calinskiHarabasz: number | null;
  /** How much the seeds agree; null where there is one. */
  readonly stability: SweepStability | null;
  /** One fit a seed, in the order of `randomStates`. */
  readonly runs: readonly SweepRun[];
  /** How long the runs took together. */
  readonly seconds: number;

  readonly #origin: Origin;

  /** @internal */
  constructor(
    nClusters: number,
    model: KMeans,
    runs: readonly SweepRun[],
    measures: SweepMeasures,
    stability: SweepStability | null,
    origin: Origin,
  ) {
    this.#origin = origin;
    this.nClusters = nClusters;
    this.model = model;
    this.randomState = bestOf(runs).randomState;
    this.inertia = model.inertia;
    this.nIter = model.nIter;
    this.sizes = new Int32Array(nClusters);
    for (const label of model.labels) this.sizes[label]++;
    this.silhouette = measures.silhouette;
    this.daviesBouldin = measures.daviesBouldin;
    this.calinskiHarabasz = measures.calinskiHarabasz;
    this.stability = stability;
    this.runs = runs;
    this.seconds = runs.reduce((sum, { seconds }) => sum + seconds, 0);
  }

  /**
   * All that a later sweep needs to have this row without fitting it again: pass it as `resumeFrom`.
   * @throws RangeError where centers and labels are too large for a text of JavaScript (half a gigabyte)
   */
  toJSON(): SavedSweepRow {
    return savedRow(this, this.#origin);
  }
}
