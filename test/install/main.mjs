// What a user meets: the packed tarball, installed by package managers into empty folders, used, bundled, type-checked, and broken.
//
//   npm run test:install              on this machine's Node, with npm; no network but for esbuild, publint and attw
//   npm run test:install -- --long    also a build from source, pnpm and yarn, Node 22 to 26, arm64 in an emulator, an older glibc
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkBundlers } from './bundlers.mjs';
import { checkFallbacks } from './fallbacks.mjs';
import { checkManagers } from './managers.mjs';
import { checkNodes } from './nodes.mjs';
import { checkNpm } from './npm.mjs';
import { startRegistry } from './registry.mjs';
import { Report, run } from './report.mjs';
import { checkSource } from './source.mjs';
import { checkTarball } from './tarball.mjs';
import { checkTypes } from './types.mjs';

const { values } = parseArgs({
  options: { long: { type: 'boolean', default: false }, tarball: { type: 'string' }, json: { type: 'string' } },
});
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'corpuscle-install-'));

/** The tarball as `npm publish` would send it, with a prebuild for this machine in it. */
async function pack() {
  if (!existsSync(join(root, 'prebuilds', `${process.platform}-${process.arch}`))) {
    console.log('There is no prebuild for this machine yet: npm run build:prebuilds');
    await run('npm', ['run', '-s', 'build:prebuilds'], { cwd: root, timeout: 900_000 });
  }
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz')),
  );
}

const report = new Report();
let registry;
try {
  const file = values.tarball ?? (await pack());
  const tarball = readFileSync(file);
  registry = await startRegistry(root, tarball);
  const context = {
    report,
    root,
    folder,
    file,
    tarball,
    registry: registry.url,
    installed: registry.installed,
    tools: join(root, 'out', 'install-tools'),
  };
  await checkTarball(context);
  await checkNpm(context);
  await checkFallbacks(context);
  await checkBundlers(context);
  await checkTypes(context);
  if (values.long) {
    await checkSource(context);
    await checkManagers(context);
    await checkNodes(context);
  } else {
    report.skip(
      'A build from source, pnpm, yarn, other Nodes, arm64 and an older glibc',
      '`npm run test:install -- --long` makes these checks',
    );
  }
} catch (error) {
  report.fail('The checks run to their end', error);
} finally {
  registry?.close();
  rmSync(folder, { recursive: true, force: true });
}
report.close(values.json);
