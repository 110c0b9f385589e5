import type { CsrArrays } from '../../matrix/csr-matrix.js';
import { sumBlock } from '../kernels.js';
import { inOrderOfEinsum, nearestCenter, positive, transposed } from './centers.js';
import type { Run } from './run.js';

/** A center's squared norm is added up anew when what was added and taken off since is so many times as large. */
const doubtful = 2 ** 20;

/**
 * k-means by small batches (Sculley 2010), one step at a time. Line by line the twin of native/kernels/mini_batch.cpp.
 * A center is the sum of the rows that it ever got times 1 / their weight: so a step writes to the entries of its rows
 * alone, and not to all cells of the centers. Sums are kept transposed, one row of k cells a term.
 */
export class MiniBatch {
  private readonly n: number;
  private readonly p: number;
  private readonly indptr: Int32Array | Float64Array;
  private readonly indices: Int32Array;
  private readonly values: Float64Array;
  private k = 0;
  private cells: Float64Array = new Float64Array(0); // the sums, p x k
  private weights: Float64Array = new Float64Array(0); // of all rows that each cluster ever got; 0: its cells are the center
  private factors: Float64Array = new Float64Array(0); // center = cells x factor
  private norms: Float64Array = new Float64Array(0); // of the centers, squared
  private changes: Float64Array = new Float64Array(0); // sizes of all that was added to and taken off each norm
  private batch: Int32Array = new Int32Array(0);
  private rowLabels: Int32Array = new Int32Array(0); // those of the batch, as the next two
  private products: Float64Array = new Float64Array(0); // of each row with its center
  private rowDistances: Float64Array = new Float64Array(0);

  constructor(
    rows: CsrArrays,
    private readonly rowWeights: Float64Array | null,
  ) {
    this.n = rows.nRows;
    this.p = rows.nColumns;
    this.indptr = rows.indptr;
    this.indices = rows.indices;
    this.values = new Float64Array(rows.values);
  }

  load(run: Run): number {
    for (let row = 0; row < this.n; row++) {
      if (row % 1024 === 0) run.checkStopped();
      if (!Number.isFinite(this.rowNorm(row))) return row;
    }
    return -1;
  }

  private rowNorm(row: number): number {
    let sum = 0;
    for (let q = this.indptr[row]; q < this.indptr[row + 1]; q++) sum += this.values[q] * this.values[q];
    return sum;
  }

  setCentersFromRows(run: Run, rows: Int32Array): void {
    this.resize(rows.length);
    rows.forEach((row, j) => {
      for (let q = this.indptr[row]; q < this.indptr[row + 1]; q++) {
        this.cells[this.indices[q] * this.k + j] = this.values[q];
      }
    });
    this.computeNorms(run);
  }

  setSums(run: Run, nClusters: number, sums: Float64Array, weights: Float64Array): void {
    this.resize(nClusters);
    this.cells = transposed(sums, nClusters, this.p);
    for (let j = 0; j < this.k; j++) this.setWeight(j, weights[j]);
    this.computeNorms(run);
  }

  private resize(k: number): void {
    this.k = k;
    this.cells = new Float64Array(this.p * k);
    this.weights = new Float64Array(k);
    this.factors = new Float64Array(k).fill(1);
    this.norms = new Float64Array(k);
    this.changes = new Float64Array(k);
    this.batch = new Int32Array(0);
  }

  private setWeight(j: number, weight: number): void {
    this.weights[j] = weight;
    this.factors[j] = weight > 0 ? 1 / weight : 1;
  }

  private computeNorms(run: Run): void {
    for (let j = 0; j < this.k; j++) {
      run.checkStopped();
      this.computeNorm(j);
    }
  }

  private computeNorm(j: number): void {
    const { k, p, cells, factors } = this;
    const lanes = [0, 0];
    inOrderOfEinsum(p, (term, lane) => {
      const cell = cells[term * k + j] * factors[j];
      lanes[lane] += cell * cell;
    });
    this.norms[j] = lanes[0] + lanes[1];
    this.changes[j] = this.norms[j];
  }

  assign(run: Run, batch: Int32Array): { inertia: number; weights: Float64Array } {
    const { k, rowWeights } = this;
    this.batch = batch;
    this.rowLabels = new Int32Array(batch.length);
    this.products = new Float64Array(batch.length);
    this.rowDistances = new Float64Array(batch.length);
    const weights = new Float64Array(k);
    let inertia = 0;
    for (let begin = 0; begin < batch.length; begin += sumBlock) {
      let sum = 0;
      for (let i = begin; i < Math.min(batch.length, begin + sumBlock); i++) {
        if (i % 256 === 0) run.checkStopped();
        this.assignRow(i);
        const weight = rowWeights === null ? 1 : rowWeights[batch[i]];
        sum += this.rowDistances[i] * weight;
        weights[this.rowLabels[i]] += weight;
      }
      inertia += sum;
    }
    return { inertia, weights };
  }

