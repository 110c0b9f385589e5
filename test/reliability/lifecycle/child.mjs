/** One scenario in a process of its own: `node child.mjs NAME ROUNDS BACKEND`; prints a line of JSON of what was seen. */

import { fork, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import {
  AbortError,
  CountVectorizer,
  cooccurrence,
  KMeans,
  planCooccurrence,
  TfidfTransformer,
  topCooccurrences,
} from '../../../dist/esm/index.js';
import { dice } from '../package-lib.mjs';
import { soak } from './soak.mjs';
import { compute, matrixOf } from './worker.mjs';

const [, self, name, rounds = '10', backend = 'parallel'] = process.argv;
const n = Number(rounds);
const options = { backend, ...(backend === 'parallel' && { threads: 2 }) };
const file = new URL('./worker.mjs', import.meta.url);
const start = (job) => new Worker(file, { workerData: { job, options } });
const exit = (worker) => new Promise((resolve) => worker.once('exit', resolve));
const message = (worker) =>
  new Promise((resolve, reject) =>
    worker
      .once('message', resolve)
      .once('error', reject)
      .once('exit', (code) => reject(new Error(`exit ${code}`))),
  );
const quantile = (values, share) =>
  values.toSorted?.((a, b) => a - b)[Math.ceil(share * values.length) - 1] ??
  [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1];
const osThreads = () => (process.platform === 'linux' ? readdirSync('/proc/self/task').length : Number.NaN);
const require_ = (holds, why) => {
  if (!holds) throw new Error(why);
};

/** Lives of worker threads: each loads, computes, and must give the right answer. */
async function lives(wanted) {
  for (let life = 0; life < n; life++) {
    const worker = start('compute');
    const [found] = await Promise.all([message(worker), exit(worker)]);
    require_(wanted === undefined || found === wanted, `life ${life} gave ${found}`);
    wanted ??= found;
  }
  return { lives: n, threads: osThreads() };
}

const scenarios = {
  'workers alone': () => lives(undefined),
  'workers beside the main thread': async () => {
    const wanted = await compute(options);
    const [seen] = await Promise.all([
      lives(wanted),
      (async () => {
        for (let i = 0; i < n; i++)
          require_((await compute(options)) === wanted, `the main thread's round ${i} differs`);
      })(),
    ]);
    return seen;
  },
  'four workers at once': async () => {
    const wanted = await compute(options);
    for (let round = 0; round < Math.ceil(n / 4); round++) {
      const workers = Array.from({ length: 4 }, () => start('compute'));
      const exits = workers.map(exit);
      const found = await Promise.all(workers.map(message));
      await Promise.all(exits);
      require_(
        found.every((each) => each === wanted),
        `round ${round} gave ${found}`,
      );
    }
    return { lives: 4 * Math.ceil(n / 4) };
  },
  'workers that are terminated in mid-job': async () => {
    const wanted = await compute(options);
    const random = dice(5);
    const times = [];
    for (let life = 0; life < n; life++) {
      const worker = start('begin');
      await message(worker);
      await wait(random() * 60);
      const ended = exit(worker);
      const before = performance.now();
      worker.terminate();
      await ended;
      times.push(performance.now() - before);
    }
    require_((await compute(options)) === wanted, 'the next call gave another answer');
    return { lives: n, slowestMs: Math.round(Math.max(...times)) };
  },
  'a worker that ends with work queued': async () => {
    for (let life = 0; life < n; life++) {
      const worker = new Worker(
        `import(${JSON.stringify(file.href)}).then(async ({ begin }) => { begin(${JSON.stringify(options)}); await new Promise((r) => setTimeout(r, ${life * 3})); process.exit(0); })`,
        { eval: true },
      );
      require_((await exit(worker)) === 0, 'a worker did not exit with 0');
    }
    return { lives: n };
  },
  'processes that exit with work queued': async () => {
    for (let life = 0; life < n; life++) {
      const source = `import { begin } from ${JSON.stringify(file.href)}; begin(${JSON.stringify(options)}); setTimeout(() => process.exit(7), ${life * 10});`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'inherit' });
      const how = await new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
      require_(how === 7, `process ${life} ended with ${how}`);
    }
    return { processes: n };
  },
  'forked and spawned children after the parent has computed': async () => {
    const wanted = await compute(options);
    for (let i = 0; i < n; i++) {
      const child =
        i % 2 === 0
          ? fork(self, ['answer', '1', backend], { silent: true })
          : spawn(process.execPath, [self, 'answer', '1', backend]);
      let told = '';
      child.stdout.on('data', (text) => {
        told += text;
      });
      const code = await new Promise((resolve) => child.on('close', resolve));
      require_(code === 0 && JSON.parse(told).answer === wanted, `child ${i} ended with ${code}: ${told}`);
    }
    require_((await compute(options)) === wanted, 'the parent gives another answer now');
    return { processes: n };
  },
  answer: async () => ({ answer: await compute(options) }),
  'four jobs at once': async () => {
    const X = matrixOf(3000, 2000, 60, 4);
    const four = { ...options, threads: 4 };
    if (backend !== 'parallel') delete four.threads;
    await cooccurrence(X, four);
    const idle = osThreads();
    let most = idle;
    const timer = setInterval(() => {
      most = Math.max(most, osThreads());
    }, 2);
    for (let round = 0; round < n; round++) {
      await Promise.all([
        cooccurrence(X, four),
        new KMeans({ nClusters: 20, maxIter: 5, randomState: 0, ...four }).fit(X),
        new TfidfTransformer(four).fitTransform(X),
        topCooccurrences(X, { ...four, k: 3 }),
      ]);
    }
    clearInterval(timer);
    // The plain backend works in one worker thread, with a few of V8's own.
    require_(Number.isNaN(most) || most <= idle + 4, `${idle} threads became ${most}`);
    return { threads: idle, most };
  },
  aborts: async () => {
    const random = dice(9);
    const words = Array.from({ length: 3000 }, (_, i) => `word${i.toString(36)}`);
    const documents = Array.from({ length: 8000 }, () =>
      Array.from({ length: 80 }, () => words[Math.floor(random() ** 3 * 3000)]).join(' '),
    );
    const X = matrixOf(3000, 3000, 90, 6);
    const calls = [
      (o) => new CountVectorizer({ ...options, ngramRange: [1, 2] }).fitTransform(documents, o),
      (o) => new KMeans({ nClusters: 60, tol: 0, randomState: 0, ...options }).fit(X, o),
      (o) => cooccurrence(X, { ...options, ...o, triangle: 'full' }),
      (o) => topCooccurrences(X, { ...options, ...o, score: 'llr' }),
      (o) => planCooccurrence(X, { ...options, ...o }),
      (o) => new TfidfTransformer(options).fitTransform(X, o),
    ];
    const times = [];
    let finished = 0;
    for (let i = 0; times.length < n && i < 3 * n; i++) {
      const abort = new AbortController();
      const running = calls[i % 3 === 2 ? i % calls.length : i % 4]({ signal: abort.signal }).then(
        () => 'finished',
        (error) => error,
      );
      await wait(random() * 40);
      const before = performance.now();
      abort.abort();
      const outcome = await running;
      if (outcome === 'finished') {
        finished++;
        continue;
      }
      require_(outcome instanceof AbortError, `an abort gave ${outcome}`);
      times.push(performance.now() - before);
    }
    return {
      aborts: times.length,
      finishedFirst: finished,
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      most: Math.max(...times),
    };
  },
  soak: () => soak(n, options),
  idle: async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    for await (const _ of process.stdin);
    delay.disable();
    return { p99: delay.percentile(99) / 1e6 };
  },
  'event-loop delay': async () => {
    const random = dice(9);
    const documents = Array.from({ length: 4000 * n }, () =>
      Array.from({ length: 60 }, () => `w${Math.floor(random() ** 3 * 5000)}`).join(' '),
    );
    // The same measured in a process that does nothing: what the machine itself keeps a process waiting.
    const idle = spawn(process.execPath, [self, 'idle'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let told = '';
    idle.stdout.on('data', (text) => {
      told += text;
    });
    await wait(300);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const counts = await new CountVectorizer(options).fitTransform(documents);
    const weights = await new TfidfTransformer(options).fitTransform(counts);
    await new KMeans({ nClusters: 30, tol: 0, maxIter: 15, randomState: 0, ...options }).fit(weights);
    await cooccurrence(counts, options);
    delay.disable();
    idle.stdin.end();
    await new Promise((resolve) => idle.on('close', resolve));
    return {
      idleP99: JSON.parse(told).p99,
      documents: documents.length,
      samples: delay.count,
      p50: delay.percentile(50) / 1e6,
      p99: delay.percentile(99) / 1e6,
      most: delay.max / 1e6,
    };
  },
};

try {
  console.log(JSON.stringify(await scenarios[name]()));
} catch (error) {
  console.error(error);
  process.exit(1);
}
