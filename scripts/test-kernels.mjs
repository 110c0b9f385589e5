// Builds the kernels' tests with CMake, without Node, under AddressSanitizer, UBSan and LeakSanitizer, and runs them.
// Needs a C++ compiler, CMake and GoogleTest; says so in one line, and exits with 1, where one is missing.
// `--filter 'KMeans.*'` runs some of them; `--json FILE` writes how many passed and failed.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runs } from './cmake.mjs';
import { buildSanitized, runTests, sanitized } from './kernel-tests.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { values } = parseArgs({ options: { filter: { type: 'string' }, json: { type: 'string' } } });
if (!runs('cmake')) {
  console.error(
    'corpuscle: the kernel tests need CMake, a C++ compiler and GoogleTest (Debian: cmake g++ libgtest-dev).',
  );
  process.exit(1);
}
const broken = buildSanitized();
if (broken !== undefined) {
  console.error(broken);
  process.exit(1);
}
const { passed, failed, told } = await runTests([sanitized], {
  filter: values.filter,
  env: { ASAN_OPTIONS: 'detect_leaks=1' },
});
if (failed > 0) console.log(told);
console.log(`kernel tests: ${passed} passed, ${failed} failed`);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ passed, failed }));
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
