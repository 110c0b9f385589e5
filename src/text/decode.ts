/** Documents of bytes that are not all UTF-8, and strings of those that are. */

import { isUtf8 } from 'node:buffer';
import { failure } from '../core/check.js';
import type { TextBatch } from '../core/text-batch.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();
const replacement = '\ufffd';

/** The same documents with U+FFFD in the place of what is not UTF-8 (WHATWG's rule, as Python's), or without it. */
export function repaired(batch: TextBatch, decodeError: 'replace' | 'ignore'): TextBatch {
  const { bytes, offsets } = batch;
  if (isUtf8(bytes) && offsets.every((offset) => offset === bytes.length || (bytes[offset] & 0xc0) !== 0x80))
    return batch;
  const parts = Array.from({ length: offsets.length - 1 }, (_, i) => {
    const part = bytes.subarray(offsets[i], offsets[i + 1]);
    if (isUtf8(part)) return part;
    return encoder.encode(decodeError === 'replace' ? decoder.decode(part) : withoutInvalid(part));
  });
  const lengths = new Float64Array(offsets.length);
  parts.forEach((part, i) => {
    lengths[i + 1] = lengths[i] + part.length;
  });
  return { bytes: new Uint8Array(Buffer.concat(parts)), offsets: lengths };
}

/** What is valid of some bytes. A U+FFFD that stands there itself is no sign of an error: the text is cut at these first. */
function withoutInvalid(bytes: Uint8Array): string {
  const pieces: string[] = [];
  const genuine = Buffer.from(replacement);
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start <= all.length; ) {
    const found = all.indexOf(genuine, start);
    const end = found < 0 ? all.length : found;
    pieces.push(decoder.decode(all.subarray(start, end)).replaceAll(replacement, ''));
    start = found < 0 ? all.length + 1 : found + genuine.length;
  }
  return pieces.join(replacement);
}

/** The documents as strings; `firstNumber` is the number of the first one in messages. @throws TypeError `ERR_NOT_TEXT` */
export function decoded({ bytes, offsets }: TextBatch, firstNumber: number): string[] {
  return Array.from({ length: offsets.length - 1 }, (_, i) => {
    const part = bytes.subarray(offsets[i], offsets[i + 1]);
    if (!isUtf8(part)) throw failure('ERR_NOT_TEXT', `Document ${firstNumber + i} is not valid UTF-8.`);
    return decoder.decode(part);
  });
}
