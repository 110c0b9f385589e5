/** Starts variants, each in a fresh process, and hears what they tell. */

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LimitOptions } from '../backends/limits.js';
import { failure } from '../core/check.js';
import type { Answer } from './answer.js';
import type { Order, Repetition, Report, Times } from './child.js';
import { keptMemory, nodeOnOneCore } from './quiet.js';
import type { VariantStart } from './variant.js';

export type { Repetition, Times } from './child.js';

/** How long a process may take, and what ends it before. */
export interface Limits {
  readonly limitSeconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What is measured of a process. */
export interface Measuring {
  readonly repetition: Repetition;
  /** The rates of the machine to measure after the runs. */
  readonly probes?: LimitOptions;
}

/** Runs a variant once, untimed. */
export async function answerOf(start: VariantStart, limits: Limits = {}): Promise<Answer> {
  const report = await carriedOut(start, limits);
  if ('answer' in report) return report.answer;
  throw new Error('The process of a variant answered what was not asked.');
}

/** Runs a variant once cold and then warm, timed; then measures what `probes` ask for. */
export async function timesOf(start: VariantStart, measuring: Measuring, limits: Limits = {}): Promise<Times> {
  const report = await carriedOut({ ...start, ...measuring }, limits);
  if ('times' in report) return report.times;
  throw new Error('The process of a variant answered what was not asked.');
}

function carriedOut(order: Order, { limitSeconds, signal }: Limits): Promise<Exclude<Report, { error: string }>> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const { nodeFlags = [], quiet } = order;
    const [program, ...args] = quiet?.threads === 1 ? nodeOnOneCore() : [process.execPath];
    const child = fork(fileURLToPath(new URL('./child.js', import.meta.url)), {
      execPath: program,
      execArgv: [...args, '--expose-gc', ...nodeFlags],
      env: { ...process.env, ...(quiet && keptMemory) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaint = '';
    child.stderr?.on('data', (text) => {
      complaint = `${complaint}${text}`.slice(-2000);
    });
    const stop = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', stop, { once: true });
    let late = false;
    const timer =
      limitSeconds !== undefined &&
      setTimeout(() => {
        late = true;
        stop();
      }, limitSeconds * 1000);
    let report: Report | undefined;
    child.on('message', (message: Report) => {
      report = message;
    });
    child.on('error', reject);
    child.on('exit', (code, killer) => {
      clearTimeout(timer || undefined);
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) reject(signal.reason);
      else if (late) reject(failure('ERR_BACKEND_FAILED', `It did not end within ${limitSeconds} s.`));
      else if (report === undefined) reject(failure('ERR_BACKEND_FAILED', lastWords(complaint, killer ?? code)));
      else if ('error' in report) reject(failure('ERR_BACKEND_FAILED', report.error));
      else resolve(report);
    });
    child.send(order);
  });
}

/** Why a process ended without a report: what it wrote last that says so. */
function lastWords(complaint: string, end: string | number | null): string {
  if (/heap out of memory|Allocation failed/.test(complaint)) return 'It ran out of memory.';
  const line = complaint.split('\n').findLast((text) => /\S/.test(text) && !/^\s+at |^Node\.js/.test(text));
  return `Its process ended (${end})${line === undefined ? '.' : `: ${line.trim()}`}`;
}
