// The public API, as a table of contents.

// How a call computes, is watched and is stopped
export { type BackendInfo, type BackendOptions, backendInfo } from './backends/index.js';
export type { BackendName, ScoreName } from './backends/kernels.js';
// Clusters
export { type FitOptions, KMeans } from './cluster/kmeans.js';
export type { KMeansOptions } from './cluster/kmeans-options.js';
export { type TopTerm, topTerms } from './cluster/top-terms.js';
// Pairs of terms
export { type AssociationOptions, association } from './cooccurrence/association.js';
export { type CooccurrenceOptions, cooccurrence } from './cooccurrence/cooccurrence.js';
export { type CooccurrencePlan, type CooccurrencePlanOptions, planCooccurrence } from './cooccurrence/plan.js';
export type { ScoreOptions } from './cooccurrence/scores.js';
export {
  type Cooccurrence,
  TopCooccurrences,
  type TopCooccurrencesOptions,
  topCooccurrences,
} from './cooccurrence/top-cooccurrences.js';
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
export { CsrMatrix, type CsrParts, type ValueArray } from './matrix/csr-matrix.js';
export { DenseMatrix } from './matrix/dense-matrix.js';
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
