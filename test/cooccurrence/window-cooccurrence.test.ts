import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  AbortError,
  CountVectorizer,
  type Progress,
  TokenStreams,
  topWindowCooccurrences,
  type WindowOptions,
  windowCooccurrence,
} from '#src/index.js';
import { computing, configurations, describeOnEach, digest, refusal } from '../support.js';
import { harmonicSum, isNearest, pairsOf, randomLists } from './window-oracle.js';

const small = TokenStreams.fromLists([...randomLists(9, 40, 30, 3), [], [4], [-1, -1], [2, 2, 2, 2]], 9);

const weightings: WindowOptions[] = [
  {},
  { window: 1 },
  { window: 15 },
  { window: 16 },
  { window: 42 },
  { window: 3, weights: 'flat' },
  { window: 500, weights: 'flat' },
  { weights: [5, 0, 3, 1] },
  { weights: [0.7, 0.1, 0, 1e-9] },
  { weights: [1e290, 0.1] },
  { window: 20, weights: Array.from({ length: 20 }, (_, i) => 1 / (i + 1)) },
];
const directions = ['symmetric', 'left', 'right'] as const;
const oovs = ['gap', 'skip'] as const;

/** What a cell must be, or that it must be nearest to a fraction. */
function expectCell(weight: number, pairs: number[], { weights = '1/d' }: WindowOptions): void {
  if (weights === '1/d') expect(isNearest(weight, harmonicSum(pairs))).toBe(true);
  else expect(weight).toBe(pairs.reduce((sum, count, i) => sum + count * (weights === 'flat' ? 1 : weights[i]), 0));
}

