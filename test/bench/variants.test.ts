import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { difference } from '#src/bench/answer.js';
import { compareAnswers } from '#src/bench/compare.js';
import { answerOf, timesOf } from '#src/bench/process.js';
import { medianRatio, timeInRounds } from '#src/bench/rounds.js';
import { median, statisticsOf } from '#src/bench/statistics.js';
import { Plan } from '../../bench/plan.js';
import type { Times } from '../../src/bench/process.js';
import { folderOf } from '../cli/support.js';
import { refusal } from '../support.js';

const start = (args: object) => ({ module: new URL('fixtures/variant.mjs', import.meta.url).href, args });

describe('answers', () => {
  it('differ where a text or a whole number does', () => {
    expect(difference({ nnz: 3, hash: 'a' }, { nnz: 3, hash: 'a' })).toBeUndefined();
    expect(difference({ nnz: 3 }, { nnz: 4 })).toBe('nnz is 4, not 3');
    expect(difference({ hash: 'a' }, { hash: 'b' })).toBe('hash is b, not a');
  });

  it('may differ in other numbers by one in a thousand million', () => {
    expect(difference({ inertia: 1.5 }, { inertia: 1.5 * (1 + 1e-10) })).toBeUndefined();
    expect(difference({ inertia: 1.5 }, { inertia: 1.5 * (1 + 1e-8) })).toMatch(/^inertia is /);
    expect(difference({ inertia: 1.5 }, { inertia: Number.NaN })).toMatch(/^inertia is NaN/);
  });

  it('that have nothing in common do not count as equal', () => {
    expect(difference({ nnz: 3 }, { inertia: 1.5 })).toBe('nothing to compare');
  });
});

describe('variants', () => {
  it('are refused a time where their answer is not that of the first', async () => {
    const variants = new Map([
      ['plain', start({ answer: { sum: 7 } })],
      ['native', start({ answer: { sum: 7 } })],
      ['broken', start({ answer: { sum: 8 } })],
      ['faulty', start({ answer: {}, fault: 'throw' })],
    ]);
    expect(Object.fromEntries(await compareAnswers(variants, {}, 2))).toEqual({
      plain: { answer: { sum: 7 } },
      native: { answer: { sum: 7 } },
      broken: { missing: 'wrong result: sum is 8, not 7', wrong: true },
      faulty: { missing: 'There is a fault.' },
    });
  });

  it('are timed in rounds that begin with another one each time, every time in a fresh process', async () => {
    const log = join(folderOf(), 'log');
    const timing = (name: string, rounds: number) => {
      const repetition = { runs: 0, seconds: 0 };
      return [name, { start: start({ answer: { name }, log }), rounds, repetition }] as const;
    };
    const times = await timeInRounds(new Map([timing('a', 3), timing('b', 3), timing('slow', 1)]), {});
    expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual(['a', 'b', 'slow', 'b', 'a', 'a', 'b']);
    expect([...times.values()].map((own) => 'length' in own && own.length)).toEqual([3, 3, 1]);
  });

  it('that fail while they are timed do not take the others along', async () => {
    const timing = (args: object) => ({ start: start(args), rounds: 2, repetition: { runs: 0, seconds: 0 } });
    const variants = new Map([
      ['faulty', timing({ answer: {}, fault: 'throw' })],
      ['sound', timing({ answer: {} })],
    ]);
    const times = await timeInRounds(variants, {});
    expect(times.get('faulty')).toEqual({ missing: 'There is a fault.' });
    expect(times.get('sound')).toHaveLength(2);
  });

  it('run cold once and then warm as often as asked', async () => {
    const log = join(folderOf(), 'log');
    const times = await timesOf(start({ answer: { name: 'x' }, log }), { repetition: { runs: 4, seconds: 0 } });
    expect(times.warm).toHaveLength(4);
    expect([times.cold, ...times.warm].every((seconds) => seconds > 0 && seconds < 10)).toBe(true);
    expect(times.answer).toEqual({ name: 'x' });
    expect(readFileSync(log, 'utf8').trim().split('\n')).toHaveLength(5);
  });

  it('that end without an answer are told of', async () => {
    expect((await refusal(answerOf(start({ answer: {}, fault: 'exit' })))).message).toBe('Its process ended (3).');
  });

  it('that take too long are ended', async () => {
    const waiting = answerOf(start({ answer: {}, fault: 'hang' }), { limitSeconds: 0.5 });
    expect((await refusal(waiting)).message).toBe('It did not end within 0.5 s.');
  });

  it('end when they are aborted', async () => {
    const controller = new AbortController();
    const waiting = answerOf(start({ answer: {}, fault: 'hang' }), { signal: controller.signal });
    controller.abort(new Error('enough'));
    expect((await refusal(waiting)).message).toBe('enough');
  });
});

describe('statistics', () => {
  it('of times are those of tinybench', async () => {
    const { p50, mean, samplesCount } = await statisticsOf([0.001, 0.002, 0.006]);
    expect(p50).toBeCloseTo(2, 9);
    expect(mean).toBeCloseTo(3, 9);
    expect(samplesCount).toBe(3);
  });

  it('take the middle, or the mean of the two in the middle', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('compare within rounds, so that a slow spell of the machine does not count', () => {
    const times = (seconds: number): Times => ({ answer: {}, cold: 9, warm: [seconds], peakBytes: 0 });
    expect(medianRatio([2, 20, 2].map(times), [1, 10, 1].map(times))).toBe(2);
    expect(medianRatio([2, 20].map(times), [1].map(times))).toBe(2);
  });
});

describe('a plan', () => {
  const facts = (documents: number) => ({ documents }) as never;
  const contender = {
    name: 'x',
    kind: 'library',
    module: 'x',
    threads: 1,
    work: (f: { documents: number }) => f.documents,
  };

  it('leaves out what would take too long, and says how long', () => {
    const plan = new Plan();
    plan.note('task', contender as never, facts(100), 2);
    expect(plan.refusal('task', contender as never, facts(1000), 30)).toBeUndefined();
    expect(plan.refusal('task', contender as never, facts(10_000), 30)).toBe('planned: 3 min');
    expect(plan.refusal('other', contender as never, facts(10_000), 30)).toBeUndefined();
  });

  it('leaves out what needs more memory than there is', () => {
    const dense = { ...contender, bytes: () => 4e15 };
    expect(new Plan().refusal('task', dense as never, facts(10), 30)).toBe('planned: 4.0 PB');
  });
});
