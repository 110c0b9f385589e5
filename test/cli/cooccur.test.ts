import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { backendInfo } from '#src/index.js';
import { corpuscle, fileOf, folderOf, reviewLines } from './support.js';

describe('corpuscle cooccur', () => {
  test('prints the pairs in most documents as json, ties in order of terms', async () => {
    const { code, stdout } = await corpuscle(['cooccur', '-', '--top', '4', '--format', 'json'], {
      stdin: reviewLines,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      documents: 6,
      terms: 8,
      nonZeros: 20,
      sum: 61,
      pairs: [
        { a: 'brake', b: 'wheel', count: 3 },
        { a: 'brake', b: 'engine', count: 2 },
        { a: 'brake', b: 'road', count: 2 },
        { a: 'bread', b: 'butter', count: 2 },
      ],
    });
  });

  test('prints the partners of --term, which may be typed in capitals', async () => {
    const args = ['cooccur', '-', '--term', 'Bread', '--format', 'csv', '--quiet'];
    const { stdout, stderr } = await corpuscle(args, { stdin: reviewLines });
    expect(stderr).toBe('');
    expect(stdout).toBe('term_a,term_b,count\nbread,butter,2\nbread,honey,2\nbread,soup,2\n');
  });

  test('refuses an unknown term and names those that are spelled alike', async () => {
    const { code, stdout, stderr } = await corpuscle(['cooccur', '-', '--term', 'baerd', '--quiet'], {
      stdin: reviewLines,
    });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^corpuscle: "baerd" is in none of the 6 documents; did you mean "bread"\? \(ERR_UNKNOWN_TERM\)\n$/,
    );
  });

  test('says which option left out the term', async () => {
    const args = ['cooccur', '-', '--term', 'bread', '--max-df', '40%', '--quiet'];
    const { stderr } = await corpuscle(args, { stdin: reviewLines });
    expect(stderr).toMatch(/^corpuscle: "bread" is in \d of 6 documents, more than the 2\.4 of --max-df/);
  });

  test('shows the pairs with the highest --score, and writes the scores', async () => {
    const folder = folderOf({ 'reviews.txt': reviewLines });
    const args = ['cooccur', 'reviews.txt', '--score', 'dice', '--top', '2', '--format', 'json', '--out', 'out'];
    const { code, stdout } = await corpuscle(args, { cwd: folder });
    expect(code).toBe(0);
    const { pairs } = JSON.parse(stdout);
    expect(pairs).toHaveLength(2);
    for (const { score } of pairs) expect(score).toBeGreaterThan(0.5);
    const [header, ...records] = readFileSync(join(folder, 'out/pairs.csv'), 'utf8').trim().split('\n');
    expect(header).toBe('term_a,term_b,count,score');
    const best = Math.max(...records.map((record) => Number(record.split(',')[3])));
    expect(best).toBe(pairs[0].score);
    const table = await corpuscle(['cooccur', 'reviews.txt', '--score', 'llr', '--term', 'soup'], { cwd: folder });
    expect(table.stdout).toMatch(/^ *score +documents +term +with$/m);
  });

  test('quotes terms that hold commas', async () => {
    const folder = folderOf({ 'texts.txt': 'a,b\nb,a\n' });
    const args = ['cooccur', 'texts.txt', '--analyzer', 'char', '--out', 'out', '--quiet'];
    expect((await corpuscle(args, { cwd: folder })).code).toBe(0);
    expect(readFileSync(join(folder, 'out/pairs.csv'), 'utf8')).toBe('term_a,term_b,count\n",",a,2\n",",b,2\na,b,2\n');
  });

  test('leaves out pairs below --min-count', async () => {
    const args = ['cooccur', '-', '--min-count', '3', '--format', 'csv'];
    expect((await corpuscle(args, { stdin: reviewLines })).stdout).toBe('term_a,term_b,count\nbrake,wheel,3\n');
  });

  test('prints a table', async () => {
    const { stdout } = await corpuscle(['cooccur', '-', '--top', '1'], { stdin: reviewLines });
    expect(stdout).toBe(
      [
        '6 documents, 8 terms; 20 non-zeros (upper triangle with diagonal)',
        '',
        'documents  term   with',
        '─────────────────────────',
        '        3  brake  wheel',
        '',
      ].join('\n'),
    );
  });

  test('writes all pairs and the result to --out', async () => {
    const out = join(folderOf(), 'new', 'pairs');
    const args = ['cooccur', '-', '--top', '2', '--min-count', '2', '--format', 'json', '--out', out];
    const { code, stdout } = await corpuscle(args, { stdin: reviewLines });
    expect(code).toBe(0);
    expect(readFileSync(join(out, 'cooccurrence.json'), 'utf8')).toBe(stdout);
    const [header, ...pairs] = readFileSync(join(out, 'pairs.csv'), 'utf8').trimEnd().split('\n');
    expect(header).toBe('term_a,term_b,count');
    expect(pairs).toEqual([
      'brake,engine,2',
      'brake,road,2',
      'brake,wheel,3',
      'bread,butter,2',
      'bread,honey,2',
      'bread,soup,2',
      'engine,wheel,2',
      'road,wheel,2',
    ]);
  });
});

const machines = [['plain'], ['native'], ['parallel', '--threads', '2']];

describe.skipIf(backendInfo().available.length < 3)('The output of corpuscle cooccur on all backends', () => {
  test('has the same bytes', async () => {
    const lines = Array.from(
      { length: 300 },
      (_, i) => `alpha${i % 7} beta${(i * i) % 11} gamma${(i * 31) % 13}\n`,
    ).join('');
    const file = fileOf('made.txt', lines);
    const run = (machine: string[]) => corpuscle(['cooccur', file, '--format', 'json', '--backend', ...machine]);
    const outputs = (await Promise.all(machines.map(run))).map(({ stdout }) => stdout);
    expect(JSON.parse(outputs[0]).pairs).toHaveLength(20);
    for (const output of outputs) expect(output).toBe(outputs[0]);
  });
});
