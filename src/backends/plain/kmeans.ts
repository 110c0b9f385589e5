import type { CsrArrays } from '../../matrix/csr-matrix.js';
import { shiftBlock, sumBlock } from '../kernels.js';
import { inOrderOfEinsum, nearestCenter, positive, transposed } from './centers.js';
import type { Run } from './run.js';
import { splitOf } from './splits.js';

const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);

/**
 * k-means on sparse rows, one step at a time (Lloyd 1982; seeding: Arthur, Vassilvitskii 2007). Line by line the twin of
 * native/kernels/kmeans.cpp: centers are kept transposed, one row of k cells a term.
 */
export class KMeans {
  private readonly n: number;
  private readonly p: number;
  private readonly indptr: Int32Array | Float64Array;
  private readonly indices: Int32Array;
  private readonly values: Float64Array;
  private readonly norms: Float64Array; // squared, n
  private readonly columnPtr: Int32Array;
  private readonly columnRows: Int32Array;
  private readonly columnValues: Float64Array;
  private splits: Float64Array | undefined; // of columns, once they are summed
  private readonly rowLabels: Int32Array;
  private firstNonFiniteRow = -1;
  private k = 0;
  private cells: Float64Array = new Float64Array(0); // the centers, p x k
  private sums: Float64Array = new Float64Array(0); // p x k
  private centerNorms = new Float64Array(0); // squared, k

  constructor(
    rows: CsrArrays,
    private readonly weights: Float64Array | null,
  ) {
    this.n = rows.nRows;
    this.p = rows.nColumns;
    this.indptr = rows.indptr;
    this.indices = rows.indices;
    this.values = new Float64Array(rows.values);
    this.norms = new Float64Array(this.n);
    this.columnPtr = new Int32Array(this.p + 1);
    this.columnRows = new Int32Array(this.indices.length);
    this.columnValues = new Float64Array(this.indices.length);
    this.rowLabels = new Int32Array(this.n).fill(-1);
  }

  load(run: Run): number {
    for (const column of this.indices) this.columnPtr[column + 1]++;
    for (let c = 0; c < this.p; c++) this.columnPtr[c + 1] += this.columnPtr[c];
    const next = this.columnPtr.slice();
    for (let row = 0; row < this.n; row++) {
      if (row % 1024 === 0) run.checkStopped();
      let sum = 0;
      for (let q = this.indptr[row]; q < this.indptr[row + 1]; q++) {
        const value = this.values[q];
        sum += value * value;
        const at = next[this.indices[q]]++;
        this.columnRows[at] = row;
        this.columnValues[at] = value;
      }
      this.norms[row] = sum;
      if (!Number.isFinite(sum) && this.firstNonFiniteRow < 0) this.firstNonFiniteRow = row;
    }
    return this.firstNonFiniteRow;
  }

  meanVariance(run: Run): number {
    let total = 0;
    for (const [begin, end] of blocks(run, this.p)) {
      let part = 0;
      for (let c = begin; c < end; c++) {
        const first = this.columnPtr[c];
        const last = this.columnPtr[c + 1];
        let sum = 0;
        for (let q = first; q < last; q++) sum += this.columnValues[q];
        const mean = sum / this.n;
        let squares = (this.n - (last - first)) * (mean * mean);
        for (let q = first; q < last; q++) {
          const difference = this.columnValues[q] - mean;
          squares += difference * difference;
        }
        part += squares / this.n;
      }
      total += part;
    }
    return this.p === 0 ? 0 : total / this.p;
  }

  seed(run: Run, first: number, trials: number, draws: Float64Array): Int32Array {
    const { n } = this;
    const k = draws.length / trials + 1;
    const rows = new Int32Array(k);
    rows[0] = first;
    let closest = this.distancesToRow(run, first); // to the nearest start row
    let sums = this.blockSums(closest);
    for (let j = 1; j < k; j++) {
      const potential = total(sums);
      let best = { row: 0, left: Number.NaN, distances: closest, sums };
      for (const draw of draws.subarray((j - 1) * trials, j * trials)) {
        const row = this.rowAt(draw * potential, closest, sums);
        const distances = this.distancesToRow(run, row);
        for (let i = 0; i < n; i++) if (!(distances[i] < closest[i])) distances[i] = closest[i];
        const sumsOfRow = this.blockSums(distances);
        const left = total(sumsOfRow);
        if (!(left >= best.left)) best = { row, left, distances, sums: sumsOfRow };
      }
      rows[j] = best.row;
      closest = best.distances;
      sums = best.sums;
      run.report(j + 1, k);
    }
    return rows;
  }

