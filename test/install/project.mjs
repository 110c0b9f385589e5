// The project of one who uses the package: a folder, a program as a module and as a script, and what they print.
import { equal } from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './report.mjs';

/** Text to clusters and pairs; the digest is of every bit of the results. Warnings are given by their codes. */
const job = `
const words = 'apple banana cherry date elder fig grape hazel iris juniper kiwi lemon mango nut olive'.split(' ');
const documents = Array.from({ length: 300 }, (_, i) =>
  Array.from({ length: 12 }, (_, j) => words[(i * i + 7 * j * (i % 5) + j) % words.length]).join(' '));

async function job({ backendInfo, CountVectorizer, TfidfTransformer, KMeans, cooccurrence }) {
  const warnings = [];
  process.on('warning', ({ code, message }) => warnings.push({ code, message }));
  const hash = createHash('sha256');
  const counts = await new CountVectorizer().fitTransform(documents);
  const tfidf = await new TfidfTransformer().fitTransform(counts);
  const model = await new KMeans({ nClusters: 4, randomState: 0 }).fit(tfidf);
  const pairs = await cooccurrence(counts);
  for (const { indptr, indices, values } of [counts, tfidf, pairs]) hash.update(indptr).update(indices).update(values);
  hash.update(model.labels).update(model.clusterCenters.values).update(Float64Array.of(model.inertia));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const { backend, available, file, reason } = backendInfo();
  console.log(JSON.stringify({ backend, available, file, reason, warnings, digest: hash.digest('hex'), node: process.version }));
}
`;
const programs = {
  'module.mjs': `import { createHash } from 'node:crypto';\nimport * as corpuscle from 'corpuscle';\n${job}\nawait job(corpuscle);\n`,
  'script.cjs': `const { createHash } = require('node:crypto');\n${job}\njob(require('corpuscle'));\n`,
};

/** Makes an empty project whose package manager asks the registry at `url`. */
export function makeProject(folder, url) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "version": "1.0.0", "private": true }\n');
  writeFileSync(
    join(folder, '.npmrc'),
    `registry=${url}\ncache=${join(folder, '.cache')}\naudit=false\nfund=false\nupdate-notifier=false\n`,
  );
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Runs one of the programs. @returns what it printed */
export async function runProgram(folder, name, { node = [process.execPath], flags = [], env = {}, timeout } = {}) {
  const { stdout } = await run(node[0], [...node.slice(1), ...flags, name], { cwd: folder, env, timeout });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

let digest;

/** The results are those of every other run of this test. */
export function sameResults(result) {
  digest ??= result.digest;
  equal(result.digest, digest, 'the results differ from those of another installation');
}

/** The program took the addon of the prebuild, without a warning. */
export function tookPrebuild(result) {
  equal(result.reason === null || /core|CORPUSCLE_THREADS/.test(result.reason), true, result.reason);
  equal(result.available.join(' '), 'plain native parallel');
  equal(/[\\/]prebuilds[\\/]/.test(result.file), true, `the addon is ${result.file}, not a prebuild`);
  equal(result.warnings.length, 0, JSON.stringify(result.warnings));
  sameResults(result);
}

/** The program took the plain backend, and warned once, by the code. */
export function fellBack(result) {
  equal(result.backend, 'plain');
  equal(result.warnings.map(({ code }) => code).join(' '), 'CORPUSCLE_NATIVE_UNAVAILABLE');
  sameResults(result);
}
