/** Where a k-means by small batches starts: at rows of a sample. */

import type { Kernels } from '../backends/kernels.js';
import { failure } from '../core/check.js';
import type { Job } from '../core/job.js';
import type { RandomState } from '../core/random.js';
import type { CsrArrays } from '../matrix/csr-matrix.js';
import { gathered, withKernel } from './kernel-rows.js';
import { weightedSum } from './lloyd.js';
import { kMeansPlusPlus } from './seeding.js';
import { countWeighty } from './weights.js';

interface StartOptions {
  readonly nClusters: number;
  /** Start centers that are given leave nothing to choose. */
  readonly init: 'k-means++' | 'random' | 'given';
  readonly nInit: number;
  readonly initSize: number;
}

/** Rows drawn, with their weights. */
interface Sample {
  /** Their numbers, or null: all of them. */
  readonly numbers: Int32Array | null;
  readonly rows: CsrArrays;
  readonly weights: Float64Array | null;
}

/**
 * Draws as scikit-learn does: rows to judge by (where `judged`, even if there is nothing to judge), and for each start a sample
 * to choose centers in. The first sample is drawn before this returns; the rows of more than one start must be the library's own.
 * @returns what then chooses the numbers of the start rows; null where the start is given
 */
export function miniBatchStart(
  rows: CsrArrays,
  weights: Float64Array | null,
  options: StartOptions,
  random: RandomState,
  judged: boolean,
): (kernels: Kernels, job: Job) => Promise<Int32Array | null> {
  const { init, nInit, initSize } = options;
  const judges = judged ? random.randints(rows.nRows, initSize) : undefined;
  const draw = () => sampled(rows, weights, initSize < rows.nRows ? random.randints(rows.nRows, initSize) : null);
  if (init === 'given') {
    if (initSize < rows.nRows) random.randints(rows.nRows, initSize); // drawn in vain, as there
    return async () => null;
  }
  const first = draw();
  return async (kernels, job) => {
    let best: { rows: Int32Array; inertia: number } | undefined;
    for (let run = 0; run < nInit; run++) {
      const sample = run === 0 ? first : draw();
      const chosen = await chooseRows(kernels, sample, options, random, job);
      if (nInit === 1 || judges === undefined) return chosen;
      const inertia = await inertiaOf(kernels, chosen, sampled(rows, weights, judges), rows, job);
      if (best === undefined || inertia < best.inertia) best = { rows: chosen, inertia };
    }
    return best?.rows ?? null;
  };
}

function sampled(rows: CsrArrays, weights: Float64Array | null, numbers: Int32Array | null): Sample {
  if (numbers === null) return { numbers, rows, weights };
  const own = weights === null ? null : Float64Array.from(numbers, (row) => weights[row]);
  return { numbers, rows: gathered(rows, numbers), weights: own };
}

async function chooseRows(
  kernels: Kernels,
  { numbers, rows, weights }: Sample,
  { init, nClusters }: StartOptions,
  random: RandomState,
  job: Job,
): Promise<Int32Array> {
  const all = weights ?? new Float64Array(rows.nRows).fill(1);
  checkSample(all, init === 'random' ? nClusters : 1);
  const chosen =
    init === 'random'
      ? random.choiceWithoutReplacement(all, nClusters)
      : await withKernel(kernels, rows, weights, job, (kernel) => kMeansPlusPlus(kernel, nClusters, all, random, job));
  return numbers === null ? chosen : chosen.map((at) => numbers[at]);
}

function checkSample(weights: Float64Array, needed: number): void {
  const weighty = countWeighty(weights);
  if (weighty >= needed) return;
  const found = `the ${weights.length} rows drawn for it hold ${weighty}; raise initSize`;
  throw failure('ERR_OUT_OF_RANGE', `The start needs ${needed} rows with a weight above 0, but ${found}.`);
}

/** Of rows to judge by; the start rows lie behind them, without weight. */
async function inertiaOf(
  kernels: Kernels,
  chosen: Int32Array,
  judges: Sample,
  rows: CsrArrays,
  job: Job,
): Promise<number> {
  const n = judges.rows.nRows;
  const numbers = judges.numbers as Int32Array;
  const places = new Int32Array(n + chosen.length);
  places.set(numbers);
  places.set(chosen, n);
  const together = gathered(rows, places);
  const weights = new Float64Array(together.nRows);
  for (let i = 0; i < n; i++) weights[i] = judges.weights?.[i] ?? 1;
  return withKernel(kernels, together, weights, job, async (kernel) => {
    await kernel.setCentersFromRows(
      Int32Array.from(chosen, (_, j) => n + j),
      job,
    );
    await kernel.assign(job);
    return weightedSum(await kernel.distances(job), weights);
  });
}
