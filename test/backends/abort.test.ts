import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  AbortError,
  association,
  BisectingKMeans,
  CountVectorizer,
  cooccurrence,
  KMeans,
  MiniBatchKMeans,
  type Progress,
  sweepKMeans,
  TfidfTransformer,
} from '#src/index.js';
import { computing, configurations, describeOnEach, dice, digest, randomMatrix, refusal } from '../support.js';

const words = Array.from({ length: 5000 }, (_, i) => `word${i.toString(36)}`);
const random = dice(5);
const documents = Array.from({ length: 20_000 }, () =>
  Array.from({ length: 120 }, () => words[Math.floor(random() ** 3 * words.length)]).join(' '),
);
const matrix = randomMatrix({ rows: 4000, columns: 3000, density: 0.04, seed: 8 });

const pairs = await cooccurrence(matrix);

const calls = {
  CountVectorizer: (options: object) => new CountVectorizer(options).fitTransform(documents),
  TfidfTransformer: (options: object) => new TfidfTransformer(options).fitTransform(matrix),
  KMeans: (options: object) => new KMeans({ nClusters: 40, tol: 0, randomState: 0, ...options }).fit(matrix),
  sweepKMeans: (options: object) => sweepKMeans(matrix, { nClusters: [3, 40], randomStates: [0], ...options }).all(),
  BisectingKMeans: (options: object) => new BisectingKMeans({ nClusters: 9, randomState: 0, ...options }).fit(matrix),
  MiniBatchKMeans: (options: object) => new MiniBatchKMeans({ nClusters: 40, randomState: 0, ...options }).fit(matrix),
  cooccurrence: (options: object) => cooccurrence(matrix, { ...options, triangle: 'full' }),
  association: (options: object) => association(pairs, { ...options, nDocuments: matrix.nRows, score: 'llr' }),
};

const wanted = configurations.filter(({ threads }) => threads === undefined || threads === 2);

describeOnEach(
  'calls',
  (configuration) => {
    const options = computing(configuration);

    it.each(Object.keys(calls) as (keyof typeof calls)[])(
      '%s that is aborted before it starts does not start',
      async (call) => {
        const error = await refusal(calls[call]({ ...options, signal: AbortSignal.abort('too late') }));
        expect(error).toBeInstanceOf(AbortError);
        expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'too late' });
      },
    );

    // Timing is for benchmarks; 100 ms is what users are promised, and a loaded machine gets ten times that here.
    it.each(Object.keys(calls) as (keyof typeof calls)[])(
      '%s ends soon after it is aborted, at any moment',
      async (call) => {
        for (const delay of [0, 3, 10, 25]) {
          const abort = new AbortController();
          const running = refusal(calls[call]({ ...options, signal: abort.signal })).catch(() => 'finished first');
          await wait(delay);
          const aborted = performance.now();
          abort.abort();
          const outcome = await running;
          expect(performance.now() - aborted).toBeLessThan(1000);
          if (outcome !== 'finished first') expect(outcome).toBeInstanceOf(AbortError);
        }
      },
    );

    it('a call that was aborted leaves nothing behind that disturbs the next one', async () => {
      const wanted = digest(await cooccurrence(matrix, options));
      const abort = new AbortController();
      const stopped = refusal(cooccurrence(matrix, { ...options, signal: abort.signal }));
      abort.abort();
      expect(await stopped).toBeInstanceOf(AbortError);
      expect(digest(await cooccurrence(matrix, options))).toEqual(wanted);
    });

    it('a call that waits behind another one rejects at once, and so does the other', async () => {
      const [first, second] = [new AbortController(), new AbortController()];
      const ahead = refusal(calls.KMeans({ ...options, signal: first.signal }));
      const behind = refusal(calls.cooccurrence({ ...options, signal: second.signal }));
      second.abort();
      const winner = await Promise.race([ahead.then(() => 'ahead'), behind.then(() => 'behind')]);
      expect([winner, await behind]).toEqual(['behind', expect.any(AbortError)]);
      first.abort();
      expect(await ahead).toBeInstanceOf(AbortError);
    });

    it('a stream that fails after the abort disturbs nobody', async () => {
      const abort = new AbortController();
      async function* failing() {
        yield 'some words';
        abort.abort();
        throw new Error('nobody listens any more');
      }
      expect(await refusal(new CountVectorizer(options).fit(failing(), { signal: abort.signal }))).toBeInstanceOf(
        AbortError,
      );
      await wait(20);
    });

    it('a stream that is always ready leaves the event loop its turns', async () => {
      const abort = new AbortController();
      async function* endless() {
        for (;;) yield '';
      }
      setTimeout(() => abort.abort(), 50);
      const started = performance.now();
      expect(await refusal(new CountVectorizer(options).fit(endless(), { signal: abort.signal }))).toBeInstanceOf(
        AbortError,
      );
      expect(performance.now() - started).toBeLessThan(1500);
    });

    it('progress is told in order, up to the whole', async () => {
      const told: Progress[] = [];
      await cooccurrence(matrix, { ...options, onProgress: (progress) => told.push(progress) });
      expect(told.length).toBeGreaterThan(0);
      expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b));
      expect(told.at(-1)).toEqual({ phase: 'counting pairs', done: 3000, total: 3000 });
    });

    it('an error in onProgress ends the call with that error', async () => {
      const onProgress = () => {
        throw new Error('the screen is gone');
      };
      for (const call of ['CountVectorizer', 'KMeans', 'cooccurrence'] as const) {
        expect((await refusal(calls[call]({ ...options, onProgress }))).message).toBe('the screen is gone');
      }
    });

    it('the event loop turns while a job runs', async () => {
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      await calls.KMeans(options);
      await calls.CountVectorizer(options);
      delay.disable();
      expect(delay.count).toBeGreaterThan(5);
      expect(delay.percentile(50) / 1e6).toBeLessThan(100);
    });

    it('a stream that never ends can be left by aborting', async () => {
      const abort = new AbortController();
      const never: AsyncIterable<string> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
      const stopped = refusal(new CountVectorizer(options).fit(never, { signal: abort.signal }));
      await wait(5);
      abort.abort();
      expect(await stopped).toBeInstanceOf(AbortError);
    });
  },
  wanted,
);

describe('the options of a call', () => {
  it.each([
    [{ signal: 'now' }, /signal must be an AbortSignal/],
    [{ onProgress: true }, /onProgress must be a function/],
  ])('are checked: %o', async (options, message) => {
    const error = await refusal(cooccurrence(matrix, options as never));
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE', message: expect.stringMatching(message) });
  });
});
