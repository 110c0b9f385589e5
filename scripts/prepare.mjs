// What `npm install` runs in a clone: generates the Unicode tables, compiles the TypeScript, builds the addon. Only the
// addon may fail: without it the plain backend serves.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const run = (script) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], { stdio: 'inherit' }).status;

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true }); // no files of modules that are gone
for (const script of ['generate-unicode.mjs', 'build-ts.mjs']) {
  if (run(script) !== 0) process.exit(1);
}
run('build-native.mjs');
