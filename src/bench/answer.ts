/** What a variant answers, in a form that two variants can be compared by before either is timed. */

import { createHash } from 'node:crypto';

/** Strings and whole numbers must be equal; other numbers within `tolerance`, relative. */
export type Answer = Readonly<Record<string, string | number>>;

const tolerance = 1e-9;

/** The first thing in which `other` is not what `reference` is, as words; what only one of them tells is not compared. */
export function difference(reference: Answer, other: Answer): string | undefined {
  const shared = Object.keys(reference).filter((key) => key in other);
  if (shared.length === 0) return 'nothing to compare';
  const wrong = shared.find((key) => !isSame(reference[key], other[key]));
  return wrong === undefined ? undefined : `${wrong} is ${other[wrong]}, not ${reference[wrong]}`;
}

function isSame(a: string | number, b: string | number): boolean {
  if (typeof a === 'string' || typeof b === 'string' || (Number.isInteger(a) && Number.isInteger(b))) return a === b;
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

/** SHA-256 of arrays (their bytes) and texts, one after the other. */
export function sha256(...parts: readonly (ArrayBufferView | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    if (typeof part === 'string') hash.update(part);
    else for (const piece of pieces(part)) hash.update(piece);
  }
  return hash.digest('hex');
}

/** The bytes of an array, in pieces that Node takes at once. */
function* pieces({ buffer, byteOffset, byteLength }: ArrayBufferView): Generator<Uint8Array> {
  for (let begin = 0; begin < byteLength; begin += 2 ** 30) {
    yield new Uint8Array(buffer, byteOffset + begin, Math.min(2 ** 30, byteLength - begin));
  }
}