describeOnEach('windowCooccurrence', (configuration) => {
  const computed = computing(configuration);

  it.each(weightings)('is its definition in fractions, in every direction: %o', async (weighting) => {
    const { weights } = weighting;
    const window = weighting.window ?? (Array.isArray(weights) ? weights.length : 5);
    for (const direction of directions) {
      for (const oov of oovs) {
        const asked = { ...weighting, direction, oov };
        const wanted = pairsOf(small, window, asked);
        const result = await windowCooccurrence(small, { ...computed, ...asked, triangle: 'full' });
        let cells = 0;
        result.toRows().forEach((row, i) => {
          row.forEach((weight, j) => {
            const pairs = wanted.get(`${i} ${j}`) ?? [];
            if (weight !== 0) expectCell(weight, pairs, weighting);
            else if (Array.isArray(weights)) expectCell(0, pairs, weighting);
            else expect(pairs).toEqual([]);
            if (weight !== 0) cells++;
          });
        });
        expect(result.nnz).toBe(cells);
      }
    }
  });

  it.each(weightings)('says the same in every output: %o', async (weighting) => {
    const asked = { ...computed, ...weighting };
    const full = (await windowCooccurrence(small, { ...asked, triangle: 'full' })).toRows();
    const upper = full.map((row, i) => row.map((weight, j) => (j < i ? 0 : weight)));
    expect((await windowCooccurrence(small, asked)).toRows()).toEqual(upper);
    expect((await windowCooccurrence(small, { ...asked, output: 'dense' })).toRows()).toEqual(upper);
    const dense = await windowCooccurrence(small, { ...asked, output: 'dense', triangle: 'full' });
    expect(dense.toRows()).toEqual(full);
    for (const [k, rows] of [
      [2, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
      [100, [8, 3]],
    ] as const) {
      const top = await topWindowCooccurrences(small, { ...asked, k, rows });
      for (const term of rows) {
        const partners = full[term].map((weight, other) => ({ term: other, count: weight, score: weight }));
        const others = partners.filter(({ term: other, count }) => other !== term && count !== 0);
        expect(top.of(term)).toEqual(others.sort((a, b) => b.count - a.count || a.term - b.term).slice(0, k));
      }
    }
  });

  it('has left and right as each other transposed, and both together symmetric', async () => {
    const flat = { ...computed, weights: 'flat' } as const;
    const left = (await windowCooccurrence(small, { ...flat, direction: 'left' })).toRows();
    const right = (await windowCooccurrence(small, { ...flat, direction: 'right' })).toRows();
    const both = (await windowCooccurrence(small, { ...flat, triangle: 'full' })).toRows();
    expect(left).toEqual(right.map((row, i) => row.map((_, j) => right[j][i])));
    expect(both).toEqual(left.map((row, i) => row.map((weight, j) => weight + right[i][j])));
  });

  it('adds sums beyond 32 bits, and one term with itself', async () => {
    const n = 2500;
    const streams = TokenStreams.fromLists([new Array(n).fill(0), [0, 1]], 2);
    const result = await windowCooccurrence(streams, { ...computed, window: 15 });
    const pairs = Array.from({ length: 15 }, (_, i) => 2 * (n - 1 - i));
    expect([...result.indices]).toEqual([0, 1]);
    expect(isNearest(result.values[0], harmonicSum(pairs))).toBe(true);
    expect(result.values[1]).toBe(1);
    const wide = await windowCooccurrence(streams, { ...computed, window: 42 });
    const farther = Array.from({ length: 42 }, (_, i) => 2 * (n - 1 - i));
    expect(isNearest(wide.values[0], harmonicSum(farther))).toBe(true);
  });

  it.each([
    ['no documents', [], 3],
    ['empty documents', [[], []], 2],
    ['no terms', [[-1, -1], []], 0],
    ['no words', [], 0],
    ['words that are no terms', [[-1, -1, -1]], 1],
    ['one word', [[0]], 1],
  ] as [string, number[][], number][])('is empty for %s', async (_, lists, nTerms) => {
    const streams = TokenStreams.fromLists(lists, nTerms);
    for (const weights of ['flat', '1/d', [0.5]] as const) {
      const sparse = await windowCooccurrence(streams, { ...computed, weights });
      expect([sparse.shape, sparse.nnz, sparse.indptr.length]).toEqual([[nTerms, nTerms], 0, nTerms + 1]);
      const dense = await windowCooccurrence(streams, { ...computed, weights, output: 'dense' });
      expect(dense.values).toEqual(new Float64Array(nTerms * nTerms));
      const top = await topWindowCooccurrences(streams, { ...computed, weights });
      expect([...top.offsets]).toEqual(new Array(nTerms + 1).fill(0));
    }
  });

  it('counts documents with a fitted vectorizer', async () => {
    const documents = ['you are what you are', 'the sea and the sky'];
    const vectorizer = await new CountVectorizer({ stopWords: ['the'], ...computed }).fit(documents);
    const { vocabulary } = vectorizer;
    const of = (rows: number[][], i: string, j: string) => rows[vocabulary.index(i)][vocabulary.index(j)];
    const asked = { ...computed, vectorizer, window: 1, triangle: 'full' } as const;
    const gaps = (await windowCooccurrence(documents, asked)).toRows();
    expect([of(gaps, 'you', 'are'), of(gaps, 'are', 'you'), of(gaps, 'and', 'sky')]).toEqual([2, 2, 0]);
    const skipped = (await windowCooccurrence(documents, { ...asked, oov: 'skip' })).toRows();
    expect([of(skipped, 'and', 'sky'), of(skipped, 'sea', 'and')]).toEqual([1, 1]);
    const top = await topWindowCooccurrences(documents, { ...computed, vectorizer, rows: [vocabulary.index('sea')] });
    const partners = top.of(vocabulary.index('sea')).map(({ term }) => vocabulary.term(term));
    expect(partners).toEqual(['and', 'sky']);
  });

  it('reads token ids as they were at the call', async () => {
    const wanted = digest(await windowCooccurrence(small, computed));
    const spoil: ((own: TokenStreams) => void)[] = [
      ({ ids, offsets }) => void [ids.fill(-7), offsets.fill(3)],
      ({ ids, offsets }) =>
        structuredClone([ids, offsets], { transfer: [ids.buffer, offsets.buffer] as ArrayBuffer[] }),
    ];
    for (const mischief of spoil) {
      const own = new TokenStreams({ ...small, ids: small.ids.slice(), offsets: small.offsets.slice() });
      const running = windowCooccurrence(own, computed);
      mischief(own);
      expect(digest(await running)).toEqual(wanted);
      const late = topWindowCooccurrences(own, computed);
      expect(await refusal(late)).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    }
  });

  it('says which id is wrong that was changed since it was checked', async () => {
    const own = new TokenStreams({ ...small, ids: small.ids.slice(), offsets: small.offsets.slice() });
    own.ids[7] = 9;
    const wrongId = { code: 'ERR_INVALID_ARG_VALUE', message: expect.stringMatching(/from -1 to 8, but id 7 is 9/) };
    expect(await refusal(windowCooccurrence(own, computed))).toMatchObject(wrongId);
    own.ids[7] = 0;
    own.offsets[3] = 2 ** 40;
    const wrongOffset = { code: 'ERR_INVALID_ARG_VALUE', message: expect.stringMatching(/after document 3/) };
    expect(await refusal(windowCooccurrence(own, computed))).toMatchObject(wrongOffset);
  });

  it('says under way that a result goes over the budget, and what would fit', async () => {
    const streams = TokenStreams.fromLists(randomLists(3000, 60, 100, 5), 3000);
    const maxBytes = 300_000 + 100_000 * (computed.threads ?? 1);
    const error = await refusal(windowCooccurrence(streams, { ...computed, window: 100, weights: 'flat', maxBytes }));
    expect(error).toMatchObject({
      code: 'ERR_MEMORY_BUDGET',
      message: expect.stringMatching(/stopped under way.*maxFeatures.*smaller window/),
    });
  });
});

// Rare and frequent terms, ids of 16 and of 32 bits.
const large: Record<string, TokenStreams> = {
  'text like text': TokenStreams.fromLists(randomLists(2500, 120, 150, 7), 2500),
  'more than 65,535 terms': TokenStreams.fromLists(
    randomLists(70_000, 4, 60, 9).map((list) =>
      list.map((id) => (id < 0 ? id : 69_999 - (id % 5) * 16_000 - (id % 7))),
    ),
    70_000,
  ),
};
const onPlain = new Map<string, unknown>();

describeOnEach('windowCooccurrence, at length,', (configuration) => {
  const computed = computing(configuration);

  it.each(Object.keys(large))('has the same bits as on plain, where it is its definition: %s', async (name) => {
    const streams = large[name];
    const asked: (WindowOptions & { triangle?: 'full' })[] = [
      { window: 5, triangle: 'full' },
      { window: 16, oov: 'skip' },
      { weights: [0.3, 0.7], direction: 'left' },
    ];
    const rows = [0, 69_999, 53_993, 17].filter((term) => term < streams.nTerms);
    const results = await Promise.all(asked.map((options) => windowCooccurrence(streams, { ...computed, ...options })));
    const top = await topWindowCooccurrences(streams, { ...computed, k: 3, rows });
    if (!onPlain.has(name)) {
      const flat = await windowCooccurrence(streams, { weights: 'flat', triangle: 'full', backend: 'plain' });
      const pairs = pairsOf(streams, 5, {});
      expect(flat.nnz).toBe(pairs.size);
      for (let i = 0; i < streams.nTerms; i++) {
        const { indices, values } = flat.row(i);
        const wrong = indices.findIndex((j, q) => values[q] !== pairs.get(`${i} ${j}`)?.reduce((sum, n) => sum + n, 0));
        if (wrong >= 0) expect(`${i} ${indices[wrong]}`).toBe('right');
      }
      const plainly = asked.map((options) => windowCooccurrence(streams, { ...options, backend: 'plain' }));
      const plainTop = topWindowCooccurrences(streams, { k: 3, rows, backend: 'plain' });
      onPlain.set(name, digest([...(await Promise.all(plainly)), await plainTop]));
    }
    expect(digest([...results, top])).toEqual(onPlain.get(name));
  });
});

describeOnEach(
  'windowCooccurrence under way',
  (configuration) => {
    const computed = computing(configuration);
    const streams = TokenStreams.fromLists(randomLists(3000, 500, 400, 11), 3000);

    it('ends soon after it is aborted, and tells how far it is', async () => {
      for (const delay of [0, 3, 20]) {
        const abort = new AbortController();
        const options = { ...computed, window: 40, signal: abort.signal };
        const running = refusal(windowCooccurrence(streams, options)).catch(() => 'finished first');
        await wait(delay);
        const aborted = performance.now();
        abort.abort();
        const outcome = await running;
        expect(performance.now() - aborted).toBeLessThan(1000);
        if (outcome !== 'finished first') expect(outcome).toBeInstanceOf(AbortError);
      }
      const told: Progress[] = [];
      await windowCooccurrence(streams, { ...computed, onProgress: (progress) => told.push(progress) });
      expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b));
      expect(told.at(-1)).toEqual({ phase: 'weighing pairs', done: 3000, total: 3000 });
    });
  },
  configurations.filter(({ threads }) => threads === undefined || threads === 2),
);

