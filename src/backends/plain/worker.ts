/** The worker thread of the plain backend: takes calls one after the other, computes, and transfers the results back. */

import { parentPort } from 'node:worker_threads';
import { failure } from '../../core/check.js';
import { type CsrArrays, csrDefect } from '../../matrix/csr-matrix.js';
import { streamsDefect, type TokenArrays } from '../../matrix/token-streams.js';
import * as cooccurrences from './cooccurrence.js';
import { Counts } from './counts.js';
import * as dispersions from './dispersion.js';
import { KMeans } from './kmeans.js';
import { MiniBatch } from './mini-batch.js';
import { Pairs } from './pairs.js';
import { Run, Stopped } from './run.js';
import * as silhouettes from './silhouette.js';
import { TermCounter } from './term-counter.js';
import * as windows from './window-cooccurrence.js';

/** What the worker can be asked for; `Kernels` in ../kernels.ts says what each does. */
const functions = { ...cooccurrences, ...windows, ...silhouettes, ...dispersions };
const classes = { TermCounter, Counts, Pairs, KMeans, MiniBatch };

/** @internal What lives there between calls. */
export type ClassName = keyof typeof classes;

/** @internal A call: of a function, or of a method of the object that `create` made under the number `target`. */
export type Request =
  | { readonly kind: 'create'; readonly target: number; readonly name: string; readonly args: unknown[] }
  | { readonly kind: 'dispose'; readonly target: number }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly target: number | null;
      readonly name: string;
      readonly args: unknown[];
      readonly control: Int32Array;
      readonly maxBytes: number;
    };

/** @internal The answer to a call. */
export interface Response {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: {
    readonly code?: string;
    readonly message: string;
    readonly needed?: number;
    readonly allowed?: number;
  };
}

const objects = new Map<number, unknown>();

function answer(request: Request & { kind: 'call' }): unknown {
  const { target, name, args, control, maxBytes } = request;
  const run = new Run(control, maxBytes);
  run.checkStopped();
  const owner = (target === null ? functions : objects.get(target)) as Record<string, unknown>;
  if (owner instanceof Error) throw owner;
  if (target === null) requireValid(args[0] as CsrArrays | TokenArrays);
  return (owner[name] as (...all: unknown[]) => unknown).call(owner, run, ...args);
}

function requireValid(input: CsrArrays | TokenArrays): void {
  if ('ids' in input) requireStreams(input);
  else requireMatrix(input);
}

function requireStreams(streams: TokenArrays): void {
  const defect = streamsDefect(streams);
  if (defect !== undefined) throw failure('ERR_INVALID_ARG_VALUE', defect);
}

/** Arrays may have been changed since their matrix was checked, and a wrong index must not become a wrong answer. */
function requireMatrix(matrix: CsrArrays): void {
  if (matrix.indices.length >= 2 ** 31) {
    throw failure(
      'ERR_OUT_OF_RANGE',
      'The plain backend takes matrices of fewer than 2^31 entries; use the native one.',
    );
  }
  const defect = csrDefect(matrix);
  if (defect !== undefined) throw failure('ERR_INVALID_ARG_VALUE', defect);
}

function create({ target, name, args }: Request & { kind: 'create' }): void {
  try {
    if (name !== 'TermCounter') requireMatrix(args[0] as CsrArrays);
    objects.set(target, new (classes[name as keyof typeof classes] as new (...all: unknown[]) => unknown)(...args));
  } catch (error) {
    objects.set(target, error); // thrown by the first call
  }
}

/** The buffers of the arrays in a result, which go back without being copied. */
function buffersOf(result: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(result)) return [result.buffer as ArrayBuffer];
  if (result === null || typeof result !== 'object') return [];
  return Object.values(result).flatMap(buffersOf);
}

function describe(error: unknown): NonNullable<Response['error']> {
  if (error instanceof Stopped) return { code: 'ABORTED', message: 'The job was stopped.' };
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, needed, allowed } = error as Error & { code?: string; needed?: number; allowed?: number };
  if (error instanceof RangeError && code === undefined) {
    return { code: 'ERR_OUT_OF_MEMORY', message: `The system has no more memory for this job (${error.message}).` };
  }
  return { message: error.message, ...(code && { code }), ...(needed && { needed, allowed: allowed ?? 0 }) };
}

parentPort?.on('message', (request: Request) => {
  if (request.kind === 'create') return create(request);
  if (request.kind === 'dispose') return void objects.delete(request.target);
  try {
    const result = answer(request);
    parentPort?.postMessage({ id: request.id, result } satisfies Response, buffersOf(result));
  } catch (error) {
    parentPort?.postMessage({ id: request.id, error: describe(error) } satisfies Response);
  }
});
