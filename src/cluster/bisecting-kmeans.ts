import { type BackendOptions, backendOptionNames, openKernels } from '../backends/index.js';
import type { Kernels, KMeansKernel } from '../backends/kernels.js';
import { used } from '../backends/used.js';
import { checkInteger, checkOptions, failure } from '../core/check.js';
import { Job, type JobOptions, jobOptionNames, mergedJobOptions } from '../core/job.js';
import { checkBudget } from '../core/memory.js';
import { RandomState } from '../core/random.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { type Matrix, rowArrays } from '../matrix/matrix.js';
import {
  type BisectingKMeansOptions,
  type ResolvedBisectingOptions,
  resolveBisectingOptions,
} from './bisecting-options.js';
import { type ClusterNode, dividedNodes, labelsOf, leavesAt } from './bisecting-tree.js';
import { checkColumns, checkShape, warnOfFewerClusters } from './check-clusters.js';
import { checkFinite, everyRow, gathered, inOneArray, ownArrays, withKernel } from './kernel-rows.js';
import type { FitOptions } from './kmeans.js';
import { lloyd, weightedSum } from './lloyd.js';
import { distancesToCenters, kMeansBytes, scoreNearest } from './nearest-centers.js';
import { fromSavedBisecting, type SavedBisectingKMeans, savedBisecting } from './saved-bisecting.js';
import { kMeansPlusPlus } from './seeding.js';
import { checkWeights, countWeighty } from './weights.js';

/** The rows of a fit, the library's own, and their weights. */
interface Data {
  readonly rows: CsrArrays;
  readonly weights: Float64Array | null;
}

/**
 * k-means by divisions, as scikit-learn's `BisectingKMeans` (Steinbach, Karypis, Kumar 2000): all rows are one cluster at first, then
 * one cluster after the other is divided in two by Lloyd's loop. The tree holds the clusters for every k up to nClusters: `labelsAt(k)`
 * are those that a fit with `nClusters: k` and the same seed finds. Same draws and labels as there, on every backend the same bits.
 *
 * The next one to divide is the first of those with the largest inertia (or number of rows) that have two rows with a weight above 0;
 * scikit-learn fails on one with fewer. The center of all rows is their weighted mean (there: the mean, whatever their weights).
 */
export class BisectingKMeans {
  private readonly options: ResolvedBisectingOptions;
  private readonly computing: BackendOptions & JobOptions;
  private root: ClusterNode | undefined;
  private allLabels: Int32Array | undefined;

  /** @throws TypeError, RangeError for an option that is unknown, of another type or out of range */
  constructor(options: BisectingKMeansOptions = {}) {
    this.options = resolveBisectingOptions(options);
    this.computing = { ...options };
  }

  /** The cluster of each row. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get labels(): Int32Array {
    this.allLabels ??= this.labelsAt(this.options.nClusters);
    return this.allLabels;
  }

  /** nClusters x terms. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get clusterCenters(): DenseMatrix<Float64Array> {
    return this.clusterCentersAt(this.options.nClusters);
  }

  /** Weighted sum of the squared distances of rows to their centers. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get inertia(): number {
    return this.inertiaAt(this.options.nClusters);
  }

  /**
   * The cluster of each row where the tree is cut into fewer clusters, numbered from its left to its right.
   * @param nClusters from 1 to the number of clusters of the model
   * @throws TypeError `ERR_NOT_FITTED` before `fit`; RangeError
   */
  labelsAt(nClusters: number): Int32Array {
    return labelsOf(this.tree(nClusters), nClusters);
  }

  /** The centers of those clusters, nClusters x terms. @throws as `labelsAt` */
  clusterCentersAt(nClusters: number): DenseMatrix<Float64Array> {
    const root = this.tree(nClusters);
    const values = inOneArray(leavesAt(root, nClusters).map(({ center }) => center));
    return new DenseMatrix({ shape: [nClusters, root.center.length], values });
  }

  /** The inertia of those clusters. @throws as `labelsAt` */
  inertiaAt(nClusters: number): number {
    return leavesAt(this.tree(nClusters), nClusters).reduce((sum, { inertia }) => sum + inertia, 0);
  }

  private tree(nClusters: number): ClusterNode {
    checkInteger(nClusters, 'nClusters', 1, this.options.nClusters);
    if (this.root !== undefined) return this.root;
    throw failure('ERR_NOT_FITTED', 'This BisectingKMeans has no clusters yet; call fit first.');
  }

