import { readdirSync, readFileSync } from 'node:fs';
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

  test('counts the partners of --term, and shows the best', async () => {
    const args = ['cooccur', '-', '--term', 'bread', '--score', 'dice', '--top', '1', '--quiet', '--format'];
    const json = await corpuscle([...args, 'json'], { stdin: reviewLines });
    expect(JSON.parse(json.stdout)).toEqual({
      documents: 6,
      terms: 8,
      score: 'dice',
      term: 'bread',
      partners: 3,
      pairs: [{ a: 'bread', b: 'butter', count: 2, score: 0.8 }],
    });
    const table = await corpuscle([...args, 'table'], { stdin: reviewLines });
    expect(table.stdout).toMatch(/^6 documents, 8 terms; 3 partners of bread\n/);
  });

  test.each([['count'], ['llr']])('finds by %s the partners that all pairs hold', async (score) => {
    const folder = folderOf({ 'reviews.txt': reviewLines });
    const run = async (...more: string[]) => {
      const args = ['cooccur', 'reviews.txt', '--score', score, '--format', 'csv', '--quiet', '--top', '1000'];
      return (await corpuscle([...args, ...more], { cwd: folder })).stdout.trim().split('\n').slice(1);
    };
    const partnersIn = (lines: string[], term: string) =>
      lines
        .map((line) => line.split(','))
        .filter(([a, b]) => a === term || b === term)
        .map(([a, b, ...numbers]) => [a === term ? b : a, ...numbers].join());
    const all = await run();
    for (const term of ['brake', 'soup']) {
      const partners = await run('--term', term);
      expect(partners.length).toBeGreaterThan(0);
      expect(partnersIn(partners, term).sort()).toEqual(partnersIn(all, term).sort());
    }
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
        '6 documents, 8 terms',
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

describe('corpuscle cooccur --window', () => {
  test('prints the pairs of the greatest weight, by words up to n apart', async () => {
    const args = ['cooccur', '-', '--window', '2', '--top', '3', '--format', 'json'];
    const { code, stdout } = await corpuscle(args, { stdin: reviewLines });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      documents: 6,
      terms: 8,
      window: 2,
      weights: '1/d',
      oov: 'gap',
      pairs: [
        { a: 'brake', b: 'wheel', weight: 3.5 },
        { a: 'bread', b: 'soup', weight: 2.5 },
        { a: 'brake', b: 'road', weight: 2 },
      ],
    });
  });

  test('prints the partners of a term, with flat weights, over words that are none', async () => {
    const args = [
      'cooccur',
      '-',
      '--window',
      '1',
      '--term',
      'butter',
      '--weights',
      'flat',
      '--format',
      'csv',
      '--quiet',
    ];
    const stopped = fileOf('stop.txt', 'soup');
    const gap = await corpuscle([...args, '--stop-words', stopped], { stdin: reviewLines });
    expect(gap.stdout).toBe('term_a,term_b,weight\nbutter,bread,1\nbutter,honey,1\n');
    const skipped = await corpuscle([...args, '--stop-words', stopped, '--oov', 'skip'], { stdin: reviewLines });
    expect(skipped.stdout).toBe('term_a,term_b,weight\nbutter,bread,2\nbutter,honey,1\n');
  });

  test('leaves out partners of less weight than --min-count', async () => {
    const args = [
      'cooccur',
      '-',
      '--window',
      '2',
      '--term',
      'brake',
      '--min-count',
      '2',
      '--format',
      'json',
      '--quiet',
    ];
    const { stdout } = await corpuscle(args, { stdin: reviewLines });
    const { partners, pairs } = JSON.parse(stdout);
    expect([partners, pairs]).toEqual([
      2,
      [
        { a: 'brake', b: 'wheel', weight: 3.5 },
        { a: 'brake', b: 'road', weight: 2 },
      ],
    ]);
  });

  test('prints a table', async () => {
    const { stdout, stderr } = await corpuscle(['cooccur', '-', '--window', '2', '--top', '1'], { stdin: reviewLines });
    expect(stderr).toMatch(/^best +1 pair in /m);
    expect(stdout).toBe(
      [
        '6 documents, 8 terms; windows of 2 words on either side, weights 1/d',
        '',
        'weight  term   with',
        '──────────────────────',
        '  3.50  brake  wheel',
        '',
      ].join('\n'),
    );
  });

  test.each([
    [
      ['--weights', 'flat'],
      2,
      /^corpuscle: --weights belongs to --window, which is missing\. \(ERR_INVALID_ARG_VALUE\)\n$/,
    ],
    [['--window', '2', '--score', 'llr'], 2, /--score llr is made of numbers of documents, and --window counts none/],
    [['--window', '43'], 2, /--window must be at most 42 with weights of 1\/d.*but is 43; take --weights flat/],
    [
      ['--window', '2', '--ngram-range', '1,2'],
      2,
      /--window takes terms that are single words, but --ngram-range is \[1, 2\]/,
    ],
  ])('refuses %j', async (args, wanted, message) => {
    const { code, stdout, stderr } = await corpuscle(['cooccur', '-', ...args, '--quiet'], { stdin: reviewLines });
    expect([code, stdout]).toEqual([wanted, '']);
    expect(stderr).toMatch(message);
  });
});

