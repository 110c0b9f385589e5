import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { backendInfo } from '#src/index.js';
import { corpuscle, fileOf, folderOf, jsonLines, outcomeOf, reviewLines, reviews, start } from './support.js';

const two = ['--clusters', '2', '--random-state', '0'];

describe('corpuscle cluster', () => {
  test('prints the clusters as json', async () => {
    const file = fileOf('reviews.txt', reviewLines);
    const { code, stdout } = await corpuscle(['cluster', file, ...two, '--top', '2', '--format', 'json']);
    expect(code).toBe(0);
    const { clusters, inertia, nIter, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ documents: 6, terms: 8, nonZeros: 19, nClusters: 2 });
    expect(inertia).toBeGreaterThan(0);
    expect(nIter).toBeGreaterThan(0);
    expect(clusters).toHaveLength(2);
    expect(clusters.map(({ cluster }: { cluster: number }) => cluster)).toEqual([0, 1]);
    expect(clusters).toContainEqual({
      cluster: expect.any(Number),
      size: 3,
      share: 0.5,
      terms: [
        { term: 'wheel', count: 4, documents: 3 },
        { term: 'brake', count: 3, documents: 3 },
      ],
    });
  });

  test('prints one line a cluster as csv', async () => {
    const file = fileOf('reviews.txt', reviewLines);
    const { stdout } = await corpuscle(['cluster', file, ...two, '--top', '2', '--format', 'csv']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('cluster,size,share,terms');
    expect(lines).toHaveLength(3);
    expect(stdout).toContain(',3,0.5,wheel brake\n');
  });

  test('prints a table that fits the width it is given', async () => {
    const words = Array.from({ length: 30 }, (_, i) => `word${i}`).join(' ');
    const file = fileOf('long.txt', `${words}\n${words}\nother\n`);
    const args = ['cluster', file, '--clusters', '2', '--top', '30'];
    const { stdout } = await corpuscle(args, { env: { COLUMNS: '60' } });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^3 documents, 31 terms; 2 clusters after \d+ iterations?, inertia /);
    expect(stdout).toMatch(/cluster +size +share +top terms\n─+\n/);
    expect(stdout).toMatch(/^ +[01] +2 +66\.7% +word0, word1, /m);
    expect(Math.max(...lines.slice(1).map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  test('tells one line a step on standard error, or nothing with --quiet', async () => {
    const file = fileOf('reviews.txt', reviewLines);
    const { stderr } = await corpuscle(['cluster', file, ...two]);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^counts +6 documents, 8 terms \(.* docs\/s, .*\/s\) in \d+\.\d\d s$/),
      expect.stringMatching(/^tf-idf +19 weights in \d+\.\d\d s$/),
      expect.stringMatching(/^k-means +2 clusters, \d+ iterations? in \d+\.\d\d s$/),
      expect.stringMatching(/^total +\d+\.\d\d s$/),
    ]);
    expect((await corpuscle(['cluster', file, ...two, '--quiet'])).stderr).toBe('');
  });

  test('reads standard input, gzipped files, folders and globs alike', async () => {
    const files = Object.fromEntries(reviews.map((text, i) => [`prose/${i}.md`, text]));
    const folder = folderOf({ ...files, 'reviews.jsonl.gz': gzipSync(jsonLines(reviews)) });
    const json = [...two, '--format', 'json', '--quiet'];
    const outcomes = await Promise.all([
      corpuscle(['cluster', '-', ...json], { stdin: reviewLines }),
      corpuscle(['cluster', '-', '--input-format', 'jsonl', ...json], { stdin: jsonLines(reviews) }),
      corpuscle(['cluster', 'reviews.jsonl.gz', ...json], { cwd: folder }),
      corpuscle(['cluster', 'prose', ...json], { cwd: folder }),
      corpuscle(['cluster', 'prose/*.md', ...json], { cwd: folder }),
    ]);
    expect(outcomes.map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(outcomes.map(() => '0 '));
    expect(new Set(outcomes.map(({ stdout }) => stdout)).size).toBe(1);
  });

  test('takes a column by its name or its number, and any delimiter', async () => {
    const records = reviews.map((text, i) => `${i};${text}`).join('\n');
    const folder = folderOf({ 'named.csv': `id;review\n${records}\n`, 'bare.csv': `${records}\n` });
    const shared = ['--delimiter', ';', ...two, '--format', 'json', '--quiet'];
    const outcomes = await Promise.all([
      corpuscle(['cluster', 'named.csv', '--text-field', 'review', ...shared], { cwd: folder }),
      corpuscle(['cluster', 'named.csv', '--text-field', '2', '--header', ...shared], { cwd: folder }),
      corpuscle(['cluster', 'bare.csv', '--text-field', '2', ...shared], { cwd: folder }),
    ]);
    for (const { code, stdout } of outcomes) {
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ documents: 6, terms: 8 });
    }
  });

  test('leaves out what the options of counting say', async () => {
    const folder = folderOf({ 'reviews.txt': `${reviewLines}The Soup\n`, 'stop.txt': 'soup\nbread wheel\n' });
    const termsWith = async (...options: string[]) => {
      const args = ['cluster', 'reviews.txt', '--clusters', '2', '--format', 'json', ...options];
      return JSON.parse((await corpuscle(args, { cwd: folder })).stdout).terms;
    };
    const counts = await Promise.all([
      termsWith(),
      termsWith('--min-df', '3'),
      termsWith('--max-df', '30%'),
      termsWith('--max-df', '0.3'),
      termsWith('--max-features', '4'),
      termsWith('--stop-words', 'english'),
      termsWith('--stop-words', 'stop.txt'),
      termsWith('--no-lowercase'),
      termsWith('--ngram-range', '2,2'),
      termsWith('--analyzer', 'char', '--max-features', '3'),
      termsWith('--analyzer', 'charWb', '--ngram-range', '1,1'),
    ]);
    expect(counts).toEqual([9, 4, 5, 5, 4, 8, 6, 10, 15, 3, 19]);
  });

  test('stops after --limit documents of an input without end', async () => {
    const child = start(['cluster', '-', '--limit', '4', ...two, '--format', 'json']);
    child.stdin.write(reviewLines);
    const { code, stdout } = await outcomeOf(child);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).documents).toBe(4);
  });

  test('counts the lines that --skip-bad-lines passes over', async () => {
    const lines = jsonLines(reviews).replace('\n', '\n{"other": 7}\nnot json\n');
    const { code, stdout, stderr } = await corpuscle([
      'cluster',
      fileOf('some.jsonl', lines),
      '--skip-bad-lines',
      ...two,
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).documents).toBe(6);
    expect(stderr).toMatch(/^skipped +2 bad lines$/m);
  });

  test('counts them also where nothing else is left', async () => {
    const { code, stderr } = await corpuscle([
      'cluster',
      fileOf('bad.jsonl', 'not json\n{"other": 7}\n'),
      '--skip-bad-lines',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^skipped +2 bad lines\ncorpuscle: There are no documents/m);
  });

  test('warns in one line where there are fewer clusters than asked for', async () => {
    const { code, stdout, stderr } = await corpuscle([
      'cluster',
      fileOf('same.txt', 'tea\ntea\ntea\n'),
      ...two,
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).clusters).toHaveLength(2);
    expect(stderr).toMatch(/^corpuscle: warning: .*fewer than --clusters \(2\); there may be equal documents\.$/m);
  });
});

