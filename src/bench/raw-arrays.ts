/** Typed arrays as files of nothing but their numbers, in the machine's order of bytes, as NumPy's `fromfile` reads. */

import { open, writeFile } from 'node:fs/promises';

type RawArray = Uint8Array | Int32Array | Float32Array | Float64Array | BigInt64Array;

export async function writeArray(path: string, array: RawArray): Promise<void> {
  await writeFile(path, new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

/** Reads straight into the array: a corpus is not held twice. */
export async function readArray<A extends RawArray>(path: string, Type: new (buffer: ArrayBuffer) => A): Promise<A> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array((await file.stat()).size);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, at);
      if (bytesRead === 0) throw new Error(`${path} became shorter while it was read.`);
      at += bytesRead;
    }
    return new Type(bytes.buffer);
  } finally {
    await file.close();
  }
}
