import { failure } from '../../core/check.js';

const maxLength = 2 ** 31 - 1;

/** An Int32Array that grows. */
export class IntList {
  private array = new Int32Array(1024);
  length = 0;

  /** @param limit how many values it takes */
  constructor(private readonly limit = maxLength) {}

  push(value: number): void {
    if (this.length === this.array.length || this.length === this.limit) this.grow();
    this.array[this.length++] = value;
  }

  private grow(): void {
    if (this.length === this.limit) {
      throw failure('ERR_OUT_OF_RANGE', `The plain backend holds at most ${this.limit} entries; use the native one.`);
    }
    const grown = new Int32Array(Math.min(maxLength, this.array.length * 2));
    grown.set(this.array);
    this.array = grown;
  }

  get(i: number): number {
    return this.array[i];
  }

  set(i: number, value: number): void {
    this.array[i] = value;
  }

  get bytes(): number {
    return this.array.byteLength;
  }

  /** The values as a view, valid until the next push. */
  view(): Int32Array {
    return this.array.subarray(0, this.length);
  }

  /** A copy of exactly the values. */
  toArray(): Int32Array {
    return this.array.slice(0, this.length);
  }
}
