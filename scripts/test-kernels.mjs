// Builds the kernels' tests with CMake, without Node, under AddressSanitizer and UBSan, and runs them.
// Needs a C++ compiler, CMake and GoogleTest; says so in one line, and exits with 1, where one is missing.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const cmakeJs = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
const run = (command, args) => spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;

if (run('cmake', ['--version']) !== 0) {
  console.error(
    'corpuscle: the kernel tests need CMake, a C++ compiler and GoogleTest (Debian: cmake g++ libgtest-dev).',
  );
  process.exit(1);
}
const options = ['--CDCORPUSCLE_KERNEL_TESTS=ON', '--CDCORPUSCLE_SANITIZE=ON'];
const built = run(process.execPath, [cmakeJs, 'compile', '-O', 'out/kernel-tests', '-B', 'RelWithDebInfo', ...options]);
process.exit(built || run('out/kernel-tests/kernel_tests', []));
