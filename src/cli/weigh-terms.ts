import { type BackendOptions, type CsrMatrix, TfidfTransformer } from '../index.js';
import { computingOptions } from './option-groups.js';
import type { Session } from './session.js';
import { counted } from './words.js';

/** The step between counts and clusters. */
export function weighTerms(
  counts: CsrMatrix<Int32Array>,
  flags: BackendOptions,
  { signal, steps }: Session,
): Promise<CsrMatrix> {
  return steps.run({
    name: 'tf-idf',
    work: () => new TfidfTransformer({ ...computingOptions(flags), signal }).fitTransform(counts),
    summary: ({ nnz }) => counted(nnz, 'weight'),
  });
}
