import { type BackendOptions, backendOptionNames, openKernels } from '../backends/index.js';
import type { Kernels, KMeansKernel } from '../backends/kernels.js';
import { checkOptions, failure } from '../core/check.js';
import { Job, type JobOptions, jobOptionNames, mergedJobOptions } from '../core/job.js';
import { checkBudget } from '../core/memory.js';
import { RandomState } from '../core/random.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { type Matrix, rowArrays } from '../matrix/matrix.js';
import { checkShape, warnOfDegenerateClusters, warnOfFewerClusters } from './check-clusters.js';
import { averageDirections, unitCenters } from './cosine.js';
import { type FitRows, fitRows } from './fit-rows.js';
import { withKernel } from './kernel-rows.js';
import { type KMeansOptions, type ResolvedKMeansOptions, resolveKMeansOptions } from './kmeans-options.js';
import { type LloydResult, lloyd } from './lloyd.js';
import { distancesToCenters, kMeansBytes, predictNearest, scoreNearest } from './nearest-centers.js';
import { isSameClustering } from './same-clustering.js';
import { fromSavedKMeans, type SavedKMeans, savedKMeans } from './saved-kmeans.js';
import { kMeansPlusPlus } from './seeding.js';
import { type Among, kMeansParallel } from './seeding-parallel.js';
import { checkWeights, countWeighty } from './weights.js';

/** What `fit` takes beside the matrix. */
export interface FitOptions extends JobOptions {
  /** One weight a row: 0, or from 1e-100 to 1e100. @default 1 each */
  sampleWeight?: Float64Array | readonly number[];
}

/**
 * k-means on sparse rows by Lloyd's loop, as scikit-learn's `KMeans(algorithm='lloyd')`: same start centers for the same
 * seed, same labels, same number of iterations, on every backend and every number of threads the same bits.
 *
 * A cluster that loses all rows takes the row farthest from its center (several: the farthest first, on a tie the first
 * row); a row as near to two centers takes the lower number. A cluster left with rows of weight 0 alone gets the center of
 * the heaviest one (scikit-learn copies a sum that is not averaged yet where that one has the higher number). Warns with
 * code `CORPUSCLE_FEWER_CLUSTERS` where fewer clusters than asked for are left,
 * and with `CORPUSCLE_DEGENERATE_CLUSTERS` where one of them holds nearly all rows while others hold a single one.
 *
 * With `metric: 'cosine'` (spherical k-means: Dhillon, Modha 2001) rows count by their direction alone: they are scaled to length 1,
 * a row gets the center of the largest dot product, and centers are the sums of their rows scaled to length 1. `inertia` is then the
 * weighted sum of 1 - cosine. Rows without a direction (of zeros) get the label 0, are in no sum and count in no inertia; a cluster
 * whose rows cancel each other out gets the center of the one with the longest sum.
 */
export class KMeans {
  private readonly options: ResolvedKMeansOptions;
  private readonly computing: BackendOptions & JobOptions;
  private fitted: LloydResult | undefined;

  /** @throws TypeError, RangeError for an option that is unknown, of another type or out of range */
  constructor(options: KMeansOptions = {}) {
    this.options = resolveKMeansOptions(options);
    this.computing = { ...options };
  }

  /** The cluster of each row. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get labels(): Int32Array {
    return this.result.labels;
  }

  /** nClusters x terms. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get clusterCenters(): DenseMatrix<Float64Array> {
    const { centers } = this.result;
    return new DenseMatrix({ shape: [this.nClusters, centers.length / this.nClusters], values: centers });
  }

  /** Weighted sum of the squared distances of rows to their centers, by cosine of 1 - cosine. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get inertia(): number {
    return this.result.inertia;
  }

  /** Iterations of the run that stayed. @throws TypeError `ERR_NOT_FITTED` before `fit` */
  get nIter(): number {
    return this.result.nIter;
  }

  private get nClusters(): number {
    return this.options.nClusters;
  }

  private get result(): LloydResult {
    if (this.fitted === undefined) throw failure('ERR_NOT_FITTED', 'This KMeans has no clusters yet; call fit first.');
    return this.fitted;
  }

