// Plants bugs, one at a time, in a copy of the tree, and counts how many the tests find. The short form only looks whether each
// still fits the sources; `--long` plants them all; `--only WORD` those with that word in their name.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { mutants } from '../test/reliability/mutants.mjs';
import { flags, moveToCopy, root, Tally } from '../test/reliability/package-lib.mjs';
import { build, provide } from './cmake.mjs';

const { long = false, only = '' } = flags();
const allowed = 1; // may escape
const tally = new Tally('test:mutants');
const source = ({ file }) => readFileSync(join(root, file), 'utf8');

for (const { name, file, find } of mutants) {
  const found = source({ file }).split(find).length - 1;
  if (found !== 1) tally.fail(name, `what it changes stands ${found} times in ${file}`);
}
if (!long) {
  if (tally.failed === 0) tally.pass(`${mutants.length} planted bugs fit the sources`, '--long plants them');
  tally.end();
  process.exit();
}

moveToCopy('mutants');

/** Whether the tests still pass: undefined where they do, else how they failed. */
const run = (command, args) => {
  const { status, signal } = spawnSync(command, args, { stdio: 'ignore', timeout: 180_000 });
  return status === 0 ? undefined : (signal ?? `ended with ${status}`);
};

const kernelOptions = { CORPUSCLE_KERNEL_TESTS: 'ON', CMAKE_BUILD_TYPE: 'Debug', CMAKE_CXX_FLAGS_DEBUG: '-O1' };
const hasKernels = provide(['cmake', 'c++'], ['cmake', 'g++', 'make', 'libgtest-dev']);

function foundBy(mutant) {
  if (mutant.filter !== undefined) {
    const broken = build('out/kernels', kernelOptions);
    return broken === undefined
      ? run('out/kernels/kernel_tests', [`--gtest_filter=${mutant.filter}`, '--gtest_fail_fast'])
      : `does not compile: ${broken.slice(-300)}`;
  }
  const { outputText } = ts.transpileModule(readFileSync(mutant.file, 'utf8'), {
    compilerOptions: { target: 'es2022', module: 'esnext', verbatimModuleSyntax: true },
  });
  const compiled = mutant.file.replace(/^src/, 'dist/esm').replace(/\.ts$/, '.js');
  const before = readFileSync(compiled);
  writeFileSync(compiled, outputText);
  const how = runTests(mutant.tests);
  writeFileSync(compiled, before);
  return how;
}

function runTests(tests) {
  return run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', ...tests]);
}

const chosen = mutants.filter(({ name }) => name.includes(only));
const tests = [...new Set(chosen.flatMap((mutant) => mutant.tests ?? []))];
for (const test of tests) if (!existsSync(test)) tally.fail(test, 'this file of tests does not exist');
if (hasKernels && chosen.some(({ filter }) => filter !== undefined)) {
  const broken = build('out/kernels', kernelOptions);
  const failing = broken ?? run('out/kernels/kernel_tests', []);
  if (failing !== undefined) tally.fail('the kernels without a bug', failing);
}
if (tests.length > 0) {
  const failing = runTests(tests);
  if (failing !== undefined) tally.fail('the library without a bug', failing);
}
let found = 0;
let planted = 0;
for (const mutant of chosen) {
  if (mutant.filter !== undefined && !hasKernels) {
    tally.skip(mutant.name, 'needs CMake and a C++ compiler');
    continue;
  }
  const before = readFileSync(mutant.file, 'utf8');
  writeFileSync(
    mutant.file,
    before.replace(mutant.find, () => mutant.replace),
  );
  planted++;
  const how = foundBy(mutant);
  writeFileSync(mutant.file, before);
  if (how?.startsWith('does not compile')) tally.fail(mutant.name, how);
  else if (how !== undefined) {
    found++;
    console.log(`found    ${mutant.name} (${how})`);
  } else console.log(`ESCAPED  ${mutant.name}`);
}
const title = `${found} of ${planted} planted bugs were found`;
if (planted - found > allowed) tally.fail(title, `at most ${allowed} may escape`);
else tally.pass(title);
tally.end();
