// What is in the tarball, and what is not.
import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readTarball } from './registry.mjs';
import { run, Skip } from './report.mjs';

const maxBytes = 10_000_000;

export async function checkTarball({ report, root, tarball, installed }) {
  const files = await readTarball(tarball);
  const names = [...files.keys()];
  const manifest = JSON.parse(files.get('package.json').toString());

  await report.check('The tarball has an addon for this machine and what it brings along', () => {
    const here = names.filter((name) => name.startsWith(`prebuilds/${process.platform}-${process.arch}/`));
    ok(
      here.some((name) => name.endsWith('.node')),
      `only ${here.join(', ')}`,
    );
    if (process.platform === 'linux')
      ok(
        here.some((name) => name.includes('libgomp-corpuscle-')),
        `only ${here.join(', ')}`,
      );
  });
  await report.check(
    'It has nothing that makes a package manager compile: no binding.gyp at its root, no install script',
    () => {
      equal(names.includes('binding.gyp'), false);
      equal(manifest.gypfile, false);
      const scripts = ['preinstall', 'install', 'postinstall'].filter((name) => name in manifest.scripts);
      deepEqual(scripts, []);
    },
  );
  await report.check('It has the sources of the addon, for those who build it themselves', () => {
    const needed = [
      'native/binding.gyp',
      'native/sources.json',
      'native/exports.map',
      'native/generated/unicode_table.hpp',
    ];
    deepEqual(
      needed.filter((name) => !names.includes(name)),
      [],
    );
    const sources = Object.values(JSON.parse(files.get('native/sources.json').toString())).flat();
    deepEqual(
      sources.filter((name) => !names.includes(`native/${name}`)),
      [],
    );
  });
  await report.check('It has no tests, no source maps and nothing that a build leaves', () => {
    const unwanted =
      /(^|\/)(test|node_modules|build|out|coverage)\/|\.([cm]?[jt]s\.map|tsbuildinfo|o|log)$|^native\/(bench|fuzz)\//;
    deepEqual(
      names.filter((name) => unwanted.test(name)),
      [],
    );
  });
  await report.check('It has its licence and those of what it brings along', () => {
    const licences = [
      'LICENSE',
      'native/licences/README.md',
      'native/licences/GPL-3.0.txt',
      'native/licences/GCC-exception-3.1.txt',
    ];
    deepEqual(
      licences.filter((name) => !names.includes(name)),
      [],
    );
  });
  await report.check(
    'Its bill of materials names all that is installed with it and all that is compiled in',
    async () => {
      if (!existsSync(join(root, 'prebuilds'))) throw new Skip('it is made where the prebuilds are');
      const { stdout } = await run(process.execPath, ['scripts/sbom.mjs'], { cwd: root });
      const { metadata, components } = JSON.parse(stdout);
      equal(metadata.component.name, manifest.name);
      const listed = components.map(({ name }) => name);
      deepEqual(
        [...installed, 'node-addon-api', 'libgomp', 'libstdc++'].filter((name) => !listed.includes(name)),
        [],
      );
      deepEqual(
        components.filter(({ licenses }) => !licenses?.length).map(({ name }) => name),
        [],
      );
    },
  );
  await report.check(`It takes no more than ${maxBytes / 1e6} MB`, () => {
    ok(tarball.length <= maxBytes, `${tarball.length} bytes`);
    console.log(`      ${names.length} files, ${(tarball.length / 1e6).toFixed(2)} MB packed`);
  });
}
