/** Which backends are there, which one a call takes, and why. */

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { checkChoice, checkInteger, checkNumber, failure } from '../core/check.js';
import { defaultMaxBytes } from '../core/memory.js';
import { warn } from '../core/warn.js';
import { type BackendName, backendNames, type Kernels } from './kernels.js';
import { loadAddon } from './native/addon.js';
import { NativeKernels } from './native/index.js';
import { PlainKernels } from './plain/index.js';

/** The options that every call takes to say how it computes; its result does not depend on them. */
export interface BackendOptions {
  /**
   * `'plain'`: TypeScript in a worker thread. `'native'`: C++ on one thread. `'parallel'`: C++ on `threads` threads.
   * `'auto'`: the best of these that loads.
   * @default the environment variable CORPUSCLE_BACKEND, or 'auto'
   */
  backend?: 'auto' | BackendName;
  /**
   * Threads of the parallel backend, 1 to 1024; the others use one. More than four a core (or eight) are not started.
   * @default the environment variable CORPUSCLE_THREADS, or the number of cores that this process may use
   */
  threads?: number;
  /**
   * The memory in bytes that the call may take on top of its input.
   * @default half of the free memory, with the limit of a container respected
   */
  maxBytes?: number;
}

/** The names of `BackendOptions`, for `checkOptions`. */
export const backendOptionNames = ['backend', 'threads', 'maxBytes'] as const;

/** Checks what was given, without loading anything. */
export function checkBackendOptions({ backend, threads, maxBytes }: BackendOptions): void {
  if (backend !== undefined) checkChoice(backend, 'backend', ['auto', ...backendNames]);
  if (threads !== undefined) checkInteger(threads, 'threads', 1, 1024);
  if (maxBytes !== undefined) checkNumber(maxBytes, 'maxBytes', 0, Number.MAX_VALUE);
}

/** Chooses and loads the backend of a call. */
export function openKernels(options: BackendOptions): Kernels {
  checkBackendOptions(options);
  const simd = environmentSimd();
  const backend = options.backend ?? environmentBackend() ?? 'auto';
  const threads = options.threads ?? defaultThreads();
  const maxBytes = options.maxBytes ?? defaultMaxBytes();
  switch (backend) {
    case 'plain':
      return new PlainKernels(maxBytes);
    case 'native':
      requireNative(backend);
      return new NativeKernels('native', 1, maxBytes, simd);
    case 'parallel':
      requireNative(backend);
      return new NativeKernels('parallel', threads, maxBytes, simd);
    case 'auto':
      if (nativeError() !== undefined) {
        warnOnce();
        return new PlainKernels(maxBytes);
      }
      return threads === 1
        ? new NativeKernels('native', 1, maxBytes, simd)
        : new NativeKernels('parallel', threads, maxBytes, simd);
  }
}

/** What this installation computes with. */
export interface BackendInfo {
  /** The backend that a call takes by default. */
  readonly backend: BackendName;
  /** All backends that load. */
  readonly available: readonly BackendName[];
  /** The threads that `'parallel'` takes by default. */
  readonly threads: number;
  /** Whether the addon was built with OpenMP; without it `'parallel'` runs on one thread. */
  readonly openmp: boolean;
  /** The vector instructions that the kernels take; CORPUSCLE_SIMD forces fewer. */
  readonly simd: string;
  /** The addon's file, or null. */
  readonly file: string | null;
  /** Why no better backend is taken, or null. */
  readonly reason: string | null;
}

/**
 * Says which backend a call takes by default, from which file, and why not a better one.
 * @throws TypeError, RangeError for environment variables that say nothing known; as a call would
 */
export function backendInfo(): BackendInfo {
  const threads = defaultThreads();
  const forced = environmentBackend();
  const error = nativeError();
  const asked = forced === undefined || forced === 'auto' ? undefined : forced;
  const byVariable = asked === undefined ? null : `The environment variable CORPUSCLE_BACKEND is '${asked}'.`;
  if (error !== undefined) {
    const reason = `The native addon does not load: ${error.message.split('\n')[0].replace(/\.?$/, '.')}`;
    return {
      backend: asked ?? 'plain',
      available: ['plain'],
      threads: 1,
      openmp: false,
      simd: 'none',
      file: null,
      reason,
    };
  }
  const { addon, file } = loadAddon();
  const oneThread = process.env.CORPUSCLE_THREADS ? 'CORPUSCLE_THREADS is 1.' : 'This process may use one core.';
  const reason = byVariable ?? (threads === 1 ? oneThread : null);
  const backend = asked ?? (threads === 1 ? 'native' : 'parallel');
  const { openmp, simdLevels } = addon.info();
  const simd = environmentSimd() ?? (simdLevels.at(-1) as string);
  return { backend, available: backendNames, threads, openmp, simd, file, reason };
}

function nativeError(): Error | undefined {
  try {
    loadAddon();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

const simdNames = ['baseline', 'avx2', 'avx512'] as const;

/** The forced level; one that the processor lacks is not another in silence. */
function environmentSimd(): string | undefined {
  const level = process.env.CORPUSCLE_SIMD;
  if (level === undefined || level === '') return undefined;
  checkChoice(level, 'The environment variable CORPUSCLE_SIMD', simdNames);
  if (nativeError() === undefined) {
    const { simdLevels } = loadAddon().addon.info();
    if (!simdLevels.includes(level)) {
      const has = simdLevels.join(', ');
      throw failure('ERR_BACKEND_UNAVAILABLE', `CORPUSCLE_SIMD is ${level}, but this processor has ${has} only.`);
    }
  }
  return level;
}

function requireNative(backend: BackendName): void {
  const error = nativeError();
  if (error === undefined) return;
  const why = error.message.split('\n')[0];
  const remedy = "`npm run build:native` in a clone builds the addon; backend 'auto' or 'plain' works without it";
  throw failure('ERR_BACKEND_UNAVAILABLE', `The ${backend} backend cannot be loaded (${why}); ${remedy}.`, {
    cause: error,
  });
}

let warned = false;

function warnOnce(): void {
  if (warned) return;
  warned = true;
  const advice =
    'The plain backend is used; it gives the same results more slowly. `npm run build:native` builds the addon in a clone.';
  warn('CORPUSCLE_NATIVE_UNAVAILABLE', `${backendInfo().reason} ${advice}`);
}

function environmentBackend(): BackendOptions['backend'] | undefined {
  const value = process.env.CORPUSCLE_BACKEND;
  if (value === undefined || value === '') return undefined;
  checkChoice(value, 'The environment variable CORPUSCLE_BACKEND', ['auto', ...backendNames]);
  return value;
}

function defaultThreads(): number {
  const value = process.env.CORPUSCLE_THREADS;
  if (value === undefined || value === '') return Math.max(1, Math.min(availableParallelism(), cgroupCores()));
  const threads = Number(value);
  checkInteger(threads, 'The environment variable CORPUSCLE_THREADS', 1, 1024);
  return threads;
}

/** The cores that a container's quota allows (Linux, cgroup 2); older Nodes do not count it in. */
function cgroupCores(): number {
  try {
    const [quota, period] = readFileSync('/sys/fs/cgroup/cpu.max', 'utf8').trim().split(' ').map(Number);
    return quota > 0 && period > 0 ? Math.ceil(quota / period) : Number.POSITIVE_INFINITY; // 'max' is NaN: no quota
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