  /** The nearest center of a row of the batch, the lowest number on a tie. */
  private assignRow(i: number): void {
    const { k, cells, indptr, indices, values, factors, norms } = this;
    const row = this.batch[i];
    const products = new Float64Array(k);
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      const sums = indices[q] * k;
      for (let j = 0; j < k; j++) products[j] += cells[sums + j] * values[q];
    }
    for (let j = 0; j < k; j++) products[j] *= factors[j];
    const label = nearestCenter(norms, products);
    let sum = 0;
    for (let q = indptr[row]; q < indptr[row + 1]; q++) {
      const cell = cells[indices[q] * k + label] * factors[label];
      const difference = values[q] - cell;
      sum += difference * difference - cell * cell;
    }
    this.rowLabels[i] = label;
    this.products[i] = products[label];
    this.rowDistances[i] = positive(sum + norms[label]);
  }

  update(run: Run, weights: Float64Array, clusters: Int32Array, rows: Int32Array): number {
    const { k } = this;
    const shifts = new Float64Array(k);
    const replaced = new Uint8Array(k);
    clusters.forEach((j, i) => {
      replaced[j] = 1;
      const product = this.product(rows[i], j);
      shifts[j] = positive(this.rowNorm(rows[i]) + this.norms[j] - 2 * product);
    });
    const members = Array.from({ length: k }, (): number[] => []);
    this.rowLabels.forEach((label, i) => {
      if (this.rowWeights === null || this.rowWeights[this.batch[i]] > 0) members[label].push(i);
    });
    const fresh = (j: number) => replaced[j] === 1 || (members[j].length > 0 && this.weights[j] === 0);
    this.clear(run, fresh);
    for (let j = 0; j < k; j++) {
      run.checkStopped();
      if (replaced[j] === 0 && members[j].length > 0) shifts[j] = this.add(j, weights[j], members[j]);
    }
    clusters.forEach((j, i) => {
      this.replace(j, weights[j], rows[i]);
    });
    return shifts.reduce((total, shift) => total + shift, 0);
  }

  private product(row: number, j: number): number {
    let sum = 0;
    for (let q = this.indptr[row]; q < this.indptr[row + 1]; q++) {
      sum += this.cells[this.indices[q] * this.k + j] * this.values[q];
    }
    return sum * this.factors[j];
  }

  /** Empties the sums of clusters that start anew. */
  private clear(run: Run, fresh: (j: number) => boolean): void {
    run.checkStopped();
    const which = [...this.weights.keys()].filter(fresh);
    for (let term = 0; term < this.p; term++) for (const j of which) this.cells[term * this.k + j] = 0;
  }

  /** Adds rows of the batch to a cluster; returns the square of how far its center moves. */
  private add(j: number, weight: number, members: number[]): number {
    const { k, cells, indptr, indices, values, rowWeights } = this;
    const before = this.norms[j];
    const factor = 1 / weight;
    const kept = this.weights[j] * factor; // the share that is left of the center
    let norm = kept * kept * before;
    let changes = kept * kept * this.changes[j];
    let products = 0;
    for (const i of members) {
      const row = this.batch[i];
      const rowWeight = rowWeights === null ? 1 : rowWeights[row];
      products += this.products[i] * rowWeight;
      for (let q = indptr[row]; q < indptr[row + 1]; q++) {
        const at = indices[q] * k + j;
        const old = cells[at] * factor;
        cells[at] += values[q] * rowWeight;
        const cell = cells[at] * factor;
        norm += cell * cell - old * old;
        changes += cell * cell + old * old;
      }
    }
    this.setWeight(j, weight);
    this.norms[j] = norm;
    this.changes[j] = changes;
    if (!(changes <= doubtful * norm)) this.computeNorm(j);
    return positive(this.norms[j] + before - 2 * (kept * before + factor * products));
  }

  /** Makes a row the center of a cluster whose sums are empty. */
  private replace(j: number, weight: number, row: number): void {
    for (let q = this.indptr[row]; q < this.indptr[row + 1]; q++) {
      this.cells[this.indices[q] * this.k + j] = weight > 0 ? this.values[q] * weight : this.values[q];
    }
    this.setWeight(j, weight);
    this.computeNorm(j);
  }

  settle(run: Run): void {
    run.checkStopped();
    for (let term = 0; term < this.p; term++) {
      for (let j = 0; j < this.k; j++) this.cells[term * this.k + j] *= this.factors[j];
    }
    for (let j = 0; j < this.k; j++) this.setWeight(j, 0);
    this.computeNorms(run);
  }

  sums(_run: Run): Float64Array {
    return transposed(this.cells, this.p, this.k);
  }

  labels(_run: Run): Int32Array {
    return this.rowLabels.slice();
  }

  distances(_run: Run): Float64Array {
    return this.rowDistances.slice();
  }
}
