/** A peer in a process of its own (peer.py), asked and answered in lines of JSON, one at a time. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Answer } from '#src/bench/answer.js';
import { onOneCore } from '#src/bench/quiet.js';
import { python, sources } from './places.js';

export const peers = ['scikit-learn', 'scikit-learn-intelex', 'SciPy', 'Numba', 'GraphBLAS', 'wc'] as const;
export type Peer = (typeof peers)[number];

export type PeerRequest =
  | { readonly do: 'info' }
  | { readonly do: 'prepare' | 'run'; readonly task: string; readonly folder: string };

/** Versions, counts of threads, `tasks`, and `pools`: the thread pools of the libraries as threadpoolctl finds them. */
export type PeerInfo = { readonly tasks: readonly string[] } & Readonly<Record<string, unknown>>;

export interface PeerRun {
  readonly seconds: number;
  /** Resident bytes at the highest, beyond those before; null where the system does not tell. */
  readonly peakBytes: number | null;
  readonly answer: Answer;
}

/** What each request is answered with, where the peer can do it. */
interface Replies {
  readonly info: PeerInfo;
  readonly prepare: object;
  readonly run: PeerRun;
}

/** Why a peer does not do a task here: not installed, or not its business. */
export interface MissingPeer {
  readonly missing: string;
}

type Reply = object | MissingPeer | { readonly error: string };

interface Waiting {
  readonly resolve: (reply: object) => void;
  readonly reject: (error: Error) => void;
}

export class PeerProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private waiting: Waiting | undefined;
  private complaint = '';
  private end: string | undefined;

  /** Starts it with so many threads for each library that it uses. */
  constructor(
    readonly peer: Peer,
    readonly threads: number,
  ) {
    if (!existsSync(python)) {
      throw new Error('There are no peers yet; `npm run bench:peers -- --setup` installs them.');
    }
    const [program, ...args] = threads === 1 ? onOneCore(python) : [python];
    const command = [...args, join(sources, 'peer.py'), peer, String(threads)];
    this.child = spawn(program, command, { stdio: 'pipe', detached: true }); // the terminal's Ctrl-C is not for it
    this.child.stderr.on('data', (text) => {
      this.complaint = `${this.complaint}${text}`.slice(-2000);
    });
    this.child.stdin.on('error', () => {}); // a process that is gone is told of by 'close'
    this.child.on('error', (error) => this.over(error.message));
    this.child.on('close', (code, signal) => this.over(`Its process ended (${signal ?? code})${this.lastLine()}`));
    createInterface({ input: this.child.stdout }).on('line', (line) => this.receive(JSON.parse(line)));
  }

  /** Rejects where the peer fails, dies, or has not answered within so many seconds; it is then ended. */
  ask<R extends PeerRequest>(request: R, timeoutSeconds = 600): Promise<Replies[R['do']] | MissingPeer> {
    return new Promise((resolve, reject) => {
      if (this.end !== undefined) return reject(this.failure(this.end));
      if (this.waiting !== undefined) return reject(this.failure('It has not answered the request before.'));
      const timer = setTimeout(() => {
        this.over(`It did not answer within ${timeoutSeconds} s.`);
        this.child.kill('SIGKILL');
      }, timeoutSeconds * 1000);
      const settled = <T>(settle: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(timer);
          settle(value);
        };
      };
      this.waiting = { resolve: settled(resolve as (reply: object) => void), reject: settled(reject) };
      this.child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Ends the process. */
  close(): void {
    this.end ??= 'It was closed.';
    this.child.stdin.end();
  }

  private receive(reply: Reply): void {
    const { waiting } = this;
    this.waiting = undefined;
    if ('error' in reply) waiting?.reject(this.failure(reply.error));
    else waiting?.resolve(reply);
  }

  private over(reason: string): void {
    this.end ??= reason;
    this.waiting?.reject(this.failure(reason));
    this.waiting = undefined;
  }

  private lastLine(): string {
    const line = this.complaint.trim().split('\n').at(-1);
    return line ? `: ${line}` : '.';
  }

  private failure(reason: string): Error {
    return new Error(`${this.peer}: ${reason}`);
  }
}
