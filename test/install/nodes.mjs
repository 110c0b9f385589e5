// The same installation on other Nodes, on arm64 in an emulator, and on a system with an older glibc and no OpenMP runtime.
import { equal } from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fellBack, runProgram, sameResults, tookPrebuild } from './project.mjs';
import { run, Skip } from './report.mjs';
import { tool } from './tools.mjs';

const nodes = ['20.9.0', '22', '24', '26'];
const sysroot = '/usr/aarch64-linux-gnu';

export async function checkNodes(context) {
  const { report, folder, tools } = context;
  const project = join(folder, 'npm');
  const fetch = (version, arch) => fetchNode(tools, version, arch);
  for (const version of nodes) {
    await report.check(`Node ${version} imports, requires, and falls back without addons`, async () => {
      const node = [await fetch(version, process.arch)];
      const result = await runProgram(project, 'module.mjs', { node });
      equal(result.node.startsWith(`v${version}`), true, result.node);
      tookPrebuild(result);
      tookPrebuild(await runProgram(project, 'script.cjs', { node }));
      fellBack(await runProgram(project, 'script.cjs', { node, flags: ['--no-addons'] }));
    });
  }
  for (const version of ['20', '24']) {
    await report.check(
      `Node ${version} on arm64, in an emulator: every backend gives the bits of this machine`,
      async () => {
        const node = ['qemu-aarch64', '-L', sysroot, await armNode(context, fetch, version)];
        tookPrebuild(await runProgram(project, 'module.mjs', { node, timeout: 900_000 }));
        for (const backend of ['plain', 'native', 'parallel']) {
          const env = { CORPUSCLE_BACKEND: backend, CORPUSCLE_THREADS: '3' };
          sameResults(await runProgram(project, 'script.cjs', { node, env, timeout: 900_000 }));
        }
      },
    );
  }
  await report.check('Debian 11 (glibc 2.31, GCC 10, no libgomp) takes the prebuild', async () => {
    const system = await debian11(tools);
    const libraries = [`${system}/lib/x86_64-linux-gnu`, `${system}/usr/lib/x86_64-linux-gnu`].join(':');
    const loader = `${system}/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2`;
    const node = [loader, '--library-path', libraries, await fetch('20', 'x64')];
    const glibc = await run(node[0], [...node.slice(1), '-p', 'process.report.getReport().header.glibcVersionRuntime']);
    equal(glibc.stdout.trim(), '2.31');
    tookPrebuild(await runProgram(project, 'module.mjs', { node }));
  });
}

/** The path of a Node binary from the registry. */
async function fetchNode(tools, version, arch) {
  if (process.platform !== 'linux') throw new Skip('the registry has Node for Linux by this name');
  const name = `node-linux-${arch}`;
  return join(await tool(tools, `${name}-${version}`, [`${name}@${version}`], ['--force']), name, 'bin', 'node');
}

async function armNode({ folder }, fetch, version) {
  if (!existsSync(join(folder, 'npm/node_modules/corpuscle/prebuilds/linux-arm64'))) {
    throw new Skip('the tarball has no prebuild for it: npm run build:prebuilds -- --arch arm64');
  }
  await run('qemu-aarch64', ['--version']).catch(() => {
    throw new Skip('there is no qemu-aarch64: apt-get install qemu-user g++-aarch64-linux-gnu');
  });
  if (!existsSync(sysroot)) throw new Skip(`there is no ${sysroot}: apt-get install g++-aarch64-linux-gnu`);
  return fetch(version, 'arm64');
}

/** A folder with the C and C++ libraries of Debian 11, by apt, which needs no rights for it. */
async function debian11(tools) {
  const folder = join(tools, 'debian11');
  if (existsSync(join(folder, 'system'))) return join(folder, 'system');
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Skip('its libraries are fetched on Linux x64');
  for (const name of ['lists/partial', 'cache/archives/partial', 'packages'])
    mkdirSync(join(folder, name), { recursive: true });
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(join(folder, 'sources.list'), `deb [signed-by=${keys}] ${await debianMirror()} bullseye main\n`);
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const packages = ['libc6', 'libstdc++6', 'libgcc-s1'];
  const cwd = join(folder, 'packages');
  try {
    await run('apt-get', [...options, 'update', '-q'], { cwd });
    await run('apt-get', [...options, 'download', '-q', ...packages.map((name) => `${name}/bullseye`)], { cwd });
  } catch (error) {
    throw new Skip(`its packages cannot be had here (${error.message.trim().split('\n').at(-1)})`);
  }
  for (const name of readdirSync(cwd)) await run('dpkg', ['-x', name, join(folder, 'unpacked')], { cwd });
  await run('mv', ['unpacked', 'system'], { cwd: folder });
  return join(folder, 'system');
}

/** Where this machine's own apt takes Debian's packages from. */
async function debianMirror() {
  const args = ['indextargets', '--format', '$(COMPONENT) $(REPO_URI)', 'Created-By: Packages'];
  const { stdout } = await run('apt-get', args).catch(() => ({ stdout: '' }));
  const mirror = /^main (\S+\/debian\/?)$/m.exec(stdout)?.[1];
  if (mirror === undefined) throw new Skip('this is no Debian');
  return mirror;
}
