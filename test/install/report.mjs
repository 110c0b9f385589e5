// The checks' report: each a sentence, with what came of it; a skipped one says why.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/** Says that a check cannot be made here; not a failure. */
export class Skip extends Error {}

export class Report {
  passed = 0;
  failed = 0;
  skipped = 0;

  /** Makes one check; it fails when `test` throws. */
  async check(sentence, test) {
    const start = performance.now();
    try {
      await test();
      this.passed++;
      console.log(`ok    ${sentence} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      if (error instanceof Skip) this.skip(sentence, error.message);
      else this.fail(sentence, error);
    }
  }

  fail(sentence, error) {
    this.failed++;
    console.log(`FAIL  ${sentence}\n${`${error.message}`.trim().replace(/^/gm, '        ')}`);
  }

  skip(sentence, why) {
    this.skipped++;
    console.log(`skip  ${sentence}: ${why}`);
  }

  /** Prints the counts, and writes them to a file if one is named. */
  close(file) {
    const { passed, failed, skipped } = this;
    if (file !== undefined) writeFileSync(file, JSON.stringify({ passed, failed, skipped }));
    console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
    process.exitCode = failed === 0 ? 0 : 1;
  }
}

/** The environment of a user's shell: nothing of the npm that runs this, nothing that steers the package. */
function cleanEnvironment() {
  const foreign = /^(npm_|NODE_OPTIONS$|NODE_PATH$|CORPUSCLE_|INIT_CWD$|LIBC$|PREBUILDS_ONLY$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** Runs a program to its end; an exit code other than `expected` is an error that shows what it said. */
export function run(command, args, { cwd, env = {}, expected = 0, timeout = 300_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      shell: process.platform === 'win32' && command === 'npm', // there it is a batch file
      env: { ...cleanEnvironment(), CI: '1', NO_COLOR: '1', ...env },
      timeout,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.stdin.end();
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (expected === 'any' || code === expected) resolve({ code, stdout, stderr });
      else
        reject(
          new Error(
            `${[command, ...args].join(' ')} ended with ${signal ?? code}:\n${stdout.slice(-2000)}${stderr.slice(-2000)}`,
          ),
        );
    });
  });
}
