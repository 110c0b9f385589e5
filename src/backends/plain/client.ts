/** The way to the worker thread and back: one worker a process, started by the first call, which never holds up an exit. */

import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { failure, isErrorCode } from '../../core/check.js';
import type { Job } from '../../core/job.js';
import { overBudget } from '../../core/memory.js';
import { copyOf } from '../../core/text-batch.js';
import load from '../native/load.cjs';
import type { ClassName, Request, Response } from './worker.js';

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

let worker: Worker | undefined;
let lastId = 0;
const pending = new Map<number, Pending>();

function start(): Worker {
  const file = join(load.packageFolder, 'dist', 'esm', 'backends', 'plain', 'worker.js');
  const maxOldGenerationSizeMb = Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20);
  // Not the caller's flags, which may forbid to run a file; with a limit, short memory ends the worker, not the process.
  const started = new Worker(file, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb } });
  started.unref();
  started.on('message', settle);
  started.on('error', (error) => fail(started, `The worker of the plain backend failed: ${error.message}`));
  started.on('exit', (code) => fail(started, `The worker of the plain backend ended with code ${code}.`));
  return started;
}

function settle({ id, result, error }: Response): void {
  const call = pending.get(id);
  pending.delete(id);
  if (pending.size === 0) worker?.unref();
  if (error === undefined) call?.resolve(result);
  else call?.reject(errorOf(error));
}

function errorOf({ code = 'ERR_BACKEND_FAILED', message, needed, allowed = 0 }: NonNullable<Response['error']>): Error {
  if (needed !== undefined) return overBudget(needed, allowed);
  return isErrorCode(code) ? failure(code, message) : new Error(message); // a stopped job: its call knows why
}

/** The worker is gone, and with it what it held: all calls under way fail, the next one starts another. */
function fail(ended: Worker, message: string): void {
  if (worker !== ended) return;
  worker = undefined;
  for (const { reject } of pending.values()) reject(failure('ERR_BACKEND_FAILED', message));
  pending.clear();
}

function post(request: Request): void {
  worker ??= start();
  const transfer: ArrayBuffer[] = [];
  const args = 'args' in request ? request.args.map((arg) => copied(arg, transfer)) : [];
  worker.postMessage({ ...request, args }, transfer);
}

/** An argument with its own copies of all arrays in it, which can be transferred. */
function copied(arg: unknown, transfer: ArrayBuffer[]): unknown {
  if (ArrayBuffer.isView(arg)) {
    const own = copyOf(arg as Float64Array);
    transfer.push(own.buffer as ArrayBuffer);
    return own;
  }
  if (arg === null || typeof arg !== 'object' || Array.isArray(arg)) return arg;
  return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, copied(value, transfer)]));
}

/** Calls a function of the worker, or a method of one of its objects. */
export function call<T>(target: number | null, name: string, args: unknown[], job: Job, maxBytes: number): Promise<T> {
  const id = ++lastId;
  post({ kind: 'call', id, target, name, args, control: job.control, maxBytes });
  worker?.ref();
  return new Promise<T>((resolve, reject) => {
    pending.set(id, { resolve: resolve as (result: unknown) => void, reject });
  });
}

/** Makes an object in the worker and returns its number. */
export function create(name: ClassName, args: unknown[]): number {
  const target = ++lastId;
  post({ kind: 'create', target, name, args });
  return target;
}

export function dispose(target: number): void {
  if (worker !== undefined) post({ kind: 'dispose', target });
}
