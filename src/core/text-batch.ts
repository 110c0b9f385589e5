/** n strings as one block of UTF-8: string i is [offsets[i], offsets[i + 1]) of bytes. */
export interface TextBatch {
  readonly bytes: Uint8Array;
  /** n + 1 ascending whole numbers from 0. */
  readonly offsets: Float64Array;
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