const { available } = backendInfo();
const machines = [['plain'], ['native'], ['parallel', '--threads', '1'], ['parallel', '--threads', '3']];

describe.skipIf(available.length < 3)('The output of corpuscle cluster on all backends', () => {
  test('has the same bytes', async () => {
    const texts = Array.from(
      { length: 400 },
      (_, i) => `alpha${i % 7} beta${(i * i) % 11} gamma${(i * 31) % 13} delta${i % 3}`,
    );
    const file = fileOf('made.jsonl', jsonLines(texts));
    const run = (machine: string[]) =>
      corpuscle(['cluster', file, '--clusters', '5', '--format', 'json', '--backend', ...machine]);
    const outputs = (await Promise.all(machines.map(run))).map(({ stdout }) => stdout);
    expect(JSON.parse(outputs[0]).documents).toBe(400);
    for (const output of outputs) expect(output).toBe(outputs[0]);
  });
});

// 50,000 film reviews and scikit-learn's answers on them lie beside a checkout, not in it.
const data = process.env.CORPUSCLE_DATA ?? '../shared/data';

describe.skipIf(!existsSync(`${data}/imdb-reviews.jsonl.gz`) || available.length < 3)('On 50,000 film reviews', () => {
  test('corpuscle cluster gives the sizes, iterations and inertia of scikit-learn', async () => {
    const { kmeans } = JSON.parse(readFileSync(`${data}/expected.json`, 'utf8'));
    const known = kmeans.find((each: { random_state?: number }) => each.random_state === 0);
    const options = [
      '--text-field',
      'text',
      '--min-df',
      '10',
      '--max-df',
      '10%',
      '--clusters',
      '10',
      '--random-state',
      '0',
    ];
    const { stdout } = await corpuscle(['cluster', `${data}/imdb-reviews.jsonl.gz`, ...options, '--format', 'json']);
    const result = JSON.parse(stdout);
    expect(result.clusters.map(({ size }: { size: number }) => size)).toEqual(known.sizes);
    expect(result.nIter).toBe(known.n_iter);
    expect(Math.abs(result.inertia / known.inertia - 1)).toBeLessThan(1e-10);
  });
});
