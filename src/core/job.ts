/** One public call under way: its abort signal, its progress, and the two integers that it shares with the kernels. */

import { checkOptions, failure, shown } from './check.js';

/** How far a call has come; `phase` names the step, `done` and `total` count its units. */
export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}

/** The options that every call takes to be watched and stopped. */
export interface JobOptions {
  /** Ends the call: it rejects with an `AbortError` within 100 ms. */
  signal?: AbortSignal;
  /** Is told now and then how far the call has come. If it throws, the call ends with that error. */
  onProgress?: (progress: Progress) => void;
}

/** What an aborted call rejects with; `cause` is the signal's reason. */
export class AbortError extends Error {
  override readonly name = 'AbortError';
  readonly code = 'ABORT_ERR';

  constructor(reason?: unknown) {
    super('The operation was aborted.', { cause: reason });
  }
}

const pollMilliseconds = 50;

export class Job {
  /** Shared with the kernels: [0] is set to stop them, [1] receives how much is done, in parts of ten thousand. */
  readonly control = new Int32Array(new SharedArrayBuffer(8));
  private failure: { readonly error: unknown } | undefined;
  /** Ends the waits under way. Not one promise for all: it would keep something of each wait until the job ends. */
  private readonly waits = new Set<(error: unknown) => void>();

  private constructor(private readonly options: JobOptions) {
    checkJobOptions(options);
  }

  /**
   * Runs a call: what it does before its first `await` is done before this returns. Once stopped, it rejects at once; its
   * kernels end, and clean up behind them, as soon as they see the flag.
   */
  static async run<T>(options: JobOptions, work: (job: Job) => Promise<T>): Promise<T> {
    const job = new Job(options);
    const { signal } = options;
    const onAbort = () => job.stop(new AbortError(signal?.reason));
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await job.race(() => work(job));
    } catch (error) {
      job.throwIfStopped(); // a kernel that was stopped says so in its own words
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  throwIfStopped(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }

  /** Tells the caller how far the job has come. */
  report(phase: string, done: number, total: number): void {
    this.throwIfStopped();
    if (this.options.onProgress === undefined) return;
    try {
      this.options.onProgress({ phase, done, total });
    } catch (error) {
      this.stop(error);
    }
    this.throwIfStopped();
  }

  /** Waits for one kernel and reports what it notes in `control` meanwhile. */
  async watch<T>(phase: string, total: number, kernel: Promise<T>): Promise<T> {
    if (this.options.onProgress === undefined) return kernel;
    Atomics.store(this.control, 1, 0);
    let last = 0; // threads may note their progress out of order
    const poll = () => {
      try {
        last = Math.max(last, Math.floor((total * Atomics.load(this.control, 1)) / 10_000));
        this.report(phase, last, total);
      } catch {
        // noted by stop(): the kernel ends, and the call rejects with it
      }
    };
    const timer = setInterval(poll, pollMilliseconds);
    try {
      const result = await kernel;
      this.report(phase, total, total);
      return result;
    } finally {
      clearInterval(timer);
    }
  }

  /** Starts something that knows nothing of this job and waits for it, or until the job is stopped. */
  race<T>(start: () => Promise<T>): Promise<T> {
    this.throwIfStopped();
    return new Promise<T>((resolve, reject) => {
      this.waits.add(reject);
      start()
        .then(resolve, reject)
        .finally(() => this.waits.delete(reject));
    });
  }

  private stop(error: unknown): void {
    this.failure ??= { error };
    Atomics.store(this.control, 0, 1);
    for (const reject of this.waits) reject(this.failure.error);
  }
}

/** The names of `JobOptions`, for `checkOptions`. */
export const jobOptionNames = ['signal', 'onProgress'] as const;

/** What one call was given on top of what its estimator was made with. */
export function mergedJobOptions(own: JobOptions, call: JobOptions, name: string): JobOptions {
  checkOptions(call, name, jobOptionNames);
  const { signal = own.signal, onProgress = own.onProgress } = call;
  return { ...(signal !== undefined && { signal }), ...(onProgress !== undefined && { onProgress }) };
}

export function checkJobOptions({ signal, onProgress }: JobOptions): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw failure('ERR_INVALID_ARG_TYPE', `signal must be an AbortSignal, but is ${shown(signal)}.`);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw failure('ERR_INVALID_ARG_TYPE', `onProgress must be a function, but is ${shown(onProgress)}.`);
  }
}