describe('corpuscle cooccur --output', () => {
  const header = 'term_a,term_b,count';

  test('writes all pairs into a file, and says so on standard error', async () => {
    const folder = folderOf({ 'reviews.txt': reviewLines });
    const args = ['cooccur', 'reviews.txt', '--min-count', '2', '--output', 'new/brakes.csv', '--term', 'brake'];
    const { code, stderr } = await corpuscle(args, { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^best +3 partners in [\d.]+ s\nwriting +brakes\.csv in /m);
    const written = readFileSync(join(folder, 'new', 'brakes.csv'), 'utf8');
    expect(written).toBe(`${header}\nbrake,engine,2\nbrake,road,2\nbrake,wheel,3\n`);
    expect(readdirSync(join(folder, 'new'))).toEqual(['brakes.csv']);
  });

  test('overwrites nothing, unless --force says so, and leaves nothing behind a run that fails', async () => {
    const folder = folderOf({ 'reviews.txt': reviewLines, 'pairs.csv': 'mine' });
    const args = ['cooccur', 'reviews.txt', '--window', '1', '--output', 'pairs.csv', '--quiet'];
    const refused = await corpuscle(args, { cwd: folder });
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/pairs\.csv exists already; --force overwrites it\. \(ERR_FILE_EXISTS\)\n$/);
    expect((await corpuscle([...args, '--force', '--term', 'tea'], { cwd: folder })).code).toBe(1);
    expect(readFileSync(join(folder, 'pairs.csv'), 'utf8')).toBe('mine');
    expect((await corpuscle([...args, '--force'], { cwd: folder })).code).toBe(0);
    expect(readFileSync(join(folder, 'pairs.csv'), 'utf8')).toMatch(/^term_a,term_b,weight\nbrake,road,2\n/);
    expect(readdirSync(folder).sort()).toEqual(['pairs.csv', 'reviews.txt']);
  });

  test.each([[''], ['-'], ['new/']])('refuses "%s", which names no file', async (output) => {
    const { code, stderr } = await corpuscle(['cooccur', '-', '--output', output], { stdin: reviewLines });
    expect(code).toBe(2);
    expect(stderr).toMatch(/--output must name a file, but is ".*"\. \(ERR_INVALID_ARG_VALUE\)\n$/);
  });

  test('stands beside --out, but not for one of its files', async () => {
    const folder = folderOf({ 'reviews.txt': reviewLines });
    const args = ['cooccur', 'reviews.txt', '--quiet', '--out', 'out', '--output'];
    expect((await corpuscle([...args, 'out/pairs.csv'], { cwd: folder })).stderr).toMatch(
      /--output names a file that --out writes, out\/pairs\.csv\. \(ERR_INVALID_ARG_VALUE\)\n$/,
    );
    expect((await corpuscle([...args, 'out/all.csv'], { cwd: folder })).code).toBe(0);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['all.csv', 'cooccurrence.json', 'pairs.csv']);
    const read = (name: string) => readFileSync(join(folder, 'out', name), 'utf8');
    expect(read('all.csv')).toBe(read('pairs.csv'));
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
    const windows = (machine: string[]) =>
      corpuscle(['cooccur', file, '--window', '2', '--format', 'csv', '--backend', ...machine]);
    const weighed = (await Promise.all(machines.map(windows))).map(({ stdout }) => stdout);
    expect(weighed[0]).toMatch(/^term_a,term_b,weight\n/);
    for (const output of weighed) expect(output).toBe(weighed[0]);
  });
});
