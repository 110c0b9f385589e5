// The public API, as a table of contents.

// How a call computes, is watched and is stopped
export { type BackendInfo, type BackendOptions, backendInfo } from './backends/index.js';
export type { BackendName, ScoreName, SilhouetteMetric } from './backends/kernels.js';
export { BisectingKMeans } from './cluster/bisecting-kmeans.js';
export type { BisectingKMeansOptions } from './cluster/bisecting-options.js';
// Clusters
export { clusterSimilarity } from './cluster/cluster-similarity.js';
export { type FitOptions, KMeans } from './cluster/kmeans.js';
export type { KMeansOptions } from './cluster/kmeans-options.js';
export { adjustedRandScore } from './cluster/metrics/adjusted-rand.js';
export { calinskiHarabaszScore } from './cluster/metrics/calinski-harabasz.js';
export { clusterJaccard } from './cluster/metrics/cluster-jaccard.js';
export type { ClusterLabels } from './cluster/metrics/clusters.js';
export type { Labeling } from './cluster/metrics/contingency.js';
export {
  type DaviesBouldinSummary,
  daviesBouldinScore,
  daviesBouldinSummary,
} from './cluster/metrics/davies-bouldin.js';
export type { ClusterScoreOptions } from './cluster/metrics/dispersion.js';
export {
  type NormalizedMutualInfoOptions,
  normalizedMutualInfoScore,
} from './cluster/metrics/normalized-mutual-information.js';
export {
  type SilhouetteOptions,
  type SilhouetteScoreOptions,
  type SilhouetteSummary,
  silhouetteSamples,
  silhouetteScore,
  silhouetteSummary,
} from './cluster/metrics/silhouette.js';
export {
  completenessScore,
  homogeneityScore,
  type VMeasureOptions,
  vMeasureScore,
} from './cluster/metrics/v-measure.js';
export { MiniBatchKMeans } from './cluster/mini-batch-kmeans.js';
export type { MiniBatchKMeansOptions } from './cluster/mini-batch-options.js';
export {
  type ClusterDocument,
  type ClusterDocuments,
  type LabelledCenters,
  type RepresentativeDocumentsOptions,
  representativeDocuments,
} from './cluster/representative-documents.js';
export type { SavedBisectingKMeans } from './cluster/saved-bisecting.js';
export type { SavedKMeans } from './cluster/saved-kmeans.js';
export type { SavedMiniBatchKMeans } from './cluster/saved-mini-batch.js';
export type { TermScoreName } from './cluster/term-scores.js';
export { type ScoredTerm, type TopTerm, type TopTermsOptions, topTerms } from './cluster/top-terms.js';
// Pairs of terms
export { type AssociationOptions, association } from './cooccurrence/association.js';
export { type CooccurrenceBlock, type CooccurrenceBlocksOptions, cooccurrenceBlocks } from './cooccurrence/blocks.js';
export { type CooccurrenceOptions, cooccurrence } from './cooccurrence/cooccurrence.js';
export { type CooccurrencePlan, type CooccurrencePlanOptions, planCooccurrence } from './cooccurrence/plan.js';
export type { ScoreOptions } from './cooccurrence/scores.js';
export { SpilledCooccurrence, type SpillOptions, spillCooccurrence } from './cooccurrence/spill.js';
export {
  type Cooccurrence,
  TopCooccurrences,
  type TopCooccurrencesOptions,
  topCooccurrences,
} from './cooccurrence/top-cooccurrences.js';
export {
  type TopWindowCooccurrencesOptions,
  topWindowCooccurrences,
  type WindowCooccurrenceOptions,
  windowCooccurrence,
} from './cooccurrence/window-cooccurrence.js';
export type { WindowOptions } from './cooccurrence/windows.js';
export type { CorpuscleError, ErrorCode } from './core/check.js';
export { AbortError, type JobOptions, type Progress } from './core/job.js';
export type { TextBatch } from './core/text-batch.js';
export type { WarningCode } from './core/warn.js';
// Documents from files
export {
  type DocumentFormat,
  DocumentReader,
  type DocumentRecord,
  type ReadDocumentsOptions,
  type ReadProgress,
  readDocuments,
} from './io/documents.js';
// Matrices
export { CsrMatrix, type CsrParts, type NumberRow, type ValueArray } from './matrix/csr-matrix.js';
export { DenseMatrix } from './matrix/dense-matrix.js';
export type { Matrix } from './matrix/matrix.js';
export { type TokenArrays, TokenStreams } from './matrix/token-streams.js';
// Search over the number of clusters
export type { KMeansSweep, SweepResult } from './sweep/kmeans-sweep.js';
export { findKnee } from './sweep/knee.js';
export type { SweepMetric } from './sweep/measures.js';
export type { SweepOptions } from './sweep/options.js';
export type { SweepRow } from './sweep/row.js';
export type { SweepRun } from './sweep/run.js';
export type { SavedSweepRow } from './sweep/saved-row.js';
export type { SweepStability } from './sweep/stability.js';
export { sweepKMeans } from './sweep/sweep.js';
// Text to matrices
export type { AnalyzerOptions } from './text/analysis.js';
export { CountVectorizer } from './text/count-vectorizer.js';
export type { CountVectorizerOptions, DocumentFrequency } from './text/counting-options.js';
export type { DocumentInput } from './text/documents.js';
export type { TermExplanation } from './text/explain-term.js';
// A result as one number
export { fingerprint } from './text/fingerprint.js';
export { HashingVectorizer, type HashingVectorizerOptions } from './text/hashing-vectorizer.js';
export type { FunctionOptions, SavedCountVectorizer } from './text/saved-vectorizer.js';
export { TfidfTransformer, type TfidfTransformerOptions } from './text/tfidf-transformer.js';
export { TfidfVectorizer, type TfidfVectorizerOptions } from './text/tfidf-vectorizer.js';
export { Vocabulary } from './text/vocabulary.js';
