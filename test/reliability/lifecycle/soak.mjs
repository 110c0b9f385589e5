/** Everything again and again in one process: the same fingerprint, no file left open, and memory that does not grow. */

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  BisectingKMeans,
  CountVectorizer,
  cooccurrence,
  fingerprint,
  HashingVectorizer,
  KMeans,
  MiniBatchKMeans,
  readDocuments,
  silhouetteScore,
  sweepKMeans,
  TfidfTransformer,
  topCooccurrences,
  windowCooccurrence,
} from '../../../dist/esm/index.js';
import { dice } from '../package-lib.mjs';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

async function round(path, options) {
  const documents = [];
  for await (const text of readDocuments(path)) documents.push(text);
  const vectorizer = new CountVectorizer({ ngramRange: [1, 2], minDf: 2, ...options });
  const counts = await vectorizer.fitTransform(documents);
  const weights = await new TfidfTransformer(options).fitTransform(counts);
  const seeded = { nClusters: 6, randomState: 1, ...options };
  const { labels, clusterCenters } = await new KMeans(seeded).fit(weights);
  const tokens = await new CountVectorizer({ minDf: 2, ...options }).fit(documents);
  return fingerprint({
    weights,
    labels,
    clusterCenters,
    hashed: await new HashingVectorizer(options).transform(documents),
    batches: (await new MiniBatchKMeans(seeded).fit(weights)).labels,
    halves: (await new BisectingKMeans(seeded).fit(weights)).labels,
    silhouette: await silhouetteScore(weights, labels, options),
    sweep: (await sweepKMeans(weights, { nClusters: [2, 3], randomStates: [0], ...options }).all()).rows.map(
      ({ inertia }) => inertia,
    ),
    pairs: await cooccurrence(counts, { triangle: 'full', ...options }),
    best: (await topCooccurrences(counts, { k: 5, score: 'npmi', ...options })).of(3),
    windows: await windowCooccurrence(await tokens.tokenIds(documents), { window: 5, ...options }),
  });
}

/** A job that is stopped somewhere in the middle, and one that is refused. */
async function disturb(path, options, random) {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), random() * 30);
  await round(path, { ...options, signal: abort.signal }).catch(() => {});
  await round(path, { ...options, maxBytes: 1e5 }).then(
    () => Promise.reject(new Error('a budget of 100 kB was enough')),
    ({ code }) => (code === 'ERR_MEMORY_BUDGET' ? undefined : Promise.reject(new Error(`a budget gave ${code}`))),
  );
}

/** By how much y grows when x grows by one, over all points. */
function slope(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([a]) => a), mean(([, b]) => b)];
  return (
    points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
  );
}

export async function soak(seconds, options) {
  const folder = mkdtempSync(join(tmpdir(), 'corpuscle-soak-'));
  const path = join(folder, 'documents.txt');
  const random = dice(11);
  const line = () => Array.from({ length: 40 }, () => `word${Math.floor(random() ** 3 * 1500)}`).join(' ');
  writeFileSync(path, Array.from({ length: 400 }, line).join('\n'));
  const files = () => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0);
  const wanted = await round(path, options);
  await disturb(path, options, random);
  const filesBefore = files();
  const started = performance.now();
  const memory = [];
  let rounds = 0;
  for (; performance.now() - started < 1000 * seconds; rounds++) {
    if ((await round(path, options)) !== wanted) throw new Error(`round ${rounds} gave another fingerprint`);
    if (rounds % 5 === 4) await disturb(path, options, random);
    if (rounds % 10 !== 9) continue;
    collect();
    memory.push([(performance.now() - started) / 60_000, process.memoryUsage().rss / 1e6]);
  }
  rmSync(folder, { recursive: true });
  // The first third is left out: pools and the heap find their sizes.
  const settled = memory.slice(Math.floor(memory.length / 3));
  return {
    minutes: seconds / 60,
    rounds,
    megabytes: memory.at(-1)?.[1] ?? 0,
    megabytesAMinute: settled.length > 1 ? slope(settled) : 0,
    filesLeftOpen: files() - filesBefore,
  };
}
