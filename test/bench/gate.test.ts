import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RandomState } from '#src/core/random.js';
import { isMore, parseCounts } from '../../bench/gate/instructions.js';
import { faults } from '../../bench/gate/planted.js';
import {
  geometricMean,
  isFaster,
  isSlower,
  isSuspect,
  isVoid,
  logRatios,
  meanInterval,
  medianInterval,
  shuffled,
} from '../../bench/gate/statistics.js';
import { nativeId } from '../../bench/gate/trees.js';
import { verdictOf } from '../../bench/gate/work.js';
import { percent, table } from '../../bench/markdown.js';

/** n log ratios around log(ratio), scattered by so many per cent. */
function noisy(ratio: number, scatter: number, n: number, random: RandomState): number[] {
  const normal = () => Array.from({ length: 12 }, () => random.randomSample()).reduce((sum, x) => sum + x, -6);
  return Array.from({ length: n }, () => Math.log(ratio) + (scatter / 100) * normal());
}

const judged = (ratio: number, scatter = 3, seed = 0) => {
  const random = new RandomState(seed);
  return medianInterval(noisy(ratio, scatter, 40, random), random);
};

describe('the trees of the gate', () => {
  it('have the same kernels as long as nothing changes that is compiled, however much is generated or built', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'corpuscle-gate-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const write = async (name: string, text: string) => {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    };
    await write('native/kernels/a.cpp', 'int a;');
    await write('scripts/build-native.mjs', '');
    const before = await nativeId(folder);
    await write('native/generated/table.hpp', '1');
    await write('native/build/a.o', '2');
    await write('src/index.ts', '3');
    expect(await nativeId(folder)).toBe(before);
    await write('native/kernels/a.cpp', 'int b;');
    const changed = await nativeId(folder);
    expect(changed).not.toBe(before);
    await write('native/kernels/empty.cpp', '');
    expect(await nativeId(folder)).not.toBe(changed);
  });
});

describe('the statistics of the gate', () => {
  it('takes ratios pair by pair', () => {
    expect(logRatios([1, 2], [2, 2])).toEqual([Math.log(2), 0]);
    expect(geometricMean([Math.log(2), Math.log(8)])).toBeCloseTo(4, 12);
  });

  it('gives the same interval for the same seed', () => {
    expect(judged(1.05)).toEqual(judged(1.05));
  });

  it('holds the true median in about 95 of 100 intervals', () => {
    const random = new RandomState(1);
    const held = Array.from({ length: 200 }, () => medianInterval(noisy(1, 3, 40, random), random)).filter(
      ({ low, high }) => low <= 0 && high >= 0,
    ).length;
    expect(held).toBeGreaterThan(180);
  });

  it('is not moved by a few wild pairs', () => {
    const random = new RandomState(2);
    const values = [...noisy(1, 1, 36, random), 3, 3, 3, 3];
    expect(medianInterval(values, random).high).toBeLessThan(Math.log(1.01));
  });

  it('calls 6 % slower, and 6 % less faster, but not 1 %', () => {
    expect(isSlower(judged(1.06))).toBe(true);
    expect(isFaster(judged(0.94))).toBe(true);
    expect(isSlower(judged(1.01))).toBe(false);
    expect(isFaster(judged(0.99))).toBe(false);
  });

  it('suspects 2 %, and judges over processes, whose own leaning counts', () => {
    const random = new RandomState(4);
    const wall = judged(1.02, 1);
    expect(isSuspect({ wall, cpu: wall })).toBe(true);
    const leaning = (ratio: number) => meanInterval(noisy(ratio, 1, 8, random), random);
    const called = (ratio: number) => Array.from({ length: 200 }, () => leaning(ratio)).filter(isSlower).length;
    expect(called(1.05)).toBeGreaterThan(190);
    expect(called(1.02)).toBeLessThan(10);
  });

  it('voids a job whose equal code differs, or whose interval is wide', () => {
    expect(isVoid({ low: -0.004, median: 0.001, high: 0.006 })).toBe(false);
    expect(isVoid({ low: 0.002, median: 0.005, high: 0.008 })).toBe(false);
    expect(isVoid({ low: 0.016, median: 0.02, high: 0.024 })).toBe(true);
    expect(isVoid({ low: -0.05, median: 0, high: 0.05 })).toBe(true);
  });

  it('shuffles without loss, each order as likely', () => {
    const random = new RandomState(3);
    const first = Array.from({ length: 3000 }, () => shuffled([0, 1, 2], random)).map(([item]) => item);
    for (const item of [0, 1, 2]) expect(first.filter((other) => other === item).length).toBeGreaterThan(900);
    expect(shuffled([5, 6, 7], random).sort()).toEqual([5, 6, 7]);
  });
});

describe('the exact gates', () => {
  const counts = { instructions: 1_000_000, firstLevelMisses: 5000, lastLevelMisses: 100_000 };

  it('fail on half a percent more instructions or misses, but not on dust', () => {
    expect(isMore(counts, { ...counts, instructions: 1_004_000 })).toBe(false);
    expect(isMore(counts, { ...counts, instructions: 1_006_000 })).toBe(true);
    expect(isMore(counts, { ...counts, lastLevelMisses: 100_900 })).toBe(false);
    expect(isMore(counts, { ...counts, lastLevelMisses: 102_000 })).toBe(true);
    expect(isMore({ ...counts, lastLevelMisses: 10 }, { ...counts, lastLevelMisses: 900 })).toBe(false);
  });

  it('read what callgrind writes, and refuse a run that measured nothing', () => {
    const file = (totals: string) =>
      `events: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw\nfn=(1) x\n1 2\ntotals: ${totals}\n`;
    expect(parseCounts(file('100 20 10 1 2 3 4 5 6'), 'tfidf')).toEqual({
      instructions: 100,
      firstLevelMisses: 5,
      lastLevelMisses: 15,
    });
    expect(() => parseCounts(file('0'), 'tfidf')).toThrow('tfidf');
  });

  it('show less work, fail on more, and on another result first', () => {
    const run = (updates: number, digest = 'a') => ({ digest, work: { updates, distances: 7 } });
    expect(verdictOf(run(10), run(10))).toBe('ok');
    expect(verdictOf(run(10), run(9))).toBe('less');
    expect(verdictOf(run(10), run(11))).toBe('more');
    expect(verdictOf(run(10), run(9, 'b'))).toBe('other result');
  });
});

describe('the planted faults', () => {
  it.each(faults)('$name has its place in the source, once', ({ file, text }) => {
    expect(readFileSync(file, 'utf8').split(text)).toHaveLength(2);
  });
});

describe('the tables of the gate', () => {
  it('line up, and show changes with a sign', () => {
    expect(table(['row', 'time'], [['kmeans', percent(1.034)]])).toBe(
      '| row    |   time |\n| :----- | -----: |\n| kmeans | +3.4 % |',
    );
    expect(percent(0.9)).toBe('-10.0 %');
  });
});
