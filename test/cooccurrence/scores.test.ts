import { describe, expect, it } from 'vitest';
import {
  association,
  backendInfo,
  CsrMatrix,
  cooccurrence,
  type ScoreName,
  type ScoreOptions,
  TopCooccurrences,
  type TopCooccurrencesOptions,
  topCooccurrences,
} from '#src/index.js';
import { computing, describeOnEach, dice, digest, matrices, refusal } from '../support.js';

const nTerms = 200;

/** Documents of words that follow each other: near ones are often together, far ones hardly ever. */
function chained(): CsrMatrix {
  const random = dice(23);
  const rows = Array.from({ length: 300 }, () => {
    const row = new Array<number>(nTerms).fill(0);
    const start = Math.floor(nTerms * random() ** 2);
    for (let i = 0; i < 25; i++) row[(start + Math.floor(40 * random() ** 3)) % nTerms] += 1;
    row[0] = 1; // a term of all documents
    return row;
  });
  return CsrMatrix.fromRows(rows);
}

const counts = chained();
const n = counts.shape[0];
const presence = counts.toRows().map((row) => row.map((value) => value !== 0));
const documentsOf = Array.from(
  { length: nTerms },
  (_, term) => new Set([...presence.keys()].filter((d) => presence[d][term])),
);
const together = documentsOf.map((own) => documentsOf.map((other) => [...own].filter((d) => other.has(d)).length));

const sums = new Map<number, number>();
function sumOfPowers(exponent: number): number {
  if (!sums.has(exponent))
    sums.set(
      exponent,
      documentsOf.reduce((sum, { size }) => sum + size ** exponent, 0),
    );
  return sums.get(exponent)!;
}

/** The textbook's formulas, with JavaScript's own logarithms. */
const slowly: Record<ScoreName, (a: number, f: number, g: number, options: ScoreOptions) => number> = {
  count: (a) => a,
  pmi: (a, f, g) => Math.log2((a * n) / (f * g)),
  npmi: (a, f, g) => (a === n ? 1 : Math.log2((a * n) / (f * g)) / -Math.log2(a / n)),
  ppmi: (a, f, g, { shift = 1, smoothing = 1 }) => {
    const share = (g ** smoothing * (sumOfPowers(1) / sumOfPowers(smoothing))) / n;
    return Math.max(0, Math.log2(a / n / ((f / n) * share)) - Math.log2(shift));
  },
  llr: (a, f, g) => {
    const table = [
      [a, (f * g) / n],
      [f - a, (f * (n - g)) / n],
      [g - a, ((n - f) * g) / n],
      [n - f - g + a, ((n - f) * (n - g)) / n],
    ];
    const sum = table.reduce(
      (total, [observed, wanted]) => total + (observed === 0 ? 0 : observed * Math.log(observed / wanted)),
      0,
    );
    return a < (f * g) / n ? -2 * sum : 2 * sum;
  },
  dice: (a, f, g) => (2 * a) / (f + g),
  jaccard: (a, f, g) => a / (f + g - a),
  chi2: (a, f, g) => {
    if (f === n || g === n) return 0;
    const [b, c, d] = [f - a, g - a, n - f - g + a];
    return (Math.sign(a * d - b * c) * n * (a * d - b * c) ** 2) / (f * (n - f) * g * (n - g));
  },
  t: (a, f, g) => (a - (f * g) / n) / Math.sqrt(a),
};
const names = Object.keys(slowly) as ScoreName[];
const settings: ScoreOptions[] = [
  ...names.map((score) => ({ score })),
  { score: 'ppmi', shift: 5 },
  { score: 'ppmi', smoothing: 0.75 },
];

const onPlain = new Map<string, TopCooccurrences>();

