/** The libraries of bench/libraries/package.json, which the benchmarks alone need and install when they are first wanted. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = new URL('../../bench/libraries/', import.meta.url);

/** Installs them where they are not there; returns what went wrong, in words. */
export function installLibraries(): string | undefined {
  if (existsSync(new URL('node_modules/.package-lock.json', folder))) return undefined;
  process.stderr.write('Installing the libraries to compare with (bench/libraries/package.json), once.\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const options = { cwd: fileURLToPath(folder), encoding: 'utf8', shell: process.platform === 'win32' } as const;
  const { status, stderr, error } = spawnSync(
    npm,
    ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    options,
  );
  if (status === 0) return undefined;
  const reason = error?.message ?? stderr.trim().split('\n')[0];
  return `The libraries to compare with cannot be installed (npm install in bench/libraries: ${reason}); their rows are left out.`;
}

/** Loads one of them. */
export async function library<T>(name: string): Promise<T> {
  const file = createRequire(new URL('package.json', folder)).resolve(name);
  const loaded = await import(pathToFileURL(file).href);
  return (loaded.default ?? loaded) as T;
}

/** The version of one that is installed, for the record. */
export function libraryVersion(name: string): string {
  const manifest = new URL(`node_modules/${name}/package.json`, folder);
  return createRequire(import.meta.url)(fileURLToPath(manifest)).version;
}
