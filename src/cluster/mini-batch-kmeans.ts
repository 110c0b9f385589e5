import { type BackendOptions, backendOptionNames, openKernels } from '../backends/index.js';
import type { Kernels, MiniBatchKernel } from '../backends/kernels.js';
import { used } from '../backends/used.js';
import { checkOptions, failure } from '../core/check.js';
import { Job, type JobOptions, jobOptionNames, mergedJobOptions } from '../core/job.js';
import { checkBudget } from '../core/memory.js';
import { cumulate, RandomState } from '../core/random.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { type Matrix, rowArrays } from '../matrix/matrix.js';
import { checkColumns, checkShape, warnOfFewerClusters } from './check-clusters.js';
import { checkFinite, everyRow, ownArrays, withKernel } from './kernel-rows.js';
import type { FitOptions } from './kmeans.js';
import { weightedSum } from './lloyd.js';
import { type ClusterCounts, miniBatchLoop, miniBatchStep } from './mini-batch-loop.js';
import {
  batchSizes,
  type MiniBatchKMeansOptions,
  type ResolvedMiniBatchOptions,
  resolveMiniBatchOptions,
} from './mini-batch-options.js';
import { miniBatchStart } from './mini-batch-start.js';
import { type MiniBatchState, meansOf } from './mini-batch-state.js';
import { distancesToCenters, kMeansBytes, predictNearest, scoreNearest } from './nearest-centers.js';
import { fromSavedMiniBatch, type SavedMiniBatchKMeans, savedMiniBatch } from './saved-mini-batch.js';
import { checkWeights } from './weights.js';

/**
 * k-means by small batches of rows (Sculley 2010), as scikit-learn's `MiniBatchKMeans`: the same draws for the same seed, the same
 * early stop and the same new centers for clusters of little weight. On every backend and every number of threads the same bits.
 *
 * A center is kept as the sum of its rows and their weight, so that a step costs (entries of the batch) x nClusters and not
 * (columns) x nClusters. scikit-learn rescales all cells of a center in every step, which rounds each of them anew: so centers and
 * inertia agree with its own up to rounding, and labels and steps wherever they do not hang on that.
 * More light clusters than half of a batch has rows: the lightest get new centers, on a tie the first ones (scikit-learn leaves
 * the order of ties open).
 */
export class MiniBatchKMeans {
  private readonly options: ResolvedMiniBatchOptions;
  private readonly computing: BackendOptions & JobOptions;
  private fitted: MiniBatchState | undefined;
  private means: DenseMatrix<Float64Array> | undefined;
  /** What the first start of a stream and its new centers are drawn from, from one call of `partialFit` to the next. */
  private random: RandomState | undefined;
  /** Calls of `partialFit` come one after the other. */
  private turn: Promise<unknown> = Promise.resolve();

  /** @throws TypeError, RangeError for an option that is unknown, of another type or out of range */
  constructor(options: MiniBatchKMeansOptions = {}) {
    this.options = resolveMiniBatchOptions(options);
    this.computing = { ...options };
  }

