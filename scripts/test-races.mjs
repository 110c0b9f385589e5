// Races, leaks and fuzzing of the kernels, without Node: ThreadSanitizer with Archer (clang, libomp) over all kernel tests at 1, 2,
// 4 and 8 threads, and over a race that is one; LeakSanitizer; four fuzzers under AddressSanitizer and UBSan; and, in the long form,
// the JavaScript tests over an addon under AddressSanitizer.
// `--long` fuzzes for 10 minutes each, the short form for 8 seconds (`--seconds N`); `--only tsan,leaks,asan,fuzz` some parts.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flags, moveToCopy, root, Tally } from '../test/reliability/package-lib.mjs';
import { build, provide, runs } from './cmake.mjs';
import { buildSanitized, canFuzz, fuzzer, runTests, sanitized } from './kernel-tests.mjs';

process.chdir(root);
const {
  long = false,
  only = long ? 'tsan,leaks,asan,fuzz' : 'tsan,leaks,fuzz',
  seconds = long ? 600 : 8,
  filter,
} = flags();
const tally = new Tally('test:races');
const counts = [];
const missing = provide(['cmake', 'clang++'], ['cmake', 'make', 'g++', 'clang', 'libomp-dev', 'libgtest-dev'])
  ? undefined
  : 'needs clang, libomp and CMake (Debian: clang libomp-dev cmake libgtest-dev)';

/** Archer tells ThreadSanitizer what OpenMP orders; without it, each region looks like a race. */
function archer() {
  const { stdout = '' } = spawnSync(
    'sh',
    ['-c', 'ls /usr/lib/llvm-*/lib/libarcher.so /usr/lib/*/libarcher.so 2>/dev/null'],
    { encoding: 'utf8' },
  );
  return stdout.trim().split('\n').filter(Boolean).at(-1);
}

/** ThreadSanitizer of older clang cannot live with addresses as random as new kernels make them. */
const steady = runs('setarch', ['-R', 'true']) ? ['setarch', '-R'] : [];

const tsanEnv = {
  TSAN_OPTIONS: 'ignore_noninstrumented_modules=1 halt_on_error=0 exitcode=66',
  OMP_TOOL_LIBRARIES: archer(),
  OMP_WAIT_POLICY: 'passive', // or threads without a core would spin
};