  /** By the inverted index: only the posting lists of the row's terms are read, not the whole matrix. */
  private distancesToRow(run: Run, row: number): Float64Array {
    run.checkStopped();
    const out = new Float64Array(this.n);
    for (let q = this.indptr[row]; q < this.indptr[row + 1]; q++) {
      const value = this.values[q];
      const term = this.indices[q];
      for (let at = this.columnPtr[term]; at < this.columnPtr[term + 1]; at++) {
        out[this.columnRows[at]] += value * this.columnValues[at];
      }
    }
    const norm = this.norms[row];
    for (let i = 0; i < this.n; i++) out[i] = positive(-2 * out[i] + norm + this.norms[i]);
    return out;
  }

  private weighted(distances: Float64Array, row: number): number {
    return this.weights === null ? distances[row] : distances[row] * this.weights[row];
  }

  private blockSums(distances: Float64Array): number[] {
    const sums: number[] = [];
    for (let begin = 0; begin < this.n; begin += sumBlock) {
      let sum = 0;
      for (let i = begin; i < Math.min(this.n, begin + sumBlock); i++) sum += this.weighted(distances, i);
      sums.push(sum);
    }
    return sums;
  }

  /** The first row at which the cumulated weighted distances reach `target`, or the last. */
  private rowAt(target: number, distances: Float64Array, blockSums: number[]): number {
    let before = 0;
    for (const [block, blockSum] of blockSums.entries()) {
      if (!(before + blockSum < target)) {
        let sum = before;
        for (let row = block * sumBlock; row < Math.min(this.n, (block + 1) * sumBlock); row++) {
          sum += this.weighted(distances, row);
          if (sum >= target) return row;
        }
      }
      before += blockSum;
    }
    return this.n - 1;
  }

  setCentersFromRows(run: Run, rows: Int32Array): void {
    this.resizeCenters(rows.length);
    rows.forEach((row, j) => {
      for (let q = this.indptr[row]; q < this.indptr[row + 1]; q++) {
        this.cells[this.indices[q] * this.k + j] = this.values[q];
      }
    });
    this.computeCenterNorms(run);
  }

  setCenters(run: Run, nClusters: number, centers: Float64Array): void {
    this.resizeCenters(nClusters);
    this.cells = transposed(centers, nClusters, this.p);
    this.computeCenterNorms(run);
  }

  private resizeCenters(k: number): void {
    this.k = k;
    this.cells = new Float64Array(this.p * k);
    this.sums = new Float64Array(this.p * k);
    this.centerNorms = new Float64Array(k);
    this.rowLabels.fill(-1);
  }

  private computeCenterNorms(run: Run): void {
    run.checkStopped();
    const { k, p, cells } = this;
    const lanes = [new Float64Array(k), new Float64Array(k)];
    inOrderOfEinsum(p, (term, lane) => {
      const sums = lanes[lane];
      for (let j = 0; j < k; j++) sums[j] += cells[term * k + j] * cells[term * k + j];
    });
    for (let j = 0; j < k; j++) this.centerNorms[j] = lanes[0][j] + lanes[1][j];
  }

  /** Dot products of a row with all centers. */
  private dots(row: number, out: Float64Array): void {
    const { k, cells, indices, values } = this;
    out.fill(0);
    for (let q = this.indptr[row]; q < this.indptr[row + 1]; q++) {
      const value = values[q];
      const center = indices[q] * k;
      for (let j = 0; j < k; j++) out[j] += cells[center + j] * value;
    }
  }

  assign(run: Run): number {
    const products = new Float64Array(this.k);
    let changed = 0;
    for (let row = 0; row < this.n; row++) {
      if (row % 256 === 0) run.checkStopped();
      this.dots(row, products);
      const label = nearestCenter(this.centerNorms, products);
      if (label !== this.rowLabels[row]) changed++;
      this.rowLabels[row] = label;
    }
    return changed;
  }

  private weightedValue(at: number): number {
    const value = this.columnValues[at];
    return this.weights === null ? value : value * this.weights[this.columnRows[at]];
  }

  private findSplits(run: Run): Float64Array {
    return new Float64Array(this.p).map((_, term) => {
      if (term % 64 === 0) run.checkStopped();
      return splitOf(this.columnPtr[term], this.columnPtr[term + 1], (at) => this.weightedValue(at));
    });
  }

