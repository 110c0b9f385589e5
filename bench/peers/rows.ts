/** The rows of `npm run bench:peers`: which peer does which task beside us, on how many threads each. */

import type { Peer } from './process.js';

export interface PeerRow {
  readonly task: string;
  readonly title: string;
  readonly peer: Peer;
  /** Of the peer; ours are the same, unless they are given. */
  readonly threads: number;
  readonly ourThreads: number;
}

interface Comparison {
  readonly task: string;
  readonly title: string;
  readonly peers: readonly Peer[];
  /** Those of the peers that use one thread whatever they are given. */
  readonly serial?: readonly Peer[];
  /** Not on one thread beside. */
  readonly onAll?: true;
}

const comparisons: readonly Comparison[] = [
  { task: 'counts', title: 'fitTransform from string[]', peers: ['scikit-learn'], serial: ['scikit-learn'] },
  {
    task: 'counts-bytes',
    title: 'fitTransform from bytes',
    peers: ['scikit-learn', 'wc'],
    serial: ['scikit-learn', 'wc'],
  },
  { task: 'counts-bigrams', title: 'unigrams and bigrams', peers: ['scikit-learn'], serial: ['scikit-learn'] },
  { task: 'transform', title: 'transform, fitted', peers: ['scikit-learn'], serial: ['scikit-learn'] },
  { task: 'hashing', title: 'HashingVectorizer', peers: ['scikit-learn'], serial: ['scikit-learn'] },
  { task: 'tfidf', title: 'TfidfTransformer', peers: ['scikit-learn'], serial: ['scikit-learn'] },
  { task: 'cooccurrence', title: 'sparse, upper', peers: ['SciPy', 'GraphBLAS'], serial: ['SciPy'] },
  { task: 'cooccurrence-full', title: 'sparse, full', peers: ['SciPy', 'GraphBLAS'], serial: ['SciPy'] },
  { task: 'cooccurrence-dense', title: 'dense int32, full', peers: ['SciPy', 'Numba'], serial: ['SciPy'] },
  {
    task: 'cooccurrence-stop-words',
    title: 'sparse, stop words kept',
    peers: ['SciPy', 'GraphBLAS'],
    serial: ['SciPy'],
    onAll: true,
  },
  { task: 'top-cooccurrence', title: 'best partners of each term', peers: ['SciPy'], serial: ['SciPy'], onAll: true },
  { task: 'kmeans-10', title: 'k-means, k = 10', peers: ['scikit-learn'] },
  { task: 'kmeans-50', title: 'k-means, k = 50', peers: ['scikit-learn'], onAll: true },
  { task: 'kmeans-500', title: 'k-means, k = 500, 4 iterations', peers: ['scikit-learn'], onAll: true },
  // From start rows, oneDAL gives rows that are equally far from two of them to others than scikit-learn does.
  { task: 'kmeans-means-10', title: 'k-means from means, k = 10', peers: ['scikit-learn-intelex'], onAll: true },
  { task: 'kmeans-means-50', title: 'k-means from means, k = 50', peers: ['scikit-learn-intelex'], onAll: true },
  {
    task: 'kmeans-means-500',
    title: 'from means, k = 500, 4 iterations',
    peers: ['scikit-learn-intelex'],
    onAll: true,
  },
  { task: 'embeddings-50', title: '384 dense columns, k = 50', peers: ['scikit-learn'] },
  { task: 'embeddings-single-50', title: 'the same, single precision', peers: ['scikit-learn'] },
  { task: 'predict-50', title: 'predict, k = 50', peers: ['scikit-learn'], onAll: true },
  { task: 'seeding-50', title: 'k-means++, k = 50', peers: ['scikit-learn'], onAll: true },
  { task: 'sweep', title: 'k = 5, 10, ..., 50', peers: ['scikit-learn'], onAll: true },
  { task: 'minibatch-50', title: 'MiniBatchKMeans, k = 50', peers: ['scikit-learn'], onAll: true },
  { task: 'silhouette-50', title: 'silhouette, cosine, k = 50', peers: ['scikit-learn'], onAll: true },
];

/** A row for each peer of each task, on one thread and on all; a peer that has but one thread is beside both of ours. */
export function peerRows(threads: number): PeerRow[] {
  return comparisons.flatMap(({ task, title, peers, serial = [], onAll = false }) => {
    const counts = onAll ? [threads] : [...new Set([1, threads])];
    return peers.flatMap((peer) =>
      counts.map((ourThreads) => ({ task, title, peer, ourThreads, threads: serial.includes(peer) ? 1 : ourThreads })),
    );
  });
}
