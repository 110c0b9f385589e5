// Builds the kernels' tests with CMake, without Node, under AddressSanitizer, UBSan and LeakSanitizer, and runs them.
// Needs a C++ compiler, CMake and GoogleTest; says so in one line, and exits with 1, where one is missing.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build, kernelTests, runs } from './cmake.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (!runs('cmake')) {
  console.error(
    'corpuscle: the kernel tests need CMake, a C++ compiler and GoogleTest (Debian: cmake g++ libgtest-dev).',
  );
  process.exit(1);
}
const broken = build(kernelTests.folder, kernelTests.options);
if (broken !== undefined) {
  console.error(broken);
  process.exit(1);
}
const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=1' };
process.exit(spawnSync(kernelTests.program, { stdio: 'inherit', env }).status ?? 1);
