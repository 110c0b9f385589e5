// The addon built by a user from the sources in the package, which then goes before the prebuild.
import { equal, match } from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { headers } from '../../scripts/headers.mjs';
import { makeProject, runProgram, sameResults } from './project.mjs';
import { run } from './report.mjs';

export async function checkSource({ report, root, folder, registry }) {
  await report.check('The addon can be built from the sources in the package, and is then taken', async () => {
    const project = makeProject(join(folder, 'source'), registry);
    cpSync(join(folder, 'npm', 'node_modules'), join(project, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    cpSync(join(root, 'node_modules', 'node-addon-api'), join(project, 'node_modules', 'node-addon-api'), {
      recursive: true,
    });
    const nodeGyp = join(root, 'node_modules/node-gyp/bin/node-gyp.js');
    const args = [nodeGyp, 'rebuild', '-C', 'node_modules/corpuscle/native', '--jobs=max'];
    const env = { npm_config_nodedir: headers() };
    await run(process.execPath, args, { cwd: project, env, timeout: 900_000 });
    const result = await runProgram(project, 'module.mjs');
    match(result.file, /native[\\/]build[\\/]Release[\\/]/);
    equal(result.available.length, 3);
    sameResults(result);
  });
}
