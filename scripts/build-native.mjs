// Builds the addon into build/Release with node-gyp, offline: with the headers beside the running Node, else with those
// of node-api-headers; with --update, only what has changed since. Exits with 1, and one line that says why, when it cannot.
import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { headers } from './headers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

const runs = (command, args = ['--version']) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** What a build needs and this machine lacks. */
function missingTools() {
  if (process.platform === 'win32') return []; // node-gyp finds Visual Studio by itself
  const missing = [];
  const compilers = process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++'];
  if (!compilers.some((compiler) => runs(compiler.split(' ')[0]))) missing.push('C++ compiler');
  if (!runs('make')) missing.push('make');
  if (!(process.env.PYTHON ? runs(process.env.PYTHON) : runs('python3') || runs('python'))) missing.push('Python 3');
  return missing;
}

const missing = missingTools();
if (missing.length > 0) {
  console.error(
    `corpuscle: no native addon, because this machine has no ${missing.join(', no ')}; the plain backend serves.`,
  );
  process.exit(1);
}
const nodeGyp = require.resolve('node-gyp/bin/node-gyp.js');
const steps = process.argv.includes('--update') ? ['configure', 'build'] : ['rebuild'];
try {
  execFileSync(process.execPath, [nodeGyp, ...steps, '--loglevel=error', `--jobs=max`], {
    cwd: root,
    env: { ...process.env, npm_config_nodedir: headers() },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  console.log('corpuscle: the native addon is built.');
} catch (error) {
  console.error(`${error.stdout ?? ''}${error.stderr ?? ''}`);
  console.error('corpuscle: no native addon, because its build failed (see above); the plain backend serves.');
  process.exit(1);
}
