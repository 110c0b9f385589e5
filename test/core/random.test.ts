import { describe, expect, it } from 'vitest';
import { RandomState } from '#src/core/random.js';
import { golden } from '../support.js';

interface Draw {
  method: string;
  size?: number;
  n?: number;
  p?: number[];
}

const { draws, cases } = golden('random') as { draws: Draw[]; cases: { seed: number; fresh: unknown[] }[] };

/** Draws as the golden describes, where the library has the method. */
function draw(random: RandomState, { method, size = 1, p, n = p?.length ?? 0 }: Draw): unknown {
  const weights = Float64Array.from(p ?? new Array(n).fill(1));
  if (method === 'randomSample') return Array.from({ length: size }, () => random.randomSample());
  if (method === 'choice') return random.choice(weights);
  if (method === 'choiceWithoutReplacement') return [...random.choiceWithoutReplacement(weights, size)];
  return undefined;
}

describe.each(cases)('RandomState($seed)', ({ seed, fresh }) => {
  const known = draws
    .map((one, i) => ({ ...one, i }))
    .filter(({ method }) => ['randomSample', 'choice', 'choiceWithoutReplacement'].includes(method));

  it('is tested with each way of drawing', () => {
    expect(new Set(known.map(({ method }) => method)).size).toBeGreaterThanOrEqual(2);
  });

  it.each(known)('draws what NumPy draws: $method, $size', (one) => {
    expect(draw(new RandomState(seed), one)).toEqual(fresh[one.i]);
  });
});

describe('RandomState()', () => {
  it('takes another seed each time', () => {
    expect(new RandomState().randomSample()).not.toBe(new RandomState().randomSample());
  });
});
