import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { difference } from '#src/bench/answer.js';
import { Calm } from '#src/bench/calm.js';
import type { Slot } from '#src/bench/child.js';
import { VariantProcess } from '#src/bench/process.js';
import { secondsOf, type Times, timeInRounds, timesOf } from '#src/bench/rounds.js';
import { median, statisticsOf } from '#src/bench/statistics.js';
import { Plan } from '../../bench/plan.js';
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
  const timing = (args: object, counts: { rounds?: number; slots?: number; warmUpSeconds?: number } = {}) => ({
    start: start(args),
    rounds: 1,
    slots: 1,
    slotSeconds: 0,
    warmUpSeconds: 0,
    ...counts,
  });
  const calm = { holds: () => true } as unknown as Calm;
  const logged = (log: string) => readFileSync(log, 'utf8').trim().split('\n');

  it.each([true, false])('are refused a time where their answer is not that of the first (%s)', async (sideBySide) => {
    const log = join(folderOf(), 'log');
    const variants = new Map([
      ['faulty', timing({ answer: {}, fault: 'throw' })],
      ['plain', timing({ answer: { name: 'plain', sum: 7 }, log })],
      ['native', timing({ answer: { name: 'plain', sum: 7 }, log })],
      ['broken', timing({ answer: { name: 'broken', sum: 8 }, log })],
    ]);
    const times = await timeInRounds(variants, {}, { sideBySide, calm });
    expect(times.get('faulty')).toEqual({ missing: 'There is a fault.' });
    expect(times.get('broken')).toEqual({ missing: 'wrong result: name is broken, not plain', wrong: true });
    expect(times.get('plain')).toHaveLength(1);
    expect(times.get('native')).toHaveLength(1);
    expect(logged(log).filter((name) => name === 'broken')).toHaveLength(1);
  });

  it('are timed in rounds that begin with another one each time, every time in a fresh process', async () => {
    const log = join(folderOf(), 'log');
    const logging = (name: string, rounds: number) =>
      [name, timing({ answer: { sum: 1 }, log, name }, { rounds })] as const;
    const times = await timeInRounds(new Map([logging('a', 3), logging('b', 3), logging('slow', 1)]), {}, { calm });
    expect(logged(log).join(' ')).toBe('a b slow a b slow b a b a a b a b');
    const rounds = [...times.values()].map((own) => own as Times[]);
    expect(rounds.map((own) => own.length)).toEqual([3, 3, 1]);
    expect(rounds.map((own) => own.map(({ cold }) => cold !== undefined))).toEqual([
      [false, true, true],
      [false, true, true],
      [false],
    ]);
  });

  it.each([
    [true, 'a b a b b a a'],
    [false, 'a a a a b b b'],
  ])('take turns where they live side by side (%s)', async (sideBySide, order) => {
    const log = join(folderOf(), 'log');
    const logging = (name: string, slots: number) =>
      [name, timing({ answer: { sum: 1 }, log, name }, { slots })] as const;
    const times = await timeInRounds(new Map([logging('a', 3), logging('b', 2)]), {}, { sideBySide, calm });
    expect(logged(log).join(' ')).toBe(order);
    expect([...times.values()].map((own) => (own as Times[])[0].slots.length)).toEqual([3, 2]);
  });

  it.each([
    ['from the start', 0],
    ['in a slot', 1],
  ])('that fail %s do not take the others along', async (_, faultAfter) => {
    const variants = new Map([
      ['faulty', timing({ answer: { sum: 1 }, fault: 'throw', faultAfter }, { rounds: 2, slots: 2 })],
      ['sound', timing({ answer: { sum: 1 } }, { rounds: 2, slots: 2 })],
    ]);
    const times = await timeInRounds(variants, {}, { calm });
    expect(times.get('faulty')).toEqual({ missing: 'There is a fault.' });
    expect(times.get('sound')).toHaveLength(2);
  });

  it('run once, warm up where that is asked for, and are then timed in slots of at least one run', async () => {
    const log = join(folderOf(), 'log');
    const args = { answer: { sum: 1 }, log, name: 'x' };
    const variants = new Map([['x', timing(args, { slots: 3, warmUpSeconds: 1e-9 })]]);
    const [{ answer, slots }] = (await timeInRounds(variants, {}, { calm })).get('x') as Times[];
    expect(answer).toEqual({ sum: 1 });
    expect(slots).toHaveLength(3);
    expect(slots.flat().every((seconds) => seconds > 0 && seconds < 10)).toBe(true);
    expect(logged(log)).toHaveLength(1 + 1 + slots.flat().length);
  });

  it('in a process that was closed, or that cannot get ready, reject what is asked of them', async () => {
    const closed = new VariantProcess(start({ answer: {} }));
    await closed.first();
    closed.close();
    expect((await refusal(closed.first())).message).toBe('It was closed.');
    const absent = new VariantProcess({ module: new URL('fixtures/absent.mjs', import.meta.url).href, args: {} });
    expect((await refusal(absent.first())).message).toMatch(/^Cannot find module/);
    absent.close();
  });

  it('that end without an answer are told of', async () => {
    expect((await refusal(timesOf(start({ answer: {}, fault: 'exit' })))).message).toBe('Its process ended (3).');
  });

  it('that take too long are ended', async () => {
    const waiting = timesOf(start({ answer: {}, fault: 'hang' }), { limitSeconds: 0.5 });
    expect((await refusal(waiting)).message).toBe('It did not end within 0.5 s.');
  });

  it('end when they are aborted', async () => {
    const controller = new AbortController();
    const waiting = timesOf(start({ answer: {}, fault: 'hang' }), { signal: controller.signal });
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

  const times = (...slots: number[][]): Times => ({ answer: {}, slots, disturbed: 0, peakBytes: 0 });

  it('take the fastest slot, in which the median run counts', () => {
    expect(secondsOf([times([1, 2, 30], [4]), times([3])])).toBe(2);
  });
});

describe('calm', () => {
  const slot = (rate: number | null) => ({ seconds: [1], rate });
  const timing = { start: start({ answer: { sum: 1 } }), rounds: 1, slots: 2, slotSeconds: 0, warmUpSeconds: 0 };
  const timed = async (holds: (slot: Slot) => boolean) => {
    const calm = { holds } as unknown as Calm;
    return ((await timeInRounds(new Map([['x', timing]]), {}, { calm })).get('x') as Times[])[0];
  };

  it('is where the machine is as fast as it was at its best on as many threads', () => {
    const calm = new Calm();
    expect([7, 7.7, 7.4, 7, 15].map((rate) => calm.holds(slot(rate), 1))).toEqual([true, true, true, false, true]);
    expect(calm.holds(slot(7), 1)).toBe(false);
    expect(calm.holds(slot(7), 2)).toBe(true);
  });

  it('is taken for granted where nothing can tell', () => {
    expect(new Calm().holds(slot(null), 1)).toBe(true);
  });

  it('is waited for by slots that were disturbed', async () => {
    const known: Slot[] = [];
    const { slots, disturbed } = await timed((slot) => {
      if (!known.includes(slot)) known.push(slot);
      return known[0] !== slot;
    });
    expect([slots.length, disturbed]).toEqual([2, 1]);
  });

  it('is not waited for without end', async () => {
    const { slots, disturbed } = await timed(() => false);
    expect([slots.length, disturbed]).toEqual([4, 4]);
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
