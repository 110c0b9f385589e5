import { describe, expect, it } from 'vitest';
import { cumulate, RandomState } from '#src/core/random.js';
import { golden } from '../support.js';

interface Draw {
  method: string;
  size?: number;
  n?: number;
  p?: number[];
  low?: number;
  high?: number;
}

const { draws, cases } = golden('random') as {
  draws: Draw[];
  cases: { seed: number; fresh: unknown[]; sequence: unknown[] }[];
};

/** Draws as the golden describes, where the library has the method. */
function draw(random: RandomState, { method, size = 1, p, n = p?.length ?? 0, low = 0, high = 1 }: Draw): unknown {
  const weights = Float64Array.from(p ?? new Array(n).fill(1));
  if (method === 'randomSample') return Array.from({ length: size }, () => random.randomSample());
  if (method === 'choice') return random.choice(weights);
  if (method === 'choiceWithoutReplacement') return [...random.choiceWithoutReplacement(weights, size)];
  if (method === 'choices') return [...random.choices(cumulate(weights), size)];
  if (method === 'randint') return [...random.randints(high - low, size)].map((value) => value + low);
  if (method === 'permutation') return [...random.permutation(n)];
  return undefined;
}

describe.each(cases)('RandomState($seed)', ({ seed, fresh, sequence }) => {
  const known = draws.map((one, i) => ({ ...one, i })).filter(({ method }) => method !== 'uniform');

  it.each(known)('draws what NumPy draws: $method, $size', (one) => {
    expect(draw(new RandomState(seed), one)).toEqual(fresh[one.i]);
  });

  it('draws one after the other what NumPy draws, also from a saved state', () => {
    let random = new RandomState(seed);
    draws.forEach((one, i) => {
      const { method, size = 1, low = 0, high = 1 } = one;
      const uniform = () => Array.from({ length: size }, () => low + (high - low) * random.randomSample());
      expect(method === 'uniform' ? uniform() : draw(random, one), method).toEqual(sequence[i]);
      random = RandomState.from(JSON.parse(JSON.stringify(random)));
    });
  });
});

describe('RandomState.from', () => {
  const saved = new RandomState(0).toJSON();
  it.each([
    null,
    {},
    { ...saved, seed: -1 },
    { ...saved, state: saved.state.slice(1) },
    { ...saved, state: saved.state.with(5, 2 ** 32) },
    { ...saved, state: 'x'.repeat(624) },
    { ...saved, position: 625 },
    { ...saved, position: 0.5 },
  ])('refuses what is no saved generator', (broken) => {
    expect(() => RandomState.from(broken)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  });
});

describe('RandomState()', () => {
  it('takes another seed each time', () => {
    expect(new RandomState().randomSample()).not.toBe(new RandomState().randomSample());
  });
});

describe('choices', () => {
  const spread = {
    'the same': () => 1,
    'rising steeply': (i: number) => 2 ** i,
    'falling steeply': (i: number) => 2 ** -i,
    'mostly zero': (i: number) => (i % 37 === 20 ? 1 : 0),
    'zero at both ends': (i: number) => (i > 90 && i < 110 ? i : 0),
    'one heavy one': (i: number) => (i === 150 ? 1e6 : 1),
  };

  it.each(Object.entries(spread))('are where the cumulated weights first pass the draw: weights %s', (_, weight) => {
    for (const n of [1, 2, 7, 200]) {
      const cumulated = cumulate(Float64Array.from({ length: n }, (_, i) => weight(i) + (n < 200 ? 1 : 0)));
      const draws = new RandomState(n);
      const wanted = Array.from({ length: 500 }, () => draws.randomSample()).map((x) =>
        cumulated.findIndex((sum) => sum > x),
      );
      expect([...new RandomState(n).choices(cumulated, 500)]).toEqual(wanted);
    }
  });
});
