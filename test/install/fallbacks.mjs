// Where the addon does not load, the plain backend serves, with the same results and one warning.
import { equal, match } from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fellBack, makeProject, runProgram } from './project.mjs';
import { run } from './report.mjs';

const target = `${process.platform}-${process.arch}`;

export async function checkFallbacks({ report, folder, registry }) {
  const good = join(folder, 'npm', 'node_modules');
  const project = makeProject(join(folder, 'fallbacks'), registry);
  const prebuilds = join(project, 'node_modules', 'corpuscle', 'prebuilds');
  const addon = () =>
    join(
      prebuilds,
      target,
      readdirSync(join(prebuilds, target)).find((name) => name.endsWith('.node')),
    );
  const runtime = () => readdirSync(join(prebuilds, target)).find((name) => name.includes('libgomp'));
  cpSync(good, join(project, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  const fresh = () => {
    rmSync(prebuilds, { recursive: true, force: true });
    cpSync(join(good, 'corpuscle', 'prebuilds'), prebuilds, { recursive: true });
  };
  const falls = (why, breakIt, options) =>
    report.check(`Falls back to plain and warns once: ${why}`, async () => {
      fresh();
      breakIt();
      fellBack(await runProgram(project, 'module.mjs', options));
    });

  await falls('node --no-addons', () => {}, { flags: ['--no-addons'] });
  const cut = (file, share) => writeFileSync(file, readFileSync(file).subarray(0, share * readFileSync(file).length));
  await falls('a prebuild of which only the beginning is there', () => cut(addon(), 0.01));
  await falls('a prebuild of which the end is missing', () => cut(addon(), 0.9));
  await falls('a prebuild that is not a library', () => writeFileSync(addon(), 'this is no addon\n'));
  await falls('an empty prebuild', () => writeFileSync(addon(), ''));
  await falls('a prebuild for another processor', () => {
    const bytes = readFileSync(addon());
    bytes.writeUInt16LE(243, 18); // RISC-V, in an ELF file; in others it breaks the header
    writeFileSync(addon(), bytes);
  });
  if (process.platform === 'linux') {
    await falls('no OpenMP runtime beside it', () => rmSync(join(prebuilds, target, runtime())));
    await falls('an OpenMP runtime that is cut off', () => cut(join(prebuilds, target, runtime()), 0.5));
  }
  await falls('no prebuild for this system', () => renameSync(join(prebuilds, target), join(prebuilds, 'haiku-m68k')));
  await falls('no prebuilds at all', () => rmSync(prebuilds, { recursive: true }));

  await report.check('CORPUSCLE_BACKEND=native is refused with its code where no addon loads', async () => {
    const { stderr } = await run(process.execPath, ['module.mjs'], {
      cwd: project,
      env: { CORPUSCLE_BACKEND: 'native' },
      expected: 1,
    });
    match(stderr, /ERR_BACKEND_UNAVAILABLE/);
  });
  await report.check('The command works without an addon, and says so', async () => {
    const { stdout } = await run(
      process.execPath,
      ['node_modules/corpuscle/dist/esm/cli/main.js', 'info', '--format', 'json'],
      {
        cwd: project,
      },
    );
    equal(JSON.parse(stdout).backend, 'plain');
  });
}
