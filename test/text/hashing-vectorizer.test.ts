import { describe, expect, it } from 'vitest';
import { murmur3 } from '#src/core/murmur3.js';
import { HashingVectorizer, type HashingVectorizerOptions } from '#src/index.js';
import { computing, describeOnEach, golden, refusal } from '../support.js';

const { cases, hashes } = golden('hashing-vectorizer');
const known = hashes as [text: string, seed: number, hash: number][];

describeOnEach('HashingVectorizer', (configuration) => {
  it.each(cases)('answers as scikit-learn: $name', async ({ documents, options, indptr, indices, values }) => {
    const vectorizer = new HashingVectorizer({ ...(options as HashingVectorizerOptions), ...computing(configuration) });
    const counts = await vectorizer.fitTransform(documents);
    expect(counts.shape).toEqual([documents.length, options.nFeatures ?? 2 ** 20]);
    expect([...counts.indptr]).toEqual(indptr);
    expect([...counts.indices]).toEqual(indices);
    expect([...counts.values]).toEqual(values);
  });

  it('gives the same rows for documents in batches', async () => {
    const vectorizer = new HashingVectorizer({ ...computing(configuration), nFeatures: 50 });
    const documents = Array.from({ length: 30 }, (_, i) => `word${i} word${i % 7} words`);
    const whole = await vectorizer.transform(documents);
    const batches = [
      await vectorizer.transform(documents.slice(0, 11)),
      await vectorizer.transform(documents.slice(11)),
    ];
    expect(batches.flatMap((batch) => batch.toRows())).toEqual(whole.toRows());
  });

  it('transforms no documents into no rows', async () => {
    const vectorizer = await new HashingVectorizer(computing(configuration)).fit();
    expect((await vectorizer.transform([])).shape).toEqual([0, 2 ** 20]);
  });
});

describe('HashingVectorizer', () => {
  it.each([
    ['no columns', { nFeatures: 0 }, 'ERR_OUT_OF_RANGE', /nFeatures.*0/],
    ['a norm that is none', { norm: 'l3' as never }, 'ERR_INVALID_ARG_VALUE', /norm.*"l3"/],
    ['a sign that is none', { alternateSign: 1 as never }, 'ERR_INVALID_ARG_TYPE', /alternateSign/],
    ['a vocabulary', { vocabulary: ['a'] } as never, 'ERR_UNKNOWN_OPTION', /vocabulary/],
  ])('refuses %s', (_, options: HashingVectorizerOptions, code, message) => {
    expect(() => new HashingVectorizer(options)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it('refuses what are no documents', async () => {
    expect(await refusal(new HashingVectorizer().transform('words' as never))).toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
    });
  });
});

describe('murmur3', () => {
  it.each(known)('hashes %j with seed %i to %i', (text, seed, hash) => {
    const bytes = new TextEncoder().encode(`?${text}!`);
    expect(murmur3(bytes, 1, bytes.length - 1, seed)).toBe(hash);
  });

  it('gives the values of the reference implementation', () => {
    const foo = new TextEncoder().encode('foo');
    expect([murmur3(foo, 0, 3, 0), murmur3(foo, 0, 3, 42)]).toEqual([-156_908_512, -1_322_301_282]);
    expect(murmur3(Uint8Array.of(3, 0, 0, 0), 0, 4, 0)).toBe(847_579_505);
  });
});