  /**
   * Finds clusters of the rows.
   * @param X n rows x p columns, finite values
   * @throws (rejects) TypeError for a wrong argument; RangeError for fewer rows (with a weight above 0) than clusters, NaN or
   * infinite values, weights that are negative or all zero, `ERR_MEMORY_BUDGET`; `AbortError`
   */
  async fit(X: Matrix, options: FitOptions = {}): Promise<this> {
    checkOptions(options, 'fit', ['sampleWeight', ...jobOptionNames]);
    const { sampleWeight, ...jobOptions } = options;
    const root = await Job.run(mergedJobOptions(this.computing, jobOptions, 'fit'), async (job) => {
      const given = rowArrays(X, 'X');
      checkShape(given, this.options.nClusters, undefined);
      const weights = checkWeights(sampleWeight, given.nRows);
      this.checkWeighty(weights);
      const kernels = openKernels(this.computing);
      checkBudget(
        this.bytes(kernels, given),
        kernels.maxBytes,
        `k-means of ${given.nRows} rows`,
        'use fewer rows or clusters',
      );
      return this.grow(kernels, { rows: ownArrays(given), weights }, job);
    });
    this.allLabels = undefined;
    this.root = root; // here, so that a call that was stopped leaves the model as it was
    warnOfFewerClusters('BisectingKMeans', this.labels, this.options.nClusters);
    return this;
  }

  private checkWeighty(weights: Float64Array | null): void {
    const weighty = weights === null ? undefined : countWeighty(weights);
    if (weighty === undefined || weighty >= this.options.nClusters) return;
    const sizes = `nClusters is ${this.options.nClusters}, but ${weighty} rows have a weight above 0`;
    throw failure('ERR_OUT_OF_RANGE', `${sizes}; there must be as many as clusters.`);
  }

  /** Two copies of the rows, of which one is in a kernel, and the centers of the tree. */
  private bytes(kernels: Kernels, rows: CsrArrays): number {
    return kMeansBytes(kernels, rows, 2) + 24 * rows.values.length + 16 * this.options.nClusters * rows.nColumns;
  }

  private async grow(kernels: Kernels, data: Data, job: Job): Promise<ClusterNode> {
    const { nClusters, bisectingStrategy, randomState } = this.options;
    const random = new RandomState(randomState);
    const root = await withKernel(kernels, data.rows, data.weights, job, (kernel) => allInOne(kernel, data, job));
    const size = (node: ClusterNode) => (bisectingStrategy === 'largestCluster' ? node.rows.length : node.inertia);
    for (let order = 0; order < nClusters - 1; order++) {
      const leaves = leavesAt(root, nClusters).filter(({ rows }) => canBeDivided(rows, data));
      const phase = `division ${order + 1} of ${nClusters - 1}`;
      const next = leaves.reduce((largest, leaf) => (size(leaf) > size(largest) ? leaf : largest));
      const [left, right] = await this.divide(kernels, next, data, random, phase, job);
      next.division = { order, left, right };
    }
    return root;
  }

  private async divide(
    kernels: Kernels,
    node: ClusterNode,
    { rows, weights }: Data,
    random: RandomState,
    phase: string,
    job: Job,
  ): Promise<[ClusterNode, ClusterNode]> {
    const { init, nInit, maxIter, tol } = this.options;
    const part = node.rows.length === rows.nRows ? rows : gathered(rows, node.rows);
    const own = weights === null ? null : Float64Array.from(node.rows, (row) => weights[row]);
    const draw = own ?? new Float64Array(node.rows.length).fill(1);
    return withKernel(kernels, part, own, job, async (kernel) => {
      let best: { inertia: number; halves: [ClusterNode, ClusterNode] } | undefined;
      for (let run = 0; run < nInit; run++) {
        const start =
          init === 'random'
            ? random.choiceWithoutReplacement(draw, 2)
            : await kMeansPlusPlus(kernel, 2, draw, random, job);
        await kernel.setCentersFromRows(start, job);
        const loop = { maxIter, tolerance: tol, phase };
        const { labels, centers, inertia } = await lloyd(kernel, own, loop, job);
        if (best !== undefined && !(inertia < best.inertia * (1 - 1e-6))) continue;
        const distances = await kernel.distances(job);
        const half = (label: number): ClusterNode => {
          const members = everyRow(node.rows.length).filter((i) => labels[i] === label);
          const center = centers.slice(label * rows.nColumns, (label + 1) * rows.nColumns);
          return { center, inertia: sumOver(members, distances, draw), rows: members.map((i) => node.rows[i]) };
        };
        best = { inertia, halves: [half(0), half(1)] };
      }
      return (best as NonNullable<typeof best>).halves;
    });
  }

