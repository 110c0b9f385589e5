import { expect, it } from 'vitest';
import { AbortError, Job } from '#src/core/job.js';
import { refusal } from '../support.js';

const flagOf = (job: Job) => Atomics.load(job.control, 0);

it('A job that is aborted raises the flag that its kernels look at', async () => {
  const abort = new AbortController();
  let flags: number[] = [];
  const running = refusal(
    Job.run({ signal: abort.signal }, async (job) => {
      flags = [flagOf(job)];
      abort.abort();
      flags.push(flagOf(job));
    }),
  );
  expect(await running).toBeInstanceOf(AbortError);
  expect(flags).toEqual([0, 1]);
});

it('A job whose onProgress throws raises it, too', async () => {
  let flag = 0;
  const onProgress = () => {
    throw new Error('the screen is gone');
  };
  const running = refusal(
    Job.run({ onProgress }, async (job) => {
      try {
        job.report('counting', 1, 2);
      } finally {
        flag = flagOf(job);
      }
    }),
  );
  expect((await running).message).toBe('the screen is gone');
  expect(flag).toBe(1);
});

it('A job that fails by itself leaves the flag down', async () => {
  let control = new Int32Array(new SharedArrayBuffer(8));
  const running = refusal(
    Job.run({}, async (job) => {
      control = job.control;
      throw new Error('out of luck');
    }),
  );
  expect((await running).message).toBe('out of luck');
  expect(control[0]).toBe(0);
});
