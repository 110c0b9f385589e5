import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { backendInfo } from '#src/index.js';
import { corpuscle, fileOf, jsonLines, reviews } from './support.js';

const texts = Array.from({ length: 60 }, (_, i) => `${reviews[i % reviews.length]} ${i}0${i}`);
const file = () => fileOf('mydata.jsonl', jsonLines(texts));
const quickly = ['--text-field', 'text', '--clusters', '2', '--rounds', '1', '--quiet'];
const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('corpuscle-bench-'));

describe('corpuscle bench', () => {
  test('compares and times every stage on every backend and names the simplest that is fast enough', async () => {
    const before = left();
    const { code, stdout } = await corpuscle(['bench', file(), ...quickly, '--format', 'json']);
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ documents: 60, nClusters: 2, fastEnough: 10 });
    const wanted = ['counts', 'tf-idf', 'k-means', 'pairs'].flatMap((stage) =>
      backendInfo().available.map((backend) => `${stage} ${backend}`),
    );
    type Figures = { stage: string; backend: string; seconds: number };
    const figures: Figures[] = result.figures;
    expect(figures.map(({ stage, backend }) => `${stage} ${backend}`)).toEqual(wanted);
    expect(figures.every(({ seconds }) => seconds > 0)).toBe(true);
    expect(result.verdict).toMatch(/^plain is fast enough: /);
    expect(left()).toEqual(before);
  }, 60_000);

  test('says so where nothing is fast enough, and leaves out what would take too long', async () => {
    const args = ['bench', file(), ...quickly, '--fast-enough', '0', '--max-seconds', '0'];
    const { code, stdout } = await corpuscle(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/whole job +plain +planned: /);
    expect(stdout).toMatch(/^None is within the 0 s of --fast-enough\./m);
  }, 60_000);

  test('refuses documents without words as the other commands do', async () => {
    const { code, stderr } = await corpuscle(['bench', fileOf('empty.txt', '! ?\n'), '--rounds', '1', '--quiet']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\(ERR_\w+\)\n$/);
  }, 30_000);
});
