import { describe, expect, it } from 'vitest';
import { CountVectorizer, topTerms } from '#src/index.js';

const documents = ['cat cat dog', 'cat bird', 'stone stone stone', 'stone dog'];
const vectorizer = new CountVectorizer();
const counts = await vectorizer.fitTransform(documents);
const { vocabulary } = vectorizer;

describe('topTerms', () => {
  it('lists the terms of each cluster by their sums, ties in order of the terms', () => {
    const [first, second] = topTerms(counts, Int32Array.of(0, 0, 1, 1), vocabulary, { n: 2 });
    expect(first).toEqual([
      { term: 'cat', index: 1, count: 3, documents: 2 },
      { term: 'bird', index: 0, count: 1, documents: 1 },
    ]);
    expect(second.map(({ term, count }) => [term, count])).toEqual([
      ['stone', 4],
      ['dog', 1],
    ]);
  });

  it('lists no term that a cluster does not hold, and nothing for a cluster without rows', () => {
    const lists = topTerms(counts, Int32Array.of(2, 2, 0, 0), vocabulary, { n: 100 });
    expect(lists.map((list) => list.length)).toEqual([2, 0, 3]);
  });

  it('refuses a matrix that was broken after it was made', async () => {
    const broken = await new CountVectorizer().fitTransform(documents);
    broken.indices[0] = 1_000_000;
    expect(() => topTerms(broken, Int32Array.of(0, 0, 1, 1), vocabulary)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
    );
  });

  it.each([
    ['labels of another length', Int32Array.of(0), vocabulary, 'ERR_OUT_OF_RANGE'],
    ['a negative label', Int32Array.of(0, 0, 0, -1), vocabulary, 'ERR_OUT_OF_RANGE'],
    ['a label beyond the rows', Int32Array.of(0, 0, 0, 2 ** 30), vocabulary, 'ERR_OUT_OF_RANGE'],
    ['labels as an array', [0, 0, 0, 0], vocabulary, 'ERR_INVALID_ARG_TYPE'],
    [
      'a vocabulary of another size',
      Int32Array.of(0, 0, 0, 0),
      new CountVectorizer({ vocabulary: ['x'] }).vocabulary,
      'ERR_OUT_OF_RANGE',
    ],
    ['no vocabulary', Int32Array.of(0, 0, 0, 0), undefined, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses %s', (_, labels, terms, code) => {
    expect(() => topTerms(counts, labels as never, terms as never)).toThrow(expect.objectContaining({ code }));
  });
});
