import type { TermCounterKernel } from '../backends/kernels.js';
import type { Job } from '../core/job.js';
import { advised } from '../core/memory.js';
import { CsrMatrix } from '../matrix/csr-matrix.js';
import { TokenStreams } from '../matrix/token-streams.js';
import type { DocumentAnalysis } from './analysis.js';
import type { CountVectorizerOptions } from './counting-options.js';
import { addDocuments, type DocumentInput } from './documents.js';
import type { Learnt } from './term-statistics.js';

const what = 'Counting terms';
const advice = 'read fewer documents at a time or raise maxBytes';

/** A term counter at work for one call: it reads documents, then tells of their terms. */
export class Counting {
  constructor(
    private readonly counter: TermCounterKernel,
    private readonly analysis: DocumentAnalysis,
    private readonly options: Pick<CountVectorizerOptions, 'binary' | 'maxFeatures'>,
    private readonly job: Job,
  ) {}

  /** Reads documents; returns how many there were. */
  read(input: DocumentInput): Promise<number> {
    return advised(addDocuments(this.counter, input, this.analysis, this.job), what, advice);
  }

  /** Reads documents and learns their terms. */
  async learn(input: DocumentInput): Promise<Learnt> {
    const nDocuments = await this.read(input);
    const withTotals = this.options.maxFeatures !== undefined && !this.options.binary;
    return { nDocuments, statistics: await advised(this.counter.statistics(withTotals, this.job), what, advice) };
  }

  /** @param columns the column of each term, or -1 */
  async count(columns: Int32Array, nColumns: number, nDocuments: number): Promise<CsrMatrix<Int32Array>> {
    const binary = this.options.binary ?? false;
    const counting = this.counter.count({ columns, nColumns, binary }, this.job);
    return CsrMatrix.trusted({ shape: [nDocuments, nColumns], ...(await advised(counting, what, advice)) });
  }

  /** @param columns as in `count` */
  async streams(columns: Int32Array, nTerms: number): Promise<TokenStreams> {
    return TokenStreams.trusted({
      nTerms,
      ...(await advised(this.counter.tokenIds(columns, this.job), what, advice)),
    });
  }
}
