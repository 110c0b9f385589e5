import { describe, expect, it } from 'vitest';
import { type BackendOptions, CsrMatrix, cooccurrence, topCooccurrences } from '#src/index.js';
import { computing, describeOnEach, digest, golden, matrices, randomMatrix, refusal } from '../support.js';

/** The definition: for each pair of columns, the rows that hold both. */
function bySlowFormula(X: CsrMatrix): number[][] {
  const rows = X.toRows();
  const columns = Array.from({ length: X.nColumns }, (_, i) => i);
  return columns.map((i) => columns.map((j) => rows.filter((row) => row[i] !== 0 && row[j] !== 0).length));
}

const upper = (rows: number[][]) => rows.map((row, i) => row.map((value, j) => (j >= i ? value : 0)));
const withoutDiagonal = (rows: number[][]) => rows.map((row, i) => row.map((value, j) => (j === i ? 0 : value)));

describeOnEach('cooccurrence', (configuration) => {
  const options = computing(configuration);

  it.each(golden('cooccurrence').cases)('answers as SciPy: $name', async (example) => {
    const { nRows, nColumns, indptr, indices, values } = example;
    const arrays = {
      indptr: Int32Array.from(indptr),
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    };
    const X = new CsrMatrix({ shape: [nRows, nColumns], ...arrays });
    for (const triangle of ['upper', 'full'] as const) {
      const pairs = await cooccurrence(X, { ...options, triangle });
      expect([...pairs.indptr]).toEqual(example[triangle].indptr);
      expect([...pairs.indices]).toEqual(example[triangle].indices);
      expect([...pairs.values]).toEqual(example[triangle].values);
    }
  });

  it.each([
    'no rows',
    'no columns',
    'one cell',
    'all zero',
    'empty rows and columns',
    'one term in all rows',
    'stored zeros',
    'counts',
  ])('is its definition, in every output, for: %s', async (name) => {
    const X = matrices[name];
    const all = bySlowFormula(X);
    const sparse = async (more: object) => (await cooccurrence(X, { ...options, ...more })).toRows();
    const dense = async (more: object) => (await cooccurrence(X, { ...options, output: 'dense', ...more })).toRows();
    for (const output of [sparse, dense]) {
      expect(await output({ triangle: 'full' })).toEqual(all);
      expect(await output({})).toEqual(upper(all));
      expect(await output({ triangle: 'full', diagonal: false })).toEqual(withoutDiagonal(all));
      expect(await output({ diagonal: false })).toEqual(withoutDiagonal(upper(all)));
    }
  });

  it('counts rows of many terms, of which the native kernel makes bits, as the plain backend does', async () => {
    const X = randomMatrix({ rows: 300, columns: 560, density: 0.6, seed: 12, values: 'with zeros' });
    const answers = async (backend: BackendOptions) => [
      await cooccurrence(X, backend),
      await cooccurrence(X, { ...backend, triangle: 'full', diagonal: false }),
      await cooccurrence(X, { ...backend, output: 'dense' }),
      await topCooccurrences(X, { ...backend, k: 5, score: 'llr' }),
    ];
    expect(digest(await answers(options))).toEqual(digest(await answers({ backend: 'plain' })));
  });

  it('says under way that a sparse result goes over the budget, and what would fit', async () => {
    const maxBytes = 24 * matrices.weights.nnz + 8 * matrices.weights.nRows + 70 * matrices.weights.nColumns;
    const error = await refusal(cooccurrence(matrices.weights, { ...options, maxBytes }));
    expect(error).toMatchObject({
      code: 'ERR_MEMORY_BUDGET',
      message: expect.stringMatching(/1500 terms.*maxFeatures/),
    });
  });
});

describe('cooccurrence', () => {
  it('says which number of terms a dense result would fit for', async () => {
    const error = await refusal(cooccurrence(matrices.weights, { output: 'dense', maxBytes: 5_000_000 }));
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({
      code: 'ERR_MEMORY_BUDGET',
      message: expect.stringMatching(
        /1500 terms needs .*MB, but maxBytes is 5\.0 MB; use output: 'sparse', at most \d+ terms/,
      ),
    });
  });

  it('refuses a dense result that no typed array holds', async () => {
    const error = await refusal(cooccurrence(matrices['above 65536 columns'], { output: 'dense', maxBytes: 1e12 }));
    expect(error).toMatchObject({ code: 'ERR_OUT_OF_RANGE', message: expect.stringMatching(/70000 terms/) });
  });

  it.each([
    ['what is no matrix', 5, {}, 'ERR_INVALID_ARG_TYPE'],
    ['an unknown output', matrices.counts, { output: 'csv' }, 'ERR_INVALID_ARG_VALUE'],
    ['an unknown triangle', matrices.counts, { triangle: 'lower' }, 'ERR_INVALID_ARG_VALUE'],
    ['a diagonal that is no boolean', matrices.counts, { diagonal: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['an unknown option', matrices.counts, { symmetric: true }, 'ERR_UNKNOWN_OPTION'],
    ['an unknown backend', matrices.counts, { backend: 'gpu' }, 'ERR_INVALID_ARG_VALUE'],
    ['no threads', matrices.counts, { threads: 0 }, 'ERR_OUT_OF_RANGE'],
  ])('refuses %s', async (_, X, options, code) => {
    expect(await refusal(cooccurrence(X as never, options as never))).toMatchObject({ code });
  });
});
