/** Gzip, known by its first two bytes and not by the name of the file. */

import { createGunzip } from 'node:zlib';
import { failure } from '../core/check.js';
import { afterHead, type Bytes, chunkBytes, through } from './bytes.js';

/** The bytes as they are, or unpacked (all members) where they are gzip. `name` is for messages. */
export function gunzipped(name: string, bytes: Bytes, stop: AbortController): Bytes {
  return afterHead(bytes, 2, (head, all) => (head[0] === 0x1f && head[1] === 0x8b ? unpacked(name, all, stop) : all));
}

async function* unpacked(name: string, bytes: Bytes, stop: AbortController): Bytes {
  try {
    yield* through<Buffer>(bytes, createGunzip({ chunkSize: chunkBytes }), stop);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('Z_')) throw error;
    const what = code === 'Z_BUF_ERROR' ? 'ends in the middle of its gzip data' : `is broken gzip (${message})`;
    throw failure('ERR_BAD_RECORD', `${name} ${what}.`, { cause: error });
  }
}
