// What the system refuses: the n-th allocation of every kernel, address space, disk space, whole writes, the rest of a file; and
// signals at random moments. `--long` takes more moments and sizes; `--only kernels,memory,disk,files,signals` some parts.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { dice, entry, flags, program, root, Tally } from '../test/reliability/package-lib.mjs';
import { build, provide, runs } from './cmake.mjs';

process.chdir(root);
const { long = false, only = 'kernels,memory,disk,files,signals' } = flags();
const tally = new Tally('test:faults');
const folder = mkdtempSync(join(tmpdir(), 'corpuscle-faults-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const counts = {};
const count = (what, n = 1) => {
  counts[what] = (counts[what] ?? 0) + n;
};

/** Runs a command to its end, or sends it a signal after some time. */
async function run(command, args, { env = {}, cwd = folder, signal, after = 0, limit = 60_000 } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  const closed = new Promise((resolve) => child.on('close', (code, killed) => resolve(killed ?? code)));
  if (signal !== undefined) {
    await wait(after);
    child.kill(signal);
  }
  const how = await closed;
  clearTimeout(timer);
  return { how, stdout, stderr };
}

const node = (args, options) => run(process.execPath, args, options);
const reviews = join(folder, 'reviews.txt');
const random = dice(3);
writeFileSync(
  reviews,
  Array.from({ length: 3000 }, () =>
    Array.from({ length: 12 }, () => `word${Math.floor(random() ** 2 * 500)}`).join(' '),
  ).join('\n'),
);
const cluster = (out, ...more) => [program, 'cluster', reviews, '--clusters', '5', '--quiet', '--out', out, ...more];

const parts = {
  /** Every allocation of every kernel, in a program without Node. */
  async kernels() {
    if (!provide(['cmake', 'c++'], ['cmake', 'g++', 'make']))
      return tally.skip('allocations of kernels', 'needs CMake and a C++ compiler');
    const broken = build('out/faults', { CORPUSCLE_FAULTS: 'ON', CMAKE_BUILD_TYPE: 'RelWithDebInfo' });
    if (broken !== undefined) return tally.fail('allocations of kernels', `cannot be built: ${broken}`);
    const { status, stdout, stderr } = spawnSync('out/faults/faults', [], {
      encoding: 'utf8',
      timeout: 300_000,
      env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
    });
    if (status !== 0)
      return tally.fail('allocations of kernels', `${stdout}${stderr}`.trim().split('\n').slice(-3).join('; '));
    const lines = stdout.trim().split('\n');
    count('allocations failed', Number(/^\d+/.exec(lines.at(-1))[0]));
    for (const line of lines.slice(0, -1)) tally.pass(line.replace(/^ok +/, ''));
  },

  /** Little address space: the process refuses in its own words, and the next call works. */
  async memory() {
    if (!runs('prlimit')) return tally.skip('little address space', 'needs prlimit (util-linux)');
    const source = `
      import { CsrMatrix, cooccurrence, KMeans } from ${JSON.stringify(entry)};
      const n = 50_000; // 10 GB of pairs, 8 GB of centers
      const X = new CsrMatrix({ shape: [n, n], indptr: Int32Array.from({ length: n + 1 }, (_, i) => i), indices: Int32Array.from({ length: n }, (_, i) => i), values: new Float64Array(n).fill(1) });
      const codes = [];
      for (const call of [
        () => cooccurrence(X, { output: 'dense', maxBytes: 1e12 }),
        () => new KMeans({ nClusters: 20_000, init: 'random', nInit: 1, maxBytes: 1e12 }).fit(X),
        () => cooccurrence(X, { maxBytes: 1e12 }),
      ]) codes.push(await call().then(() => 'done', ({ code }) => code));
      console.log(codes.join());`;
    const sizes = long ? [3, 4, 5, 6, 8] : [6];
    for (const backend of existsSync('build/Release/corpuscle.node') ? ['parallel', 'plain'] : ['plain']) {
      for (const gigabytes of sizes) {
        const limited = [`--as=${gigabytes * 1e9}`, process.execPath, '--input-type=module', '-e', source];
        const { how, stdout, stderr } = await run('prlimit', limited, { env: { CORPUSCLE_BACKEND: backend } });
        const title = `${gigabytes} GB of address space, ${backend}`;
        count('address spaces');
        const [dense, clusters, sparse] = stdout.trim().split(',');
        const isRefusal = (code) => code === 'ERR_OUT_OF_MEMORY' || code === 'ERR_MEMORY_BUDGET';
        if (how === 0 && isRefusal(dense) && isRefusal(clusters) && sparse === 'done') tally.pass(title, stdout.trim());
        else if (
          how !== 0 &&
          /ERR_WORKER_OUT_OF_MEMORY|Out of memory|allocation failed/i.test(stderr) &&
          stdout === '' &&
          gigabytes <= 3
        ) {
          tally.skip(title, 'Node itself does not start in so little');
        } else tally.fail(title, `ended with ${how}, ${stdout.trim()} ${stderr.slice(-300)}`);
      }
    }
  },

  /** A full disk and short writes under --out: an error in one line, and neither a file nor a part of one. */
  async disk() {
    const wanted = join(folder, 'wanted');
    const first = await node(cluster(wanted));
    if (first.how !== 0) return tally.fail('--out', first.stderr);
    const files = readdirSync(wanted);
    const isWhole = (out) =>
      files.every(
        (name) => existsSync(join(out, name)) && readFileSync(join(out, name)).equals(readFileSync(join(wanted, name))),
      );
    const total = files.reduce((sum, name) => sum + readFileSync(join(wanted, name)).length, 0);
    const library = join(folder, 'short_writes.so');
    const source = join(root, 'test/reliability/faults/short_writes.c');
    if (
      process.platform !== 'linux' ||
      spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']).status !== 0
    ) {
      tally.skip('short writes', 'needs Linux and a C compiler');
    } else {
      const limits = [
        -1,
        0,
        1,
        100,
        Math.floor(total / 2),
        total - 1,
        ...(long ? Array.from({ length: 30 }, () => Math.floor(random() * total)) : []),
      ];
      for (const limit of limits) {
        count('writes that fail or are short');
        const out = join(folder, `faulty${limit}`);
        const env = { LD_PRELOAD: library, CORPUSCLE_FAULT_PATH: out, CORPUSCLE_FAULT_BYTES: String(limit) };
        const { how, stderr } = await node(cluster(out), { env });
        const title = limit < 0 ? 'writes that are cut short' : `a disk that is full after ${limit} bytes`;
        const left = existsSync(out) ? readdirSync(out) : [];
        if (
          limit < 0
            ? how === 0 && isWhole(out)
            : how === 1 &&
              left.length === 0 &&
              /cannot be written: the disk is full\. \(ERR_CANNOT_WRITE\)\n$/.test(stderr)
        ) {
          tally.pass(title);
        } else tally.fail(title, `ended with ${how}, left ${left}: ${stderr.slice(-300)}`);
      }
    }
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk]).status !== 0)
      return tally.skip('a small disk', 'may not be mounted here');
    try {
      const { how, stderr } = await node(cluster(join(disk, 'out')));
      const left = readdirSync(disk);
      count('full disks');
      if (how === 1 && left.length === 0 && /the disk is full/.test(stderr)) tally.pass('a disk of 16 kB');
      else tally.fail('a disk of 16 kB', `ended with ${how}, left ${left}: ${stderr.slice(-300)}`);
    } finally {
      spawnSync('umount', [disk]);
    }
  },

  /** Files that shrink, grow or go while they are read: a shorter text or a refusal, never a crash. */
  async files() {
    const source = (change) => `
      import { truncateSync, appendFileSync, rmSync } from 'node:fs';
      import { readDocuments } from ${JSON.stringify(entry)};
      const path = process.argv[1];
      let n = 0;
      try {
        for await (const text of readDocuments(path)) if (n++ === 1000) { ${change} }
        console.log(n);
      } catch (error) { console.log(error.code); }`;
    const line = 'some words of a review\n';
    const changes = {
      shrinks: 'truncateSync(path, 40_000);',
      'is emptied': 'truncateSync(path, 0);',
      'is removed': 'rmSync(path);',
      grows: `appendFileSync(path, ${JSON.stringify(line)}.repeat(50_000));`,
    };
    for (const [change, code] of Object.entries(changes)) {
      const path = join(folder, `changing.${'txt'}`);
      writeFileSync(path, line.repeat(100_000));
      const { how, stdout, stderr } = await node(['--input-type=module', '-e', source(code), path]);
      count('files that change');
      const n = Number(stdout);
      const right =
        change === 'is removed' ? n === 100_000 : change === 'grows' ? n === 150_000 : n > 1000 && n < 100_000;
      if (how === 0 && right) tally.pass(`a file that ${change} while it is read`, `${stdout.trim()} documents`);
      else tally.fail(`a file that ${change} while it is read`, `ended with ${how}: ${stdout} ${stderr.slice(-300)}`);
      rmSync(path, { force: true });
    }
    const path = join(folder, 'cut.jsonl');
    writeFileSync(path, `${JSON.stringify({ text: 'word '.repeat(50) })}\n`.repeat(20_000));
    truncateSync(path, 1_000_001);
    const { how, stderr } = await node([program, 'cluster', path, '--clusters', '2', '--quiet']);
    if (how === 1 && /ERR_BAD_RECORD/.test(stderr)) tally.pass('a file that ends in the middle of a record');
    else tally.fail('a file that ends in the middle of a record', `ended with ${how}: ${stderr.slice(-300)}`);
  },

  /** SIGINT and SIGTERM at random moments: nothing and 130 or 143, or a whole result, and never a part of one. */
  async signals() {
    const wanted = join(folder, 'signal-wanted');
    const before = performance.now();
    await node(cluster(wanted));
    const seconds = performance.now() - before;
    const names = readdirSync(wanted).sort().join();
    let interrupted = 0;
    let wrong = 0;
    const moments = long ? 60 : 8;
    for (let i = 0; i < moments; i++) {
      const out = join(folder, `signal${i}`);
      const signal = i % 2 === 0 ? 'SIGINT' : 'SIGTERM';
      const after = 120 + random() * seconds;
      const { how, stderr } = await node(cluster(out), { signal, after });
      count('signals');
      const left = existsSync(out) ? readdirSync(out).sort().join() : undefined;
      const code = signal === 'SIGINT' ? 130 : 143;
      // Before the program has started, and while Node takes itself down after it, the system's own way of ending it.
      const ended = how === code || how === signal;
      if (ended && left === undefined) interrupted++;
      else if (!((ended || how === 0) && left === names)) {
        wrong++;
        tally.fail(`${signal} after ${after.toFixed(0)} ms`, `ended with ${how}, left ${left}: ${stderr.slice(-200)}`);
      }
    }
    if (wrong === 0)
      tally.pass('signals at random moments', `${interrupted} of ${moments} runs interrupted, the others whole`);
  },
};

for (const part of String(only).split(',')) await parts[part]();
tally.end(
  Object.entries(counts)
    .map(([what, n]) => `${n} ${what}`)
    .join(', '),
);
