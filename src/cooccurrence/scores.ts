import { setImmediate } from 'node:timers/promises';
import { type ScoreName, type Scoring, scoreNames } from '../backends/kernels.js';
import { checkChoice, checkNumber, failure } from '../core/check.js';
import type { Job } from '../core/job.js';

/** How an association is scored. */
export interface ScoreOptions {
  /**
   * With n documents, f and g of which hold the one and the other term, and a both; b = f - a, c = g - a, d = n - f - g + a:
   *
   * - `'count'`: a
   * - `'pmi'`: log2(a n / (f g)), pointwise mutual information in bits (Church, Hanks 1990)
   * - `'npmi'`: pmi / -log2(a / n), from -1 to 1 (Bouma 2009); 1 where all documents hold both
   * - `'ppmi'`: max(0, pmi - log2(`shift`)), with g smoothed (Levy, Goldberg, Dagan 2015): all g become g^`smoothing`, scaled
   *   so that their sum stays what it was; not symmetric where `smoothing` is not 1
   * - `'llr'`: 2 sum of O ln(O / E) over a, b, c, d, where 0 ln 0 is 0: the log-likelihood ratio (Dunning 1993)
   * - `'dice'`: 2a / (f + g); `'jaccard'`: a / (f + g - a)
   * - `'chi2'`: n (ad - bc)^2 / (f (n - f) g (n - g)) (Pearson); 0 where a term is in all documents
   * - `'t'`: (a - f g / n) / sqrt(a)
   *
   * `'llr'` and `'chi2'` measure how far a pair is from chance, on either side; here they are negative where it is rarer than chance.
   * All but a smoothed `'ppmi'` are the same bits from either term to the other.
   * @default 'count'
   */
  score?: ScoreName;
  /** `'ppmi'`: its logarithm is taken off; at least 1. @default 1 */
  shift?: number;
  /** `'ppmi'`: exponent of the partners' frequencies, above 0 and up to 1; 0.75 raises rare partners less. @default 1 */
  smoothing?: number;
}

export const scoreOptionNames = ['score', 'shift', 'smoothing'] as const;

/** Whether a score is made of logarithms, which have a table. */
export function takesLogs(score: ScoreName = 'count'): boolean {
  return ['pmi', 'npmi', 'ppmi', 'llr'].includes(score);
}

export function checkScoreOptions({ score, shift, smoothing }: ScoreOptions): void {
  if (score !== undefined) checkChoice(score, 'score', scoreNames);
  if (shift !== undefined) checkNumber(shift, 'shift', 1, Number.MAX_VALUE);
  if (smoothing !== undefined) checkNumber(smoothing, 'smoothing', Number.MIN_VALUE, 1);
  for (const [name, value] of Object.entries({ shift, smoothing })) {
    if (value !== undefined && score !== 'ppmi') {
      throw failure('ERR_INVALID_ARG_VALUE', `${name} belongs to score: 'ppmi', but score is '${score ?? 'count'}'.`);
    }
  }
}

/** All that the kernels need to score pairs of terms with these frequencies among so many documents. */
export async function scoringOf(
  { score = 'count', shift = 1, smoothing = 1 }: ScoreOptions,
  frequency: Int32Array,
  documents: number,
  job: Job,
): Promise<Scoring> {
  const perTerm = (of: (f: number) => number) => Float64Array.from(frequency, of);
  const none = { score, documents, frequency, logs: new Float64Array(0), constant: 0 };
  if (score === 'llr') {
    const logs = await logsUpTo(documents, job);
    const margins = perTerm((f) => f * logs[f] + (documents - f) * logs[documents - f]);
    return { ...none, logs, rowTerms: margins, columnTerms: margins, constant: documents * logs[documents] };
  }
  if (score === 'pmi' || score === 'npmi') {
    const logs = await logsUpTo(documents, job);
    const marginal = perTerm((f) => logs[f]);
    return { ...none, logs, rowTerms: marginal, columnTerms: marginal };
  }
  if (score === 'ppmi') {
    const logs = await logsUpTo(documents, job);
    // ln of (sum of g) g^s / sum of g^s
    const smooth = perTerm((g) => (g === 0 ? 0 : Math.exp(smoothing * logs[g])));
    const ratio = frequency.reduce((sum, g) => sum + g, 0) / smooth.reduce((sum, g) => sum + g, 0);
    const scale = smoothing === 1 ? 0 : Math.log(ratio);
    const columnTerms = perTerm((g) => (g === 0 ? 0 : smoothing * logs[g] + scale));
    return { ...none, logs, rowTerms: perTerm((f) => logs[f]), columnTerms, constant: Math.log(shift) / Math.LN2 };
  }
  const zeros = new Float64Array(frequency.length);
  return { ...none, rowTerms: zeros, columnTerms: zeros };
}

/** 0, ln 1, ..., ln n. */
async function logsUpTo(n: number, job: Job): Promise<Float64Array> {
  const logs = new Float64Array(n + 1);
  for (let x = 2; x <= n; x++) {
    logs[x] = Math.log(x);
    if (x % 2 ** 20 !== 0) continue;
    await setImmediate();
    job.throwIfStopped();
  }
  return logs;
}
