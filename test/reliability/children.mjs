/** Runs a child that tells on standard output, a line of JSON each, what it begins and what came of it, and outlives its crashes. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Runs `file` with the number of the first item to do; after a crash or a silence of `patience` milliseconds, again with the
 * number `step` behind the one that was begun last. Calls `onEnd(message)` for each item that ended, `onCrash(message, how)` else.
 * @returns what the child said at its end
 */
export async function throughCrashes(file, { env, args = [], patience = 60_000, step = 1, onEnd, onCrash }) {
  for (let first = 0; ; ) {
    const child = spawn(process.execPath, [file, String(first), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      told = (told + text).slice(-2000);
    });
    let begun;
    let last;
    let timer;
    const arm = () => {
      clearTimeout(timer);
      timer = setTimeout(() => child.kill('SIGKILL'), patience);
    };
    arm();
    const closed = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
    for await (const line of createInterface({ input: child.stdout })) {
      arm();
      const message = JSON.parse(line);
      if (message.begins !== undefined) begun = message;
      else if (message.all !== undefined) last = message;
      else onEnd(message);
    }
    const how = await closed;
    clearTimeout(timer);
    if (last !== undefined) return last;
    if (begun === undefined) throw new Error(`${file} does not start: ${told}`);
    onCrash(
      begun,
      how === 'SIGKILL'
        ? `hung, or was killed (${told.slice(-200)})`
        : `the process ended with ${how}: ${told.slice(-400)}`,
    );
    first = begun.begins + step;
  }
}
