import { brandOf, isBranded } from '../core/brand.js';
import { checkString } from '../core/check.js';
import type { TextBatch } from '../core/text-batch.js';
import { numberOf } from './term-statistics.js';

const brand: unique symbol = brandOf('Vocabulary') as never;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The terms of a vectorizer: term i is column i of its matrices. Learnt terms are in order of their UTF-8 bytes (which is
 * the order of their code points). A view over one block of UTF-8: no string is made before it is asked for.
 */
export class Vocabulary implements Iterable<string> {
  /** @internal */
  get [brand](): true {
    return true;
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, brand);
  }

  private order: Uint32Array | undefined; // the terms' numbers in order of their bytes

  /** @internal */
  constructor(
    /** @internal */
    readonly batch: TextBatch,
  ) {}

  /** The number of terms. */
  get size(): number {
    return this.batch.offsets.length - 1;
  }

  /** Term `i`, or undefined where there is none. */
  term(i: number): string | undefined {
    if (!Number.isInteger(i) || i < 0 || i >= this.size) return undefined;
    return decoder.decode(this.bytesOf(i));
  }

  /** The number of a term, or -1 where it is absent. @throws TypeError for what is no string */
  index(term: string): number {
    checkString(term, 'term');
    this.order ??= this.sorted();
    return numberOf(this.batch, term, this.order);
  }

  *[Symbol.iterator](): Iterator<string> {
    for (let i = 0; i < this.size; i++) yield decoder.decode(this.bytesOf(i));
  }

  /** All terms, as strings. */
  toArray(): string[] {
    return [...this];
  }

  private sorted(): Uint32Array {
    const order = Uint32Array.from({ length: this.size }, (_, i) => i);
    const compare = (a: number, b: number) => Buffer.compare(this.bytesOf(a), this.bytesOf(b));
    return order.every((i) => i === 0 || compare(i - 1, i) < 0) ? order : order.sort(compare);
  }

  private bytesOf(i: number): Uint8Array {
    return this.batch.bytes.subarray(this.batch.offsets[i], this.batch.offsets[i + 1]);
  }
}
