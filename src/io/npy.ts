/** Arrays in NumPy's format (.npy, version 1.0): a header of text, then the items as they lie in memory. */

import type { FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';

const kinds = { Int32Array: 'i4', Float64Array: 'f8' } as const;
type NpyArray = Int32Array | Float64Array;

/** The length of the headers made here: the items behind it are aligned, and it can be written when their number is known. */
export const npyHeaderBytes = 128;

/** The header of a one-dimensional array. */
export function npyHeader(kind: keyof typeof kinds, length: number): Uint8Array {
  const order = endianness() === 'LE' ? '<' : '>';
  const description = `{'descr': '${order}${kinds[kind]}', 'fortran_order': False, 'shape': (${length},), }`;
  const header = Buffer.alloc(npyHeaderBytes, ' ');
  header.set([0x93, ...Buffer.from('NUMPY'), 1, 0]);
  header.writeUInt16LE(npyHeaderBytes - 10, 8);
  header.write(description, 10, 'latin1');
  header.write('\n', npyHeaderBytes - 1, 'latin1');
  return header;
}

/** The bytes of an array, without copying it. */
export function bytesOf(array: NpyArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Writes all of some bytes, from a place on. */
export async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, Math.min(bytes.length - at, 2 ** 30), position + at)).bytesWritten;
  }
}

/** Reads as many bytes as `bytes` holds, from a place on; returns whether there were so many. */
export async function readFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<boolean> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, Math.min(bytes.length - at, 2 ** 30), position + at);
    if (bytesRead === 0) return false;
    at += bytesRead;
  }
  return true;
}
