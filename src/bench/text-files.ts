/** Documents on disk, for processes that all read the same: text.u8 and offsets.f64 in a folder. */

import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type TextBatch, textBatch } from '../core/text-batch.js';
import { readArray, writeArray } from './raw-arrays.js';

const batchLength = 1 << 20; // characters written at once, about

/** Writes documents as they come; returns how many they were. */
export async function writeText(
  folder: string,
  documents: Iterable<string> | AsyncIterable<string>,
  signal?: AbortSignal,
): Promise<number> {
  const offsets = [0];
  async function* blocks() {
    let waiting: string[] = [];
    let length = 0;
    const take = () => {
      const batch = textBatch(waiting);
      const start = offsets[offsets.length - 1];
      for (let i = 1; i < batch.offsets.length; i++) offsets.push(start + batch.offsets[i]);
      waiting = [];
      length = 0;
      return batch.bytes;
    };
    for await (const document of documents) {
      waiting.push(document);
      length += document.length;
      if (length >= batchLength) yield take();
    }
    yield take();
  }
  const options = signal === undefined ? {} : { signal };
  await pipeline(Readable.from(blocks()), createWriteStream(join(folder, 'text.u8')), options);
  await writeArray(join(folder, 'offsets.f64'), Float64Array.from(offsets));
  return offsets.length - 1;
}

/** All documents of a folder, or the first `limit` of them. */
export async function readText(folder: string, limit = Number.POSITIVE_INFINITY): Promise<TextBatch> {
  const offsets = (await readArray(join(folder, 'offsets.f64'), Float64Array)).subarray(0, limit + 1);
  const bytes = await readArray(join(folder, 'text.u8'), Uint8Array);
  return { bytes: bytes.subarray(0, offsets[offsets.length - 1]), offsets };
}

/** The documents as strings. */
export function stringsOf({ bytes, offsets }: TextBatch): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: offsets.length - 1 }, (_, i) => text.toString('utf8', offsets[i], offsets[i + 1]));
}
