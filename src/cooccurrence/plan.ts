import { setImmediate } from 'node:timers/promises';
import { type BackendOptions, backendOptionNames, openKernels } from '../backends/index.js';
import type { Kernels } from '../backends/kernels.js';
import { checkOptions } from '../core/check.js';
import { Job, type JobOptions, jobOptionNames } from '../core/job.js';
import { checkBudget } from '../core/memory.js';
import { type CsrArrays, type CsrMatrix, checkedArrays } from '../matrix/csr-matrix.js';
import { workBytes } from './cooccurrence.js';

/** What counting the pairs of a matrix takes, before it is done. */
export interface CooccurrencePlan {
  readonly documents: number;
  readonly terms: number;
  /** Pairs of terms in all documents, each pair of a document once and each term with itself: exact. */
  readonly updates: number;
  /** Entries of the upper triangle with its diagonal: predicted from a sample of the terms. */
  readonly nonZeros: number;
  /** Bytes of each result, and of the memory that is taken beside it. */
  readonly bytes: {
    readonly sparse: number;
    readonly sparseFull: number;
    readonly dense: number;
    readonly work: number;
  };
  /**
   * Seconds of the sparse upper triangle on this backend, by rates that are measured once in a process. Where documents hold many of
   * the most frequent terms, as with stop words kept, the native backend takes down to half of that.
   */
  readonly seconds: number;
  /** The results that `maxBytes` allows. */
  readonly fits: readonly ('sparse' | 'sparseFull' | 'dense')[];
}

/** Options of `planCooccurrence`: where the work would be done. */
export interface CooccurrencePlanOptions extends BackendOptions, JobOptions {}

const sampledTerms = 400;
const turnEntries = 1 << 20; // between two turns of the event loop

/**
 * Says how many updates a co-occurrence takes, how large its results are, and about how long it lasts, without doing it.
 * @param counts n documents x n terms; only whether a value is zero matters
 * @throws (rejects) TypeError for a wrong argument; `AbortError`
 */
export async function planCooccurrence(
  counts: CsrMatrix,
  options: CooccurrencePlanOptions = {},
): Promise<CooccurrencePlan> {
  checkOptions(options, 'planCooccurrence', [...backendOptionNames, ...jobOptionNames]);
  return Job.run(options, async (job) => {
    const { nRows, nColumns, indptr, indices, values } = checkedArrays(counts, 'counts');
    const kernels = openKernels(options);
    const bytes = indptr.byteLength + indices.byteLength + values.byteLength + 24 * nColumns;
    checkBudget(bytes, kernels.maxBytes, 'A plan of co-occurrence', 'plan fewer rows or raise maxBytes');
    const rows = { nRows, nColumns, indptr: indptr.slice(), indices: indices.slice(), values: values.slice() };
    const { frequency, updates } = await countedRows(rows, job);
    const nonZeros = await predictedNonZeros(rows, frequency, job);
    const full = 2 * nonZeros - frequency.reduce((held, f) => held + (f > 0 ? 1 : 0), 0);
    const pointers = 4 * (nColumns + 1);
    const results = {
      sparse: 8 * nonZeros + pointers,
      sparseFull: 8 * full + pointers,
      dense: 4 * nColumns ** 2,
      work: workBytes(rows, kernels.threads),
    };
    const { sparse, sparseFull, dense, work } = results;
    // A sparse result is held twice at most, until it is handed over.
    const needed = { sparse: 2 * sparse, sparseFull: 2 * sparseFull, dense };
    const fits = (['sparse', 'sparseFull', 'dense'] as const).filter(
      (output) => needed[output] + work <= kernels.maxBytes,
    );
    const { update, entry } = await ratesOf(kernels, job);
    const seconds = updates * update + nonZeros * entry;
    return { documents: nRows, terms: nColumns, updates, nonZeros, bytes: results, seconds, fits };
  });
}

/** In how many rows each term is, and how many pairs there are in all rows. */
async function countedRows({ nRows, nColumns, indptr, indices, values }: CsrArrays, job: Job) {
  const frequency = new Int32Array(nColumns);
  let updates = 0;
  let turn = 0;
  for (let row = 0; row < nRows; row++) {
    let held = 0;
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      if (values[q] === 0) continue;
      frequency[indices[q]]++;
      held++;
    }
    updates += (held * (held + 1)) / 2;
    if (indptr[row + 1] < turn + turnEntries) continue;
    turn = indptr[row + 1];
    await setImmediate();
    job.report('planning', row + 1, nRows);
  }
  return { frequency, updates };
}

