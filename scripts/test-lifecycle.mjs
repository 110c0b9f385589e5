// Threads and processes that come and go, aborts, and the event loop: each scenario in a process of its own, on both backends.
// `--long` takes 100 worker lives, 200 aborts and half an hour of everything where the short form takes some; `--only WORD` the scenarios with that word.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { flags, root, Tally } from '../test/reliability/package-lib.mjs';

const { long = false, only = '' } = flags();
const tally = new Tally('test:lifecycle');
const hasAddon = existsSync(`${root}build/Release/corpuscle.node`);
const child = fileURLToPath(new URL('../test/reliability/lifecycle/child.mjs', import.meta.url));

/** How often each is done in the short and in the long form; what must hold of what it saw. */
const scenarios = [
  ['workers alone', 8, 100],
  ['workers beside the main thread', 4, 100],
  ['four workers at once', 8, 100],
  ['workers that are terminated in mid-job', 5, 100],
  ['a worker that ends with work queued', 3, 30],
  ['processes that exit with work queued', 3, 30],
  ['forked and spawned children after the parent has computed', 2, 20],
  ['four jobs at once', 2, 20],
  ['aborts', 15, 200, ({ p99 }) => (p99 < 100 ? undefined : `p99 is ${p99.toFixed(0)} ms, above 100`)],
  [
    'soak', // for so many seconds
    5,
    1800,
    ({ minutes, megabytesAMinute, filesLeftOpen }) => {
      if (filesLeftOpen > 0) return `${filesLeftOpen} files were left open`;
      return minutes >= 10 && megabytesAMinute > 1 ? `${megabytesAMinute.toFixed(2)} MB more every minute` : undefined;
    },
  ],
  [
    'event-loop delay',
    1,
    8,
    ({ p99, idleP99 }) =>
      p99 < 50 + idleP99 ? undefined : `p99 is ${p99.toFixed(0)} ms, above 50 (an idle process: ${idleP99.toFixed(0)})`,
  ],
];

function run(args, limit) {
  return new Promise((resolve) => {
    const process_ = spawn(process.execPath, args, { cwd: root, env: { ...process.env, NO_COLOR: '1' } });
    let stdout = '';
    let stderr = '';
    process_.stdout.on('data', (text) => {
      stdout += text;
    });
    process_.stderr.on('data', (text) => {
      stderr += text;
    });
    const timer = setTimeout(() => process_.kill('SIGKILL'), limit);
    process_.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ how: signal ?? code, stdout, stderr });
    });
  });
}

const figure = (value) => (typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(1) : value);

for (const backend of hasAddon ? ['parallel', 'plain'] : ['plain']) {
  for (const [name, short, many, wrong = () => undefined] of scenarios) {
    if (!name.includes(only)) continue;
    if (!long && backend === 'plain' && !/aborts|terminated|delay/.test(name)) continue; // of the addon, above all
    const title = `${name}, ${backend}`;
    const { how, stdout, stderr } = await run(
      [child, name, String(long ? many : short), backend],
      name === 'soak' ? 3_600_000 : 600_000,
    );
    if (how !== 0) {
      tally.fail(title, how === 'SIGKILL' ? 'did not end' : `ended with ${how}: ${stderr.slice(-500)}`);
      continue;
    }
    const seen = JSON.parse(stdout);
    const why = wrong(seen);
    if (why !== undefined) tally.fail(title, why);
    else
      tally.pass(
        title,
        Object.entries(seen)
          .map(([key, value]) => `${key} ${figure(value)}`)
          .join(', '),
      );
  }
}
if (long && 'vitest'.includes(only)) {
  const vitest = fileURLToPath(
    new URL('vitest.mjs', pathToFileURL(createRequire(import.meta.url).resolve('vitest/package.json'))),
  );
  const { how, stdout, stderr } = await run(
    [vitest, 'run', '--pool=threads', 'test/cluster', 'test/cooccurrence', 'test/matrix'],
    300_000,
  );
  if (how === 0) tally.pass('vitest --pool=threads', /Tests .*/.exec(stdout)?.[0].trim());
  else tally.fail('vitest --pool=threads', `ended with ${how}: ${(stdout + stderr).slice(-500)}`);
}
tally.end();
