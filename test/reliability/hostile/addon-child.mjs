/**
 * Garbage to the addon's own functions: each argument of each function in turn takes every strange value, then thousands of
 * random calls, also many at once on one handle. They may throw, reject or do it; they may not crash, hang or end the process.
 */

import { loadAddon } from '../../../dist/esm/backends/native/addon.js';
import { dice } from '../package-lib.mjs';
import { tell } from '../tell.mjs';
import { values } from './values.mjs';

const { addon } = loadAddon();
const call = () => ({ threads: 2, maxBytes: 1e8, control: new Int32Array(new SharedArrayBuffer(8)) });
const csr = () => ({
  nRows: 2,
  nColumns: 3,
  indptr: Int32Array.of(0, 2, 3),
  indices: Int32Array.of(0, 2, 1),
  values: Float64Array.of(1, 2, 3),
});
const full = () => ({
  ...csr(),
  indptr: Int32Array.of(0, 3, 6),
  values: Float64Array.of(1, 2, 3, 4, 5, 6),
  isFull: true,
});
const counts = () => ({ ...csr(), values: Int32Array.of(1, 2, 3) });
const pairs = () => ({
  nRows: 2,
  nColumns: 2,
  indptr: Int32Array.of(0, 2, 3),
  indices: Int32Array.of(0, 1, 1),
  values: Int32Array.of(2, 1, 2),
});
const scoring = (n) => [
  'count',
  2,
  new Int32Array(n).fill(2),
  new Float64Array(0),
  new Float64Array(n),
  new Float64Array(n),
  0,
];
const counter = () => addon.createTermCounter(true, 'none', 'word', 1, 1, [], null, true);
const countsHandle = () => addon.createCounts(counts());
const fullCountsHandle = () => addon.createCounts({ ...full(), values: Int32Array.of(1, 2, 3, 4, 5, 6) });
const pairsHandle = () => addon.createPairs(pairs());
const kmeans = () => addon.createKMeans(csr(), null);
const miniBatch = () => addon.createMiniBatch(csr(), null);
const streams = () => ({ nTerms: 2, offsets: Float64Array.of(0, 2, 4), ids: Int32Array.of(0, 1, -1, 1) });
const windowing = () => ['whole', Float64Array.of(2, 1), 2, 'symmetric', false];

/** A valid list of arguments for each function; a new function takes a line here. */
const functions = {
  info: () => [],
  createTermCounter: () => [true, 'none', 'word', 1, 2, ['stop'], null, false],
  termCounterAdd: () => [counter(), ['one two', 'two'], null, call()],
  termCounterStatistics: () => [counter(), true, call()],
  termCounterCount: () => [counter(), new Int32Array(0), 0, false, call()],
  termCounterCountHashed: () => [counter(), 16, true, false, 'l2', call()],
  termCounterTokenIds: () => [counter(), new Int32Array(0), call()],
  disposeTermCounter: () => [counter()],
  createCounts: () => [counts()],
  countsDocumentFrequency: () => [countsHandle(), call()],
  countsWeigh: () => [countsHandle(), null, null, 'l2', call()],
  countsTopCooccurrences: () => [
    countsHandle(),
    Int32Array.of(0, 1, 2),
    2,
    1,
    'count',
    2,
    Int32Array.of(1, 1, 1),
    new Float64Array(0),
    new Float64Array(3),
    new Float64Array(3),
    0,
    call(),
  ],
  disposeCounts: () => [countsHandle()],
  createPairs: () => [pairs()],
  pairsDiagonal: () => [pairsHandle(), call()],
  pairsAssociate: () => [pairsHandle(), ...scoring(2), call()],
  disposePairs: () => [pairsHandle()],
  cooccurrence: () => [counts(), false, true, false, 0, 3, call()],
  windowCooccurrence: () => [streams(), ...windowing(), false, false, call()],
  topWindowCooccurrences: () => [streams(), ...windowing(), Int32Array.of(0, 1), 2, call()],
  silhouette: () => [csr(), Int32Array.of(0, 1), 2, 'cosine', Int32Array.of(0, 1), call()],
  dispersion: () => [csr(), Int32Array.of(0, 1), 2, true, call()],
  createKMeans: () => [full(), null],
  kmeansLoad: () => [kmeans(), call()],
  kmeansMeanVariance: () => [kmeans(), call()],
  kmeansSeed: () => [kmeans(), 0, 1, Float64Array.of(0.5), call()],
  kmeansSetCentersFromRows: () => [kmeans(), Int32Array.of(0), call()],
  kmeansSetCenters: () => [kmeans(), 1, new Float64Array(3), call()],
  kmeansAssign: () => [kmeans(), call()],
  kmeansSum: () => [kmeans(), call()],
  kmeansMove: () => [kmeans(), 0, 0, 0, call()],
  kmeansAverage: () => [kmeans(), Float64Array.of(1), call()],
  kmeansDistances: () => [kmeans(), call()],
  kmeansTransform: () => [kmeans(), call()],
  kmeansCenters: () => [kmeans(), call()],
  kmeansLabels: () => [kmeans(), call()],
  kmeansSumLengths: () => [kmeans(), call()],
  kmeansSetUnitNorms: () => [kmeans(), call()],
  disposeKMeans: () => [kmeans()],
  createMiniBatch: () => [csr(), null],
  miniBatchLoad: () => [miniBatch(), call()],
  miniBatchSetCentersFromRows: () => [miniBatch(), Int32Array.of(0), call()],
  miniBatchSetSums: () => [miniBatch(), 1, new Float64Array(3), Float64Array.of(1), call()],
  miniBatchAssign: () => [miniBatch(), Int32Array.of(0, 1), call()],
  miniBatchUpdate: () => [miniBatch(), Float64Array.of(1), new Int32Array(0), new Int32Array(0), call()],
  miniBatchSettle: () => [miniBatch(), call()],
  miniBatchSums: () => [miniBatch(), call()],
  miniBatchLabels: () => [miniBatch(), call()],
  miniBatchDistances: () => [miniBatch(), call()],
  disposeMiniBatch: () => [miniBatch()],
  probe: () => ['stream', 64, 64, 0, call()],
};
/** So large a list would have to be gone through before it is refused; the layer above does not hand one on. */
const tooLarge = new Set(['an array of holes']);

