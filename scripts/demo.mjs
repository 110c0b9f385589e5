// Clusters the Markdown files below node_modules, real text that every clone has, on each backend that loads here.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (!existsSync('dist/esm/index.js')) {
  console.error('The package is not built yet; `npm install` or `npm run build:ts` builds it.');
  process.exit(1);
}
const corpuscle = await import('corpuscle');
const { backendInfo, CountVectorizer, cooccurrence, DocumentReader, KMeans, TfidfTransformer, topTerms } = corpuscle;
const { tableText } = await import('../dist/esm/cli/table.js');
const { formatBytes, grouped } = await import('../dist/esm/cli/words.js');

const files = 'node_modules/**/*.md';
const counting = { stopWords: 'english', minDf: 3, maxDf: '30%' };
const clustering = { nClusters: 10, nInit: 10, randomState: 0 };
const rounds = 3;

/** Runs the job on texts once; returns what came out and the milliseconds of each step. */
async function run(texts, backend) {
  const times = {};
  const step = async (name, work) => {
    const start = performance.now();
    const result = await work();
    times[name] = performance.now() - start;
    return result;
  };
  const vectorizer = new CountVectorizer({ ...counting, backend });
  const counts = await step('count terms', () => vectorizer.fitTransform(texts));
  const tfidf = await step('weigh by TF-IDF', () => new TfidfTransformer({ backend }).fitTransform(counts));
  const model = await step('find clusters', () => new KMeans({ ...clustering, backend }).fit(tfidf));
  const pairs = await step('count pairs of terms', () => cooccurrence(counts, { backend }));
  return { times, vectorizer, counts, tfidf, model, pairs };
}

/** A fingerprint of every bit of the results. */
function digest({ vectorizer, counts, tfidf, model, pairs }) {
  const hash = createHash('sha256').update(vectorizer.getFeatureNamesOut().join(' '));
  for (const { indptr, indices, values } of [counts, tfidf, pairs]) hash.update(indptr).update(indices).update(values);
  const { labels, clusterCenters, inertia } = model;
  return hash.update(labels).update(clusterCenters.values).update(Float64Array.of(inertia)).digest('hex');
}

/** The fastest time of each step on each backend. */
function timesTable(backends, timesOf) {
  const best = (backend, name) => Math.min(...timesOf[backend].map((times) => times[name]));
  const names = Object.keys(timesOf.plain[0]);
  const total = (backend) => names.reduce((sum, name) => sum + best(backend, name), 0);
  const row = (name, timeOf) => {
    const plain = timeOf('plain');
    const speedUp = (backend) => (backend === 'plain' ? [] : [`${(plain / timeOf(backend)).toFixed(1)}x`]);
    return [name, ...backends.flatMap((backend) => [timeOf(backend).toFixed(1), ...speedUp(backend)])];
  };
  const heads = backends.flatMap((backend) => (backend === 'plain' ? ['plain'] : [backend, '']));
  return tableText(
    [{ head: 'milliseconds' }, ...heads.map((head) => ({ head, align: 'right' }))],
    [...names.map((name) => row(name, (backend) => best(backend, name))), row('all', total)],
    width,
  );
}

/** Each cluster with its heaviest terms and some of the packages whose files it holds. */
function clustersTable(documents, { tfidf, vectorizer, model: { labels } }) {
  const terms = topTerms(tfidf, labels, vectorizer.vocabulary, { n: 5 });
  const rows = terms.map((top, cluster) => {
    const own = documents.filter((_, i) => labels[i] === cluster);
    const packages = new Set(own.map(({ source }) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)[1]));
    return [
      String(cluster),
      String(own.length),
      top.map(({ term }) => term).join(' '),
      [...packages].slice(0, 2).join(', '),
    ];
  });
  const columns = [
    { head: 'cluster', align: 'right' },
    { head: 'files', align: 'right' },
    { head: 'heaviest terms' },
    { head: 'from packages such as', wraps: true },
  ];
  return tableText(columns, rows, width);
}

const width = 98;
const reader = new DocumentReader(files);
const documents = [];
const start = performance.now();
for await (const batch of reader.batches()) documents.push(...batch);
const readTime = (performance.now() - start).toFixed(0);
const texts = documents.map(({ text }) => text);

const { available, threads } = backendInfo();
const results = {};
const timesOf = Object.fromEntries(available.map((backend) => [backend, []]));
for (let round = 0; round < rounds; round++) {
  for (const backend of available) {
    results[backend] = await run(texts, backend);
    timesOf[backend].push(results[backend].times);
  }
}

const { counts, tfidf, pairs, model } = results.plain;
const [nDocuments, nTerms] = counts.shape;
console.log(`
corpuscle read ${grouped(nDocuments)} Markdown files (${formatBytes(reader.progress.bytesRead)}) found under node_modules in ${readTime} ms,
counted ${grouped(nTerms)} terms in them (in ${counting.minDf} files or more and in ${counting.maxDf} at most, no English stop words),
weighed the ${grouped(tfidf.nnz)} counts by TF-IDF, grouped the files into ${clustering.nClusters} clusters by k-means (the best
of ${clustering.nInit} starts took ${model.nIter} iterations) and counted ${grouped(pairs.nnz)} pairs of terms that share a file.

Each step on each backend, the fastest of ${rounds} runs, and how many times as fast as plain:
`);
console.log(timesTable(available, timesOf));
const digests = new Set(available.map((backend) => digest(results[backend])));
if (available.length === 1) {
  console.log('Only plain loads here: a C++ compiler, make, Python 3 and `npm run build:native` add the others.');
} else if (digests.size === 1) {
  console.log(
    `All ${available.length} backends gave the same bits (SHA-256 ${[...digests][0].slice(0, 16)}...); parallel used ${threads} threads.`,
  );
} else {
  console.log('THE BACKENDS DISAGREE, which is a bug: please report it.');
  process.exitCode = 1;
}
console.log(`\n${clustersTable(documents, results.plain)}`);
console.log('Next: npx corpuscle cluster --help');
