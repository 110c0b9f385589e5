import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CountVectorizer, KMeans, readDocuments, TfidfTransformer } from '#src/index.js';
import { type FormatName, formats, lines } from '../../bench/data/formats.js';
import { haveReviews, reviews } from '../../bench/data/reviews.js';
import { type CorpusStatistics, corpusStatistics } from '../../bench/data/statistics.js';
import { syntheticDocuments, topics } from '../../bench/data/synthetic.js';
import { wordOf } from '../../bench/data/synthetic-words.js';
import { sha256 } from '../support.js';

const documents = [...syntheticDocuments({ documents: 5000 })];
const texts = documents.map(({ text }) => text);
const statistics = corpusStatistics(texts);
const available = await haveReviews();

async function all(stream: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const text of stream) found.push(text);
  return found;
}

describe('synthetic documents', () => {
  it('are the same on every machine', () => {
    const jsonl = [...lines(documents.slice(0, 1000), 'jsonl')].join('');
    expect(sha256(jsonl)).toBe('fde841fb93237ea70e7be9c75f37268c6d0880518ff051aea71eae5b511e7ecd');
  });

  it('are the first ones of a longer corpus, and others for another seed', () => {
    expect([...syntheticDocuments({ documents: 100 })]).toEqual(documents.slice(0, 100));
    expect([...syntheticDocuments({ documents: 1, seed: 2 })]).not.toEqual(documents.slice(0, 1));
  });

  it('have the lengths of short reviews', () => {
    const lengths = texts.map((text) => text.split(' ').length);
    expect([Math.min(...lengths) >= 1, Math.max(...lengths) <= 1000]).toEqual([true, true]);
    expect(statistics.meanLength).toBeGreaterThan(130);
    expect(statistics.meanLength).toBeLessThan(138);
    expect(statistics.medianLength).toBeLessThan(104); // log-normal: most are shorter than the mean
  });

  it('hold words of at least two letters, no two ranks the same', () => {
    const ranks = [...Array(100_000).keys(), ...Array.from({ length: 1000 }, (_, i) => 16_000_000 + i)];
    const words = ranks.map((rank) => wordOf(rank).toLowerCase());
    expect(new Set(words).size).toBe(words.length);
    expect(words.filter((word) => !/^[a-zé]{2,}$/.test(word))).toEqual([]);
  });

  it('have letters beyond ASCII in one of twelve, about', () => {
    const share = texts.filter((text) => /[^\0-\x7f]/.test(text)).length / texts.length;
    expect(Math.abs(share - 1 / 12)).toBeLessThan(0.02);
  });

  it('fall into clusters by their topics', async () => {
    const counts = await new CountVectorizer({ minDf: 10, maxDf: 0.1 }).fitTransform(texts);
    const tfidf = await new TfidfTransformer().fitTransform(counts);
    const { labels } = await new KMeans({ nClusters: topics, randomState: 0 }).fit(tfidf);
    const members = Array.from({ length: topics }, () => new Array<number>(topics).fill(0));
    documents.forEach(({ topic }, i) => {
      members[labels[i]][topic]++;
    });
    const agreeing = members.reduce((sum, ofTopics) => sum + Math.max(...ofTopics), 0);
    expect(agreeing / documents.length).toBeGreaterThan(0.5); // by chance 0.08
  });
});

describe('files of synthetic documents', () => {
  const folder = mkdtempSync(join(tmpdir(), 'corpuscle-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(Object.keys(formats) as FormatName[])('are read back from %s', async (format) => {
    const file = join(folder, `documents.${format}`);
    writeFileSync(file, [...lines(documents, format)].join(''));
    const textField = { csv: { textField: 2 }, txt: {}, jsonl: { textField: 'text' } }[format];
    expect(await all(readDocuments(file, textField))).toEqual(texts);
  });
});

/** Of the first 3,000 of the film reviews (Maas et al. 2011), which have as many tokens as 5,000 synthetic documents. */
const ofReviews = {
  tokens: 674_084,
  distinctTerms: 30_864,
  zipfSlope: -1.0578,
  heapsExponent: 0.6595,
  top10: 0.2338,
  top100: 0.5015,
  top1000: 0.7628,
  hapaxShare: 0.4197,
  distinctShare: 0.6088,
} satisfies Partial<CorpusStatistics>;
const names = Object.keys(ofReviews) as (keyof typeof ofReviews)[];

describe('the statistics of words', () => {
  it.each(names)('come within a twelfth of those of reviews: %s', (name) => {
    expect(Math.abs(statistics[name] / ofReviews[name] - 1)).toBeLessThan(1 / 12);
  });

  it.skipIf(!available)('of the reviews are as stated here', async () => {
    const found = corpusStatistics(await all(reviews(3000)));
    for (const name of names) expect(Math.abs(found[name] / ofReviews[name] - 1), name).toBeLessThan(1e-3);
  });

  it('are right for a corpus that can be counted by hand', () => {
    const found = corpusStatistics(['A cat, the CAT and the dog', 'the end']);
    expect(found).toMatchObject({ documents: 2, tokens: 8, distinctTerms: 5, top10: 1, meanLength: 4 });
    expect(found.hapaxShare).toBeCloseTo(3 / 5);
    expect(found.distinctShare).toBeCloseTo(6 / 8);
  });
});
