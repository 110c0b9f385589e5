import { describe, expect, it } from 'vitest';
import { CsrMatrix, cooccurrence, planCooccurrence } from '#src/index.js';
import { computing, describeOnEach, matrices, randomMatrix, refusal } from '../support.js';

describeOnEach('planCooccurrence', (configuration) => {
  const options = computing(configuration);

  // All pairs of 70,000 terms take long without native code.
  const names = Object.keys(matrices).filter((name) => configuration.backend !== 'plain' || !name.startsWith('above'));

  it.each(names)('gives exact updates, and sizes as they come out: %s', async (name) => {
    const plan = await planCooccurrence(matrices[name], options);
    const pairs = await cooccurrence(matrices[name], options);
    expect(plan.updates).toBe(pairs.values.reduce((sum, count) => sum + count, 0));
    expect([plan.documents, plan.terms]).toEqual(matrices[name].shape);
    // Of up to 400 terms that occur, all are counted.
    const held = new Set(matrices[name].indices).size;
    if (held <= 400) expect(plan.nonZeros).toBe(pairs.nnz);
    else expect(Math.abs(plan.nonZeros / pairs.nnz - 1)).toBeLessThan(0.05);
    expect(plan.bytes.sparse).toBe(8 * plan.nonZeros + 4 * (plan.terms + 1));
    expect(plan.bytes.dense).toBe(4 * plan.terms ** 2);
    expect(plan.seconds).toBeGreaterThanOrEqual(0);
    expect(plan.seconds).toBeLessThan(60);
  });

  it('predicts both triangles', async () => {
    const matrix = randomMatrix({ rows: 800, columns: 900, density: 0.02, seed: 8 });
    const plan = await planCooccurrence(matrix, options);
    const full = await cooccurrence(matrix, { ...options, triangle: 'full' });
    expect(Math.abs(plan.bytes.sparseFull / (8 * full.nnz + 4 * 901) - 1)).toBeLessThan(0.05);
  });
});

describe('planCooccurrence', () => {
  const matrix = matrices.weights;

  it('says which results the budget allows', async () => {
    const { bytes, fits } = await planCooccurrence(matrix);
    expect(fits).toEqual(['sparse', 'sparseFull', 'dense']);
    const enough = bytes.work + 2 * bytes.sparse;
    expect((await planCooccurrence(matrix, { maxBytes: enough })).fits).toContain('sparse');
    expect((await planCooccurrence(matrix, { maxBytes: bytes.work })).fits).toEqual([]);
    expect(await refusal(planCooccurrence(matrix, { maxBytes: 1000 }))).toMatchObject({ code: 'ERR_MEMORY_BUDGET' });
  });

  it('reads the counts as they were at the call, and can be stopped', async () => {
    const wanted = await planCooccurrence(matrix);
    const own = new CsrMatrix({ ...matrix, values: matrix.values.slice() });
    const running = planCooccurrence(own);
    own.values.fill(0);
    expect((await running).updates).toBe(wanted.updates);
    const stopped = await refusal(planCooccurrence(matrix, { signal: AbortSignal.abort() }));
    expect(stopped.name).toBe('AbortError');
  });

  it('refuses options that it does not have, and what is no matrix', async () => {
    expect(await refusal(planCooccurrence(matrix, { output: 'dense' } as never))).toMatchObject({
      code: 'ERR_UNKNOWN_OPTION',
    });
    expect(await refusal(planCooccurrence([] as never))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
});
