// Fits KMeans to the reviews' TF-IDF for pairs of k and seed, for kmeans_pairs.py, and leaves the matrix and the fits in a folder.
// node test/golden/kmeans_pairs.mjs REVIEWS FOLDER '[[k, seed], ...]'
import { writeFileSync } from 'node:fs';
import { CountVectorizer, KMeans, readDocuments, TfidfTransformer } from 'corpuscle';

const [reviews, folder, pairs] = process.argv.slice(2);
const counts = await new CountVectorizer({ minDf: 10, maxDf: '10%' }).fitTransform(
  readDocuments(reviews, { textField: 'text' }),
);
const X = await new TfidfTransformer().fitTransform(counts);
for (const part of ['indptr', 'indices', 'values']) writeFileSync(`${folder}/${part}`, X[part]);
const fits = [];
for (const [nClusters, randomState] of JSON.parse(pairs)) {
  const model = await new KMeans({ nClusters, randomState, nInit: 1 }).fit(X);
  writeFileSync(`${folder}/labels-${nClusters}-${randomState}`, model.labels);
  fits.push({ nClusters, randomState, nIter: model.nIter, inertia: model.inertia });
}
writeFileSync(`${folder}/fits.json`, JSON.stringify({ shape: X.shape, fits }));