  /** The cluster of each row of `fit`, or of the last `partialFit`. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get labels(): Int32Array {
    return this.state.labels;
  }

  /** nClusters x terms. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get clusterCenters(): DenseMatrix<Float64Array> {
    this.means ??= meansOf(this.state);
    return this.means;
  }

  /** Weighted sum of the squared distances of those rows to their centers. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get inertia(): number {
    return this.state.inertia;
  }

  /** Passes over the rows that `fit` began; 0 where there was `partialFit` alone. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get nIter(): number {
    return this.state.nIter;
  }

  /** Batches that were worked on. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get nSteps(): number {
    return this.state.nSteps;
  }

  private get state(): MiniBatchState {
    if (this.fitted === undefined) {
      throw failure('ERR_NOT_FITTED', 'This MiniBatchKMeans has no clusters yet; call fit or partialFit first.');
    }
    return this.fitted;
  }

  private set state(state: MiniBatchState) {
    this.fitted = state;
    this.means = undefined;
  }

  /**
   * Finds clusters of the rows from batches of them, drawn by weight.
   * @param X n rows x p columns, finite values
   * @throws (rejects) TypeError for a wrong argument; RangeError for fewer rows than clusters, NaN or infinite values, a
   * start of another shape, weights that are negative or all zero, `ERR_MEMORY_BUDGET`; `AbortError`
   */
  async fit(X: Matrix, options: FitOptions = {}): Promise<this> {
    const { sampleWeight, jobOptions } = this.fitOptions(options, 'fit');
    const state = await Job.run(jobOptions, async (job) => {
      const rows = rowArrays(X, 'X');
      checkShape(rows, this.options.nClusters, this.options.init);
      const weights = checkWeights(sampleWeight, rows.nRows);
      const kernels = this.openKernels(rows);
      const random = new RandomState(this.options.randomState);
      const { batchSize, initSize } = batchSizes(this.options, rows.nRows);
      const source = this.options.nInit > 1 ? ownArrays(rows) : rows; // later starts are drawn after the first wait
      const start = miniBatchStart(source, weights, this.startOptions(initSize), random, true);
      const kernel = kernels.createMiniBatch(rows, null);
      return used(kernel, async () => {
        const [bad, tolerance] = await Promise.all([kernel.load(job), this.tolerance(kernels, rows, job)]);
        checkFinite(bad);
        await this.setStart(kernel, await start(kernels, job), job);
        const counts = { weights: new Float64Array(this.options.nClusters), rowsSinceReassignment: 0 };
        const shares = cumulate(weights ?? new Float64Array(rows.nRows).fill(1));
        const draw = () => random.choices(shares, batchSize);
        const loop = { ...this.options, batchSize, nRows: rows.nRows, tolerance };
        const nSteps = await miniBatchLoop(kernel, draw, counts, loop, random, job);
        const nIter = Math.ceil((nSteps * batchSize) / rows.nRows);
        return { ...(await results(kernel, rows, weights, job)), ...counts, nIter, nSteps, batchSize };
      });
    });
    this.state = state; // here, so that a call that was stopped leaves the model as it was
    warnOfFewerClusters('MiniBatchKMeans', state.labels, this.options.nClusters);
    return this;
  }

  /**
   * Takes all rows of X as one batch, and goes on from there with the next call: for rows that come in a stream. The first call
   * chooses the start among its rows. A call that comes while another is under way waits for it.
   * @param X n rows x p columns, finite values; at least nClusters rows in the first call
   * @throws (rejects) as `fit`; RangeError for other columns than before
   */
  async partialFit(X: Matrix, options: FitOptions = {}): Promise<this> {
    const { sampleWeight, jobOptions } = this.fitOptions(options, 'partialFit');
    const before = this.turn;
    let working: Promise<unknown> = before;
    const running = Job.run(jobOptions, async (job) => {
      const rows = ownArrays(rowArrays(X, 'X'));
      const weights = checkWeights(sampleWeight, rows.nRows);
      const work = before.then(() => this.learn(rows, weights, job));
      working = work.catch(() => {}); // goes on a little after the call was stopped
      return work;
    });
    const learnt = running.then(({ state, random }) => {
      this.state = state;
      this.random = random;
    });
    this.turn = Promise.allSettled([working, learnt]);
    await learnt;
    return this;
  }

  private async learn(
    rows: CsrArrays,
    weights: Float64Array | null,
    job: Job,
  ): Promise<{ state: MiniBatchState; random: RandomState }> {
    job.throwIfStopped();
    const { nClusters } = this.options;
    const known = this.fitted;
    if (rows.nRows === 0) throw failure('ERR_OUT_OF_RANGE', 'X has 0 rows; a batch must have one at least.');
    if (known === undefined) checkShape(rows, nClusters, this.options.init);
    else checkColumns(rows, known.nColumns);
    const kernels = this.openKernels(rows);
    const random = this.random?.clone() ?? new RandomState(this.options.randomState);
    const sizes = batchSizes(this.options, rows.nRows);
    const batchSize = known?.batchSize ?? sizes.batchSize;
    const kernel = kernels.createMiniBatch(rows, weights);
    return used(kernel, async () => {
      checkFinite(await kernel.load(job));
      const counts: ClusterCounts = {
        weights: known?.weights ?? new Float64Array(nClusters),
        rowsSinceReassignment: known?.rowsSinceReassignment ?? 0,
      };
      if (known === undefined) {
        const start = miniBatchStart(rows, weights, this.startOptions(sizes.initSize), random, false);
        await this.setStart(kernel, await start(kernels, job), job);
      } else {
        await kernel.setSums(nClusters, known.sums, known.weights, job);
      }
      await miniBatchStep(kernel, everyRow(rows.nRows), counts, { ...this.options, batchSize }, random, job);
      const [nIter, nSteps] = [known?.nIter ?? 0, (known?.nSteps ?? 0) + 1];
      return { state: { ...(await results(kernel, rows, weights, job)), ...counts, nIter, nSteps, batchSize }, random };
    });
  }

