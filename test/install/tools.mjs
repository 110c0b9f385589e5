// Programs that only these checks use, by fixed versions, from the registry, into out/install-tools; without it their checks are skipped.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, Skip } from './report.mjs';

/** Installs packages, as `name@version`, into a folder of their own. @returns its node_modules */
export async function tool(tools, name, packages, args = []) {
  const folder = join(tools, name);
  const done = join(folder, `done ${packages.join(' ').replaceAll('/', '+')}`);
  if (!existsSync(done)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=0', ...args];
    const { code, stderr } = await run('npm', ['install', ...options, ...packages], { cwd: folder, expected: 'any' });
    if (code !== 0) throw new Skip(`${packages.join(', ')} cannot be installed here (${stderr.trim().split('\n')[0]})`);
    writeFileSync(done, '');
  }
  return join(folder, 'node_modules');
}
