/** What a command gets from the process it runs in. */

import { constants } from 'node:os';
import { cannotWrite, Interruption, isReaderGone } from './errors.js';
import { Steps } from './steps.js';

export interface Session {
  /** Fires at Ctrl-C and its kind. */
  readonly signal: AbortSignal;
  readonly steps: Steps;
  /** Writes to standard output and waits until it is taken. */
  readonly print: (text: string) => Promise<void>;
}

/** After the first signal, how long a run may take to stop by itself. */
const graceMilliseconds = 800;

export function openSession(): Session {
  const steps = new Steps(process.stderr);
  process.on('exit', () => steps.clear());
  process.removeAllListeners('warning'); // Node's own, which prints the process id and a hint about flags
  process.on('warning', ({ message }) => steps.warn(message));
  process.stdout.on('error', () => {}); // print() rejects with it
  process.stderr.on('error', () => {}); // nobody is left to tell
  return { signal: signalOfInterrupts(), steps, print };
}

/** The first signal aborts; the second, or a run that does not stop, ends the process at once. */
function signalOfInterrupts(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const interruption = new Interruption(name, constants.signals[name]);
      if (controller.signal.aborted) process.exit(interruption.exitCode);
      controller.abort(interruption);
      setTimeout(() => process.exit(interruption.exitCode), graceMilliseconds).unref();
    });
  }
  return controller.signal;
}

function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (!error) resolve();
      else reject(isReaderGone(error) ? error : cannotWrite('Standard output', error));
    });
  });
}
