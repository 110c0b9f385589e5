import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sparkline } from '#src/cli/sparkline.js';
import { SweepState } from '#src/cli/sweep-state.js';
import { backendInfo } from '#src/index.js';
import { savedRow } from '#src/sweep/saved-row.js';
import { corpuscle, fileOf, folderOf, jsonLines, reviewLines } from './support.js';

/** Documents of three kinds, with words of their own and words of all. */
const kinds = ['soup bread butter honey', 'engine wheel brake road', 'goal match team player'];
const texts = Array.from({ length: 60 }, (_, i) => {
  const words = kinds[i % 3].split(' ');
  return [words[i % 4], words[(i + 1) % 4], words[(i * 7) % 4], `shared${i % 5}`, `other${(i * i) % 7}`].join(' ');
});
const made = jsonLines(texts);
const json = ['--format', 'json', '--quiet'];

describe('corpuscle sweep', () => {
  test('prints a row a number of clusters, and the clusters of the chosen one, as json', async () => {
    const args = ['sweep', fileOf('made.jsonl', made), '--clusters', '2:6', '--seeds', '3', '--top', '2', ...json];
    const { code, stdout, stderr } = await corpuscle(args);
    expect([code, stderr]).toEqual([0, '']);
    const { rows, knee, chosen, chosenBy, clusters, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ documents: 60, terms: 21, nonZeros: expect.any(Number), seeds: [0, 1, 2] });
    expect(rows.map(({ nClusters }: { nClusters: number }) => nClusters)).toEqual([2, 3, 4, 5, 6]);
    expect([knee, chosen, chosenBy]).toEqual([3, 3, 'knee']);
    expect(rows[1]).toEqual({
      nClusters: 3,
      inertia: expect.any(Number),
      silhouette: expect.any(Number),
      nIter: expect.any(Number),
      randomState: expect.any(Number),
      sizes: [20, 20, 20],
      adjustedRand: 1,
      clusterJaccard: [1, 1, 1],
    });
    expect(clusters.map(({ size }: { size: number }) => size)).toEqual([20, 20, 20]);
    expect(clusters[0].terms).toHaveLength(2);
  });

  test('has the clusters that corpuscle cluster has', async () => {
    const file = fileOf('made.jsonl', made);
    const [swept, alone] = await Promise.all([
      corpuscle(['sweep', file, '--clusters', '4', '--random-state', '2', ...json]),
      corpuscle(['cluster', file, '--clusters', '4', '--random-state', '2', ...json]),
    ]);
    const { clusters, rows, chosenBy } = JSON.parse(swept.stdout);
    const { clusters: wanted, inertia, nIter } = JSON.parse(alone.stdout);
    expect(clusters).toEqual(wanted);
    expect(rows[0]).toMatchObject({ inertia, nIter, randomState: 2, adjustedRand: null, clusterJaccard: null });
    expect(chosenBy).toBe('only');
  });

  test('prints a table with curves, and tells a line a number of clusters on standard error as they come', async () => {
    const args = ['sweep', fileOf('made.jsonl', made), '--clusters', '2,3,5', '--seeds', '2'];
    const { code, stdout, stderr } = await corpuscle(args);
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('60 documents, 21 terms; 3 numbers of clusters, 2 seeds each');
    expect(lines[2]).toMatch(/^clusters +inertia +silhouette +seeds agree +smallest +largest +iterations$/);
    expect(lines[5]).toMatch(/^ +3 +\d+\.\d+ +0\.\d{4} +1\.0000 +20 +20 +\d+$/);
    expect(stdout).toMatch(/^inertia {5}[▁▂▃▄▅▆▇█]{3}\nsilhouette {2}[▁▂▃▄▅▆▇█]{3}$/m);
    expect(stdout).toMatch(
      /^3 clusters, at the knee of the inertia:\n\ncluster +size +share +top terms\n─+\n +0 +20 +33\.3% /m,
    );
    const row = (k: number) =>
      expect.stringMatching(
        new RegExp(
          `^k = ${k} +inertia +[\\d.]+ [▁-█]+ +silhouette +0\\.\\d{4} [▁-█]+ +seeds agree \\d\\.\\d{4} {2}\\d+ iterations? in \\d+\\.\\d\\d s$`,
        ),
      );
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^counts /),
      expect.stringMatching(/^tf-idf /),
      ...[row(2), row(3), row(5)],
      expect.stringMatching(/^total /),
    ]);
  });

  test('prints one line a number of clusters as csv, and chooses by silhouette where it is told to', async () => {
    const args = ['sweep', fileOf('made.jsonl', made), '--clusters', '2,3,30', '--choose', 'silhouette'];
    const { stdout } = await corpuscle([...args, '--format', 'csv', '--quiet']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    expect(lines[0].join()).toBe('nClusters,chosen,inertia,silhouette,adjustedRand,smallest,largest,nIter,randomState');
    expect(lines.slice(1).map(([k]) => k)).toEqual(['2', '3', '30']);
    const silhouettes = lines.slice(1).map((line) => Number(line[3]));
    const chosen = lines.slice(1).map((line) => line[1]);
    expect(chosen).toEqual(silhouettes.map((each) => String(each === Math.max(...silhouettes))));
  });

  test('tells what is not defined for one cluster by a dash, and still chooses', async () => {
    const { code, stdout } = await corpuscle([
      'sweep',
      fileOf('reviews.txt', reviewLines),
      '--clusters',
      '1',
      '--quiet',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +1 +\d\.\d+ +- +6 +6 +\d$/m);
    expect(stdout).toContain('1 cluster, the one that was tried:');
  });

  test('takes the first of several where nothing tells them apart', async () => {
    const { code, stdout } = await corpuscle([
      'sweep',
      fileOf('two.txt', 'good film\ndull play\n'),
      '--clusters',
      '1,2',
      '--min-df',
      '1',
      '--quiet',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('1 cluster, the first: there is neither a knee nor a silhouette:');
  });

  test('writes what is printed and where each document of the chosen number went', async () => {
    const folder = folderOf({ 'made.jsonl': made });
    const args = ['sweep', 'made.jsonl', '--clusters', '2:5', ...json, '--out', 'out'];
    const { code, stdout } = await corpuscle(args, { cwd: folder });
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['assignments.csv', 'sweep.json']);
    expect(readFileSync(join(folder, 'out/sweep.json'), 'utf8')).toBe(stdout);
    const lines = readFileSync(join(folder, 'out/assignments.csv'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(61);
    const sizes = JSON.parse(stdout).clusters.map(({ size }: { size: number }) => size);
    const counted = sizes.map((_: number, j: number) => lines.filter((line) => line.endsWith(`,${j}`)).length);
    expect(counted).toEqual(sizes);
  });
});

describe('corpuscle sweep --resume', () => {
  const state = 'state.jsonl';
  const run = (folder: string, ...more: string[]) =>
    corpuscle(['sweep', 'made.jsonl', '--resume', state, '--format', 'json', ...more], { cwd: folder });
  const kept = (folder: string) =>
    readFileSync(join(folder, state), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).nClusters);

  test('keeps finished rows, and takes them from the file the next time', async () => {
    const folder = folderOf({ 'made.jsonl': made });
    const wanted = JSON.parse(
      (await corpuscle(['sweep', 'made.jsonl', '--clusters', '2:5', ...json], { cwd: folder })).stdout,
    );
    expect((await run(folder, '--clusters', '2,4')).code).toBe(0);
    expect(kept(folder)).toEqual([2, 4]);
    const before = readFileSync(join(folder, state), 'utf8');
    const all = await run(folder, '--clusters', '2:5');
    expect(JSON.parse(all.stdout)).toEqual(wanted);
    expect(kept(folder)).toEqual([2, 4, 3, 5]);
    expect(readFileSync(join(folder, state), 'utf8').startsWith(before)).toBe(true);
    expect(JSON.parse((await run(folder, '--clusters', '2:5')).stdout)).toEqual(wanted);
    expect(kept(folder)).toEqual([2, 4, 3, 5]);
  });

  test('goes on after a run that was killed while it wrote', async () => {
    const folder = folderOf({ 'made.jsonl': made });
    const { stdout } = await run(folder, '--clusters', '2:4');
    const [first, second] = readFileSync(join(folder, state), 'utf8').split('\n');
    writeFileSync(join(folder, state), `${first}\n${second.slice(0, 90)}`);
    expect((await run(folder, '--clusters', '2:4')).stdout).toBe(stdout);
    expect(kept(folder)).toEqual([2, 3, 4]);
  });

  test('refuses rows of other options, seeds and documents', async () => {
    const folder = folderOf({ 'made.jsonl': made });
    await run(folder, '--clusters', '2');
    const cases = [
      [['--tol', '0.5'], 'with tol 0.0001, not 0.5.'],
      [['--seeds', '2'], 'with seeds [0], not [0,1].'],
      [['--limit', '50'], 'on rows of 60 x 21 with 270 entries, not 50 x 21 with 225 entries.'],
    ] as const;
    const outcomes = await Promise.all(cases.map(([more]) => run(folder, '--clusters', '2', '--quiet', ...more)));
    outcomes.forEach(({ code, stdout, stderr }, i) => {
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toBe(`corpuscle: The row of k = 2 in --resume was found ${cases[i][1]} (ERR_INVALID_ARG_VALUE)\n`);
    });
  });

  test.each([
    [
      'another file',
      'id,text\n1,soup\n',
      /^corpuscle: state\.jsonl:1 is not a row of a sweep; .* \(ERR_BAD_RECORD\)\n$/,
    ],
    ['a file without a line end', 'soup', /state\.jsonl:1 is not a row/],
    ['a second line that is none', '{"type":"SweepRow"}\nnonsense\n', /state\.jsonl:2 is not a row/],
    ['json of another kind', '{"type":"CountVectorizer"}\n', /state\.jsonl:1 is not a row/],
  ])('refuses %s and leaves it alone', async (_, content, message) => {
    const folder = folderOf({ 'made.jsonl': made, [state]: content });
    const { code, stdout, stderr } = await run(folder, '--clusters', '2', '--quiet');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(readFileSync(join(folder, state), 'utf8')).toBe(content);
  });

  test('refuses what cannot be written before it reads anything, and leaves no file where a run fails', async () => {
    const folder = folderOf({ 'made.jsonl': made, 'broken.jsonl': `${made}nonsense\n` });
    const absent = await corpuscle(['sweep', 'made.jsonl', '--resume', 'no/such/file', '--quiet'], { cwd: folder });
    expect([absent.code, absent.stderr]).toEqual([
      1,
      'corpuscle: no/such/file cannot be written: its folder does not exist. (ERR_CANNOT_WRITE)\n',
    ]);
    expect((await corpuscle(['sweep', 'broken.jsonl', '--resume', state], { cwd: folder })).code).toBe(1);
    expect(existsSync(join(folder, state))).toBe(false);
  });
});

describe('The file of --resume', () => {
  test('is told where a row is too large for a line, and the run goes on', () => {
    const path = join(folderOf(), 'state.jsonl');
    const told: string[] = [];
    const row = {
      nClusters: 9000,
      toJSON: () => savedRow({ nClusters: 9000, runs: [] } as never, { data: { nRows: 1, nColumns: 9000 } } as never),
    };
    new SweepState(path).add(row as never, (message) => told.push(message));
    expect(told).toEqual(['The row of k = 9000 is too large for the file of --resume and is not in it.']);
    expect(existsSync(path)).toBe(false);
    expect(() => row.toJSON()).toThrow(
      expect.objectContaining({
        code: 'ERR_OUT_OF_RANGE',
        message: 'The row of k = 9000 is too large for a text: 9000 centers of 9000 numbers and 0 labelings of 1 rows.',
      }),
    );
  });
});

describe('A sparkline', () => {
  test('goes from the lowest value to the highest', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([1000.7, 1000, 1000.35])).toBe('█▁▅');
  });

  test('is level for equal values, blank where there is none, and nothing for nothing', () => {
    expect(sparkline([5, 5])).toBe('▄▄');
    expect(sparkline([null, 1, null, 2])).toBe(' ▁ █');
    expect(sparkline([null, null])).toBe('  ');
    expect(sparkline([])).toBe('');
  });
});

const { available } = backendInfo();

describe.skipIf(available.length < 3)('The output of corpuscle sweep on all backends', () => {
  test('has the same bytes', async () => {
    const file = fileOf('made.jsonl', made);
    const machines = [['plain'], ['native'], ['parallel', '--threads', '3']];
    const run = (machine: string[]) =>
      corpuscle(['sweep', file, '--clusters', '2:6:2', '--seeds', '2', '--format', 'json', '--backend', ...machine]);
    const outputs = (await Promise.all(machines.map(run))).map(({ stdout }) => stdout);
    expect(JSON.parse(outputs[0]).rows).toHaveLength(3);
    for (const output of outputs) expect(output).toBe(outputs[0]);
  });
});
