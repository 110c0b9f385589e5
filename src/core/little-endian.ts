/** Typed arrays as bytes that are the same on every machine. */

import { endianness } from 'node:os';

export type ByteSource = Int32Array | Float32Array | Float64Array | Uint8Array;

/** The bytes of an array, little-endian: a view where the machine has them so, else a copy. */
export function littleEndian(array: ByteSource): Uint8Array {
  if (array.byteLength === 0) return new Uint8Array(0); // also of an array that was transferred
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return inOrder(bytes, array.BYTES_PER_ELEMENT);
}

export function toBase64(array: ByteSource): string {
  const bytes = littleEndian(array);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** What `toBase64` was given, or undefined where the text is not that of so many numbers. */
export function float64FromBase64(text: unknown, length: number): Float64Array | undefined {
  const bytes = bytesFromBase64(text, length, 8);
  return bytes && new Float64Array(bytes.buffer, 0, length);
}

export function int32FromBase64(text: unknown, length: number): Int32Array | undefined {
  const bytes = bytesFromBase64(text, length, 4);
  return bytes && new Int32Array(bytes.buffer, 0, length);
}

function bytesFromBase64(text: unknown, length: number, width: number): Uint8Array<ArrayBuffer> | undefined {
  if (typeof text !== 'string' || text.length !== 4 * Math.ceil((length * width) / 3)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === length * width ? new Uint8Array(inOrder(bytes, width)) : undefined; // a copy, so that it is aligned
}

function inOrder(bytes: Uint8Array, width: number): Uint8Array {
  if (endianness() === 'LE' || width === 1) return bytes;
  const copy = Buffer.from(bytes);
  return width === 8 ? copy.swap64() : copy.swap32();
}
