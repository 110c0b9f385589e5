// The kernels' tests: built under AddressSanitizer and UBSan, and run in several processes at once.
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { build } from './cmake.mjs';

const folder = 'out/sanitized';
export const sanitized = `${folder}/kernel_tests`;
export const fuzzer = (target) => `${folder}/${target}_fuzz`;

/** Whether there is a clang with libFuzzer and OpenMP, which not every clang has. */
export function canFuzz() {
  const input =
    '#include <omp.h>\nextern "C" int LLVMFuzzerTestOneInput(const char*, long) { return omp_get_max_threads() < 0; }\n';
  const flags = ['-fsanitize=fuzzer,address,undefined', '-fopenmp', '-x', 'c++', '-', '-o', '/dev/null'];
  return spawnSync('clang++', flags, { input, stdio: ['pipe', 'ignore', 'ignore'] }).status === 0;
}

/** Builds the tests, and where that is possible the fuzzers of the same kernels; returns what the build said where it failed. */
export function buildSanitized() {
  const clang = canFuzz();
  const options = { CORPUSCLE_KERNEL_TESTS: 'ON', CORPUSCLE_SANITIZE: 'ON', CORPUSCLE_FUZZ: clang ? 'ON' : 'OFF' };
  return build(folder, { ...options, CMAKE_BUILD_TYPE: 'RelWithDebInfo' }, { clang });
}

function runShard(command, args, env) {
  const limits = { timeout: 900_000, killSignal: 'SIGKILL' }; // what hangs has failed
  const child = spawn(command, args, { ...limits, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      told += text;
    });
  }
  return new Promise((resolve) => child.on('close', (status, signal) => resolve({ ended: signal ?? status, told })));
}

/**
 * Runs a program of tests, a part in each of `shards` processes: most of a test is its slow formula, on one thread.
 * `command` may name what runs it. Returns how many passed and failed, how the processes ended, and what they said.
 */
export async function runTests(command, { filter = '*', env = {}, shards = Math.min(availableParallelism(), 4) } = {}) {
  const [program, ...args] = [...command, '--gtest_brief=1', `--gtest_filter=${filter}`];
  const results = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      runShard(program, args, { ...env, GTEST_TOTAL_SHARDS: String(shards), GTEST_SHARD_INDEX: String(shard) }),
    ),
  );
  const told = results.map((result) => result.told).join('\n');
  const count = (pattern) => [...told.matchAll(pattern)].reduce((sum, [, n]) => sum + Number(n), 0);
  const passed = count(/\[ {2}PASSED {2}\] (\d+)/g);
  const broken = results.filter(({ ended }) => ended !== 0).length; // by a failed test, or by what a sanitizer found
  return {
    passed,
    failed: Math.max(count(/^ *(\d+) FAILED TESTS?$/gm), broken),
    ended: results.map(({ ended }) => ended),
    told,
  };
}
