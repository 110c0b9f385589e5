// Configures and builds a part of CMakeLists.txt, with clang or with the usual compiler; says what is missing in one line.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export const runs = (command, args = ['--version']) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Installs Debian packages where that is possible and needed; returns whether all commands are there then. */
export function provide(commands, packages) {
  if (commands.every((command) => runs(command))) return true;
  if (process.getuid?.() === 0 && runs('apt-get')) {
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    spawnSync('apt-get', ['install', '-qq', '-y', ...packages], { stdio: 'ignore' });
  }
  return commands.every((command) => runs(command));
}

/** Builds into a folder with -DNAME=VALUE for each of `options`; returns what the build said where it failed. */
export function build(folder, options, { clang = false } = {}) {
  const compiler = clang ? ['-DCMAKE_CXX_COMPILER=clang++'] : [];
  const defined = Object.entries(options).map(([name, value]) => `-D${name}=${value}`);
  const steps = [
    ['cmake', ['-S', '.', '-B', folder, ...compiler, ...defined]],
    ['cmake', ['--build', folder, '--parallel', String(availableParallelism())]],
  ];
  for (const [command, args] of steps) {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
    if (status !== 0) return `${stdout}${stderr}`.slice(-3000);
  }
  return undefined;
}
