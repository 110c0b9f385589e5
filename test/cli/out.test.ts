import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { corpuscle, folderOf, jsonLines, reviewLines, reviews } from './support.js';

const two = ['--clusters', '2', '--format', 'json', '--quiet'];

describe('corpuscle cluster --out', () => {
  test('makes the folder, and writes what is printed and where each document went', async () => {
    const folder = folderOf({
      'a.txt': reviews.slice(0, 3).join('\n'),
      'b, too.jsonl': `\n${jsonLines(reviews.slice(3))}`,
    });
    const args = ['cluster', 'a.txt', 'b, too.jsonl', ...two, '--out', 'new/clusters'];
    const { code, stdout } = await corpuscle(args, { cwd: folder });
    expect(code).toBe(0);
    const out = join(folder, 'new', 'clusters');
    expect(readdirSync(out).sort()).toEqual(['assignments.csv', 'clusters.json']);
    expect(readFileSync(join(out, 'clusters.json'), 'utf8')).toBe(stdout);
    const lines = readFileSync(join(out, 'assignments.csv'), 'utf8').trimEnd().split('\n');
    const [food, car] = lines[1].endsWith(',0') ? [0, 1] : [1, 0];
    expect(lines).toEqual([
      'document,source,line,cluster',
      `0,a.txt,1,${food}`,
      `1,a.txt,2,${car}`,
      `2,a.txt,3,${food}`,
      `3,"b, too.jsonl",2,${car}`,
      `4,"b, too.jsonl",3,${food}`,
      `5,"b, too.jsonl",4,${car}`,
    ]);
  });

  test('overwrites nothing, unless --force says so', async () => {
    const folder = folderOf({ 'reviews.txt': reviewLines, 'out/assignments.csv': 'mine' });
    const args = ['cluster', 'reviews.txt', ...two, '--out', 'out'];
    const refused = await corpuscle(args, { cwd: folder });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/assignments\.csv exists already; --force overwrites it\. \(ERR_FILE_EXISTS\)\n$/);
    expect(readdirSync(join(folder, 'out'))).toEqual(['assignments.csv']);
    expect(readFileSync(join(folder, 'out/assignments.csv'), 'utf8')).toBe('mine');

    expect(await corpuscle([...args, '--force'], { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['assignments.csv', 'clusters.json']);
    expect(readFileSync(join(folder, 'out/assignments.csv'), 'utf8')).toMatch(/^document,/);
  });

  test.skipIf(process.platform === 'win32')('writes through a link, and refuses what is no regular file', async () => {
    const folder = folderOf({ 'reviews.txt': reviewLines, 'elsewhere.csv': 'mine' });
    symlinkSync('elsewhere.csv', join(folder, 'link.csv'));
    symlinkSync('nowhere.csv', join(folder, 'dangling.csv'));
    execFileSync('mkfifo', [join(folder, 'pipe.csv')]);
    const run = (...more: string[]) =>
      corpuscle(['cooccur', 'reviews.txt', '--quiet', '--output', ...more], { cwd: folder });
    expect((await run('link.csv', '--force')).code).toBe(0);
    expect(lstatSync(join(folder, 'link.csv')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'elsewhere.csv'), 'utf8')).toMatch(/^term_a,/);
    expect((await run('dangling.csv')).stderr).toMatch(/dangling\.csv exists already/);
    expect((await run('pipe.csv', '--force')).stderr).toMatch(/pipe\.csv is no regular file\. \(ERR_CANNOT_WRITE\)\n$/);
    expect((await run(`${'a'.repeat(250)}.csv`)).code).toBe(0);
  });

  test('leaves neither files nor folders behind when the run fails', async () => {
    const folder = folderOf({ 'broken.jsonl': `${jsonLines(reviews)}nonsense\n` });
    const { code } = await corpuscle(['cluster', 'broken.jsonl', ...two, '--out', 'new/clusters'], { cwd: folder });
    expect(code).toBe(1);
    expect(readdirSync(folder)).toEqual(['broken.jsonl']);
  });

  test('takes back the files that were whole when a later one fails', () => {
    const folder = folderOf({ 'out/keep': '' });
    const source = `
      import { readdirSync } from 'node:fs';
      import { OutputFolder } from ${JSON.stringify(new URL('../../dist/esm/cli/output-folder.js', import.meta.url))};
      const out = new OutputFolder('out', ['first', 'second'], false);
      const { signal } = new AbortController();
      function* half() { yield 'half of it'; throw new Error('no more'); }
      await out.write('first', ['all of it'], signal);
      await out.write('second', half(), signal).catch(() => {});
      console.log(readdirSync('out').some((name) => name.startsWith('.first.')));`;
    const args = ['--input-type=module', '-e', source];
    expect(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })).toBe('true\n');
    expect(readdirSync(join(folder, 'out'))).toEqual(['keep']);
  });

  test.skipIf(process.getuid?.() === 0)('says so when it may not write', async () => {
    const folder = folderOf({ 'reviews.txt': reviewLines, 'out/keep': '' });
    chmodSync(join(folder, 'out'), 0o555);
    const { code, stderr } = await corpuscle(['cluster', 'reviews.txt', ...two, '--out', 'out'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot be written: permission denied\. \(ERR_CANNOT_WRITE\)\n$/);
  });
});
