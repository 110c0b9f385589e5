import { describe, expect, it } from 'vitest';
import { CountVectorizer, TokenStreams, topWindowCooccurrences, windowCooccurrence } from '#src/index.js';
import { refusal } from '../support.js';

const small = TokenStreams.fromLists([[0, 1, 2], [4], [-1, 8]], 9);

describe('windowCooccurrence', () => {
  const vectorizer = new CountVectorizer({ vocabulary: ['ab'] });
  it.each([
    ['a window of 0', small, { window: 0 }, 'ERR_OUT_OF_RANGE', /window must be an integer from 1 to 1000, but is 0/],
    ['a window of 1001', small, { window: 1001, weights: 'flat' }, 'ERR_OUT_OF_RANGE', /window.*1000.*1001/],
    ['half a window', small, { window: 2.5 }, 'ERR_OUT_OF_RANGE', /window.*2\.5/],
    [
      'fractions beyond 42',
      small,
      { window: 43 },
      'ERR_OUT_OF_RANGE',
      /at most 42 .*but is 43; give the weights as a list/,
    ],
    ['no weights', small, { weights: [] }, 'ERR_OUT_OF_RANGE', /weights\.length.*0/],
    ['weights of another length', small, { window: 3, weights: [1, 2] }, 'ERR_OUT_OF_RANGE', /window of 3, but has 2/],
    ['a weight below 0', small, { weights: [1, -1] }, 'ERR_OUT_OF_RANGE', /weights\[1\].*-1/],
    ['a weight that is no number', small, { weights: [Number.NaN] }, 'ERR_OUT_OF_RANGE', /weights\[0\].*NaN/],
    ['a weight of another type', small, { weights: ['1'] }, 'ERR_INVALID_ARG_TYPE', /weights\[0\].*"1"/],
    ['weights with a hole', small, { weights: new Array(2) }, 'ERR_INVALID_ARG_TYPE', /weights\[0\].*undefined/],
    ['weights of another name', small, { weights: 'linear' }, 'ERR_INVALID_ARG_VALUE', /'1\/d', 'flat' or an array/],
    ['a direction of another name', small, { direction: 'up' }, 'ERR_INVALID_ARG_VALUE', /direction.*"up"/],
    ['an oov of another name', small, { oov: 'keep' }, 'ERR_INVALID_ARG_VALUE', /oov.*"keep"/],
    ['an output of another name', small, { output: 'csv' }, 'ERR_INVALID_ARG_VALUE', /output.*"csv"/],
    [
      'half of what is not symmetric',
      small,
      { direction: 'left', triangle: 'upper' },
      'ERR_INVALID_ARG_VALUE',
      /'left'/,
    ],
    ['an unknown option', small, { k: 3 }, 'ERR_UNKNOWN_OPTION', /windowCooccurrence has no option "k"/],
    ['documents alone', ['ab'], {}, 'ERR_INVALID_ARG_TYPE', /an array of 1 and there is no vectorizer/],
    ['another vectorizer', ['ab'], { vectorizer: {} }, 'ERR_INVALID_ARG_TYPE', /vectorizer is a value of type Object/],
    ['a vectorizer for token ids', small, { vectorizer }, 'ERR_INVALID_ARG_VALUE', /token ids already/],
    ['documents that are none', 7, { vectorizer }, 'ERR_INVALID_ARG_TYPE', /documents.*7/],
    ['a small budget', small, { maxBytes: 100 }, 'ERR_MEMORY_BUDGET', /9 terms needs .*larger maxBytes/],
    [
      'a small budget of a dense result',
      small,
      { output: 'dense', maxBytes: 100 },
      'ERR_MEMORY_BUDGET',
      /at most 0 terms/,
    ],
  ])('refuses %s', async (_, input, options, code, message) => {
    const error = await refusal(windowCooccurrence(input as never, options as never));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('refuses a dense result that no typed array holds', async () => {
    const streams = TokenStreams.fromLists([], 70_000);
    const error = await refusal(windowCooccurrence(streams, { output: 'dense', maxBytes: 1e12 }));
    expect(error).toMatchObject({ code: 'ERR_OUT_OF_RANGE', message: expect.stringMatching(/70000 terms/) });
  });
});

describe('topWindowCooccurrences', () => {
  it.each([
    ['k of 0', { k: 0 }, 'ERR_OUT_OF_RANGE', /k must be an integer from 1.*0/],
    ['a term that is none', { rows: [1, 9] }, 'ERR_OUT_OF_RANGE', /columns from 0 to 8, but item 1 is 9/],
    ['a triangle', { triangle: 'full' }, 'ERR_UNKNOWN_OPTION', /"triangle"/],
    ['a small budget', { maxBytes: 100 }, 'ERR_MEMORY_BUDGET', /partners of 9 terms/],
  ])('refuses %s', async (_, options, code, message) => {
    const error = await refusal(topWindowCooccurrences(small, options as never));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('asks its budget before it lists billions of terms', async () => {
    const streams = new TokenStreams({ nTerms: 2 ** 31 - 1, offsets: Float64Array.of(0, 1), ids: Int32Array.of(0) });
    const error = await refusal(topWindowCooccurrences(streams, { maxBytes: 1e6, backend: 'plain' }));
    expect(error).toMatchObject({ code: 'ERR_MEMORY_BUDGET' });
  });
});