/** Values for one place: the strange ones, and objects of matrices, texts and options with one part that is strange. */
function* strange(valid) {
  for (const [name, make] of Object.entries(values)) if (!tooLarge.has(name)) yield [name, make];
  if (valid === null || typeof valid !== 'object' || ArrayBuffer.isView(valid)) return;
  for (const key of Object.keys(valid)) {
    for (const [name, make] of Object.entries(values)) {
      if (!tooLarge.has(name)) yield [`${key} is ${name}`, () => ({ ...valid, [key]: make() })];
    }
    yield [`${key} differs each time`, () => changing(valid, key)];
  }
}

/** An object one of whose properties gives another array at each look, and takes away what the others gave. */
function changing(valid, key) {
  let last;
  return {
    ...valid,
    get [key]() {
      if (ArrayBuffer.isView(last) && last.buffer instanceof ArrayBuffer && last.byteLength > 0) {
        structuredClone(last, { transfer: [last.buffer] });
      }
      for (const other of Object.values(valid)) {
        if (ArrayBuffer.isView(other) && other.buffer instanceof ArrayBuffer && other.byteLength > 0) {
          structuredClone(other, { transfer: [other.buffer] });
        }
      }
      last = valid[key]?.slice?.() ?? valid[key];
      return last;
    },
  };
}

async function outcomeOf(name, args) {
  try {
    return (await addon[name](...args)) === undefined ? 'done' : 'done';
  } catch (error) {
    if (error?.code === 'ERR_BACKEND_FAILED') return `failed: ${error.message}`;
    return 'refused';
  }
}

const calls = [];
for (const [name, make] of Object.entries(functions)) {
  calls.push({ name: `${name} without arguments`, run: () => outcomeOf(name, []) });
  make().forEach((valid, at) => {
    for (const [value, replace] of strange(valid)) {
      calls.push({
        name: `${name}: argument ${at} is ${value}`,
        run: () => {
          const args = make();
          args[at] = replace();
          return outcomeOf(name, args);
        },
      });
    }
  });
}

const every = Number(process.argv[3] ?? 1);
const rounds = 20 * every;
const steps = Object.keys(functions).filter((name) => /^kmeans/.test(name));
for (let seed = 1; seed <= rounds; seed++) {
  calls.push({
    name: `random steps at once, seed ${seed}`,
    run: async () => {
      const random = dice(seed * 7919);
      const pick = (list) => list[Math.floor(random() * list.length)];
      const rows = pick([
        csr(),
        full(),
        { ...full(), nRows: 3 },
        { ...full(), nColumns: 4 },
        { ...full(), indptr: csr().indptr },
      ]);
      const handle = addon.createKMeans(rows, null);
      const running = [outcomeOf('kmeansLoad', [handle, call()])];
      for (let i = 0; i < 60; i++) {
        const name = pick(steps);
        const args = functions[name]();
        args[0] = handle;
        if (name === 'kmeansSetCenters') {
          const k = pick([1, 2, 9, 5000]);
          args.splice(1, 2, k, new Float64Array(3 * k));
        }
        if (name === 'kmeansSetCentersFromRows') args[1] = new Int32Array(pick([1, 2, 9, 5000])).fill(1);
        if (name === 'kmeansAverage') args[1] = new Float64Array(pick([1, 2, 9, 5000]));
        if (random() < 0.05) outcomeOf('disposeKMeans', [handle]);
        running.push(outcomeOf(name, args));
      }
      const outcomes = await Promise.all(running);
      return outcomes.find((outcome) => outcome.startsWith('failed')) ?? 'done';
    },
  });
}

/** What only a matrix with indices has. */
const withoutIndices = {
  countsDocumentFrequency: () => [fullCountsHandle(), call()],
  countsWeigh: () => [fullCountsHandle(), Float64Array.of(1, 2, 3), null, 'l2', call()],
  countsTopCooccurrences: () => [
    fullCountsHandle(),
    Int32Array.of(0, 1, 2),
    ...[2, 1, 'count', 2, Int32Array.of(2, 2, 2), new Float64Array(0), new Float64Array(3), new Float64Array(3), 0],
    call(),
  ],
};
for (const [name, make] of Object.entries(withoutIndices)) {
  calls.push({
    name: `${name} of a matrix without indices`,
    run: async () => ((await outcomeOf(name, make())) === 'refused' ? 'refused' : 'failed: it was not refused'),
  });
}

for (let i = Number(process.argv[2]); i < calls.length; i += every) {
  tell({ begins: i, name: calls[i].name });
  tell({ ended: i, name: calls[i].name, outcome: await calls[i].run() });
  if (i % 500 === 0) globalThis.gc?.();
}
for (const name of Object.keys(addon))
  if (!Object.hasOwn(functions, name)) tell({ ended: -1, name, outcome: 'failed: has no line in addon-child.mjs' });
tell({ all: Math.ceil(calls.length / every), rss: process.resourceUsage().maxRSS / 1024 });
process.exit();
