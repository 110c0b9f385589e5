// pnpm and yarn, each of the versions in use: they install without building, and the programs run.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtNothing } from './npm.mjs';
import { makeProject, runProgram, tookPrebuild } from './project.mjs';
import { run } from './report.mjs';
import { tool } from './tools.mjs';

const yarnSettings = (linker, url) => `
nodeLinker: ${linker}
npmRegistryServer: "${url}"
unsafeHttpWhitelist: ["127.0.0.1"]
enableGlobalCache: false
globalFolder: .yarn/global
enableImmutableInstalls: false
enableTelemetry: false
`;

const managers = [
  { name: 'pnpm 10', packages: ['pnpm@10.34.0'], program: 'pnpm/bin/pnpm.cjs', add: ['add', '--store-dir', '.store'] },
  { name: 'pnpm 12', packages: ['pnpm@12.21.0'], program: 'pnpm/bin/pnpm.mjs', add: ['add', '--store-dir', '.store'] },
  { name: 'yarn 1', packages: ['yarn@1.22.22'], program: 'yarn/bin/yarn.js', add: ['add', '--cache-folder', '.cache'] },
  { name: 'yarn 4, node_modules', packages: ['@yarnpkg/cli-dist@4.18.1'], linker: 'node-modules' },
  { name: "yarn 4, Plug'n'Play", packages: ['@yarnpkg/cli-dist@4.18.1'], linker: 'pnp' },
];

export async function checkManagers({ report, folder, registry, tools }) {
  for (const { name, packages, program = '@yarnpkg/cli-dist/bin/yarn.js', add = ['add'], linker } of managers) {
    await report.check(`${name} installs without building, and the programs run`, async () => {
      const folderName = packages[0].replaceAll(/\W+/g, '-');
      const manager = join(await tool(tools, folderName, packages), program);
      const project = makeProject(join(folder, name.replaceAll(/\W+/g, '-')), registry);
      if (linker !== undefined) {
        writeFileSync(join(project, '.yarnrc.yml'), yarnSettings(linker, registry));
        writeFileSync(join(project, 'yarn.lock'), '');
      }
      const env = { npm_config_registry: registry };
      builtNothing(project, await run(process.execPath, [manager, ...add, 'corpuscle'], { cwd: project, env }));
      if (linker === 'pnp') {
        tookPrebuild(await runProgram(project, 'script.cjs', { node: [process.execPath, manager, 'node'] }));
        return;
      }
      tookPrebuild(await runProgram(project, 'module.mjs'));
      tookPrebuild(await runProgram(project, 'script.cjs'));
    });
  }
}