/**
 * Half of the partners of all terms: those of some are counted, each for the terms that are in about as many rows. All pairs
 * of a term count, not those of the upper triangle alone, so that it does not matter where in the alphabet it stands.
 */
async function predictedNonZeros(rows: CsrArrays, frequency: Int32Array, job: Job): Promise<number> {
  const held = Int32Array.from(frequency.keys()).filter((term) => frequency[term] > 0);
  held.sort((a, b) => frequency[b] - frequency[a] || a - b);
  // Finer steps for frequent terms, which have the most partners: the places grow with the square.
  const steps = Math.min(sampledTerms, held.length);
  const bounds = Int32Array.from({ length: steps + 1 }, (_, s) =>
    Math.max(s, Math.floor(held.length * (s / steps) ** 2)),
  );
  bounds[steps] = held.length;
  const sample = Int32Array.from({ length: steps }, (_, s) => held[(bounds[s] + bounds[s + 1] - 1) >> 1]);
  const partners = await partnersOf(sample, rows, job);
  let full = 0;
  for (let s = 0; s < steps; s++) full += (bounds[s + 1] - bounds[s]) * partners[s];
  return Math.round((full + held.length) / 2);
}

/** With how many terms, itself among them, each of some terms shares a row. */
async function partnersOf(
  terms: Int32Array,
  { nRows, nColumns, indptr, indices, values }: CsrArrays,
  job: Job,
): Promise<Float64Array> {
  const placeOf = new Int32Array(nColumns).fill(-1);
  terms.forEach((term, place) => {
    placeOf[term] = place;
  });
  const rowsOf = Array.from(terms, () => [] as number[]);
  for (let row = 0; row < nRows; row++) {
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      if (placeOf[indices[q]] >= 0 && values[q] !== 0) rowsOf[placeOf[indices[q]]].push(row);
    }
  }
  const partners = new Float64Array(terms.length);
  const metBy = new Int32Array(nColumns).fill(-1);
  let entries = 0;
  for (let place = 0; place < terms.length; place++) {
    for (const row of rowsOf[place]) {
      for (let q = indptr[row]; q < indptr[row + 1]; q++) {
        if (values[q] === 0 || metBy[indices[q]] === place) continue;
        metBy[indices[q]] = place;
        partners[place]++;
      }
      entries += indptr[row + 1] - indptr[row];
    }
    if (entries < turnEntries) continue;
    entries = 0;
    await setImmediate();
    job.report('planning', place + 1, terms.length);
  }
  return partners;
}

interface Rates {
  /** Seconds of an update. */
  readonly update: number;
  /** Seconds of an entry of the result, beside its updates. */
  readonly entry: number;
}

const known = new Map<string, Rates>();

/** The rates of a backend, measured on made-up rows: of few terms, which are updates alone, and of many, which are entries too. */
async function ratesOf(kernels: Kernels, job: Job): Promise<Rates> {
  const key = `${kernels.name} ${kernels.threads}`;
  const rates = known.get(key) ?? (await measured(kernels, job));
  known.set(key, rates);
  return rates;
}

async function measured(kernels: Kernels, job: Job): Promise<Rates> {
  const nRows = kernels.name === 'plain' ? 2000 : 16000;
  const seconds = async (rows: CsrArrays) => {
    const times: number[] = [];
    let entries = 0;
    for (let run = 0; run < 3; run++) {
      const start = performance.now();
      entries = (await kernels.cooccurrence(rows, { full: false, diagonal: true, terms: [0, rows.nColumns] }, job))
        .indices.length;
      times.push((performance.now() - start) / 1000);
    }
    return { seconds: Math.min(...times), entries };
  };
  const updates = (nRows * (rowLength * (rowLength + 1))) / 2;
  const few = await seconds(madeUpRows(nRows, rowLength * 2));
  const many = await seconds(madeUpRows(nRows, rowLength * 128));
  const update = few.seconds / updates;
  return { update, entry: Math.max(0, many.seconds - few.seconds) / many.entries };
}

const rowLength = 32; // so few that no kernel takes a term for frequent

/** Rows of so many different terms each, spread over so many columns. */
function madeUpRows(nRows: number, nColumns: number): CsrArrays {
  const indptr = Int32Array.from({ length: nRows + 1 }, (_, row) => row * rowLength);
  const width = nColumns / rowLength;
  let state = 1;
  const indices = Int32Array.from({ length: nRows * rowLength }, (_, q) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0; // Knuth, Lewis
    return (q % rowLength) * width + ((state >>> 16) % width);
  });
  return { nRows, nColumns, indptr, indices, values: new Int32Array(indices.length).fill(1) };
}
