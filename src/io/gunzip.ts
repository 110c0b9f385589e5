/** Gzip, known by its first two bytes and not by the name of the file. */

import { createGunzip } from 'node:zlib';
import { failure } from '../core/check.js';
import { afterHead, type Bytes, chunkBytes, through } from './bytes.js';

/** How much may come out of gzip. */
export interface UnpackLimits {
  readonly maxUnpackRatio: number;
  readonly maxUnpackedBytes: number;
}

/** What may come out whatever went in: short texts may repeat themselves. */
const harmlessBytes = 2 ** 26;

/** The bytes as they are, or unpacked (all members) where they are gzip. `name` is for messages. */
export function gunzipped(name: string, bytes: Bytes, limits: UnpackLimits, stop: AbortController): Bytes {
  return afterHead(bytes, 2, (head, all) => {
    return head[0] === 0x1f && head[1] === 0x8b ? unpacked(name, all, limits, stop) : all;
  });
}

async function* unpacked(name: string, bytes: Bytes, limits: UnpackLimits, stop: AbortController): Bytes {
  const { maxUnpackRatio, maxUnpackedBytes } = limits;
  let packed = 0;
  let size = 0;
  const watched = counted(bytes, (length) => {
    packed += length;
  });
  try {
    for await (const chunk of through<Buffer>(watched, createGunzip({ chunkSize: chunkBytes }), stop)) {
      size += chunk.length;
      if (size > maxUnpackedBytes) {
        throw failure('ERR_BAD_RECORD', `${name} unpacks to more than maxUnpackedBytes, which is ${maxUnpackedBytes}.`);
      }
      if (size > harmlessBytes && size > maxUnpackRatio * packed) {
        const limit = `maxUnpackRatio, which is ${maxUnpackRatio}`;
        throw failure('ERR_BAD_RECORD', `${name} unpacks to more bytes a byte than ${limit}.`);
      }
      yield chunk;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('Z_')) throw error;
    const what = code === 'Z_BUF_ERROR' ? 'ends in the middle of its gzip data' : `is broken gzip (${message})`;
    throw failure('ERR_BAD_RECORD', `${name} ${what}.`, { cause: error });
  }
}

async function* counted(bytes: Bytes, onBytes: (length: number) => void): Bytes {
  for await (const chunk of bytes) {
    onBytes(chunk.length);
    yield chunk;
  }
}