describeOnEach('scores', (configuration) => {
  const options = computing(configuration);

  it.each(settings)('are those of the slow formula for all pairs of 200 words: %o', async (asked) => {
    const pairs = await cooccurrence(counts, { ...options, triangle: 'full' });
    const scored = await association(pairs, { ...options, ...asked, nDocuments: n });
    expect([scored.indptr, scored.indices]).toEqual([pairs.indptr, pairs.indices]);
    let worst = 0;
    for (let i = 0; i < nTerms; i++) {
      for (let q = pairs.indptr[i]; q < pairs.indptr[i + 1]; q++) {
        const [f, g] = [documentsOf[i].size, documentsOf[pairs.indices[q]].size];
        const wanted = slowly[asked.score!](pairs.values[q], f, g, asked);
        worst = Math.max(worst, Math.abs(scored.values[q] - wanted) / Math.max(1, Math.abs(wanted)));
      }
    }
    expect(worst).toBeLessThan(1e-9);
  });

  it.each(settings)(
    'choose the best partners of every term: %o',
    async (asked) => {
      const everything = { ...options, ...asked, nDocuments: n } as const;
      const scored = await association(await cooccurrence(counts, { triangle: 'full' }), everything);
      for (const [k, minCount] of [
        [1, 1],
        [7, 2],
        [1000, 1],
      ]) {
        const top = await topCooccurrences(counts, { ...options, ...asked, k, minCount });
        const wanted = Array.from({ length: nTerms }, (_, i) => {
          const partners = [];
          for (let q = scored.indptr[i]; q < scored.indptr[i + 1]; q++) {
            const count = together[i][scored.indices[q]];
            if (scored.indices[q] === i || count < minCount) continue;
            partners.push({ term: scored.indices[q], count, score: scored.values[q] });
          }
          partners.sort((a, b) => b.score - a.score || b.count - a.count || a.term - b.term);
          return partners.slice(0, k);
        });
        const found = wanted.map((_, i) => top.of(i));
        expect(JSON.stringify(found)).toBe(JSON.stringify(wanted)); // as text: a hundred thousand objects compare slowly
      }
    },
    60_000,
  );

  it.each(settings.filter(({ smoothing }) => smoothing === undefined))(
    'are the same bits from either term to the other: %o',
    async (asked) => {
      const pairs = await cooccurrence(counts, { ...options, triangle: 'full' });
      const scored = await association(pairs, { ...options, ...asked, nDocuments: n });
      const of = new Map<string, number>();
      for (let i = 0; i < nTerms; i++) {
        for (let q = scored.indptr[i]; q < scored.indptr[i + 1]; q++)
          of.set(`${i} ${scored.indices[q]}`, scored.values[q]);
      }
      const differing = [...of].filter(([pair, score]) => score !== of.get(pair.split(' ').toReversed().join(' ')));
      expect(of.size).toBeGreaterThan(10_000);
      expect(differing).toEqual([]);
    },
  );

  it('give the ratio that Dunning published for "the swiss"', async () => {
    // 110 of both, 2442 and 111 of one alone, 29114 of neither.
    const pairs = CsrMatrix.fromRows([
      [110 + 2442, 110],
      [0, 110 + 111],
    ]);
    const whole = new CsrMatrix({ ...pairs, values: Int32Array.from(pairs.values) });
    const scored = await association(whole, { ...options, score: 'llr', nDocuments: 110 + 2442 + 111 + 29114 });
    expect(scored.values[1]).toBeCloseTo(270.72, 2);
  });

  it.each(Object.keys(matrices))('are the same as on plain: %s', async (name) => {
    for (const score of ['count', 'npmi', 'llr', 'chi2'] as const) {
      const rows = name.startsWith('above') ? { rows: [0, 5, 69_999, 17] } : {};
      const asked: TopCooccurrencesOptions = { score, k: 3, ...rows };
      const key = `${name} ${score}`;
      if (!onPlain.has(key)) onPlain.set(key, await topCooccurrences(matrices[name], { ...asked, backend: 'plain' }));
      expect(digest(await topCooccurrences(matrices[name], { ...asked, ...options }))).toEqual(
        digest(onPlain.get(key)),
      );
    }
  });
});