/** GloVe's cooccur: a history of words of the vocabulary; each pair goes to both orders, or to (earlier, later) alone. */
function asGloVe(streams: TokenStreams, window: number, symmetric: boolean): number[][] {
  const sums = Array.from({ length: streams.nTerms }, () => new Array<number>(streams.nTerms).fill(0));
  for (let d = 0; d < streams.nDocuments; d++) {
    const history: number[] = [];
    for (const word of streams.document(d)) {
      if (word < 0) continue;
      for (let back = 1; back <= Math.min(window, history.length); back++) {
        const earlier = history[history.length - back];
        sums[earlier][word] += 1 / back;
        if (symmetric) sums[word][earlier] += 1 / back;
      }
      history.push(word);
    }
  }
  return sums;
}

/** text2vec's tcm: words keep their places; a pair goes once to the upper triangle. */
function asText2vec(streams: TokenStreams, window: number): number[][] {
  const sums = Array.from({ length: streams.nTerms }, () => new Array<number>(streams.nTerms).fill(0));
  for (let d = 0; d < streams.nDocuments; d++) {
    const words = streams.document(d);
    words.forEach((word, p) => {
      for (let q = p + 1; q <= Math.min(p + window, words.length - 1); q++) {
        if (word >= 0 && words[q] >= 0) sums[Math.min(word, words[q])][Math.max(word, words[q])] += 1 / (q - p);
      }
    });
  }
  return sums;
}

