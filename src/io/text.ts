/** From bytes to text: UTF-8 and nothing else. */

import { isUtf8 } from 'node:buffer';
import { type CorpuscleError, failure } from '../core/check.js';
import { afterHead, type Bytes } from './bytes.js';

/** The bytes without the byte order mark of UTF-8; that of UTF-16 is refused. `name` is for messages. */
export function withoutMark(name: string, bytes: Bytes): Bytes {
  return afterHead(bytes, 3, (head, all) => {
    const mark = head.toString('latin1', 0, 3);
    if (/^(?:\xff\xfe|\xfe\xff)/.test(mark)) {
      throw failure('ERR_NOT_TEXT', `${name} starts with the byte order mark of UTF-16, but must be UTF-8.`);
    }
    return mark === '\xef\xbb\xbf' ? behindMark(all) : all;
  });
}

async function* behindMark(bytes: Bytes): Bytes {
  const first = await bytes.next();
  if (first.done) return;
  yield first.value.subarray(3);
  yield* bytes;
}

/** The text of `bytes` from `start` to `end`, or undefined where they are not UTF-8 or hold a NUL. */
export function decode(bytes: Buffer, start: number, end: number): string | undefined {
  const text = bytes.toString('utf8', start, end);
  if (text.includes('\0')) return undefined;
  // The decoder puts U+FFFD for what it cannot read; a text may hold one of its own.
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) return undefined;
  return text;
}

/** The refusal of bytes that `decode` did not take. `place` is the file with the line or record. */
export function notText(place: string, bytes: Buffer): CorpuscleError {
  const nul = bytes.indexOf(0);
  const what = nul >= 0 && isUtf8(bytes.subarray(0, nul)) ? 'has a NUL byte' : 'is not valid UTF-8';
  return failure('ERR_NOT_TEXT', `${place} ${what}, so it is not text.`);
}