  /**
   * The nearest center of each row.
   * @param X rows of the same columns as in `fit`
   * @throws (rejects) TypeError `ERR_NOT_FITTED`; RangeError for other columns, NaN or infinite values
   */
  predict(X: Matrix, options: JobOptions = {}): Promise<Int32Array> {
    return predictNearest(this.withCenters, X, options);
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
   * The inertia of rows, negative, so that more is better.
   * @param X rows of the same columns as in `fit`
   * @throws (rejects) as `predict`
   */
  score(X: Matrix, options: JobOptions = {}): Promise<number> {
    return scoreNearest(this.withCenters, X, options);
  }

  /** The options, the clusters and where a stream has come to, for `JSON.stringify`. How to compute is not part of it. */
  toJSON(): SavedMiniBatchKMeans {
    return savedMiniBatch(this.options, this.fitted, this.random);
  }

  /**
   * The model of a JSON made by `toJSON`: it has the same clusters and goes on as the other one would, to the last bit.
   * @param json what `JSON.parse` gave
   * @throws TypeError, RangeError with the name of the field that is broken
   */
  static fromJSON(json: unknown, computing: BackendOptions & JobOptions = {}): MiniBatchKMeans {
    checkOptions(computing, 'MiniBatchKMeans.fromJSON', [...backendOptionNames, ...jobOptionNames]);
    const { options, state, random } = fromSavedMiniBatch(json);
    const model = new MiniBatchKMeans({ ...options, ...computing });
    model.fitted = state;
    model.random = random;
    return model;
  }

  private get withCenters() {
    return { centers: () => this.clusterCenters, metric: 'euclidean' as const, computing: this.computing };
  }

  private fitOptions(options: FitOptions, name: string) {
    checkOptions(options, name, ['sampleWeight', ...jobOptionNames]);
    const { sampleWeight, ...jobOptions } = options;
    return { sampleWeight, jobOptions: mergedJobOptions(this.computing, jobOptions, name) };
  }

  private openKernels(rows: CsrArrays): Kernels {
    const kernels = openKernels(this.computing);
    const { nClusters } = this.options;
    const bytes = kMeansBytes(kernels, rows, nClusters) + 40 * rows.values.length + 32 * nClusters * rows.nColumns;
    const advice = 'use fewer clusters, fewer columns or a larger maxBytes';
    checkBudget(bytes, kernels.maxBytes, `k-means of ${rows.nRows} rows`, advice);
    return kernels;
  }

  private startOptions(initSize: number) {
    const { nClusters, init, nInit } = this.options;
    return { nClusters, init: init instanceof DenseMatrix ? ('given' as const) : init, nInit, initSize };
  }

  private async tolerance(kernels: Kernels, rows: CsrArrays, job: Job): Promise<number> {
    const { tol } = this.options;
    if (tol === 0) return 0;
    return withKernel(kernels, rows, null, job, async (kernel) => tol * (await kernel.meanVariance(job)));
  }

  private setStart(kernel: MiniBatchKernel, rows: Int32Array | null, job: Job): Promise<void> {
    if (rows !== null) return kernel.setCentersFromRows(rows, job);
    const { nClusters, init } = this.options;
    return kernel.setSums(nClusters, (init as DenseMatrix<Float64Array>).values, new Float64Array(nClusters), job);
  }
}

/** Keeps the sums; labels all rows. */
async function results(kernel: MiniBatchKernel, rows: CsrArrays, weights: Float64Array | null, job: Job) {
  const sums = await kernel.sums(job);
  await kernel.settle(job);
  await job.watch('labelling rows', rows.nRows, kernel.assign(everyRow(rows.nRows), job));
  const inertia = weightedSum(await kernel.distances(job), weights);
  return { nColumns: rows.nColumns, sums, labels: await kernel.labels(job), inertia };
}
