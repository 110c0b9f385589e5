import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { fileOf, folderOf, outcomeOf, reviewLines, start } from './support.js';

/** Enough for a k-means of many seconds: documents that fall into no clusters. */
function endlessJob(): string {
  const words = Array.from({ length: 60_000 }, (_, i) => `w${(i * 7919) % 30011}`);
  return Array.from({ length: 20_000 }, (_, i) =>
    Array.from({ length: 40 }, (_, j) => words[(i * 37 + j * 1009) % 60_000]).join(' '),
  ).join('\n');
}

/** Sends a signal and says how the program ended, and after how many seconds. */
async function interrupted(child: ReturnType<typeof start>, ...signals: NodeJS.Signals[]) {
  const ended = outcomeOf(child);
  const sent = performance.now();
  for (const signal of signals) child.kill(signal);
  return { ...(await ended), seconds: (performance.now() - sent) / 1000 };
}

describe('A signal', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s ends the reading of an input without end within a second, and leaves nothing',
    async (signal, code) => {
      const folder = folderOf();
      const child = start(['cluster', '-', '--out', 'out'], { cwd: folder });
      child.stdin.write(reviewLines);
      await vi.waitFor(() => expect(readdirSync(folder)).toEqual(['out']), { timeout: 10_000 });
      await setTimeout(100);
      const outcome = await interrupted(child, signal);
      expect(outcome).toMatchObject({ code, stdout: '' });
      expect(outcome.stderr).toBe(`corpuscle: The run was interrupted. (${signal})\n`);
      expect(outcome.seconds).toBeLessThan(1);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test.each(['auto', 'plain'])('ends a computation of the backend %s within a second', async (backend) => {
    const file = fileOf('long.txt', endlessJob());
    const child = start(['cluster', file, '--clusters', '500', '--tol', '0', '--n-init', '100', '--backend', backend]);
    await once(child.stderr, 'data'); // the counts are there: tf-idf or k-means is under way
    await setTimeout(300);
    const outcome = await interrupted(child, 'SIGINT');
    expect(outcome).toMatchObject({ code: 130, stdout: '' });
    expect(outcome.seconds).toBeLessThan(1);
  });
});

describe('A sweep that is interrupted', () => {
  test('leaves its finished rows in the file of --resume', async () => {
    const folder = folderOf({ 'long.txt': endlessJob() });
    const args = ['sweep', 'long.txt', '--clusters', '2,500', '--tol', '0', '--max-iter', '3', '--n-init', '20'];
    const child = start([...args, '--resume', 'state.jsonl'], { cwd: folder });
    const state = join(folder, 'state.jsonl');
    while (!existsSync(state) || !readFileSync(state, 'utf8').endsWith('\n')) await setTimeout(50);
    const { code, stdout } = await interrupted(child, 'SIGINT');
    expect([code, stdout]).toEqual([130, '']);
    const rows = readFileSync(state, 'utf8').trimEnd().split('\n');
    expect(rows.map((row) => JSON.parse(row).nClusters)).toEqual([2]);
  });
});

describe('A reader of standard output that leaves', () => {
  test('ends the program quietly', async () => {
    const lines = Array.from({ length: 2000 }, (_, i) => `common first${i} second${i} third${i}`).join('\n');
    const child = start(['cooccur', fileOf('many.txt', lines), '--top', '100000', '--format', 'json', '--quiet']);
    const ended = outcomeOf(child);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([0, '']);
  });
});
