// The public API, as a table of contents.

// How a call computes, is watched and is stopped
export { type BackendInfo, type BackendOptions, backendInfo } from './backends/index.js';
export type { BackendName } from './backends/kernels.js';
// Clusters
export { type FitOptions, KMeans } from './cluster/kmeans.js';
export type { KMeansOptions } from './cluster/kmeans-options.js';
export { type TopTerm, topTerms } from './cluster/top-terms.js';
// Pairs of terms
export { type CooccurrenceOptions, cooccurrence } from './cooccurrence/cooccurrence.js';
export type { CorpuscleError, ErrorCode } from './core/check.js';
export { AbortError, type JobOptions, type Progress } from './core/job.js';
export type { TextBatch } from './core/text-batch.js';
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
export { CountVectorizer, type CountVectorizerOptions, type DocumentFrequency } from './text/count-vectorizer.js';
// Text to matrices
export type { DocumentInput } from './text/documents.js';
export { TfidfTransformer, type TfidfTransformerOptions } from './text/tfidf-transformer.js';
export { TfidfVectorizer, type TfidfVectorizerOptions } from './text/tfidf-vectorizer.js';
export { Vocabulary } from './text/vocabulary.js';
