/** One number for a whole result, so that two machines, or yesterday and today, can be compared by a line of text. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import load from '../backends/native/load.cjs';
import { failure, isCorpuscleError, isPlainObject, shown } from '../core/check.js';
import { littleEndian } from '../core/little-endian.js';
import { CsrMatrix, csrArrays, type ValueArray } from '../matrix/csr-matrix.js';
import { DenseMatrix } from '../matrix/dense-matrix.js';
import { Vocabulary } from './vocabulary.js';

type Part = CsrMatrix | DenseMatrix | Vocabulary | ValueArray | Uint8Array | unknown;

/**
 * SHA-256, in base 16, of named parts in order of their names: matrices, vocabularies, typed arrays, and what JSON can hold.
 *
 * What is hashed is text and bytes: the library's version and a line feed; then of each part its name, its kind, its sizes
 * as decimals, all separated by spaces, a line feed, and its bytes. A matrix's bytes are those of `indptr` as 64-bit
 * floats, `indices` and `values`, little-endian, one after the other; a vocabulary's are its terms as UTF-8, each ended by a
 * zero; a typed array's are its own; anything else is its JSON, with the keys of objects in order.
 */
export function fingerprint(parts: Readonly<Record<string, Part>>): string {
  if (!isPlainObject(parts)) {
    throw failure(
      'ERR_INVALID_ARG_TYPE',
      `The parts of a fingerprint must be a plain object, but are ${shown(parts)}.`,
    );
  }
  const hash = createHash('sha256').update(`corpuscle ${version()}\n`);
  for (const name of Object.keys(parts).sort()) {
    const { kind, sizes, bytes } = described(parts[name], name);
    hash.update(`${[name, kind, ...sizes].join(' ')}\n`);
    for (const block of bytes) hash.update(block);
  }
  return hash.digest('hex');
}

interface Described {
  readonly kind: string;
  readonly sizes: readonly number[];
  readonly bytes: Iterable<Uint8Array | string>;
}

function described(part: Part, name: string): Described {
  if (part instanceof CsrMatrix) {
    const { nRows, nColumns, indptr, indices, values } = csrArrays(part, `The part ${shown(name)}`);
    const shape = [nRows, nColumns];
    const arrays = [Float64Array.from(indptr), indices, values];
    return { kind: `CsrMatrix/${values.constructor.name}`, sizes: shape, bytes: arrays.map(littleEndian) };
  }
  if (part instanceof DenseMatrix) {
    const { shape, values } = part as DenseMatrix;
    return { kind: `DenseMatrix/${values.constructor.name}`, sizes: shape, bytes: [littleEndian(values)] };
  }
  if (part instanceof Vocabulary) {
    const vocabulary = part as Vocabulary;
    return { kind: 'Vocabulary', sizes: [vocabulary.size], bytes: ended(vocabulary) };
  }
  if (ArrayBuffer.isView(part)) {
    const array = part as ValueArray;
    return { kind: array.constructor.name, sizes: [array.length], bytes: [littleEndian(array)] };
  }
  return { kind: 'JSON', sizes: [], bytes: [jsonOf(part, name)] };
}

function* ended(vocabulary: Vocabulary): Generator<string> {
  for (const term of vocabulary) yield `${term}\0`;
}

function jsonOf(part: unknown, name: string): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(part, (_, value) => inOrder(value, name));
  } catch (error) {
    // A BigInt, an object within itself, a text too long; a `toJSON` may throw what it likes.
    if (isCorpuscleError(error) || !(error instanceof TypeError || error instanceof RangeError)) throw error;
  }
  if (json === undefined) throw notJson(name, part);
  return json;
}

function notJson(name: string, value: unknown): Error {
  const what = `The part ${shown(name)} of a fingerprint holds ${shown(value)}`;
  return failure('ERR_INVALID_ARG_TYPE', `${what}, which JSON would lose.`);
}

function inOrder(value: unknown, name: string): unknown {
  if (typeof value === 'function' || (typeof value === 'number' && !Number.isFinite(value))) throw notJson(name, value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  if (!isPlainObject(value)) throw notJson(name, value);
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

let known: string | undefined;

function version(): string {
  known ??= JSON.parse(readFileSync(join(load.packageFolder, 'package.json'), 'utf8')).version as string;
  return known;
}
