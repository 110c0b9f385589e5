import { describe, expect, it } from 'vitest';
import { type LimitOptions, measureLimits } from '#src/backends/limits.js';
import { refusal, withoutNative } from '../support.js';

const options: LimitOptions = { threads: 2, tableBytes: 2 ** 20, rowBytes: 448, seconds: 0.005 };

describe.skipIf(withoutNative)(`limits${withoutNative ? ' (skipped: no addon)' : ''}`, () => {
  it('are plausible rates', async () => {
    for (const threads of [1, 2]) {
      const { threads: asked, ...rates } = await measureLimits({ ...options, threads });
      expect(asked).toBe(threads);
      expect(Object.keys(rates)).toEqual([
        'stream',
        'firstTouch',
        'readModifyWrite',
        'byteClassification',
        'randomRows',
      ]);
      for (const rate of Object.values(rates)) {
        expect(rate).toBeGreaterThan(1e6);
        expect(rate).toBeLessThan(1e13);
      }
    }
  });

  it('are measured only where they are asked for', async () => {
    const { stream, ...others } = await measureLimits({ ...options, kinds: ['stream'] });
    expect(stream).toBeGreaterThan(1e6);
    expect(others).toEqual({
      threads: 2,
      firstTouch: Number.NaN,
      readModifyWrite: Number.NaN,
      byteClassification: Number.NaN,
      randomRows: Number.NaN,
    });
  });
});

describe('measureLimits', () => {
  it.each([
    [{ threads: 0 }, 'threads must be an integer from 1 to 1024, but is 0.'],
    [{ tableBytes: 63 }, 'tableBytes must be an integer from 64 to 68719476736, but is 63.'],
    [{ rowBytes: 65 }, 'rowBytes must be a multiple of 64, but is 65.'],
    [{ rowBytes: 2 ** 21 }, 'rowBytes must be an integer from 64 to 1048576, but is 2097152.'],
    [{ seconds: Number.NaN }, 'seconds must be from 0 to 60, but is NaN.'],
    [{ seconds: 61 }, 'seconds must be from 0 to 60, but is 61.'],
    [
      { second: 1 },
      'measureLimits has no option "second"; its options are threads, tableBytes, rowBytes, kinds, seconds.',
    ],
    [{ kinds: ['speed'] as never }, /^kinds must be /],
  ])('refuses %o', async (wrong, message) => {
    const said = (await refusal(measureLimits({ ...options, ...wrong }))).message;
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });
});