  /**
   * The cluster of each row, found from the top of the tree: at each division, that of the nearer of its two centers.
   * @param X rows of the same columns as in `fit`
   * @throws (rejects) TypeError `ERR_NOT_FITTED`; RangeError for other columns, NaN or infinite values
   */
  predict(X: Matrix, options: JobOptions = {}): Promise<Int32Array> {
    return Job.run(mergedJobOptions(this.computing, options, 'predict'), async (job) => {
      const root = this.tree(1);
      const rows = rowArrays(X, 'X');
      checkColumns(rows, root.center.length);
      const kernels = openKernels(this.computing);
      const bytes = kMeansBytes(kernels, rows, 2) + 16 * rows.values.length; // small batches need indices, and doubles
      checkBudget(bytes, kernels.maxBytes, 'Prediction', 'use fewer rows at a time');
      const kernel = kernels.createMiniBatch(rows, null); // it labels some of its rows, without a copy of them
      return used(kernel, async () => {
        checkFinite(await kernel.load(job));
        const members = new Map([[root, everyRow(rows.nRows)]]);
        for (const node of dividedNodes(root)) {
          const own = members.get(node) as Int32Array;
          const { left, right } = node.division;
          await kernel.setSums(2, inOneArray([left.center, right.center]), new Float64Array(2), job);
          await kernel.assign(own, job);
          const labels = await kernel.labels(job);
          members.set(
            left,
            own.filter((_, i) => labels[i] === 0),
          );
          members.set(
            right,
            own.filter((_, i) => labels[i] === 1),
          );
        }
        const labels = new Int32Array(rows.nRows);
        leavesAt(root, this.options.nClusters).forEach((leaf, label) => {
          for (const row of members.get(leaf) as Int32Array) labels[row] = label;
        });
        return labels;
      });
    });
  }

  /**
   * The Euclidean distance of each row to each center.
   * @param X rows of the same columns as in `fit`
   * @returns n rows x nClusters
   * @throws (rejects) as `predict`
   */
  transform(X: Matrix, options: JobOptions = {}): Promise<DenseMatrix<Float64Array>> {
    return distancesToCenters(this.withCenters, X, options);
  }

  /**
   * The negative inertia of rows where each has the nearest of all centers, as scikit-learn has it.
   * @param X rows of the same columns as in `fit`
   * @throws (rejects) as `predict`
   */
  score(X: Matrix, options: JobOptions = {}): Promise<number> {
    return scoreNearest(this.withCenters, X, options);
  }

  /** The options and the tree, for `JSON.stringify`. How to compute and what watches is not part of it. */
  toJSON(): SavedBisectingKMeans {
    return savedBisecting(this.options, this.root);
  }

  /**
   * The model of a JSON made by `toJSON`: it has the same clusters for every k, to the last bit.
   * @param json what `JSON.parse` gave
   * @throws TypeError, RangeError with the name of the field that is broken
   */
  static fromJSON(json: unknown, computing: BackendOptions & JobOptions = {}): BisectingKMeans {
    checkOptions(computing, 'BisectingKMeans.fromJSON', [...backendOptionNames, ...jobOptionNames]);
    const { options, root } = fromSavedBisecting(json);
    const model = new BisectingKMeans({ ...options, ...computing });
    model.root = root;
    return model;
  }

  private get withCenters() {
    return { centers: () => this.clusterCenters, metric: 'euclidean' as const, computing: this.computing };
  }
}

/** All rows as one cluster. */
async function allInOne(kernel: KMeansKernel, { rows, weights }: Data, job: Job): Promise<ClusterNode> {
  await kernel.setCenters(1, new Float64Array(rows.nColumns), job);
  await kernel.assign(job);
  await kernel.average(await kernel.sum(job), job);
  const inertia = weightedSum(await kernel.distances(job), weights);
  return { center: await kernel.centers(job), inertia, rows: everyRow(rows.nRows) };
}

function canBeDivided(rows: Int32Array, { weights }: Data): boolean {
  if (weights === null) return rows.length >= 2;
  return rows.reduce((count, row) => count + (weights[row] > 0 ? 1 : 0), 0) >= 2;
}

/** The weighted sum of the distances of some rows. */
function sumOver(members: Int32Array, distances: Float64Array, weights: Float64Array): number {
  const of = (values: Float64Array) => Float64Array.from(members, (i) => values[i]);
  return weightedSum(of(distances), of(weights));
}
