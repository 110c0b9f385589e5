/** A document a file. */

import { failure } from '../core/check.js';
import type { Batch, Batches } from './batch.js';
import type { Bytes } from './bytes.js';
import { decode, notText } from './text.js';

export async function* readWholeFile(bytes: Bytes, batch: Batch, maxLineBytes: number): Batches {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    pieces.push(chunk);
    size += chunk.length;
    if (size > maxLineBytes) {
      const limit = `maxLineBytes, which is ${maxLineBytes}`;
      batch.refuse(failure('ERR_BAD_RECORD', `${batch.source} as one document is longer than ${limit}.`));
      return yield* batch.flush();
    }
  }
  const whole = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  const text = decode(whole, 0, whole.length);
  if (text === undefined) batch.refuse(notText(batch.source, whole));
  else batch.add(text, 1);
  yield* batch.flush();
}
