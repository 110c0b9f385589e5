import { type BackendOptions, openKernels } from '../backends/index.js';
import type { Kernels, KMeansKernel } from '../backends/kernels.js';
import { checkOptions, failure } from '../core/check.js';
import { Job, type JobOptions, jobOptionNames, mergedJobOptions } from '../core/job.js';
import { checkBudget } from '../core/memory.js';
import { RandomState } from '../core/random.js';
import { warn } from '../core/warn.js';
import { type CsrArrays, type CsrMatrix, csrArrays } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { type KMeansOptions, type ResolvedKMeansOptions, resolveKMeansOptions } from './kmeans-options.js';
import { type LloydResult, lloyd, weightedSum } from './lloyd.js';
import { isSameClustering } from './same-clustering.js';
import { kMeansPlusPlus } from './seeding.js';
import { checkWeights } from './weights.js';

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
 * code `CORPUSCLE_FEWER_CLUSTERS` where fewer clusters than asked for are left.
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

  /** Weighted sum of the squared distances of rows to their centers. @throws TypeError `ERR_NOT_FITTED` before `fit` */
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
  async fit(X: CsrMatrix, options: FitOptions = {}): Promise<this> {
    checkOptions(options, 'fit', ['sampleWeight', ...jobOptionNames]);
    const { sampleWeight, ...jobOptions } = options;
    const fitted = await Job.run(mergedJobOptions(this.computing, jobOptions, 'fit'), async (job) => {
      const rows = csrArrays(X, 'X');
      this.checkRows(rows);
      const weights = checkWeights(sampleWeight, rows.nRows);
      this.checkRandomStart(weights);
      const kernels = openKernels(this.computing);
      checkBudget(
        this.bytes(rows),
        kernels.maxBytes,
        `k-means of ${rows.nRows} rows`,
        'use fewer clusters, fewer columns or a larger maxBytes',
      );
      return withKernel(kernels, rows, weights, job, (kernel) => this.bestRun(kernel, rows, weights, job));
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
  predict(X: CsrMatrix, options: JobOptions = {}): Promise<Int32Array> {
    return this.withCenters('predict', X, options, async (kernel, job) => {
      await job.watch('labelling rows', X.nRows, kernel.assign(job));
      return kernel.labels(job);
    });
  }

  /**
   * The Euclidean distance of each row to each center.
   * @param X rows of the same columns as in `fit`
   * @returns n rows x nClusters
   * @throws (rejects) as `predict`
   */
  transform(X: CsrMatrix, options: JobOptions = {}): Promise<DenseMatrix<Float64Array>> {
    return this.withCenters('transform', X, options, async (kernel, job) => {
      const values = await job.watch('measuring distances', X.nRows, kernel.transform(job));
      return new DenseMatrix({ shape: [X.nRows, this.nClusters], values });
    });
  }

  /**
   * The inertia of rows, negative, so that more is better.
   * @param X rows of the same columns as in `fit`
   * @throws (rejects) as `predict`
   */
  score(X: CsrMatrix, options: JobOptions = {}): Promise<number> {
    return this.withCenters('score', X, options, async (kernel, job) => {
      await job.watch('labelling rows', X.nRows, kernel.assign(job));
      return -weightedSum(await kernel.distances(job), null);
    });
  }

  private checkRows({ nRows, nColumns }: CsrArrays): void {
    if (this.nClusters > nRows) {
      const sizes = `nClusters is ${this.nClusters}, but X has ${nRows} rows`;
      throw failure('ERR_OUT_OF_RANGE', `${sizes}; it must be from 1 to the number of rows.`);
    }
    if (!(this.options.init instanceof DenseMatrix)) return;
    const [k, p] = this.options.init.shape;
    if (k === this.nClusters && p === nColumns) return;
    const wanted = `${this.nClusters} x ${nColumns} (nClusters x columns of X)`;
    throw failure('ERR_OUT_OF_RANGE', `init has the shape ${k} x ${p}, but must have ${wanted}.`);
  }

  private checkRandomStart(weights: Float64Array | null): void {
    const weighty = weights?.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0) ?? Number.POSITIVE_INFINITY;
    if (this.options.init !== 'random' || weighty >= this.nClusters) return;
    const rows = `${weighty} ${weighty === 1 ? 'row' : 'rows'} with a weight above 0`;
    throw failure(
      'ERR_OUT_OF_RANGE',
      `init 'random' needs nClusters (${this.nClusters}) rows to draw, but there is ${rows}.`,
    );
  }

  /** The copy of the rows, their columns, the centers and what a step of k-means++ holds. */
  private bytes({ nRows, nColumns, indices }: CsrArrays): number {
    const trials = 2 + Math.floor(Math.log(this.nClusters));
    const stride = Math.ceil(this.nClusters / 8) * 8; // the kernels pad the centers of a term
    return indices.length * 36 + 24 * stride * nColumns + 8 * nColumns + 8 * nRows * (6 + trials);
  }

  private async bestRun(
    kernel: KMeansKernel,
    { nRows }: CsrArrays,
    weights: Float64Array | null,
    job: Job,
  ): Promise<LloydResult> {
    const { nInit: runs, maxIter, tol, randomState } = this.options;
    const random = new RandomState(randomState);
    const tolerance = tol === 0 ? 0 : (await kernel.meanVariance(job)) * tol;
    let best: LloydResult | undefined;
    for (let run = 0; run < runs; run++) {
      await this.start(kernel, weights ?? new Float64Array(nRows).fill(1), random, job);
      const phase = runs === 1 ? 'clustering' : `clustering, start ${run + 1} of ${runs}`;
      const result = await lloyd(kernel, weights, { maxIter, tolerance, phase }, job);
      const better = best === undefined || result.inertia < best.inertia;
      if (better && (best === undefined || !isSameClustering(result.labels, best.labels, this.nClusters)))
        best = result;
    }
    return best as LloydResult;
  }

  private async start(kernel: KMeansKernel, weights: Float64Array, random: RandomState, job: Job): Promise<void> {
    if (this.options.init instanceof DenseMatrix)
      return kernel.setCenters(this.nClusters, this.options.init.values, job);
    const rows =
      this.options.init === 'random'
        ? random.choiceWithoutReplacement(weights, this.nClusters)
        : await kMeansPlusPlus(kernel, this.nClusters, weights, random, job);
    return kernel.setCentersFromRows(rows, job);
  }

  private async withCenters<T>(
    name: string,
    X: CsrMatrix,
    options: JobOptions,
    use: (kernel: KMeansKernel, job: Job) => Promise<T>,
  ): Promise<T> {
    return Job.run(mergedJobOptions(this.computing, options, name), async (job) => {
      const { centers } = this.result;
      const rows = csrArrays(X, 'X');
      const nColumns = centers.length / this.nClusters;
      if (rows.nColumns !== nColumns) {
        const sizes = `X has ${rows.nColumns} columns, but the clusters were found with ${nColumns}`;
        throw failure('ERR_OUT_OF_RANGE', `${sizes}; use the matrix of the same vectorizer.`);
      }
      const kernels = openKernels(this.computing);
      checkBudget(
        this.bytes(rows) + 8 * rows.nRows * this.nClusters,
        kernels.maxBytes,
        'Prediction',
        'use fewer rows at a time',
      );
      return withKernel(kernels, rows, null, job, async (kernel) => {
        await kernel.setCenters(this.nClusters, centers, job);
        return use(kernel, job);
      });
    });
  }

  private warnOfFewerClusters(): void {
    const distinct = new Set(this.labels).size;
    if (distinct === this.nClusters) return;
    const message = `KMeans found ${distinct} distinct clusters, fewer than nClusters (${this.nClusters}); X may hold equal rows.`;
    warn('CORPUSCLE_FEWER_CLUSTERS', message);
  }
}

/** Opens a kernel over the rows, copied before the first wait, for the time of `use`. */
async function withKernel<T>(
  kernels: Kernels,
  rows: CsrArrays,
  weights: Float64Array | null,
  job: Job,
  use: (kernel: KMeansKernel) => Promise<T>,
): Promise<T> {
  const kernel = kernels.createKMeans(rows, weights);
  try {
    const bad = await kernel.load(job);
    if (bad >= 0)
      throw failure(
        'ERR_OUT_OF_RANGE',
        `X must hold finite numbers with finite squares, but row ${bad} holds NaN, an infinite or a too large value.`,
      );
    return await use(kernel);
  } finally {
    kernel.dispose();
  }
}
