/** A variant in a fresh process of its own, which lives until it is closed. */

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LimitOptions, MachineLimits } from '../backends/limits.js';
import { failure } from '../core/check.js';
import type { FirstRun, Reply, Requests, Slot, SlotRequest } from './child.js';
import { keptMemory, onOneCore, quietCollector } from './quiet.js';
import type { VariantStart } from './variant.js';

/** How long a process may take for one thing it is asked, and what ends it before. */
export interface Limits {
  readonly limitSeconds?: number;
  readonly signal?: AbortSignal | undefined;
}

export class VariantProcess {
  /** Rejects where it does not get ready. */
  readonly ready: Promise<unknown>;
  private readonly child: ChildProcess;
  private complaint = '';
  private end: Error | undefined;
  private settle: ((outcome: Reply | Error) => void) | undefined;
  private readonly stop = () => this.over(this.limits.signal?.reason);

  /** Starts it; it gets ready while its parent goes on. */
  constructor(
    start: VariantStart,
    private readonly limits: Limits = {},
  ) {
    limits.signal?.throwIfAborted();
    const { nodeFlags = [], quiet } = start;
    const [program, ...args] = quiet?.threads === 1 ? onOneCore(process.execPath) : [process.execPath];
    this.child = fork(fileURLToPath(new URL('./child.js', import.meta.url)), {
      execPath: program,
      execArgv: [...args, '--expose-gc', ...(quiet ? [quietCollector] : []), ...nodeFlags],
      env: { ...process.env, ...(quiet && keptMemory) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.on('data', (text) => {
      this.complaint = `${this.complaint}${text}`.slice(-2000);
    });
    this.child.on('message', (reply: Reply) => this.settle?.(reply));
    this.child.on('error', (error) => this.over(error));
    this.child.on('close', (code, killer) => this.over(failed(lastWords(this.complaint, killer ?? code))));
    limits.signal?.addEventListener('abort', this.stop, { once: true });
    this.ready = this.ask('start', start);
    this.ready.catch(() => {}); // what is asked next rejects with it
  }

  /** Runs once: the cold run, where it is the first thing asked. */
  async first(): Promise<FirstRun> {
    await this.ready;
    return this.ask('first', null);
  }

  /** Runs at least once and for so many seconds. */
  async slot(request: SlotRequest): Promise<Slot> {
    await this.ready;
    return this.ask('slot', request);
  }

  /** The machine's own rates now, where the addon is there to measure them. */
  async machineLimits(options: LimitOptions): Promise<MachineLimits | null> {
    await this.ready;
    return this.ask('limits', options);
  }

  /** Ends the process. */
  close(): void {
    this.over(failed('It was closed.'));
  }

  private ask<Name extends keyof Requests>(ask: Name, of: Requests[Name]['of']): Promise<Requests[Name]['reply']> {
    return new Promise((resolve, reject) => {
      if (this.end !== undefined) return reject(this.end);
      const { limitSeconds } = this.limits;
      const late = () => this.over(failed(`It did not end within ${limitSeconds} s.`));
      const timer = limitSeconds === undefined ? undefined : setTimeout(late, limitSeconds * 1000);
      this.settle = (outcome) => {
        this.settle = undefined;
        clearTimeout(timer);
        if (outcome instanceof Error) reject(outcome);
        else if ('error' in outcome) reject(failed(outcome.error));
        else resolve(outcome.reply as Requests[Name]['reply']);
      };
      this.child.send({ ask, of });
    });
  }

  private over(why: Error): void {
    if (this.end !== undefined) return;
    this.end = why;
    this.limits.signal?.removeEventListener('abort', this.stop);
    this.child.kill('SIGKILL');
    this.settle?.(why);
  }
}

const failed = (why: string) => failure('ERR_BACKEND_FAILED', why);

/** Why a process ended without a reply: what it wrote last that says so. */
function lastWords(complaint: string, end: string | number | null): string {
  if (/heap out of memory|Allocation failed/.test(complaint)) return 'It ran out of memory.';
  const line = complaint.split('\n').findLast((text) => /\S/.test(text) && !/^\s+at |^Node\.js/.test(text));
  return `Its process ended (${end})${line === undefined ? '.' : `: ${line.trim()}`}`;
}
