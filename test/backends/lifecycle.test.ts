import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadAddon } from '#src/backends/native/addon.js';
import load from '#src/backends/native/load.cjs';
import { type BackendInfo, backendInfo } from '#src/index.js';
import { simdLevels, withoutNative } from '../support.js';

const run = promisify(execFile);
const module = JSON.stringify(pathToFileURL(join(load.packageFolder, 'dist', 'esm', 'index.js')).href);

/** Runs a module in a process of its own and returns what it printed. */
async function node(source: string, env: Record<string, string> = {}, flags: string[] = []) {
  const environment = { ...process.env, ...env };
  return run(process.execPath, [...flags, '--input-type=module', '-e', source], { env: environment });
}

const info = async (env: Record<string, string>, flags: string[] = []) => {
  const { stdout } = await node(
    `import { backendInfo } from ${module}; console.log(JSON.stringify(backendInfo()))`,
    env,
    flags,
  );
  return JSON.parse(stdout) as BackendInfo;
};

const fit = (options: string) => `
  import { CsrMatrix, KMeans } from ${module};
  const X = CsrMatrix.fromRows(Array.from({ length: 200 }, (_, i) => [i % 7, i % 11, i % 3]));
  const model = await new KMeans({ nClusters: 3, randomState: 0 ${options} }).fit(X);
  console.log(model.inertia);`;

describe('backendInfo', () => {
  it('says what this installation computes with', () => {
    const known = backendInfo();
    expect(known.available).toContain(known.backend);
    expect(known.threads).toBeGreaterThanOrEqual(1);
    expect(known.file === null).toBe(withoutNative);
    expect(known.reason !== null || known.backend === 'parallel').toBe(true);
  });

  it('takes the number of threads from the environment', async () => {
    expect(await info({ CORPUSCLE_THREADS: '1' })).toMatchObject({ threads: 1 });
  });

  it('says why there is no addon where addons are forbidden', async () => {
    const without = await info({}, ['--no-addons']);
    expect(without).toMatchObject({ backend: 'plain', available: ['plain'], file: null });
    expect(without.reason).toMatch(/does not load/);
  });
});

describe('without an addon', () => {
  it("'auto' takes the plain backend, gives the same result and warns once", async () => {
    const { stdout, stderr } = await node(
      `${fit('')}${fit('')
        .replace(/import .*\n/, '')
        .replaceAll('const ', 'var ')}`.replaceAll('const ', 'var '),
      {},
      ['--no-addons'],
    );
    const wanted = await node(fit(", backend: 'plain'"));
    expect(stdout).toBe(wanted.stdout.repeat(2));
    expect(stderr.match(/CORPUSCLE_NATIVE_UNAVAILABLE/g)).toHaveLength(1);
  });

  it('a forced backend refuses and says what to do', async () => {
    const forced = node(fit(''), { CORPUSCLE_BACKEND: 'parallel' }, ['--no-addons']);
    await expect(forced).rejects.toThrow(/ERR_BACKEND_UNAVAILABLE/);
    await expect(forced).rejects.toThrow(/npm run build:native/);
  });
});

describe('the environment', () => {
  it.each([
    ['CORPUSCLE_BACKEND', 'fast', /CORPUSCLE_BACKEND must be one of/],
    ['CORPUSCLE_THREADS', 'many', /CORPUSCLE_THREADS must be an integer/],
    ['CORPUSCLE_THREADS', '0', /CORPUSCLE_THREADS must be an integer/],
    ['CORPUSCLE_SIMD', 'avx9', /CORPUSCLE_SIMD must be one of/],
  ])('is checked: %s=%s', async (name, value, message) => {
    await expect(node(fit(''), { [name]: value })).rejects.toThrow(message);
  });
});

const openMp = !withoutNative && process.platform === 'linux';

describe.skipIf(!openMp)("the addon's OpenMP", () => {
  const shown = async (env: Record<string, string>) => {
    const source = `await import(${module}).then(({ backendInfo }) => backendInfo()); console.log(process.env.GOMP_SPINCOUNT)`;
    const { stdout, stderr } = await node(source, { OMP_DISPLAY_ENV: 'verbose', ...env });
    return { looks: /GOMP_SPINCOUNT = '(\d+)'/.exec(stderr)?.[1], left: stdout.trim() };
  };

  it('looks for work for a short time only, and leaves the environment as it was', async () => {
    expect(await shown({})).toEqual({ looks: '1000', left: 'undefined' });
  });

  it('waits as the user says', async () => {
    expect(await shown({ GOMP_SPINCOUNT: '77' })).toEqual({ looks: '77', left: '77' });
    expect((await shown({ OMP_WAIT_POLICY: 'active' })).looks).toMatch(/^\d{6,}$/);
  });
});

