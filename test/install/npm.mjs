// npm installs the package without compiling anything, and the programs of a user run.
import { equal, match } from 'node:assert/strict';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeProject, runProgram, tookPrebuild } from './project.mjs';
import { run } from './report.mjs';

/** Nothing was built, and nothing was said of scripts that were or were not run. */
export function builtNothing(folder, { stdout, stderr }) {
  for (const path of ['build', 'native/build']) {
    equal(existsSync(join(folder, 'node_modules/corpuscle', path)), false, `there is a folder ${path}`);
  }
  equal(
    /gyp re?build|gyp (?:info|err)|install script|allow-scripts|ignored build/i.test(stdout + stderr),
    false,
    stdout + stderr,
  );
}

export async function checkNpm({ report, folder, registry }) {
  const project = makeProject(join(folder, 'npm'), registry);
  const npm = (args, cwd = project) => run('npm', args, { cwd });

  await report.check('npm install corpuscle compiles nothing and runs no script', async () => {
    builtNothing(project, await npm(['install', 'corpuscle']));
  });
  await report.check('import takes the prebuild', async () => tookPrebuild(await runProgram(project, 'module.mjs')));
  await report.check('require takes the prebuild, with the same results', async () => {
    tookPrebuild(await runProgram(project, 'script.cjs'));
  });
  await report.check('The command runs from node_modules/.bin', async () => {
    const { stdout } = await npm(['exec', '--', 'corpuscle', 'info', '--format', 'json']);
    match(stdout, /prebuilds/);
  });
  await report.check('npm install --ignore-scripts installs all that is needed', async () => {
    const other = makeProject(join(folder, 'npm-ignore-scripts'), registry);
    builtNothing(other, await npm(['install', '--ignore-scripts', 'corpuscle'], other));
    tookPrebuild(await runProgram(other, 'module.mjs'));
  });
  await report.check('npm ci from a lock file compiles nothing', async () => {
    const other = makeProject(join(folder, 'npm-ci'), registry);
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(project, name), join(other, name));
    builtNothing(other, await npm(['ci'], other));
    tookPrebuild(await runProgram(other, 'module.mjs'));
    rmSync(other, { recursive: true });
  });
  await report.check('A copy of node_modules works where it is copied to', async () => {
    const other = makeProject(join(folder, 'npm-copied'), registry);
    cpSync(join(project, 'node_modules'), join(other, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    tookPrebuild(await runProgram(other, 'script.cjs'));
    rmSync(other, { recursive: true });
  });
}
