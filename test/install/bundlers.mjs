// A bundled program works where the package is external, as it must be for every package with an addon.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, tookPrebuild } from './project.mjs';
import { run } from './report.mjs';
import { tool } from './tools.mjs';

export async function checkBundlers({ report, folder, tools }) {
  const project = join(folder, 'npm');
  const bundle = async (source, format, result) => {
    const esbuild = join(await tool(tools, 'esbuild', ['esbuild@0.28.2']), 'esbuild', 'bin', 'esbuild');
    const options = [
      '--bundle',
      '--platform=node',
      '--external:corpuscle',
      `--format=${format}`,
      `--outfile=${result}`,
    ];
    await run(process.execPath, [esbuild, source, ...options, '--log-level=warning'], { cwd: project });
    if (!existsSync(join(project, result))) throw new Error(`esbuild has not written ${result}`);
    tookPrebuild(await runProgram(project, result));
  };
  await report.check('esbuild, a module with the package external', () => bundle('module.mjs', 'esm', 'bundle.mjs'));
  await report.check('esbuild, a script with the package external', () => bundle('script.cjs', 'cjs', 'bundle.cjs'));
}
