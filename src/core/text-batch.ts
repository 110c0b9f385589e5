/** n strings as one block of UTF-8: string i is [offsets[i], offsets[i + 1]) of bytes. */
export interface TextBatch {
  readonly bytes: Uint8Array;
  /** n + 1 ascending whole numbers from 0. */
  readonly offsets: Float64Array;
}

/** A copy of its own: `Buffer.prototype.slice` is a view. */
export function copyOf<T extends Uint8Array | Int32Array | Float32Array | Float64Array>(array: T): T {
  return array instanceof Uint8Array ? (Uint8Array.prototype.slice.call(array) as T) : (array.slice() as T);
}

/** Strings as one block; a lone surrogate becomes U+FFFD. */
export function textBatch(strings: readonly string[]): TextBatch {
  const parts = strings.map((text) => Buffer.from(text));
  const offsets = new Float64Array(parts.length + 1);
  parts.forEach((part, i) => {
    offsets[i + 1] = offsets[i] + part.length;
  });
  return { bytes: new Uint8Array(Buffer.concat(parts)), offsets };
}