describe('topCooccurrences', () => {
  const small = CsrMatrix.fromRows([
    [1, 1, 0, 0],
    [1, 1, 1, 0],
    [1, 0, 1, 0],
  ]);

  it('gives the ten partners with the highest counts of each term by default', async () => {
    const top = await topCooccurrences(small);
    expect(top).toBeInstanceOf(TopCooccurrences);
    expect(top.of(0)).toEqual([
      { term: 1, count: 2, score: 2 },
      { term: 2, count: 2, score: 2 },
    ]);
    expect([top.of(3), top.of(4)]).toEqual([[], []]);
  });

  it('answers for the terms asked for, in their order, and for no others', async () => {
    const top = await topCooccurrences(small, { rows: new Set([2, 0]), k: 1 });
    expect([[...top.terms], [...top.offsets], [...top.partners]]).toEqual([
      [2, 0],
      [0, 1, 2],
      [0, 1],
    ]);
    expect(top.of(1)).toEqual([]);
  });

  it('reads the counts as they were at the call', async () => {
    const own = new CsrMatrix({ ...small, indices: small.indices.slice(), values: small.values.slice() });
    const running = topCooccurrences(own);
    own.values.fill(0);
    own.indices.fill(0);
    expect(digest(await running)).toEqual(digest(await topCooccurrences(small)));
  });

  it.each([
    ['k of 0', { k: 0 }, 'ERR_OUT_OF_RANGE', /k must be an integer from 1.*0/],
    ['minCount of 0', { minCount: 0 }, 'ERR_OUT_OF_RANGE', /minCount/],
    ['a score of another name', { score: 'mi' as never }, 'ERR_INVALID_ARG_VALUE', /'npmi'.*"mi"/],
    ['a shift of another score', { score: 'pmi', shift: 2 }, 'ERR_INVALID_ARG_VALUE', /shift belongs to score: 'ppmi'/],
    ['a shift below 1', { score: 'ppmi', shift: 0.5 }, 'ERR_OUT_OF_RANGE', /shift.*0\.5/],
    ['smoothing of 0', { score: 'ppmi', smoothing: 0 }, 'ERR_OUT_OF_RANGE', /smoothing.*0/],
    ['a term that is none', { rows: [1, 4] }, 'ERR_OUT_OF_RANGE', /columns from 0 to 3, but item 1 is 4/],
    ['rows that are none', { rows: 3 as never }, 'ERR_INVALID_ARG_TYPE', /rows.*3/],
    ['an unknown option', { n: 3 } as never, 'ERR_UNKNOWN_OPTION', /"n"/],
    ['a small budget', { maxBytes: 100 }, 'ERR_MEMORY_BUDGET', /smaller k/],
  ] as [string, TopCooccurrencesOptions, string, RegExp][])('refuses %s', async (_, options, code, message) => {
    const error = await refusal(topCooccurrences(small, options));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('association', () => {
  const pairs = (rows: number[][]) => {
    const { values, ...rest } = CsrMatrix.fromRows(rows);
    return new CsrMatrix({ ...rest, values: Int32Array.from(values) });
  };

  it('takes frequencies from the diagonal or as they are given, and leaves stored zeros', async () => {
    const wanted = (
      await association(
        pairs([
          [3, 2],
          [0, 2],
        ]),
        { nDocuments: 4, score: 'dice' },
      )
    ).toRows();
    expect(wanted).toEqual([
      [1, 0.8],
      [0, 1],
    ]);
    const given = { nDocuments: 4, score: 'dice', documentFrequency: Int32Array.of(3, 2) } as const;
    expect(
      (
        await association(
          pairs([
            [0, 2],
            [0, 0],
          ]),
          given,
        )
      ).toRows(),
    ).toEqual([
      [0, 0.8],
      [0, 0],
    ]);
    const zero = new CsrMatrix({
      ...pairs([
        [0, 1],
        [0, 0],
      ]),
      values: Int32Array.of(0),
    });
    expect([...(await association(zero, given)).values]).toEqual([0]);
  });

  it.each(backendInfo().available)('works on the arrays as they were when it was called, on %s', async (backend) => {
    const given = pairs([
      [3, 2],
      [0, 2],
    ]);
    const { indptr, indices, values } = given;
    const scoring = association(given, { nDocuments: 4, score: 'dice', backend });
    for (const array of [indptr, indices, values]) array.fill(0);
    const scored = await scoring;
    expect(scored.toRows()).toEqual([
      [1, 0.8],
      [0, 1],
    ]);
  });

  it.each(backendInfo().available)(
    'misses the diagonal of a term that stands in rows of others alone, on %s',
    async (backend) => {
      const rows = [
        [0, 0, 0, 0],
        [0, 2, 0, 1],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ];
      const error = await refusal(association(pairs(rows), { nDocuments: 3, backend }));
      expect(error.message).toMatch(/no diagonal for term 3;/);
      rows[3][3] = 1;
      const scored = await association(pairs(rows), { nDocuments: 3, backend });
      expect([...scored.values]).toEqual([2, 1, 1]);
    },
  );

  it('needs memory for each document only where a score is made of logarithms', async () => {
    const few = pairs([[1]]);
    expect((await association(few, { nDocuments: 2e9, score: 'dice', maxBytes: 1e6 })).toRows()).toEqual([[1]]);
    const error = await refusal(association(few, { nDocuments: 2e9, score: 'pmi', maxBytes: 1e6 }));
    expect(error).toMatchObject({ code: 'ERR_MEMORY_BUDGET' });
  });

  it.each(['plain', 'auto'] as const)('refuses counts that no documents could give, on %s', async (backend) => {
    const error = await refusal(
      association(
        pairs([
          [3, 2],
          [0, 1],
        ]),
        { nDocuments: 4, backend },
      ),
    );
    expect(error).toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringMatching(/cannot share 2 documents/),
    });
    const few = await refusal(
      association(
        pairs([
          [3, 1],
          [0, 3],
        ]),
        { nDocuments: 4, backend },
      ),
    );
    expect(few.message).toMatch(/Terms 0 and 1 cannot share 1 documents, with 3 and 3 of their own/);
  });

  it.each([
    [
      'pairs without a diagonal',
      [
        [0, 1],
        [0, 1],
      ],
      { nDocuments: 3 },
      'ERR_INVALID_ARG_VALUE',
      /no diagonal for term 0/,
    ],
    [
      'more documents than there are',
      [
        [5, 1],
        [0, 1],
      ],
      { nDocuments: 3 },
      'ERR_OUT_OF_RANGE',
      /nDocuments \(3\), but is 5 for term 0/,
    ],
    ['a diagonal below 0', [[-1]], { nDocuments: 3 }, 'ERR_OUT_OF_RANGE', /from 0 to nDocuments \(3\), but is -1/],
    ['no number of documents', [[1]], {}, 'ERR_INVALID_ARG_TYPE', /nDocuments.*undefined/],
    ['a matrix that is not square', [[1, 1]], { nDocuments: 3 }, 'ERR_INVALID_ARG_VALUE', /1 x 2/],
    [
      'too few frequencies',
      [[1]],
      { nDocuments: 3, documentFrequency: new Int32Array(2) },
      'ERR_OUT_OF_RANGE',
      /has 2/,
    ],
    [
      'frequencies of another type',
      [[1]],
      { nDocuments: 3, documentFrequency: [1] },
      'ERR_INVALID_ARG_TYPE',
      /an array of 1/,
    ],
    ['a small budget', [[1]], { nDocuments: 3, maxBytes: 1 }, 'ERR_MEMORY_BUDGET', /Scoring/],
  ])('refuses %s', async (_, rows, options, code, message) => {
    const error = await refusal(association(pairs(rows), options as never));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('refuses weights', async () => {
    const error = await refusal(association(CsrMatrix.fromRows([[1]]) as never, { nDocuments: 1 }));
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE', message: expect.stringMatching(/Float64Array/) });
  });
});
