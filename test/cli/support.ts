/** Runs the built program as a user would, and the texts that the tests of it work on. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../../dist/esm/cli/main.js', import.meta.url));

/** What a run says that has no addon; the tests of it stand in backends/lifecycle.test.ts. */
const noAddon = /^corpuscle: warning: The native addon does not load: .*\n/m;

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  /** What standard input holds; without it, it is empty. */
  readonly stdin?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export function start(args: readonly string[], { cwd, env }: Surroundings = {}): ChildProcessWithoutNullStreams {
  const { DEBUG: _, COLUMNS: __, ...rest } = process.env;
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...rest, ...env } });
  child.stdin.on('error', () => {}); // the program may end before it has read everything
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

export function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr: stderr.replace(noAddon, '') }));
  });
}

export function corpuscle(args: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const child = start(args, surroundings);
  child.stdin.end(surroundings.stdin ?? '');
  return outcomeOf(child);
}

/** Writes files (name to content) into a new folder, which goes when the test ends, and returns its path. */
export function folderOf(files: Record<string, string | Buffer> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'corpuscle-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export function fileOf(name: string, content: string | Buffer): string {
  return join(folderOf({ [name]: content }), name);
}

/** Six reviews of two kinds. */
export const reviews = [
  'soup bread soup butter',
  'engine wheel brake',
  'bread butter honey',
  'wheel brake road wheel',
  'soup honey bread',
  'engine road brake wheel',
];

export const reviewLines = `${reviews.join('\n')}\n`;

export function jsonLines(texts: readonly string[], field = 'text'): string {
  return texts.map((text) => `${JSON.stringify({ [field]: text })}\n`).join('');
}