  /** High and low parts of the values are summed without rounding, and added in the end: splits.ts. */
  sum(run: Run): Float64Array {
    const { k, weights, rowLabels, columnPtr, columnRows, sums } = this;
    this.splits ??= this.findSplits(run);
    const low = new Float64Array(k);
    sums.fill(0);
    for (let term = 0; term < this.p; term++) {
      if (term % 64 === 0) run.checkStopped();
      const split = this.splits[term];
      low.fill(0);
      for (let at = columnPtr[term]; at < columnPtr[term + 1]; at++) {
        const label = rowLabels[columnRows[at]];
        const value = this.weightedValue(at);
        const high = value + split - split;
        sums[term * k + label] += high;
        low[label] += value - high;
      }
      for (let j = 0; j < k; j++) sums[term * k + j] += low[j];
    }
    const clusterWeights = new Float64Array(k);
    for (let row = 0; row < this.n; row++) clusterWeights[rowLabels[row]] += weights === null ? 1 : weights[row];
    return clusterWeights;
  }

  move(_run: Run, row: number, from: number, to: number): void {
    const weight = this.weights === null ? 1 : this.weights[row];
    for (let q = this.indptr[row]; q < this.indptr[row + 1]; q++) {
      const term = this.indices[q] * this.k;
      this.sums[term + from] -= this.values[q] * weight;
      this.sums[term + to] = this.values[q] * weight;
    }
  }

  average(run: Run, clusterWeights: Float64Array): number {
    const { k, cells, sums } = this;
    const heaviest = clusterWeights.indexOf(clusterWeights.reduce((a, b) => Math.max(a, b)));
    const factors = clusterWeights.map((weight) => (weight > 0 ? 1 / weight : 0));
    const moved = new Float64Array(k);
    for (const [begin, end] of blocks(run, this.p, shiftBlock)) {
      const part = new Float64Array(k);
      for (let term = begin; term < end; term++) {
        for (let j = 0; j < k; j++) sums[term * k + j] *= factors[j];
        for (let j = 0; j < k; j++) {
          if (!(clusterWeights[j] > 0)) sums[term * k + j] = sums[term * k + heaviest];
          const difference = sums[term * k + j] - cells[term * k + j];
          part[j] += difference * difference;
        }
      }
      for (let j = 0; j < k; j++) moved[j] += part[j];
    }
    this.cells = sums;
    this.sums = cells;
    this.computeCenterNorms(run);
    return moved.reduce((total, squared) => total + Math.sqrt(squared) * Math.sqrt(squared), 0);
  }

  sumLengths(run: Run): Float64Array {
    const { k, sums } = this;
    const squares = new Float64Array(k);
    for (const [begin, end] of blocks(run, this.p)) {
      const part = new Float64Array(k);
      for (let term = begin; term < end; term++) {
        for (let j = 0; j < k; j++) part[j] += sums[term * k + j] * sums[term * k + j];
      }
      for (let j = 0; j < k; j++) squares[j] += part[j];
    }
    return squares.map(Math.sqrt);
  }

  setUnitNorms(_run: Run): void {
    this.centerNorms.fill(1);
  }

  distances(run: Run): Float64Array {
    const { k, cells, rowLabels } = this;
    const out = new Float64Array(this.n);
    for (let row = 0; row < this.n; row++) {
      if (row % 1024 === 0) run.checkStopped();
      const label = rowLabels[row];
      let sum = 0;
      for (let q = this.indptr[row]; q < this.indptr[row + 1]; q++) {
        const cell = cells[this.indices[q] * k + label];
        const difference = this.values[q] - cell;
        sum += difference * difference - cell * cell;
      }
      out[row] = positive(sum + this.centerNorms[label]);
    }
    return out;
  }

  transform(run: Run): Float64Array {
    const { k } = this;
    const out = new Float64Array(this.n * k);
    const products = new Float64Array(k);
    for (let row = 0; row < this.n; row++) {
      if (row % 256 === 0) run.checkStopped();
      this.dots(row, products);
      for (let j = 0; j < k; j++) {
        out[row * k + j] = Math.sqrt(positive(-2 * products[j] + this.norms[row] + this.centerNorms[j]));
      }
    }
    return out;
  }

  centers(_run: Run): Float64Array {
    return transposed(this.cells, this.p, this.k);
  }

  labels(_run: Run): Int32Array {
    return this.rowLabels.slice();
  }
}

/** [0, n) in blocks of this size: [begin, end). */
function* blocks(run: Run, n: number, size = sumBlock): Generator<[number, number]> {
  for (let begin = 0; begin < n; begin += size) {
    run.checkStopped();
    yield [begin, Math.min(n, begin + size)];
  }
}