const expectClose = (found: number[][], wanted: number[][]) =>
  found.forEach((row, i) => {
    row.forEach((weight, j) => {
      expect(weight).toBeCloseTo(wanted[i][j], 10);
    });
  });

describe('windowCooccurrence', () => {
  it("gives GloVe's sums, in both orders and in one", async () => {
    const asked = { window: 15, oov: 'skip', triangle: 'full' } as const;
    expectClose((await windowCooccurrence(small, asked)).toRows(), asGloVe(small, 15, true));
    const following = await windowCooccurrence(small, { ...asked, direction: 'right' });
    expectClose(following.toRows(), asGloVe(small, 15, false));
  });

  it("gives text2vec's sums, but for pairs of one word, which it counts once", async () => {
    const wanted = asText2vec(small, 5);
    const found = (await windowCooccurrence(small)).toRows();
    expectClose(
      found.map((row, i) => row.map((weight, j) => (i === j ? weight / 2 : weight))),
      wanted,
    );
  });

  it('weighs by hand: the words of "a rose is a rose" around each other', async () => {
    const [a, rose, is] = [0, 1, 2];
    const streams = TokenStreams.fromLists([[a, rose, is, a, rose]], 3);
    const rows = (await windowCooccurrence(streams, { window: 3, triangle: 'full' })).toRows();
    // a: 0 and 3; rose: 1 and 4; is: 2. Pairs: a-rose at 1, 2, 1; a-is at 2, 1; rose-is at 1, 2; a-a and rose-rose at 3, twice.
    expect(rows[a]).toEqual([2 / 3, 2.5, 1.5]);
    expect(rows[rose]).toEqual([2.5, 2 / 3, 1.5]);
    expect(rows[is]).toEqual([1.5, 1.5, 0]);
    const right = (await windowCooccurrence(streams, { window: 2, weights: 'flat', direction: 'right' })).toRows();
    expect(right[rose]).toEqual([1, 0, 1]);
    const left = (await windowCooccurrence(streams, { window: 2, weights: 'flat', direction: 'left' })).toRows();
    expect(left[rose]).toEqual([2, 0, 1]);
  });

  it('takes options that a caller changes later as they were', async () => {
    const weights = [1, 0.5];
    const rows = [2];
    const running = windowCooccurrence(small, { weights });
    const best = topWindowCooccurrences(small, { weights, rows });
    weights.fill(9);
    rows[0] = 5;
    expect(digest(await running)).toEqual(digest(await windowCooccurrence(small, { weights: [1, 0.5] })));
    expect([...(await best).terms]).toEqual([2]);
  });
});
