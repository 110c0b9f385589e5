/** The built package, as its users import it, and what the reliability runners share. */

import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const entry = pathToFileURL(`${root}dist/esm/index.js`).href;
export const program = `${root}dist/esm/cli/main.js`;

if (!existsSync(fileURLToPath(entry))) {
  console.error('corpuscle: there is no dist; `npm run build` makes it.');
  process.exit(1);
}

/** Random numbers that are the same in every run (xorshift32). */
export function dice(seed) {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** The named items of a command line: `--long` is true, `--seed 5` is '5'. */
export function flags(args = process.argv.slice(2)) {
  const found = {};
  args.forEach((arg, i) => {
    if (!arg.startsWith('--')) return;
    const next = args[i + 1];
    found[arg.slice(2)] = next === undefined || next.startsWith('--') ? true : next;
  });
  return found;
}

/** A list of results, printed as they come; ends the process with 1 where one has failed. */
export class Tally {
  constructor(title) {
    this.title = title;
    this.passed = 0;
    this.failed = 0;
    this.skipped = 0;
    this.started = performance.now();
  }
  pass(name, detail = '') {
    this.passed++;
    console.log(`ok       ${name}${detail && `: ${detail}`}`);
  }
  fail(name, why) {
    this.failed++;
    console.log(`FAILED   ${name}: ${why}`);
  }
  skip(name, why) {
    this.skipped++;
    console.log(`skipped  ${name}: ${why}`);
  }
  end(counts = '') {
    const seconds = ((performance.now() - this.started) / 1000).toFixed(0);
    const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
    console.log(
      `\n${this.title}: ${this.passed} passed, ${this.failed} failed${skipped}, in ${seconds} s${counts && `; ${counts}`}`,
    );
    process.exitCode = this.failed > 0 || this.passed + this.skipped === 0 ? 1 : 0; // nothing done proves nothing
  }
}

const parts = [
  'src',
  'test',
  'native',
  'scripts',
  'dist',
  'build',
  'README.md',
  'package.json',
  'binding.gyp',
  'CMakeLists.txt',
  'vitest.config.ts',
  'tsconfig.json',
  'tsconfig.base.json',
];

/** Copies what a build and the tests need into a folder that goes with this process, and makes it the working directory. */
export function moveToCopy(name) {
  const copy = mkdtempSync(join(tmpdir(), `corpuscle-${name}-`));
  process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
  const filter = (path) => !/\/(obj\.target|\.deps)(\/|$)/.test(path);
  for (const part of parts) {
    if (existsSync(join(root, part))) cpSync(join(root, part), join(copy, part), { recursive: true, filter });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  process.chdir(copy);
}
