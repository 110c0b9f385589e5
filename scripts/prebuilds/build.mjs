// Builds the addon that the package carries: prebuilds/<os>-<arch>/corpuscle.<libc>.node, by prebuildify, in a folder of its own, so
// that the addon in build/ stays as it is. On Linux its OpenMP runtime comes along and it asks for an old glibc (docs/decisions/010).
//
//   npm run build:prebuilds                   for this machine
//   npm run build:prebuilds -- --arch arm64   for arm64, on x64 with Debian's cross compiler (g++-aarch64-linux-gnu)
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { headers } from '../headers.mjs';
import { askForOlderGlibc } from './older-glibc.mjs';
import { bundleOpenmp, compilersFile } from './openmp.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

/** The oldest glibc to load on: that of the oldest systems that Node's own binaries of 20 and later run on. */
const glibcFloor = '2.28';

const { values } = parseArgs({ options: { arch: { type: 'string', default: process.arch } } });
const isLinux = process.platform === 'linux';
const isCross = values.arch !== process.arch;
const prefix = { arm64: 'aarch64', x64: 'x86_64' }[values.arch];
const cross = isCross ? `${prefix}-linux-gnu-` : '';
const target = {
  arch: values.arch,
  libc: existsSync('/etc/alpine-release') ? 'musl' : 'glibc',
  compiler: cross ? `${cross}g++` : (process.env.CXX ?? 'g++'),
  strip: `${cross}strip`,
  patchelf: process.env.PATCHELF ?? 'patchelf',
};

function requireTools() {
  if (isCross && (!isLinux || prefix === undefined)) {
    console.error(
      `From ${process.platform}-${process.arch} there is no way to build for ${values.arch}; Linux builds for x64 and arm64.`,
    );
    process.exit(1);
  }
  const tools = isLinux ? [target.compiler, target.strip, target.patchelf] : [];
  const missing = tools.filter((tool) => spawnSync(tool, ['--version']).status !== 0);
  if (missing.length === 0) return;
  const packages = cross ? `patchelf g++-${prefix.replace('_', '-')}-linux-gnu` : 'patchelf g++';
  console.error(`There is no ${missing.join(', no ')} here; on Debian, apt-get install ${packages}.`);
  process.exit(1);
}

/** A copy of what the addon is built from. */
function stage() {
  const folder = join('out', 'prebuild', `${process.platform}-${target.arch}-${target.libc}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'binding.gyp', 'native']) {
    cpSync(name, join(folder, name), { recursive: true, filter: (path) => path !== join('native', 'build') });
  }
  return folder;
}

/**
 * The C++ runtime is linked in and cut to what is used: that of this compiler is newer than those of the systems to run on. The
 * libraries that glibc 2.34 has taken in are named, for the glibcs before it.
 */
const linuxFlags = (libraries) =>
  [`-L${libraries}`, '-static-libstdc++', '-Wl,--gc-sections'].concat(
    target.libc === 'glibc' ? '-Wl,--push-state,--no-as-needed,-l:libpthread.so.0,-l:libdl.so.2,--pop-state' : [],
  );

function prebuildify(folder, env) {
  const require = createRequire(import.meta.url);
  const options = ['--napi', '--strip', `--strip-bin=${target.strip}`, `--cwd=${folder}`, '--out=.', '-t', '20.9.0'];
  if (isLinux) options.push('--tag-libc');
  execFileSync(process.execPath, [require.resolve('prebuildify/bin.js'), ...options, `--arch=${target.arch}`], {
    env: {
      ...process.env,
      npm_config_nodedir: headers(),
      npm_config_loglevel: 'error',
      npm_config_jobs: 'max',
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

function prebuildLinux(folder) {
  const libraries = join(process.cwd(), folder, 'libraries');
  const openmp = bundleOpenmp(target, libraries);
  const compilers = cross ? { CC: `${cross}gcc`, CXX: `${cross}g++`, AR: `${cross}ar` } : {};
  prebuildify(folder, { ...compilers, LDFLAGS: linuxFlags(libraries).join(' ') });
  cpSync(openmp, join(result, basename(openmp)));
  if (target.libc !== 'glibc') return;
  for (const file of present()) {
    const find = (library) => compilersFile(target.compiler, library);
    const { changed, kept } = askForOlderGlibc(file, find, glibcFloor, target.patchelf);
    console.log(`${file}: ${changed.length} symbols of an older glibc`);
    if (kept.length > 0) console.log(`  and, for want of one, ${kept.join(', ')}`);
  }
}

const result = join('prebuilds', `${process.platform}-${target.arch}`);

/** The files that are there for this target. */
function present() {
  const names = existsSync(result) ? readdirSync(result) : [];
  return names.filter((name) => !isLinux || name.includes(target.libc)).map((name) => join(result, name));
}

requireTools();
for (const file of present()) rmSync(file);
const folder = stage();
if (isLinux) prebuildLinux(folder);
else prebuildify(folder, {});