const parts = {
  async tsan() {
    if (missing !== undefined) return tally.skip('ThreadSanitizer', missing);
    if (archer() === undefined)
      return tally.skip('ThreadSanitizer', 'needs libarcher.so of libomp (Debian: libomp-dev)');
    const broken = build(
      'out/tsan',
      { CORPUSCLE_KERNEL_TESTS: 'ON', CORPUSCLE_TSAN: 'ON', CMAKE_BUILD_TYPE: 'RelWithDebInfo' },
      { clang: true },
    );
    if (broken !== undefined) return tally.fail('ThreadSanitizer', `cannot be built: ${broken}`);
    const [command, ...args] = [...steady, 'out/tsan/seeded_race'];
    const race = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...tsanEnv } });
    if (/WARNING: ThreadSanitizer: data race/.test(race.stderr) && race.status === 66)
      tally.pass('a seeded race is reported');
    else tally.fail('a seeded race', `was not reported: ${race.status} ${race.stderr.slice(-300)}`);
    const chosen =
      filter ??
      (long
        ? '*'
        : '-*Fuzz*:TermCounter.GivesTheSame*:*LongDocument*:TermCounter.TellsWords*:Probes*:*ThousandRandom*:ReservedPages*');
    const underTsan = async (threads) => {
      const env = { ...tsanEnv, CORPUSCLE_TEST_THREADS: String(threads) };
      const { passed, failed, ended, told } = await runTests([...steady, 'out/tsan/kernel_tests'], {
        filter: chosen,
        env,
        shards: 1,
      });
      const reports = (told.match(/WARNING: ThreadSanitizer/g) ?? []).length;
      const title = `ThreadSanitizer at ${threads} threads`;
      if (failed === 0 && reports === 0 && passed > 0) tally.pass(title, `${passed} tests, 0 reports`);
      else tally.fail(title, `${reports} reports, ended with ${ended}: ${told.slice(0, 1500)}`);
    };
    await Promise.all((long ? [1, 2, 4, 8] : [2, 4]).map(underTsan)); // at once: most of a test is on one thread
  },

  async leaks() {
    if (!provide(['cmake', 'c++'], ['cmake', 'g++', 'make', 'libgtest-dev']))
      return tally.skip('LeakSanitizer', 'needs CMake and a C++ compiler');
    const broken = buildSanitized();
    if (broken !== undefined) return tally.fail('LeakSanitizer', `cannot be built: ${broken}`);
    const env = { ASAN_OPTIONS: 'detect_leaks=1', LSAN_OPTIONS: 'exitcode=23' };
    const { passed, failed, ended, told } = await runTests([sanitized], { env });
    if (/LeakSanitizer has encountered a fatal error/.test(told))
      return tally.skip('LeakSanitizer', 'may not look at its own process here (ptrace)');
    if (failed === 0 && passed > 0) tally.pass('LeakSanitizer', `${passed} tests, 0 leaks`);
    else tally.fail('LeakSanitizer', `ended with ${ended}: ${told.slice(0, 1500)}`);
  },

  /** The JavaScript suites over an addon that AddressSanitizer watches; with gcc, whose runtime can be loaded before Node. */
  async asan() {
    const title = 'AddressSanitizer under the JavaScript tests';
    const { stdout: library = '' } = spawnSync('gcc', ['-print-file-name=libasan.so'], { encoding: 'utf8' });
    if (!library.trim().startsWith('/')) return tally.skip(title, 'needs gcc with libasan');
    moveToCopy('asan');
    const flags = '-fsanitize=address -fno-omit-frame-pointer -g1 -U_FORTIFY_SOURCE';
    const built = spawnSync(process.execPath, ['scripts/build-native.mjs'], {
      encoding: 'utf8',
      env: { ...process.env, CXX: 'g++', CXXFLAGS: flags, LDFLAGS: '-fsanitize=address' },
    });
    if (built.status !== 0) return tally.fail(title, `cannot be built: ${built.stderr.slice(-1500)}`);
    const suites = ['backends', 'cluster', 'cooccurrence', 'sweep', 'text'].map((suite) => `test/${suite}`);
    const log = join(process.cwd(), 'asan');
    const { status, stdout } = spawnSync(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=300000', ...suites],
      {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
        env: {
          ...process.env,
          NO_COLOR: '1',
          LD_PRELOAD: library.trim(),
          ASAN_OPTIONS: `detect_leaks=0:log_path=${log}:quarantine_size_mb=64`,
          OMP_WAIT_POLICY: 'passive',
        },
      },
    );
    const reports = readdirSync('.').filter((name) => name.startsWith('asan.'));
    const passed = Number(/Tests .*?(\d+) passed/.exec(stdout)?.[1] ?? 0);
    const told = reports.map((name) => readFileSync(name, 'utf8').slice(0, 1500)).join('\n');
    process.chdir(root);
    if (status === 0 && reports.length === 0 && passed > 0) tally.pass(title, `${passed} tests, 0 reports`);
    else tally.fail(title, `${reports.length} reports, ended with ${status}: ${told}${stdout.slice(-2500)}`);
  },

  async fuzz() {
    if (missing !== undefined) return tally.skip('fuzzers', missing);
    if (!canFuzz()) return tally.skip('fuzzers', 'needs a clang with libFuzzer');
    const broken = buildSanitized();
    if (broken !== undefined) return tally.fail('fuzzers', `cannot be built: ${broken}`);
    let executions = 0;
    await Promise.all(
      ['csr', 'analyzer', 'merge', 'window'].map(async (target) => {
        const corpus = `out/fuzz/corpus-${target}`;
        const kept = `native/fuzz/crashes/${target}`; // inputs that failed once, tried each time
        mkdirSync(corpus, { recursive: true });
        const args = [
          corpus,
          ...(existsSync(kept) ? [kept] : []),
          `-max_total_time=${seconds}`,
          '-max_len=600',
          '-print_final_stats=1',
          `-artifact_prefix=out/fuzz/${target}-`,
          '-rss_limit_mb=3000',
        ];
        const child = spawn(fuzzer(target), args, {
          env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0', OMP_NUM_THREADS: '2', OMP_WAIT_POLICY: 'passive' },
        });
        let told = '';
        child.stderr.on('data', (text) => {
          told = (told + text).slice(-20_000);
        });
        const code = await new Promise((resolve) => child.on('close', (status, signal) => resolve(signal ?? status)));
        const runs = Number(/stat::number_of_executed_units: (\d+)/.exec(told)?.[1] ?? 0);
        executions += runs;
        if (code === 0 && runs > 0)
          tally.pass(`fuzzer ${target}`, `${runs} executions, ${readdirSync(corpus).length} in the corpus`);
        else tally.fail(`fuzzer ${target}`, `ended with ${code}: ${told.slice(-1500)}`);
      }),
    );
    counts.push(`${executions} fuzz executions`);
  },
};

for (const part of String(only).split(',')) await parts[part]();
tally.end(counts.join(', '));