  /**
   * Finds clusters of the rows.
   * @param X n rows x p columns, finite values
   * @throws (rejects) TypeError for a wrong argument; RangeError for fewer rows than clusters, NaN or infinite values, a
   * start of another shape, weights that are negative or all zero, `ERR_MEMORY_BUDGET`; `AbortError`
   */
  async fit(X: Matrix, options: FitOptions = {}): Promise<this> {
    checkOptions(options, 'fit', ['sampleWeight', ...jobOptionNames]);
    const { sampleWeight, ...jobOptions } = options;
    const fitted = await Job.run(mergedJobOptions(this.computing, jobOptions, 'fit'), async (job) => {
      const rows = rowArrays(X, 'X');
      const weights = checkWeights(sampleWeight, rows.nRows);
      const kernels = openKernels(this.computing);
      checkBudget(
        this.planFit(kernels, rows),
        kernels.maxBytes,
        `k-means of ${rows.nRows} rows`,
        'use fewer clusters, fewer columns or a larger maxBytes',
      );
      const prepared = fitRows(kernels, rows, weights, this.options, job);
      const own = prepared instanceof Promise ? await prepared : prepared;
      this.checkFitRows(own);
      return withKernel(kernels, own.rows, own.weights, job, (kernel) => this.fitOn(kernel, own, job));
    });
    this.fitted = fitted; // here, so that a call that was stopped leaves the model as it was
    this.warnOfFewerClusters();
    return this;
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
   * The Euclidean distance of each row to each center; by cosine 1 - cosine, which is 1 for rows without a direction.
   * @param X rows of the same columns as in `fit`
   * @returns n rows x nClusters
   * @throws (rejects) as `predict`
   */
  transform(X: Matrix, options: JobOptions = {}): Promise<DenseMatrix<Float64Array>> {
    return distancesToCenters(this.withCenters, X, options);
  }

  /**
   * The inertia of rows, each of weight 1, negative, so that more is better.
   * @param X rows of the same columns as in `fit`
   * @throws (rejects) as `predict`
   */
  score(X: Matrix, options: JobOptions = {}): Promise<number> {
    return scoreNearest(this.withCenters, X, options);
  }

  /**
   * @internal Refuses rows that are too few; returns the bytes that `fit` takes on top of them: with what else is held for the
   * cosine, or for k-means||, of about 2 nClusters candidates a round.
   */
  planFit(kernels: Kernels, rows: CsrArrays): number {
    const { init, metric } = this.options;
    checkShape(rows, this.nClusters, init);
    const candidates = init === 'k-means||' ? 16 * rows.values.length + 60 * rows.nColumns * this.nClusters : 0;
    return (
      kMeansBytes(kernels, rows, this.nClusters) + candidates + (metric === 'cosine' ? 24 * rows.values.length : 0)
    );
  }

  /** @internal Refuses rows of which too few have a direction or a weight. */
  checkFitRows({ check, weights }: FitRows): void {
    check(this.nClusters);
    this.checkRandomStart(weights);
  }

  /** @internal What `fit` finds, on a kernel that holds the rows already. */
  async fitOn(kernel: KMeansKernel, { rows, weights, among, whole }: FitRows, job: Job): Promise<LloydResult> {
    return whole(await this.bestRun(kernel, rows.nRows, weights, among, job));
  }

  /** @internal Takes clusters that were found before. */
  restore(fitted: LloydResult): this {
    this.fitted = fitted;
    return this;
  }

  /** The options and the clusters, for `JSON.stringify`. How to compute and what watches is not part of it. */
  toJSON(): SavedKMeans {
    return savedKMeans(this.options, this.fitted);
  }

  /**
   * The model of a JSON made by `toJSON`: it has the same clusters, to the last bit.
   * @param json what `JSON.parse` gave
   * @throws TypeError, RangeError with the name of the field that is broken
   */
  static fromJSON(json: unknown, computing: BackendOptions & JobOptions = {}): KMeans {
    checkOptions(computing, 'KMeans.fromJSON', [...backendOptionNames, ...jobOptionNames]);
    const { options, fitted } = fromSavedKMeans(json);
    const model = new KMeans({ ...options, ...computing });
    return fitted === undefined ? model : model.restore(fitted);
  }

  private get withCenters() {
    const { metric } = this.options;
    return { centers: () => this.clusterCenters, metric, computing: this.computing };
  }

  private checkRandomStart(weights: Float64Array | null): void {
    const weighty = weights === null ? Number.POSITIVE_INFINITY : countWeighty(weights);
    if (this.options.init !== 'random' || weighty >= this.nClusters) return;
    const rows = `${weighty} ${weighty === 1 ? 'row' : 'rows'} with a weight above 0`;
    throw failure(
      'ERR_OUT_OF_RANGE',
      `init 'random' needs nClusters (${this.nClusters}) rows to draw, but there is ${rows}.`,
    );
  }

  private async bestRun(
    kernel: KMeansKernel,
    nRows: number,
    weights: Float64Array | null,
    among: Among,
    job: Job,
  ): Promise<LloydResult> {
    const { nInit: runs, maxIter, tol, metric, randomState } = this.options;
    const random = new RandomState(randomState);
    const tolerance = tol === 0 ? 0 : (await kernel.meanVariance(job)) * tol;
    let best: LloydResult | undefined;
    for (let run = 0; run < runs; run++) {
      await this.start(kernel, weights ?? new Float64Array(nRows).fill(1), random, among, job);
      if (metric === 'cosine') await kernel.setUnitNorms(job);
      const phase = runs === 1 ? 'clustering' : `clustering, start ${run + 1} of ${runs}`;
      const average = metric === 'cosine' ? () => averageDirections(kernel, job) : undefined;
      const result = await lloyd(kernel, weights, { maxIter, tolerance, phase }, job, average);
      const better = best === undefined || result.inertia < best.inertia;
      if (better && (best === undefined || !isSameClustering(result.labels, best.labels, this.nClusters)))
        best = result;
    }
    return best as LloydResult;
  }

  private async start(
    kernel: KMeansKernel,
    weights: Float64Array,
    random: RandomState,
    among: Among,
    job: Job,
  ): Promise<void> {
    const { init, metric } = this.options;
    if (init instanceof DenseMatrix) {
      return kernel.setCenters(this.nClusters, (metric === 'cosine' ? unitCenters(init) : init).values, job);
    }
    return kernel.setCentersFromRows(await this.startRows(kernel, weights, random, among, job), job);
  }

  private async startRows(
    kernel: KMeansKernel,
    weights: Float64Array,
    random: RandomState,
    among: Among,
    job: Job,
  ): Promise<Int32Array> {
    const { init } = this.options;
    if (init === 'random') return random.choiceWithoutReplacement(weights, this.nClusters);
    if (init === 'k-means||') return kMeansParallel(kernel, this.nClusters, weights, random, among, job);
    return kMeansPlusPlus(kernel, this.nClusters, weights, random, job);
  }

  /** @internal */
  warnOfFewerClusters(): void {
    warnOfFewerClusters('KMeans', this.labels, this.nClusters);
    warnOfDegenerateClusters('KMeans', this.labels, this.nClusters);
  }
}
