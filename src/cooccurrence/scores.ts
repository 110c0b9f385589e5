import { type ScoreName, type Scoring, scoreNames } from '../backends/kernels.js';
import { checkChoice, checkNumber, failure } from '../core/check.js';
import { log } from '../core/logarithm.js';

/** How an association is scored. */
export interface ScoreOptions {
  /**
   * With n documents, f and g of which hold the one and the other term, and a both; b = f - a, c = g - a, d = n - f - g + a:
   *
   * - `'count'`: a
   * - `'pmi'`: log2(a n / (f g)), pointwise mutual information in bits (Church, Hanks 1990)
   * - `'npmi'`: pmi / -log2(a / n), from -1 to 1 (Bouma 2009); 1 where all documents hold both
   * - `'ppmi'`: max(0, pmi - log2(`shift`)), with g and n smoothed (Levy, Goldberg, Dagan 2015): for g / n stands
   *   g^`smoothing` / sum of all g^`smoothing`, so that it is not symmetric where `smoothing` is not 1
   * - `'llr'`: 2 sum of O ln(O / E) over a, b, c, d, where 0 ln 0 is 0: the log-likelihood ratio (Dunning 1993)
   * - `'dice'`: 2a / (f + g); `'jaccard'`: a / (f + g - a)
   * - `'chi2'`: n (ad - bc)^2 / (f (n - f) g (n - g)) (Pearson); 0 where a term is in all documents
   * - `'t'`: (a - f g / n) / sqrt(a)
   *
   * `'llr'` and `'chi2'` measure how far a pair is from chance, on either side; here they are negative where it is rarer than chance.
   * @default 'count'
   */
  score?: ScoreName;
  /** `'ppmi'`: its logarithm is taken off; at least 1. @default 1 */
  shift?: number;
  /** `'ppmi'`: exponent of the partners' frequencies, above 0 and up to 1; 0.75 raises rare partners less. @default 1 */
  smoothing?: number;
}

export const scoreOptionNames = ['score', 'shift', 'smoothing'] as const;

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
export function scoringOf(
  { score = 'count', shift = 1, smoothing = 1 }: ScoreOptions,
  frequency: Int32Array,
  documents: number,
): Scoring {
  const logs = new Float64Array(documents + 1);
  for (let x = 2; x <= documents; x++) logs[x] = log(x);
  const perTerm = (of: (f: number) => number) => Float64Array.from(frequency, of);
  const shared = { score, documents, frequency, logs, constant: 0 };
  if (score === 'llr') {
    const margins = perTerm((f) => f * logs[f] + (documents - f) * logs[documents - f]);
    return { ...shared, rowTerms: margins, columnTerms: margins, constant: documents * logs[documents] };
  }
  if (score === 'pmi' || score === 'npmi') {
    return { ...shared, rowTerms: perTerm((f) => logs[f]), columnTerms: perTerm((g) => logs[g] - logs[documents]) };
  }
  if (score === 'ppmi') {
    const smooth = perTerm((g) => (smoothing === 1 || g === 0 ? g : g ** smoothing));
    const total = smoothing === 1 ? documents : smooth.reduce((sum, g) => sum + g, 0);
    const columnTerms = smooth.map((g) => (g === 0 ? 0 : log(g) - log(total)));
    return { ...shared, rowTerms: perTerm((f) => logs[f]), columnTerms, constant: log(shift) / Math.LN2 };
  }
  const none = new Float64Array(frequency.length);
  return { ...shared, rowTerms: none, columnTerms: none };
}
