import { describe, expect, it } from 'vitest';
import { CountVectorizer, CsrMatrix, type ScoredTerm, topTerms } from '#src/index.js';
import { randomMatrix } from '../support.js';

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

  it('ranks by c-TF-IDF: what all clusters have counts for less', () => {
    // cat: 3 of 3 in the first, dog: 1 of 2 in either, bird: 1 of 1, stone: 4 of 4; A = 10 / 2
    const [first, second] = topTerms(counts, Int32Array.of(0, 0, 1, 1), vocabulary, { score: 'ctfidf' });
    expect(first.map(({ term }) => term)).toEqual(['cat', 'bird', 'dog']);
    const wanted = [3 * Math.log(1 + 5 / 3), Math.log(1 + 5), Math.log(1 + 5 / 2)];
    for (const [i, { score }] of first.entries()) expect(score).toBeCloseTo(wanted[i], 14);
    expect(second.map(({ term }) => term)).toEqual(['stone', 'dog']);
    expect(second[0]).toMatchObject({ count: 4, documents: 2, share: 1, shareElsewhere: 0 });
    expect(second[1]).toMatchObject({ count: 1, documents: 1, share: 0.5, shareElsewhere: 0.5 });
  });

  it('ranks by relevance, from the commonest to the most distinctive terms', () => {
    const labels = Int32Array.of(0, 0, 1, 1);
    const ranked = (lambda: number) => topTerms(counts, labels, vocabulary, { score: 'relevance', lambda })[0];
    // in the first cluster, of 5: cat 3, bird 1, dog 1; in both, of 10: cat 3, bird 1, dog 2
    const [cat, bird, dog] = [3, 1, 1].map((count) => Math.log(count / 5));
    const [liftOfCat, liftOfBird, liftOfDog] = [0.6 / 0.3, 0.2 / 0.1, 0.2 / 0.2].map(Math.log);
    const expected = (lambda: number) =>
      [
        { term: 'cat', score: lambda * cat + (1 - lambda) * liftOfCat },
        { term: 'bird', score: lambda * bird + (1 - lambda) * liftOfBird },
        { term: 'dog', score: lambda * dog + (1 - lambda) * liftOfDog },
      ].map(({ term, score }) => [term, expect.closeTo(score, 13)]);
    for (const lambda of [0.6, 0.5, 0.01]) {
      expect(ranked(lambda).map(({ term, score }) => [term, score])).toEqual(expected(lambda));
    }
    expect(topTerms(counts, labels, vocabulary, { score: 'relevance' })[0]).toEqual(ranked(0.6));
    expect(ranked(1).map(({ term }) => term)).toEqual(['cat', 'bird', 'dog']); // a tie of counts: by column
  });

  it('ranks by lift, and tells in how much of the cluster and elsewhere a term is', () => {
    const [first, second] = topTerms(counts, Int32Array.of(0, 0, 1, 1), vocabulary, { score: 'lift' });
    expect(first).toEqual([
      { term: 'cat', index: 1, count: 3, documents: 2, score: 2, share: 1, shareElsewhere: 0 },
      { term: 'bird', index: 0, count: 1, documents: 1, score: 2, share: 0.5, shareElsewhere: 0 },
      { term: 'dog', index: 2, count: 1, documents: 1, score: 1, share: 0.5, shareElsewhere: 0.5 },
    ]);
    expect(second[0]).toMatchObject({ term: 'stone', score: 2, share: 1, shareElsewhere: 0 });
    const all = topTerms(counts, new Int32Array(4), vocabulary, { score: 'lift' })[0];
    expect(all.every(({ score, shareElsewhere }) => score === 1 && shareElsewhere === 0)).toBe(true);
  });

  it('leaves out terms that too few rows of a cluster hold', () => {
    const labels = Int32Array.of(0, 0, 1, 1);
    for (const score of ['count', 'ctfidf', 'relevance', 'lift'] as const) {
      const [first] = topTerms(counts, labels, vocabulary, { score, minShare: 0.51 });
      expect(first.map(({ term }) => term)).toEqual(['cat']);
      expect(topTerms(counts, labels, vocabulary, { score, minShare: 0.5 })[0].length).toBe(3);
    }
  });

  it.each(['ctfidf', 'relevance', 'lift'] as const)('follows the definition on random counts: %s', async (score) => {
    const X = randomMatrix({ rows: 120, columns: 30, density: 0.2, seed: 6, values: 'counts' });
    const names = Array.from({ length: 30 }, (_, i) => `t${String(i).padStart(2, '0')}`);
    const terms = new CountVectorizer({ vocabulary: names }).vocabulary;
    const labels = Int32Array.from({ length: 120 }, (_, row) => (row * row) % 5);
    const rows = X.toRows();
    const sum = (members: number[][], term: number) => members.reduce((total, row) => total + row[term], 0);
    const holding = (members: number[][], term: number) => members.filter((row) => row[term] > 0).length;
    const total = (members: number[][]) => members.flat().reduce((all, value) => all + value, 0);
    const clusters = new Set(labels);
    const lists: ScoredTerm[][] = topTerms(X, labels, terms, { score, n: 30 });
    for (const cluster of clusters) {
      const members = rows.filter((_, row) => labels[row] === cluster);
      for (const { index, score: found, share, shareElsewhere } of lists[cluster]) {
        const here = sum(members, index) / total(members);
        const scores = {
          ctfidf: sum(members, index) * Math.log(1 + total(rows) / clusters.size / sum(rows, index)),
          relevance: 0.6 * Math.log(here) + 0.4 * Math.log(here / (sum(rows, index) / total(rows))),
          lift: holding(members, index) / members.length / (holding(rows, index) / rows.length),
        };
        expect(found).toBeCloseTo(scores[score], 12);
        expect(share).toBe(holding(members, index) / members.length);
        const others = rows.filter((_, row) => labels[row] !== cluster);
        expect(shareElsewhere).toBe(holding(others, index) / others.length);
      }
      const scores = lists[cluster].map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }
  });

  it.each([
    [{ score: 'tfidf' }, 'ERR_INVALID_ARG_VALUE', /score must be one of 'count'/],
    [{ lambda: 1.5 }, 'ERR_OUT_OF_RANGE', /lambda.*1\.5/],
    [{ minShare: -1 }, 'ERR_OUT_OF_RANGE', /minShare.*-1/],
    [{ n: 0 }, 'ERR_OUT_OF_RANGE', /n must be/],
    [{ by: 'count' }, 'ERR_UNKNOWN_OPTION', /"by"/],
  ])('refuses the options %o', (options, code, message) => {
    expect(() => topTerms(counts, Int32Array.of(0, 0, 1, 1), vocabulary, options as object)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses the value %d where shares of sums are asked for',
    (value) => {
      const weights = new CsrMatrix({ ...counts, values: Float64Array.from(counts.values).fill(value, 2, 3) });
      const score = (name: 'ctfidf') => topTerms(weights, Int32Array.of(0, 0, 1, 1), vocabulary, { score: name });
      for (const name of ['ctfidf', 'relevance']) {
        expect(() => score(name as 'ctfidf')).toThrow(
          expect.objectContaining({
            code: 'ERR_OUT_OF_RANGE',
            message: expect.stringMatching(`value 2 is ${value}.*${name}`),
          }),
        );
      }
    },
  );

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