describe.skipIf(withoutNative)('vector instructions', () => {
  it.each(simdLevels)('are those that are forced: %s', async (level) => {
    expect((await info({ CORPUSCLE_SIMD: level })).simd).toBe(level);
  });

  it('are the best that the processor has, if nothing is forced', async () => {
    expect((await info({ CORPUSCLE_SIMD: '' })).simd).toBe(simdLevels.at(-1));
  });

  it('that are none are refused, whoever asks for them', () => {
    const control = new Int32Array(new SharedArrayBuffer(8));
    const call = { threads: 1, maxBytes: 1e9, control, simd: 'avx9' };
    expect(() => loadAddon().addon.probe('stream', 64, 64, 0, call)).toThrow(/names vector instructions/);
  });

  it.skipIf(simdLevels.includes('avx512'))('that the processor lacks are refused', async () => {
    const has = simdLevels.join(', ');
    const refused = new RegExp(`CORPUSCLE_SIMD is avx512, but this processor has ${has} only`);
    await expect(node(fit(''), { CORPUSCLE_SIMD: 'avx512' })).rejects.toThrow(refused);
  });
});

describe.skipIf(withoutNative)('the addon', () => {
  it('lets a process end that has nothing else to do, and one that ends in the middle of a job', async () => {
    await expect(node(fit(", backend: 'native'"))).resolves.toMatchObject({ stderr: '' });
    const hurried = `${fit(", backend: 'native'").replace('await ', '')} process.exit(0);`.replace(
      'console.log(model.inertia);',
      '',
    );
    await expect(node(hurried)).resolves.toMatchObject({ stderr: '' });
  });

  it('survives worker threads that load it, compute and go, finished or not', async () => {
    const source = `
      import { Worker } from 'node:worker_threads';
      const code = ${JSON.stringify(fit(", backend: 'parallel', threads: 2"))};
      for (let round = 0; round < 12; round++) {
        const url = new URL('data:text/javascript,' + encodeURIComponent(code));
        const worker = new Worker(url, { stdout: true });
        if (round % 3 === 2) setTimeout(() => worker.terminate(), round);
        await new Promise((resolve) => worker.once('exit', resolve));
      }
      console.log('alive');`;
    expect((await node(source)).stdout).toBe('alive\n');
  });

  it('refuses steps out of order, whoever calls it, and control integers that could be detached', async () => {
    const { stdout } = await node(`
      import { loadAddon } from ${JSON.stringify(new URL('./backends/native/addon.js', JSON.parse(module)).href)};
      const { addon } = loadAddon();
      const options = { threads: 1, maxBytes: 1e9, control: new Int32Array(new SharedArrayBuffer(8)) };
      const rows = { nRows: 1, nColumns: 1, indptr: Int32Array.of(0, 1), indices: Int32Array.of(0), values: Float64Array.of(1) };
      const handle = addon.createKMeans(rows, null);
      const counter = addon.createTermCounter(true, 'none', 'word', 1, 1, [], null, false);
      const given = addon.createTermCounter(true, 'none', 'word', 1, 1, [], { bytes: Uint8Array.of(97), offsets: Float64Array.of(0, 1) }, false);
      const unnumbered = addon.createTermCounter(true, 'none', 'word', 1, 1, [], null, false);
      await addon.termCounterAdd(given, ['aa bb'], null, options);
      await addon.termCounterAdd(unnumbered, ['aa bb'], null, options);
      const codeOf = async (call) => call().then(() => 'done', ({ code }) => code);
      const codes = [];
      for (const call of [
        () => addon.kmeansSeed(handle, 0, 1, Float64Array.of(1), options),
        () => addon.kmeansAssign(handle, options),
        () => addon.kmeansMeanVariance(handle, options),
        () => addon.kmeansSum(handle, options),
        () => addon.kmeansSetCentersFromRows(handle, Int32Array.of(0), options),
        () => addon.kmeansLoad(handle, options),
        () => addon.kmeansSetCentersFromRows(handle, Int32Array.of(1), options),
        () => addon.termCounterAdd(counter, { bytes: Uint8Array.of(255), offsets: Float64Array.of(0, 1) }, null, options),
        () => addon.termCounterStatistics(counter, false, options),
        () => addon.termCounterStatistics(given, false, options),
        () => addon.termCounterCount(unnumbered, new Int32Array(0), 0, false, options),
        () => addon.termCounterAdd(unnumbered, ['a b'], Int32Array.of(3), options),
        () => addon.termCounterCount(given, Int32Array.of(1), 1, false, options),
      ]) codes.push(await codeOf(call));
      for (const wrong of [
        () => addon.kmeansAssign(counter, options),
        () => addon.kmeansAssign({}, options),
        () => addon.kmeansAssign(handle, { ...options, control: new Int32Array(2) }),
        () => addon.kmeansAssign(),
        () => (addon.disposeKMeans(handle), addon.kmeansAssign(handle, options)),
      ]) try { wrong(); codes.push('taken'); } catch (error) { codes.push(error.code); }
      console.log(codes.join());`);
    const [value, type, text] = ['ERR_INVALID_ARG_VALUE', 'ERR_INVALID_ARG_TYPE', 'ERR_NOT_TEXT'];
    expect(stdout.trim().split(',')).toEqual([
      ...Array(5).fill(value),
      'done',
      value,
      text,
      ...Array(5).fill(value),
      ...Array(5).fill(type),
    ]);
  });

  it('refuses windows whose sums it could not hold, and token ids that were not noted, whoever asks', async () => {
    const { addon } = loadAddon();
    const control = new Int32Array(new SharedArrayBuffer(8));
    const call = { threads: 2, maxBytes: 1e9, control };
    const streams = { nTerms: 2, offsets: Float64Array.of(0, 3), ids: Int32Array.of(0, 1, -1) };
    const codeOf = (running: Promise<unknown>) =>
      running.then(
        () => 'done',
        ({ code }) => code,
      );
    const weigh = (weighing: string, numbers: number[], divisor = 1, of: object = streams) =>
      codeOf(
        addon.windowCooccurrence(
          of as never,
          weighing,
          Float64Array.from(numbers),
          divisor,
          'left',
          true,
          false,
          false,
          call,
        ),
      );
    const wrong = 'ERR_INVALID_ARG_VALUE';
    expect(await weigh('whole', [2 ** 20])).toBe('done');
    expect(await weigh('whole', [2 ** 21])).toBe(wrong);
    expect(await weigh('whole', [0.5])).toBe(wrong);
    expect(await weigh('whole', [1], 0)).toBe(wrong);
    expect(await weigh('fractions', [43])).toBe(wrong);
    expect(await weigh('fractions', [0])).toBe(wrong);
    expect(await weigh('each', [Number.NaN])).toBe(wrong);
    expect(await weigh('each', [])).toBe(wrong);
    expect(await weigh('each', new Array(1001).fill(1))).toBe(wrong);
    expect(await weigh('whole', [1], 1, { ...streams, offsets: Float64Array.of(0, 4) })).toBe(wrong);
    expect(await weigh('whole', [1], 1, { ...streams, nTerms: 1 })).toBe(wrong);
    const tops = (terms: number[]) =>
      codeOf(
        addon.topWindowCooccurrences(
          streams,
          'whole',
          Float64Array.of(1),
          1,
          'left',
          true,
          Int32Array.from(terms),
          1,
          call,
        ),
      );
    expect(await tops([1])).toBe('done');
    expect(await tops([2])).toBe(wrong);
    for (const keepsPlaces of [true, false]) {
      const counter = addon.createTermCounter(true, 'none', 'word', 1, 1, [], null, keepsPlaces);
      await addon.termCounterAdd(counter, ['aa bb'], null, call);
      expect(await codeOf(addon.termCounterTokenIds(counter, new Int32Array(2), call))).toBe(wrong); // no numbers yet
      await addon.termCounterStatistics(counter, true, call);
      const [ids, count] = keepsPlaces ? ['done', wrong] : [wrong, 'done'];
      expect(await codeOf(addon.termCounterTokenIds(counter, new Int32Array(2), call))).toBe(ids);
      expect(await codeOf(addon.termCounterCount(counter, new Int32Array(2), 1, false, call))).toBe(count);
      expect(await codeOf(addon.termCounterTokenIds(counter, new Int32Array(3), call))).toBe(wrong);
      addon.disposeTermCounter(counter);
    }
  });

  it('takes matrices of the one build in the other', async () => {
    const required = JSON.stringify(join(load.packageFolder, 'dist', 'cjs', 'index.js'));
    const { stdout } = await node(`
      import { createRequire } from 'node:module';
      import { cooccurrence, CsrMatrix } from ${module};
      const other = createRequire(import.meta.url)(${required});
      const matrix = other.CsrMatrix.fromRows([[1, 1]]);
      console.log(matrix instanceof CsrMatrix, (await cooccurrence(matrix)).nnz, {} instanceof CsrMatrix);`);
    expect(stdout).toBe('true 3 false\n');
  });

  it('gives the same answers through import and require', async () => {
    const required = join(load.packageFolder, 'dist', 'cjs', 'index.js');
    const { stdout } = await node(`
      import { createRequire } from 'node:module';
      import * as imported from ${module};
      const required = createRequire(import.meta.url)(${JSON.stringify(required)});
      console.log(JSON.stringify(required.backendInfo()) === JSON.stringify(imported.backendInfo()));
      console.log(Object.keys(required).sort().join() === Object.keys(imported).sort().join());`);
    expect(stdout).toBe('true\ntrue\n');
  });
});
